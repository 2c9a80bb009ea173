/** Planned against delivered person-hours by hotspot and week, delivered split by what the record stands on. */
import { z } from 'zod';
import { getDelivery, type Delivery } from '../../server/delivery/contract.ts';
import { getDosage, listPatrolStarts, type DosageRow, type PatrolStart } from '../../server/patrols/contract.ts';
import { call } from '../api.ts';
import { chart } from '../chart.ts';
import { createForm, type Field } from '../form.ts';
import { count, decimalHours, hoursMinutes, notStarted, percent, period, shortDate } from '../format.ts';
import { facts, frame, section } from '../frame.ts';
import { html, render, type Content } from '../html.ts';
import { onAddress, readAddress, writeAddress, type Page } from '../router.ts';
import { emptyView, load, loading, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { addDays, mondayOf, today } from '../weeks.ts';
import { createDeliveryParts } from './dosageParts.ts';
import { lastVisitDay, toLastVisits } from './lastVisits.ts';

const filters = z.object({ from: z.iso.date().optional().catch(undefined), to: z.iso.date().optional().catch(undefined), council: z.string().optional().catch(undefined) });
type Answer = z.infer<typeof getDosage.output> & { councils: readonly PatrolStart[]; delivery: Delivery; last: string | null };

interface Asked {
  from: string;
  to: string;
  council?: string;
}

export const dosagePage: Page = (root) => {
  let state: Loadable<Answer> = loading;
  let leave = (): void => undefined;

  const draw = (): void => render(frame({ title: 'Planned and delivered', width: 'wide', lead: 'Person-hours inside agreed hotspots, week by week. A week without a plan and a council that has not started are said so, never shown as 0.' },
    html`${form.view()}${shown(state, body, { what: 'planned and delivered hours', retry: start })}`), root);
  const table = createTable<DosageRow>({
    caption: 'Person-hours by hotspot and week', rowId: (row) => `${row.hotspotId} ${row.week}`, redraw: draw, columns, sort: { key: 'week', down: true },
    period: () => period(asked().from, addDays(asked().to, 6)), source: 'allocations and recorded visits',
  });
  const parts = createDeliveryParts(draw, (code) => (state.at === 'ready' ? (state.value.councils.find((one) => one.councilCode === code)?.council ?? '') : ''));
  const form = createForm({
    layout: 'row', submit: 'Show', redraw: draw, fields: () => filterFields(asked(), state.at === 'ready' ? state.value.councils : []),
    action: async ({ from, to, council }) => {
      writeAddress({ from: mondayOf(String(from)), to: mondayOf(String(to)), council: council === undefined ? null : String(council) });
      start();
    },
  });
  const start = (): void => {
    leave();
    leave = load(Promise.all([call(getDosage, asked()), call(listPatrolStarts, {}), call(getDelivery, asked())]).then(async ([answer, { councils }, delivery]) => ({ ...answer, councils, delivery, last: hasHours(answer.rows) ? null : await lastVisitDay(asked().council) })), (next) => {
      state = next;
      draw();
    });
  };
  const body = (answer: Answer): Content => (answer.rows.length > 0 && hasHours(answer.rows) ? html`${totals(answer.rows)}${weeksChart(answer)}${parts.view(answer.delivery)}${section('By hotspot and week', table.view(answer.rows))}` : emptyView(answer.rows.length > 0 ? 'Nothing is planned or delivered in these weeks' : 'No hotspot is live in these weeks', toLastVisits('/dosage', answer.last, 84, asked().council)));
  const stop = onAddress(start);
  start();
  return () => {
    leave();
    stop();
  };
};

const hasHours = (rows: readonly DosageRow[]): boolean => rows.some(({ plannedPersonMinutes, deliveredPersonMinutes }) => plannedPersonMinutes !== null || (deliveredPersonMinutes ?? 0) > 0);

function asked(): Asked {
  const { from, to, council } = readAddress(filters);
  const last = mondayOf(to ?? today());
  return { from: mondayOf(from ?? addDays(last, -77)), to: last, ...(council ? { council } : {}) };
}

function filterFields(now: Asked, councils: readonly PatrolStart[]): Field[] {
  const days: Field[] = [
    { kind: 'date', name: 'from', label: 'First week', value: now.from, required: true, hint: 'Any day of it' },
    { kind: 'date', name: 'to', label: 'Last week', value: now.to, required: true, hint: 'Any day of it' },
  ];
  if (councils.length < 2) return days;
  return [...days, { kind: 'select', name: 'council', label: 'Council', value: now.council, blank: 'All councils', options: councils.map((one) => ({ value: one.councilCode, label: one.council })) }];
}

/** The sum of what is known; null when nothing is. */
function sumOf(rows: readonly DosageRow[], value: (row: DosageRow) => number | null | undefined): number | null {
  const known = rows.map(value).filter((one): one is number => typeof one === 'number');
  return known.length > 0 ? known.reduce((sum, one) => sum + one, 0) : null;
}

function totals(rows: readonly DosageRow[]): Content {
  const both = rows.filter((row) => row.plannedPersonMinutes !== null && row.deliveredPersonMinutes !== null);
  const planned = sumOf(both, (row) => row.plannedPersonMinutes) ?? 0;
  const delivered = sumOf(rows, (row) => row.deliveredPersonMinutes);
  const kept = planned > 0 ? percent((sumOf(both, (row) => row.deliveredPersonMinutes) ?? 0) / planned, 0) : 'not available';
  const classes = (['A', 'B', 'C', 'D'] as const).map((name) => `${name} ${hoursMinutes(sumOf(rows, (row) => row.personMinutesByClass?.[name]) ?? 0)}`);
  return facts([
    { label: 'Planned', value: write(sumOf(rows, (row) => row.plannedPersonMinutes), 'no plan'), note: 'person-hours in hotspots' },
    { label: 'Delivered', value: write(delivered, notStarted), note: delivered === null ? 'no council has started' : classes.join(' · ') },
    { label: 'Delivered of planned', value: kept, note: 'where both are known' },
    { label: 'Visits long enough', value: `${count(sumOf(rows, (row) => row.qualifyingVisits) ?? 0)} of ${count(sumOf(rows, (row) => row.deliveredVisits) ?? 0)}` },
  ]);
}

const write = (minutes: number | null, missing: string): string => (minutes === null ? missing : hoursMinutes(minutes));

function weeksChart({ weeks, rows }: Answer): Content {
  const of = (value: (row: DosageRow) => number | null): (number | null)[] => weeks.map((week) => {
    const minutes = sumOf(rows.filter((row) => row.week === week), value);
    return minutes === null ? null : minutes / 60;
  });
  return chart({
    kind: 'bar', title: 'Person-hours a week', about: `Planned against delivered · n = ${count(rows.length)} hotspot-weeks`, labelsAre: 'Week of', labels: weeks.map(shortDate),
    write: (hours) => decimalHours(hours * 60, 0), missing: 'no plan or not started',
    series: [{ name: 'Planned', values: of((row) => row.plannedPersonMinutes) }, { name: 'Delivered', values: of((row) => row.deliveredPersonMinutes) }],
  });
}

const classColumn = (name: 'A' | 'B' | 'C' | 'D', hint: string): Column<DosageRow> => ({
  key: `class${name}`, label: `Evidence ${name}`, hint, kind: 'minutes', value: (row) => row.personMinutesByClass?.[name] ?? null, missing: notStarted, sum: true,
});

const columns: readonly Column<DosageRow>[] = [
  { key: 'hotspot', label: 'Hotspot', value: (row) => row.hotspot },
  { key: 'week', label: 'Week of', kind: 'date', value: (row) => row.week },
  { key: 'planned', label: 'Planned', hint: 'Person-hours in the hotspot', kind: 'minutes', value: (row) => row.plannedPersonMinutes, missing: 'no plan', sum: true },
  { key: 'delivered', label: 'Delivered', hint: 'Minutes in the hotspot times persons', kind: 'minutes', value: (row) => row.deliveredPersonMinutes, missing: notStarted, sum: true },
  { key: 'share', label: 'Of planned', kind: 'percent', digits: 0, value: (row) => (row.plannedPersonMinutes && row.deliveredPersonMinutes !== null ? row.deliveredPersonMinutes / row.plannedPersonMinutes : null) },
  { key: 'plannedVisits', label: 'Visits planned', kind: 'count', value: (row) => row.plannedVisits, missing: 'no plan', sum: true },
  { key: 'visits', label: 'Visits', kind: 'count', value: (row) => row.deliveredVisits, missing: notStarted, sum: true },
  { key: 'qualifying', label: 'Long enough', kind: 'count', value: (row) => row.qualifyingVisits, missing: notStarted, sum: true },
  { key: 'patrols', label: 'Patrols', kind: 'count', value: (row) => row.patrols, missing: notStarted },
  classColumn('A', 'GPS or GPX'), classColumn('B', 'NFC'), classColumn('C', 'QR'), classColumn('D', 'The warden’s word'),
];
