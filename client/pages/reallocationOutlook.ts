/** What a reallocation is argued with, as a table: room, forecast underspend, what the next £1,000 buys, and the suggestion. */
import type { Outlook, OutlookAgreement } from '../../server/reallocations/contract.ts';
import { date, decimal } from '../format.ts';
import { section } from '../frame.ts';
import { html, when, type Content } from '../html.ts';
import { createTable, type Table } from '../table.ts';

export function outlookTable(redraw: () => void): Table<OutlookAgreement> {
  return createTable<OutlookAgreement>({
    caption: 'What each agreement could give and take', rowId: (row) => row.agreementId, redraw, source: 'agreements, ledgers, forecasts and the latest allocation',
    columns: [
      { key: 'council', label: 'Agreement with', value: (row) => row.council, show: (row) => html`<a href="/agreements/${row.agreementId}">${row.council}</a>` },
      { key: 'ceiling', label: 'Amount', kind: 'money', value: (row) => row.ceilingPence, sum: true },
      { key: 'spent', label: 'Spent', kind: 'money', value: (row) => row.spentPence, sum: true },
      { key: 'committed', label: 'Committed', kind: 'money', value: (row) => row.committedPence, sum: true },
      { key: 'underspend', label: 'Forecast unspent', kind: 'money', value: (row) => row.figures.underspend?.centralPence, missing: 'no forecast' },
      { key: 'incidents', label: 'Next £1,000: incidents prevented', kind: 'decimal', digits: 2, value: (row) => row.figures.nextThousand?.incidents, missing: 'not known' },
      { key: 'hours', label: 'Next £1,000: patrol hours', kind: 'minutes', value: (row) => row.figures.nextThousand?.personMinutes, missing: 'not planned' },
      { key: 'gives', label: 'Can give', kind: 'money', value: (row) => row.mostGivesPence },
      { key: 'takes', label: 'Can take', kind: 'money', value: (row) => row.mostTakesPence, missing: 'no limit' },
      { key: 'suggested', label: 'Suggested', kind: 'money', value: (row) => row.figures.suggestedPence },
    ],
  });
}

/** The table with what its figures are, and the suggestion in sentences. */
export function outlookView(outlook: Outlook, table: Table<OutlookAgreement>, actions: readonly Content[] = [], valueActions: readonly Content[] = []): Content {
  const limit = outlook.agreements[0]?.limitPercent;
  const weeks = [...new Set(outlook.agreements.flatMap(({ figures }) => (figures.nextThousand ? [figures.nextThousand.week] : [])))];
  return html`${section('Where money is and where it would do most', html`${table.view(outlook.agreements)}
      <p class="table__about">As known on ${date(outlook.knownOn)}. Spent: claimed, approved, paid, accrued and at risk. Forecast unspent: the amount less the central forecast to the agreement’s end.
        ${weeks.length > 0 ? html`Next £1,000: from the allocation of the week of ${weeks.map((week) => date(week)).join(', ')}, at its central effect; hours are person-hours in hotspots at that plan’s cost. Not known: the allocation plans none for it.` : 'No allocation was made yet: make one to see what more money buys.'}
        Can give and take: without a variation${limit === null || limit === undefined ? '' : ` at most ${decimal(limit, 0)}% of what was last signed or varied`}, and never below what is spent or committed.</p>`)}
    ${section('Suggestion', html`<ul class="reasons">${outlook.suggestion.map((says) => html`<li>${says}</li>`)}</ul>${when(actions.length > 0, () => html`<div class="govuk-button-group">${actions}</div>`)}`,
      { lead: 'By what the next £1,000 prevents. It does not know everything that people do: you decide.' })}
    ${byValue(outlook, valueActions)}`;
}

/** What the allocations' value curves say: not who leaves money unspent, but where money prevents most. */
function byValue({ byValue: moves }: Outlook, actions: readonly Content[]): Content {
  const more = moves.reduce((sum, { prevented }) => sum + prevented, 0);
  const lead = 'By the value curves of the latest allocations, within the same limits: what would prevent most if every week left were like the one they plan. It looks at value alone, not at who leaves money unspent.';
  if (moves.length === 0) return section('By value alone', html`<p>No move within the limits prevents more, or the latest allocations have no value curves. Allocate a week to have them.</p>`, { lead });
  return section('By value alone', html`<ul class="reasons">${moves.map(({ because }) => html`<li>${because}</li>`)}</ul>
    <p>Together ${decimal(more, 1)} incidents more prevented to the agreements’ ends.</p>${when(actions.length > 0, () => html`<div class="govuk-button-group">${actions}</div>`)}`, { lead });
}
