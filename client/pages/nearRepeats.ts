/** Whether incidents follow one another nearby sooner than chance has it: Knox's test, from sources that know the day. */
import { z } from 'zod';
import { getNearRepeats } from '../../server/insight/patternsContract.ts';
import { call } from '../api.ts';
import { count, decimal } from '../format.ts';
import { facts, section } from '../frame.ts';
import { html, nothing } from '../html.ts';
import { note } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { insightPage } from './insight/page.ts';
import { askedOf, filterAddress } from './map/filters.ts';
import { provenanceColumns } from './map/words.ts';

type Answer = z.output<typeof getNearRepeats.output>;
type Band = Answer['bands'][number];

const address = z.object({ ...filterAddress, seed: z.coerce.number().int().optional().catch(undefined) });

export const nearRepeatsPage = insightPage<z.output<typeof address>, Answer>({
  title: 'Near repeats', what: 'near repeats', address,
  lead: 'Does one incident make another nearby more likely in the next days? Pairs of incidents are counted by distance and days apart, against the same places with the days dealt out at random.',
  ask: (asked, signal) => call(getNearRepeats, { ...askedOf(asked), ...(asked.seed === undefined ? {} : { seed: asked.seed }) }, { signal }),
  body: (redraw) => {
    let answer: Answer | undefined;
    const table = createTable<Band>({
      caption: 'Pairs of incidents by distance and days', rowId: (row) => `${row.toMetres} ${row.toDays}`, redraw, columns, narrow: 'scroll',
      about: () => provenanceColumns(answer?.provenance, [['Deals', String(answer?.permutations ?? '')], ['Seed', String(answer?.seed ?? '')], ['Method version', answer?.methodVersion ?? '']]),
    });
    return (next) => {
      answer = next;
      return html`${facts([
        { label: 'Incidents', value: count(next.n), note: `with a day and a place; ${count(next.withoutDay)} without a day` },
        { label: 'Deals at random', value: count(next.permutations), note: `seed ${next.seed}; the least p is ${decimal(1 / (next.permutations + 1), 3)}` },
      ])}
      ${next.sourcesLeftOut.length > 0 ? note('info', html`Left out: ${next.sourcesLeftOut.map((one) => html`${one.why} `)}`) : nothing}
      ${section('By distance and days', table.view(next.bands))}
      <p class="section__lead">A ratio of 1 is as chance has it. Twelve bands are looked at together: one of them at p under 0.05 is not surprising. A report that is entered twice looks like a near repeat.</p>`;
    };
  },
});

const columns: readonly Column<Band>[] = [
  { key: 'distance', label: 'Distance', value: (row) => (row.toMetres === 0 ? 'the same place' : `up to ${row.toMetres} m`) },
  { key: 'days', label: 'Days apart', value: (row) => `${row.fromDays} to ${row.toDays}` },
  { key: 'observed', label: 'Pairs', kind: 'count', value: (row) => row.observed },
  { key: 'expected', label: 'By chance', kind: 'decimal', value: (row) => row.expected },
  { key: 'ratio', label: 'Ratio', kind: 'decimal', digits: 2, value: (row) => row.ratio, missing: 'no pair by chance' },
  { key: 'p', label: 'p', kind: 'decimal', digits: 3, value: (row) => row.p },
];
