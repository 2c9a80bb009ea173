/** The pages anybody may read: what is being done where, at ward level, in plain words. Never when patrols go, and no exact place unless it was released. Pure. */
import { sayDate, sayMonth } from '../returns/words.ts';
import type { WardRow, WardsContent } from './contract.ts';
import { html, type Html, type Layout, page, table } from './publicHtml.ts';
import { licenceText } from './publishedFiles.ts';

export interface Words {
  readonly easyRead: string;
  readonly translation: string;
  readonly report: string;
}

export interface PublicFacts {
  readonly publisher: string;
  /** The latest month released; nothing where none is. */
  readonly wards: WardsContent | undefined;
  readonly words: Words;
  readonly files: readonly { readonly month: string; readonly title: string; readonly releasedOn: string; readonly names: readonly string[] }[];
}

const layout = ({ publisher, wards }: PublicFacts, title: string, path: string): Layout => ({ title, publisher, path, licence: licenceText(publisher).trim(), demonstration: wards?.demonstration ?? false });
const plural = (n: number, one: string, many: string): string => `${n.toLocaleString('en-GB')} ${n === 1 ? one : many}`;
/** Whole hours for a sentence; the files have the minutes. */
const hours = (minutes: number): string => plural(Math.round(minutes / 60), 'hour', 'hours');
const shows = ({ layers }: WardsContent, layer: string): boolean => layers.includes(layer);

const what = html`<p class="govuk-body">Council wardens walk through the places where people report anti-social behaviour most. They talk to people, give advice and warnings, and act where the law is broken. The grant for this comes from the government and is shared between the councils.</p>
<p class="govuk-body">Here you see in which wards they are and how much they do. We do not say at what times they go.</p>`;

/** The first page: each council in a sentence, and where to read more. */
export function frontPage(facts: PublicFacts): string {
  const { wards, words } = facts;
  return page(layout(facts, 'What is being done', '/public'), html`<h1 class="govuk-heading-l">What hotspot patrols are doing</h1>
${what}
${wards ? html`<h2 class="govuk-heading-m">${sayMonth(wards.month)}</h2>${wards.councils.map((council) => html`<h3 class="govuk-heading-s"><a class="govuk-link" href="/public/${council.code}">${council.name}</a></h3><p class="govuk-body">${sentence(wards, council)}</p>`)}${attributions(wards)}${leftOut(wards)}${hotspotNames(wards)}`
    : html`<p class="govuk-inset-text">Nothing has been published yet.</p>`}
<h2 class="govuk-heading-m">If something is happening near you</h2><p class="govuk-body">${words.report}</p>
<h2 class="govuk-heading-m">Other ways to get this</h2><p class="govuk-body">${words.easyRead} There is an <a class="govuk-link" href="/public/easy-read">easy read page</a>.</p><p class="govuk-body">${words.translation}</p>`);
}

const started = ({ month }: WardsContent, council: WardsContent['councils'][number]): boolean => council.started !== null && council.started.slice(0, 7) <= month;

function sentence(content: WardsContent, council: WardsContent['councils'][number]): string {
  const done = !shows(content, 'ward_patrols') ? '' : !started(content, council) ? 'Patrols had not started.'
    : `Wardens looked after ${plural(council.hotspots, 'place', 'places')}, made ${plural(council.visits, 'visit', 'visits')} and spent ${hours(council.personMinutes)} there in all; two wardens for one hour count as two.`;
  const known = content.sources.map(({ code, name }) => `${name}: ${countSaid(council.incidents[code] ?? '0', content.threshold)}.`).join(' ');
  return [done, known && `Incidents recorded: ${known}`].filter(Boolean).join(' ') || 'Its figures are not released.';
}

/** A printed count within a sentence, its signs in words. */
const countSaid = (text: string, threshold: number): string => (text === '[c]' ? 'not shown, because with it somebody could work out a small number' : text === `<${threshold}` ? `some, but fewer than ${threshold}` : text);

/** What the signs that stand in these cells mean, in plain words, right where they stand; nothing where none does. */
function signsSaid(cells: readonly (string | number)[], threshold: number): Html {
  const has = (sign: string): boolean => cells.includes(sign);
  return html`${has(`<${threshold}`) ? html`<p class="govuk-body-s signs">&lt;${threshold} means that there were some, but fewer than ${threshold}: so small a number could point to a person.</p>` : ''}${has('[c]') ? html`<p class="govuk-body-s signs">[c] means that a number is kept back, small or large, because with it somebody could work out a number that is hidden.</p>` : ''}`;
}

/** Tables that are left out, with the reason. */
const leftOut = ({ withheld = [] }: WardsContent): Html => html`${withheld.map(({ says }) => html`<p class="govuk-body-s signs">${says}</p>`)}`;

const attributions = ({ sources }: WardsContent): Html => (sources.length === 0 ? html``
  : html`<p class="govuk-body-s">Incidents come from different records and are not added up: one event may be in two. ${[...new Set(sources.map(({ attribution }) => attribution).filter(Boolean))].join(' ')}</p>`);

function hotspotNames({ hotspots, councils }: WardsContent): Html {
  if (hotspots.length === 0) return html``;
  const council = new Map(councils.map(({ code, name }) => [code, name]));
  return html`<h2 class="govuk-heading-m">The places</h2>${table('Agreed hotspots', ['Place', 'Ward', 'Council', 'Since'], hotspots.map((each) => [each.name, each.ward, council.get(each.councilCode) ?? '', sayDate(each.liveFrom)]))}`;
}

/** One council, ward by ward; undefined where there is none of that code. */
export function councilPage(facts: PublicFacts, code: string): string | undefined {
  const { wards: content, words } = facts;
  const council = content?.councils.find((each) => each.code === code);
  if (!content || !council) return undefined;
  const own = content.wards.filter(({ councilCode }) => councilCode === code);
  const counts = (of: 'incidents' | 'actions', list: WardsContent['actions'], caption: string): Html => {
    const rows = [...own, { ...council, name: `All of ${council.name}` }].map((row) => [row.name, ...list.map((each) => row[of][each.code] ?? '0')]);
    return list.length === 0 ? html`` : html`${table(`${caption} by ward, ${sayMonth(content.month)}`, ['Ward', ...list.map(({ name }) => name)], rows)}${signsSaid(rows.flat(), content.threshold)}`;
  };
  return page(layout(facts, council.name, `/public/${code}`), html`<h1 class="govuk-heading-l">${council.name}</h1><p class="govuk-body-l">${sayMonth(content.month)}. ${sentence(content, council)}</p>
${shows(content, 'ward_patrols') ? table(`Patrols by ward, ${sayMonth(content.month)}`, ['Ward', 'Places looked after', 'Visits', 'Hours of wardens'], own.map((row) => patrolCells(row))) : ''}
${counts('incidents', content.sources, 'Incidents')}${attributions(content)}${counts('actions', content.actions, 'What wardens did')}${leftOut(content)}
<h2 class="govuk-heading-m">If something is happening near you</h2><p class="govuk-body">${words.report}</p>`);
}

const patrolCells = ({ name, hotspots, visits, personMinutes }: WardRow): (string | number)[] => [name, hotspots, visits, `${Math.floor(personMinutes / 60)} h ${personMinutes % 60} min`];

/** The same in easy read: short sentences, one idea each. */
export function easyReadPage(facts: PublicFacts): string {
  const { wards, words } = facts;
  const lines = ['Some people make a lot of noise, drink in the street or break things.', 'This is called anti-social behaviour.', 'Wardens walk in the places where it happens most.', 'They wear a uniform.', 'You can talk to them.', 'They listen, and they help to stop it.'];
  const done = wards && shows(wards, 'ward_patrols') ? wards.councils.map((council) => (started(wards, council) ? `In ${council.name} wardens made ${plural(council.visits, 'visit', 'visits')}.` : `In ${council.name} the wardens had not started.`)) : [];
  return page(layout(facts, 'Easy read', '/public/easy-read'), html`<h1 class="govuk-heading-l">Hotspot patrols: easy read</h1><div class="easy"><h2 class="govuk-heading-m">What wardens do</h2><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>
${done.length > 0 && wards ? html`<h2 class="govuk-heading-m">What they did in ${sayMonth(wards.month)}</h2><ul>${done.map((line) => html`<li>${line}</li>`)}</ul>` : ''}
<h2 class="govuk-heading-m">Get help</h2><p class="govuk-body">${words.report}</p><p class="govuk-body">${words.easyRead}</p><p class="govuk-body">${words.translation}</p></div>`);
}

/** Every file released, month by month. */
export function filesPage(facts: PublicFacts): string {
  return page(layout(facts, 'Files', '/public/files'), html`<h1 class="govuk-heading-l">Files</h1><p class="govuk-body">Grants, items over the amount set by law, and figures by ward, as files that other programs read. They may be used by anybody under the Open Government Licence.</p>
${facts.files.length === 0 ? html`<p class="govuk-inset-text">Nothing has been published yet.</p>` : ''}
${facts.files.map(({ month, title, releasedOn, names }) => html`<h2 class="govuk-heading-m">${title}, ${sayMonth(month)}</h2><p class="govuk-body-s">Published ${sayDate(releasedOn)}</p><ul class="govuk-list govuk-list--bullet">${names.map((name) => html`<li><a class="govuk-link" href="/public/files/${month}/${name}">${name}</a></li>`)}</ul>`)}`);
}

/** There is no such page. */
export const missingPage = (facts: PublicFacts): string => page(layout(facts, 'Not found', ''), html`<h1 class="govuk-heading-l">There is no such page</h1><p class="govuk-body">Check the address, or start from <a class="govuk-link" href="/public">what is being done</a>.</p>`);
