/** The phone's first screen: the visit under way or the hotspots to arrive at, and what the last crew left. */
import type { HandoverNote, PackHotspot, PhonePack } from '../../server/recording/contract.ts';
import { clockTime, shortInstant } from '../format.ts';
import { html, nothing, when, type Content } from '../html.ts';
import { bandNames, today } from '../weeks.ts';
import type { App } from './app.ts';
import { sayCrew } from './crew.ts';
import { card, icon } from './parts.ts';
import { byRound, nextStop } from './stops.ts';
import { arrive } from './taps.ts';

export function homeView(app: App): Content {
  const { pack, crew, running } = app.state;
  if (!pack) return waiting(app);
  return html`<h1 class="visually-hidden">Patrol</h1>
    ${pack.notes.map(noteCard)}
    <a class="crew" href="#crew">${icon('crew', 26)}<span class="crew__words">${sayCrew(crew, pack.forces)}<span class="crew__patrol">Patrol ${crew.patrol}</span></span><span class="crew__change">Change</span></a>
    ${running ? nothing : html`<h2 class="group">Where are you?</h2>`}
    <ul class="places">${byRound(pack, new Date()).map((hotspot) => html`<li>${placeButton(app, hotspot)}</li>`)}</ul>
    ${when(pack.hotspots.length === 0, () => card(html`<p>No hotspot of ${pack.council} is live today. Ask the lead when the next one is.</p>`))}
    <a class="big big--plain" href="#missed">A visit was missed</a>
    <p class="small">Places, crews and notes as of ${shortInstant(pack.madeAt)}.</p>`;
}

function waiting(app: App): Content {
  return app.state.online
    ? html`<h1 class="screen__title">One moment</h1><p class="lead" role="status">Fetching the hotspots of your council…</p>`
    : html`<h1 class="screen__title">No connection yet</h1><p class="lead">Open this page once with a connection. From then on it works without one.</p>`;
}

function noteCard(note: HandoverNote): Content {
  return card(html`<p class="card__caption">${icon('note', 20)} Hand-over: ${note.hotspot ?? 'all places'}</p><p class="card__words">${note.note}</p><p class="small">Left ${shortInstant(note.writtenAt)}</p>`, 'note');
}

/** What the plan says for the rest of the day, and when somebody was last there. */
function placeHint(hotspot: PackHotspot, pack: PhonePack): string {
  const stop = nextStop(pack, hotspot.id, new Date());
  const planned = hotspot.planned.filter(({ date }) => date === today()).map(({ band, visits }) => `${visits} at ${bandNames[band] ?? ''}`);
  const last = hotspot.lastVisitAt === null ? 'no visit in eight weeks' : `last visit ${hotspot.lastVisitAt.slice(0, 10) === pack.madeAt.slice(0, 10) ? clockTime(hotspot.lastVisitAt) : shortInstant(hotspot.lastVisitAt)}`;
  return [stop ? `Your round: ${clockTime(stop.arrivesAt)} to ${clockTime(stop.leavesAt)}` : planned.length > 0 ? `Planned: ${planned.join(', ')}` : '', last].filter(Boolean).join(' · ');
}

function placeButton(app: App, hotspot: PackHotspot): Content {
  const { pack, running } = app.state;
  return html`<button type="button" class="place" ?disabled=${running !== undefined} @click=${() => arrive(app, hotspot)}>
    <span class="place__name">${hotspot.name}<span class="place__hint">${pack ? placeHint(hotspot, pack) : ''}</span></span>
    <span class="place__go">Arrive${icon('go', 24)}</span></button>`;
}
