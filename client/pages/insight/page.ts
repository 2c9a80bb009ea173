/** What the analyst's four screens share: filters in the address, an answer that follows them, and what it says of itself. */
import type { z } from 'zod';
import { getMapChoices, type IncidentCounts, type Provenance } from '../../../server/hotspots/contract.ts';
import { call } from '../../api.ts';
import { frame } from '../../frame.ts';
import { html, nothing, render, type Content } from '../../html.ts';
import { onAddress, type Page, readAddress, writeAddress } from '../../router.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../../states.ts';
import { addressValue, type Choices, filterBar, type Filters } from '../map/filters.ts';
import { crossingBanners, provenanceView, reconciled } from '../map/words.ts';

/** What every answer of these screens carries. */
export interface Stated {
  n: number;
  says: string;
  warnings: string[];
  methodVersion: string;
  counts: IncidentCounts;
  provenance: Provenance;
}

export interface InsightOptions<A extends Filters, Answer extends Stated> {
  readonly title: string;
  readonly lead: string;
  /** What is waited for: "the back-test". */
  readonly what: string;
  readonly address: z.ZodType<A>;
  readonly ask: (asked: A, signal: AbortSignal) => Promise<Answer>;
  /** Fields after the filters; `changed` keeps the value in the address. */
  readonly fields?: (asked: A, choices: Choices, changed: (name: string, value: string) => void) => readonly Content[];
  /** The period the answer took by itself, where that is not the map's. */
  readonly periodOf?: (answer: Answer) => { from?: string | undefined; to?: string | undefined };
  /** Made once a page, since tables keep their sort. */
  readonly body: (redraw: () => void) => (answer: Answer, asked: A) => Content;
}

/** A page whose whole state is its address: a change of a filter asks again, and an old answer never overtakes a new one. */
export function insightPage<A extends Filters, Answer extends Stated>(options: InsightOptions<A, Answer>): Page {
  return (root) => {
    let choices: Choices | undefined;
    let state: Loadable<Answer> = loading;
    let stop = new AbortController();
    const body = options.body(() => draw());
    const asked = (): A => readAddress(options.address);
    const shownFilters = (): Filters => ({ ...(state.at === 'ready' ? options.periodOf?.(state.value) : {}), ...given(asked()) });
    const changed = (name: string, value: string): void => {
      writeAddress({ [name]: addressValue(name, value) });
      start();
    };
    const answered = (answer: Answer): Content => html`
      <p class="frame__lead"><strong>${answer.says}</strong></p>
      ${crossingBanners(answer.provenance.crossings)}
      ${answer.warnings.map((words) => note('warning', words))}
      ${body(answer, asked())}
      <p>${reconciled(answer.counts)}. Method version ${answer.methodVersion}.</p>
      ${provenanceView(answer.provenance, { banners: false })}`;
    const draw = (): void => render(frame({ title: options.title, lead: options.lead, width: 'wide' }, html`
      <div class="mapframe__filters">${choices ? filterBar(shownFilters(), choices, changed, options.fields?.(asked(), choices, changed) ?? []) : nothing}</div>
      ${choices && choices.months.length === 0 ? emptyView('No incidents have been imported yet', 'An analyst of the Commissioner’s office imports them.') : shown(state, answered, { what: options.what, retry: start })}`), root);
    const start = (): void => {
      stop.abort();
      stop = new AbortController();
      const { signal } = stop;
      const take = (next: Loadable<Answer>): void => {
        if (signal.aborted) return;
        state = next;
        draw();
      };
      take(loading);
      options.ask(asked(), signal).then((value) => take({ at: 'ready', value }), (error: unknown) => take({ at: 'failed', error }));
    };
    const leaveChoices = load(call(getMapChoices, {}), (next) => {
      if (next.at === 'ready') choices = next.value;
      draw();
    });
    const leaveAddress = onAddress(start);
    start();
    return () => {
      stop.abort();
      leaveChoices();
      leaveAddress();
    };
  };
}

/** Without what the address leaves out. */
function given(filters: Filters): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as Filters;
}
