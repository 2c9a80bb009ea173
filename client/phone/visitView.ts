/** The visit under way: the clock, what is done, and the two taps that leave and log it. */
import type { PhonePack } from '../../server/recording/contract.ts';
import { freeTextFault } from '../../server/freeText.ts';
import { clockTime } from '../format.ts';
import { html, nothing, when, type Content } from '../html.ts';
import type { App } from './app.ts';
import { offeredKinds, sayCrew } from './crew.ts';
import { bigButton, stepper, textBox } from './parts.ts';
import { sayFix } from './place.ts';
import { counted, elapsed, type Running, wholeMinutes } from './running.ts';
import { change, leave, logVisit } from './taps.ts';

/** Set while the warden is asked whether the visit is thrown away. */
let throwing = false;
let logging = false;

export function visitView(app: App, running: Running): Content {
  return running.endedAt === null ? underWay(app, running) : review(app, running, running.endedAt);
}

function underWay(app: App, running: Running): Content {
  const { pack } = app.state;
  const enough = pack?.settings.qualifyingMinutes ?? 15;
  const minutes = wholeMinutes(running.startedAt, new Date().toISOString());
  return html`<div class="clock"><h1 class="clock__place">${running.hotspot}</h1>
      <p class="clock__time" role="timer" aria-label=${`${minutes} minutes`}>${elapsed(running.startedAt, new Date())}</p>
      <progress class="clock__bar" max=${enough} .value=${Math.min(minutes, enough)} aria-label=${`${minutes} of ${enough} minutes`}></progress>
      <p class="clock__words">${minutes >= enough ? `${enough} minutes reached` : `${enough} minutes make a full visit`} · arrived ${clockTime(running.startedAt)}</p></div>
    ${bigButton('Leave', () => leave(app), 'leave')}
    <p class="small">${sayFix(running.arrived, 'Arriving')}</p>
    ${actions(app, running)}
    ${throwAway(app)}`;
}

function review(app: App, running: Running, endedAt: string): Content {
  const { crew, pack } = app.state;
  const minutes = wholeMinutes(running.startedAt, endedAt);
  const fault = freeTextFault(running.note)?.message;
  const log = async (): Promise<void> => {
    logging = true;
    app.draw();
    try {
      await logVisit(app);
    } finally {
      logging = false;
      app.draw();
    }
  };
  return html`<div class="done"><h1 class="done__place">${running.hotspot}</h1>
      <p class="done__time"><strong>${minutes}</strong> ${minutes === 1 ? 'minute' : 'minutes'}</p>
      <p class="done__words">${clockTime(running.startedAt)} to ${clockTime(endedAt)} · ${sayCrew(crew, pack?.forces ?? [])}</p></div>
    ${when(minutes < 1, () => html`<p class="fault" role="alert">Less than a minute. Stay on, or throw it away.</p>`)}
    ${bigButton(logging ? 'Logging…' : 'Log this visit', log, 'main', logging || minutes < 1 || fault !== undefined)}
    <p class="small">${sayFix(running.arrived, 'Arriving')}. ${sayFix(running.left, 'Leaving')}.</p>
    ${actions(app, running)}
    ${textBox('Note', running.note, (note) => change(app, { ...(app.state.running ?? running), note }), { id: 'visit-note', hint: 'Nothing about a person', fault })}
    ${bigButton('Still here: go on', () => change(app, goOn(running)))}
    ${throwAway(app)}`;
}

/** Back to the running clock: the fix on leaving is looked for anew. */
function goOn(running: Running): Running {
  const { left: _left, ...rest } = running;
  return { ...rest, endedAt: null };
}

function actions(app: App, running: Running): Content {
  const { pack, crew } = app.state;
  if (!pack) return nothing;
  const offered = offeredKinds(pack, crew);
  const common = offered.filter((kind) => kind.common || (running.counts[kind.code] ?? 0) > 0);
  const rest = offered.filter((kind) => !common.includes(kind));
  return html`<section aria-label="What was done"><h2 class="group">What was done</h2>
    ${common.map((kind) => counter(app, running, kind))}
    ${when(rest.length > 0, () => html`<details class="more"><summary class="more__summary">More actions (${rest.length})</summary>${rest.map((kind) => counter(app, running, kind))}</details>`)}
    <div class="pair"><a class="big big--plain" href="#youth">Young people</a><a class="big big--plain" href="#translations">Translations</a></div></section>`;
}

function counter(app: App, running: Running, kind: PhonePack['kinds'][number]): Content {
  const count = (by: 1 | -1): void => void change(app, counted(app.state.running ?? running, kind.code, by));
  return stepper(kind.name, running.counts[kind.code] ?? 0, count, kind.policeOnly ? { hint: 'by the police' } : {});
}

function throwAway(app: App): Content {
  const set = (to: boolean) => (): void => {
    throwing = to;
    app.draw();
  };
  if (!throwing) return html`<button type="button" class="quiet" @click=${set(true)}>Throw this visit away</button>`;
  return html`<div class="ask" role="alertdialog" aria-label="Throw this visit away?"><p>Throw this visit away? Nothing of it is kept.</p>
    ${bigButton('Keep it', set(false))}
    ${bigButton('Throw away', () => {
      throwing = false;
      void change(app, undefined);
    }, 'danger')}</div>`;
}
