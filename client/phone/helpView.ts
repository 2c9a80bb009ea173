/** Help at hand: the lone-worker device, where young people can turn, and words in other languages. It raises no alarm itself. */
import type { PhonePack, Prompt } from '../../server/recording/contract.ts';
import { html, nothing, when, type Content } from '../html.ts';
import type { App } from './app.ts';
import { card, subHeading } from './parts.ts';

const rightToLeft = new Set(['ar', 'fa', 'ur', 'ckb', 'he', 'ps']);
const telephone = (number: string): string => `tel:${number.replace(/[^0-9+]/g, '')}`;

export function helpView({ state: { pack } }: App): Content {
  return html`<h1 class="screen__title">Help</h1>
    ${alarm(pack)}
    <div class="pair"><a class="big big--plain" href="#youth">Young people</a><a class="big big--plain" href="#translations">Translations</a></div>
    <p class="small">Count young people you told of a service, and translations used, in the visit. Never who they were.</p>`;
}

function alarm(pack: PhonePack | undefined): Content {
  const devices = pack?.devices ?? [];
  return card(html`<h2 class="card__title">In danger</h2>
    <a class="big big--danger" href="tel:999">Ring 999</a>
    ${devices.map(({ product, deviceId, alarmNumber }) => html`<p class="device"><strong>${product}</strong>, device <strong>${deviceId}</strong></p>
      <a class="big big--plain" href=${telephone(alarmNumber)}>Alarm centre ${alarmNumber}</a>`)}
    ${devices.length === 0 ? html`<p>Your council has entered no lone-worker device yet.</p>` : nothing}
    <p class="small">${devices.length > 0 ? 'Press the button on your device. ' : ''}This page raises no alarm itself.</p>`, 'danger');
}

export function youthView({ state: { pack, running } }: App): Content {
  return html`${subHeading('Young people', running ? '#' : '#help')}
    ${(pack?.youth ?? []).map(({ heading, words, contact }) => card(html`<h2 class="card__title">${heading}</h2><p class="card__words">${words}</p>${reach(contact)}`))}`;
}

function reach(contact: string): Content {
  if (contact === '') return nothing;
  return /^[0-9+][0-9 ()]+$/.test(contact) ? html`<a class="big big--plain" href=${telephone(contact)}>${contact}</a>` : html`<p class="card__words"><strong>${contact}</strong></p>`;
}

export function translationsView({ state: { pack, running } }: App): Content {
  const translations = pack?.translations ?? [];
  return html`${subHeading('Translations', running ? '#' : '#help')}
    <p class="lead">Choose the language and turn the phone round.</p>
    <ul class="places">${translations.map((prompt) => html`<li><a class="place" href=${`#say/${prompt.id}`}><span class="place__name">${prompt.heading}<span class="place__hint" lang=${prompt.language} dir=${direction(prompt)}>${prompt.words}</span></span></a></li>`)}</ul>
    ${when(translations.some(({ draft }) => draft), () => html`<p class="small">Drafted words: your council has not had them checked by a translator yet.</p>`)}`;
}

const direction = ({ language }: Prompt): string => (rightToLeft.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr');

/** One sentence as large as it goes, to be shown to somebody. */
export function sayView({ state: { pack } }: App, id: string): Content {
  const prompt = pack?.translations.find((one) => one.id === id);
  if (!prompt) return subHeading('Translations', '#translations');
  return html`${subHeading(prompt.heading, '#translations')}<p class="say" lang=${prompt.language} dir=${direction(prompt)}>${prompt.words}</p>`;
}
