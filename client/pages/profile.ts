/** When incidents happen: day of the week by hour of the local clock, per hour there was. */
import { z } from 'zod';
import { getProfile, type ProfileHour } from '../../server/insight/contract.ts';
import { call } from '../api.ts';
import { count, decimal, period } from '../format.ts';
import { facts, section } from '../frame.ts';
import { html, ref, when, type Content } from '../html.ts';
import { areaSwatch } from '../map/frame.ts';
import { classesOf, classFor, type MapClass, sequence } from '../map/classes.ts';
import { note } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { insightPage } from './insight/page.ts';
import { askedOf, filterAddress } from './map/filters.ts';
import { provenanceColumns } from './map/words.ts';

type Answer = z.output<typeof getProfile.output>;

const address = z.object(filterAddress);
const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const dayOf = (day: number): string => days[day] ?? '';
const hourWords = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

export const profilePage = insightPage<z.output<typeof address>, Answer>({
  title: 'By hour', what: 'the profile by hour', address,
  lead: 'Incidents an hour, for each hour of the week by the local clock. Only sources that record the time of day are in it; hours with under five incidents are hidden.',
  ask: (asked, signal) => call(getProfile, askedOf(asked), { signal }),
  body: (redraw) => {
    let span = '';
    let last: Answer | undefined;
    const table = createTable<ProfileHour>({ caption: 'Hours of the week', rowId: (row) => `${row.day} ${row.hour}`, redraw, columns, narrow: 'scroll', period: () => span, about: () => provenanceColumns(last?.provenance, [['Method version', last?.methodVersion ?? '']]), limit: 24 });
    return (answer) => {
      last = answer;
      span = period(answer.provenance.from, answer.provenance.to);
      return html`
        ${answer.sourcesLeftOut.map((source) => note('info', `Left out: ${source.why} ${count(source.incidents)} incidents.`))}
        ${figures(answer)}${heat(answer, span)}
        ${section('The same hours as rows', table.view(answer.hours))}`;
    };
  },
});

function figures(answer: Answer): Content {
  const { peak } = answer;
  return facts([
    { label: 'Incidents in the profile', value: count(answer.n), note: `${count(answer.withoutTime)} without a time, ${count(answer.outsideSpan)} known only within over 24 hours or outside the period` },
    { label: 'Busiest hour', value: peak ? `${dayOf(peak.day)} ${hourWords(peak.hour)}` : 'not shown', note: peak ? `${decimal(peak.rate, 2)} incidents an hour, n = ${decimal(peak.n, 0)}` : 'No hour has five incidents' },
    { label: 'Known by a span', value: count(answer.spans), note: 'shared out over the hours of the span' },
    { label: 'Hidden', value: count(answer.hidden), note: `of 168 hours: under ${count(answer.fewest)} incidents` },
  ]);
}

function heat(answer: Answer, span: string): Content {
  const classes = classesOf(answer.hours.flatMap((one) => (one.rate === null ? [] : [one.rate])), { unit: 'incidents an hour' });
  return section('Day of the week by hour', html`
    <div class="chart"><p class="chart__about">Incidents an hour observed, ${span}, n = ${count(answer.n)}, source: ${answer.provenance.sources.map((source) => source.name).join(', ')}. Each hour starts at the time above it; – is hidden.</p>
      <div class="chart__scroll chart__scroll--heat" role="region" tabindex="0" aria-label="Day of the week by hour"><table class="chart__table">
        <caption class="visually-hidden">Incidents an hour by day of the week and hour of the local clock</caption>
        <thead><tr><th scope="col">Day</th>${Array.from({ length: 24 }, (_, hour) => html`<th scope="col" class="is-number">${String(hour).padStart(2, '0')}</th>`)}</tr></thead>
        <tbody>${days.map((name, day) => html`<tr><th scope="row">${name}</th>${answer.hours.filter((one) => one.day === day).map((one) => heatCell(one, classes))}</tr>`)}</tbody>
      </table></div>
      ${when(classes.length > 0, () => html`<ul class="chart__keys" aria-label="Classes">${classes.map((one) => html`<li class="chart__key">${areaSwatch(one.colour)}${one.words}</li>`)}</ul>`)}
    </div>`, { lead: 'Hours of days when the clocks change are counted as long as they were.' });
}

function heatCell({ day, hour, rate, n, hoursObserved }: ProfileHour, classes: readonly MapClass[]): Content {
  const words = `${dayOf(day)} ${hourWords(hour)}`;
  if (rate === null) return html`<td class="is-number" title="${words}: hidden"><span aria-hidden="true">–</span><span class="visually-hidden">hidden</span></td>`;
  const colour = classFor(rate, classes)?.colour ?? '#ffffff';
  const ink = colour === sequence[3] || colour === sequence[4] ? '#ffffff' : '#14201d';
  return html`<td class="is-number chart__heat" ${ref((cell) => paint(cell, colour, ink))} title="${words}: ${decimal(rate, 2)} an hour, n = ${decimal(n ?? 0, 1)}, ${decimal(hoursObserved, 0)} hours">${decimal(rate, rate < 0.995 ? 2 : 1)}</td>`;
}

/** Set on the element: the page's policy refuses style attributes. */
function paint(cell: Element | undefined, colour: string, ink: string): void {
  if (!(cell instanceof HTMLElement)) return;
  cell.style.background = colour;
  cell.style.color = ink;
}

const columns: readonly Column<ProfileHour>[] = [
  { key: 'day', label: 'Day', value: (row) => dayOf(row.day) },
  { key: 'hour', label: 'From', value: (row) => hourWords(row.hour) },
  { key: 'n', label: 'Incidents', kind: 'decimal', value: (row) => row.n, missing: 'hidden' },
  { key: 'hours', label: 'Hours there were', kind: 'decimal', digits: 0, value: (row) => row.hoursObserved },
  { key: 'rate', label: 'Incidents an hour', kind: 'decimal', digits: 2, value: (row) => row.rate, missing: 'hidden' },
];
