/** The places with most incidents: what share they hold, what kinds, and what one point stands for. */
import { z } from 'zod';
import { getRepeats, getRepeatsFile, type RepeatLocation } from '../../server/insight/contract.ts';
import { call, fileAddress } from '../api.ts';
import { count, percent, period } from '../format.ts';
import { action, facts, section } from '../frame.ts';
import { html, nothing, when, type Content } from '../html.ts';
import { note, tag } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { choice } from './insight/fields.ts';
import { insightPage } from './insight/page.ts';
import { askedOf, filterAddress } from './map/filters.ts';
import { provenanceColumns } from './map/words.ts';

type Answer = z.output<typeof getRepeats.output>;

const address = z.object({
  ...filterAddress, fewest: z.coerce.number().int().optional().catch(undefined), leaveOutDefaults: z.enum(['true']).optional().catch(undefined),
});
type Address = z.output<typeof address>;

const asked = (now: Address): z.input<typeof getRepeats.input> => ({
  ...askedOf(now), ...(now.fewest ? { fewest: now.fewest } : {}), ...(now.leaveOutDefaults ? { leaveOutDefaults: now.leaveOutDefaults } : {}),
});

export const repeatsPage = insightPage<Address, Answer>({
  title: 'Repeat locations', what: 'repeat locations', address,
  lead: 'Points with several incidents in the period. No address is given: a place is named by its street or kind, and a published point stands for several addresses.',
  ask: (now, signal) => call(getRepeats, asked(now), { signal }),
  fields: ({ fewest, leaveOutDefaults }, _choices, changed) => [
    choice('fewest', 'At least', fewest === undefined ? undefined : String(fewest), [{ value: 'any', label: 'As set (usually 5)' }, ...[3, 10, 20, 50].map((value) => ({ value: String(value), label: `${value} incidents` }))], changed),
    choice('leaveOutDefaults', 'Default geocodes', leaveOutDefaults, [{ value: 'any', label: 'Listed and flagged' }, { value: 'true', label: 'Left out and counted' }], changed),
  ],
  body: (redraw) => {
    let span = '';
    let last: Answer | undefined;
    const table = createTable<RepeatLocation>({ caption: 'Repeat locations', rowId: (row) => String(row.rank), redraw, columns, period: () => span, about: () => provenanceColumns(last?.provenance, [['Method version', last?.methodVersion ?? '']]), limit: 100 });
    return (answer, now) => {
      last = answer;
      span = period(answer.provenance.from, answer.provenance.to);
      return answer.n === 0 ? nothing : html`${figures(answer)}${notes(answer)}
        ${section('The list', table.view(answer.locations), { actions: [action('Download with its sources (CSV)', fileAddress(getRepeatsFile, asked(now)))] })}`;
    };
  },
});

function figures(answer: Answer): Content {
  const repeats = answer.n - answer.underFewest;
  return facts([
    { label: 'Repeat locations', value: count(answer.repeatPoints), note: `of ${count(answer.points)} points, with at least ${count(answer.fewest)} incidents` },
    { label: 'Their incidents', value: percent(repeats / answer.n), note: `${count(repeats)} of ${count(answer.n)}` },
    { label: 'Listed', value: count(answer.listed), note: `${count(answer.pastLimit)} past the first ${count(answer.limit)} places, ${count(answer.defaultsLeftOut)} left out as default geocodes, ${count(answer.underFewest)} at smaller points` },
  ]);
}

function notes(answer: Answer): Content {
  return html`
    ${when(answer.locations.some((row) => row.precision === 'snapped'), () => note('info', 'Published points are moved to the nearest of a fixed list, about 76 m apart: one point is several addresses. Ask the force for its own records before naming a problem address.'))}
    ${when(answer.locations.some((row) => row.defaultGeocode), () => note('warning', `Incidents are put at some places when nobody knows where they happened. Flagged by name: ${answer.defaultNames.join(', ')}.`))}`;
}

const columns: readonly Column<RepeatLocation>[] = [
  { key: 'rank', label: 'Rank', kind: 'count', value: (row) => row.rank },
  { key: 'place', label: 'Place', value: (row) => row.place, show: (row) => html`${row.place} ${row.defaultGeocode ? tag('default geocode', 'warning') : nothing}` },
  { key: 'council', label: 'Council', value: (row) => row.council },
  { key: 'ward', label: 'Ward', value: (row) => row.ward, missing: '–' },
  { key: 'n', label: 'Incidents', kind: 'count', value: (row) => row.n, sum: true },
  { key: 'share', label: 'Share', kind: 'percent', value: (row) => row.share },
  { key: 'soFar', label: 'So far', hint: 'Share held by this place and those above it', kind: 'percent', value: (row) => row.shareSoFar },
  { key: 'kinds', label: 'Kinds', value: (row) => row.categories.map((kind) => `${kind.name} ${count(kind.n)}`).join(', ') },
  { key: 'point', label: 'What the point is', value: (row) => row.pointSays },
  { key: 'default', label: 'Default geocode', value: (row) => (row.defaultGeocode ? 'yes' : 'no') },
  { key: 'cell', label: 'Cell', hint: 'H3 index, resolution 9', value: (row) => row.cell },
];
