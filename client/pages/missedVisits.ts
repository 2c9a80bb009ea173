/** Visits that were planned and not made: totals by reason, hotspot and week, every row, and a form for the desk. */
import { z } from 'zod';
import { listHotspots, type Hotspot } from '../../server/hotspots/contract.ts';
import { listMissedVisits, recordMissedVisit, withdrawMissedVisit, type MissedReason, type MissedVisit } from '../../server/recording/contract.ts';
import { listMissedReasons } from '../../server/recording/listContract.ts';
import { call } from '../api.ts';
import { createForm, type Field } from '../form.ts';
import { count, period, shortDate } from '../format.ts';
import { facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { readAddress, writeAddress, type Page } from '../router.ts';
import { mayDo, session } from '../session.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { addDays, bandNames, mondayOf, today } from '../weeks.ts';

const filters = z.object({ from: z.iso.date().optional().catch(undefined), to: z.iso.date().optional().catch(undefined) });
type Answer = z.infer<typeof listMissedVisits.output>;
type Total = Answer['totals']['byReason'][number];
interface Shown { answer: Answer; hotspots: readonly Hotspot[]; reasons: readonly MissedReason[] }

export const missedVisitsPage: Page = (root) => {
  let state: Loadable<Shown> = loading;
  let leave = (): void => undefined;
  let done = '';
  let id = crypto.randomUUID();
  let chosen: string | null = null;
  const asked = (): { from: string; to: string } => {
    const { from, to = today() } = readAddress(filters);
    return { from: from ?? addDays(mondayOf(to), -21), to };
  };
  const draw = (): void => render(frame({ title: 'Missed visits', width: 'wide', breadcrumbs: [{ label: 'Visits', href: '/visits' }], lead: 'Planned visits that were not made, with the reason. One row for a hotspot, day and band, however many say so.' },
    html`${done ? note('good', done, { live: true }) : nothing}${form.view()}${shown(state, body, { what: 'missed visits', retry: start })}`), root);
  const totalTable = (caption: string, label: string) => createTable<Total>({ caption, rowId: ({ key }) => key, redraw: draw, tools: false, columns: [{ key: 'name', label, value: (row) => row.name }, { key: 'visits', label: 'Visits', kind: 'count', value: (row) => row.visits, sum: true }] });
  const [byReason, byHotspot, byWeek] = [totalTable('By reason', 'Reason'), totalTable('By hotspot', 'Hotspot'), totalTable('By week', 'Week')];
  const rows = createTable<MissedVisit>({
    caption: 'Missed visits', rowId: (row) => row.id, redraw: draw, columns, sort: { key: 'day', down: true }, period: () => period(asked().from, asked().to), source: 'recorded by wardens',
    ...(mayDo('correctVisits') ? { onSelect: (selected: string | null) => {
      chosen = selected;
      draw();
    } } : {}),
  });
  const form = createForm({
    layout: 'row', submit: 'Show', redraw: draw,
    fields: () => [{ kind: 'date', name: 'from', label: 'First day', value: asked().from, required: true }, { kind: 'date', name: 'to', label: 'Last day', value: asked().to, required: true }],
    action: async ({ from, to }) => {
      writeAddress({ from: String(from), to: String(to) });
      start();
    },
  });
  const adding = createForm({
    layout: 'grid', submit: 'Record as missed', redraw: draw, fields: () => (state.at === 'ready' ? newFields(state.value) : []),
    action: async (values) => {
      const { says } = await call(recordMissedVisit, recordMissedVisit.input.parse({ ...values, id, note: values['note'] ?? '' }));
      id = crypto.randomUUID();
      done = says;
      adding.reset();
      start();
    },
  });
  const withdrawing = createForm({
    submit: 'Withdraw', redraw: draw, fields: [{ kind: 'text', name: 'reason', label: 'Why it is withdrawn', hint: 'Nothing about individuals', required: true }],
    action: async ({ reason }) => {
      await call(withdrawMissedVisit, { id: chosen ?? '', reason: String(reason) });
      chosen = null;
      rows.select(null);
      done = 'Withdrawn. What it was is kept.';
      start();
    },
  });
  const body = ({ answer: { missed, totals } }: Shown): Content => html`
    ${facts([{ label: 'Visits missed', value: count(totals.visits), note: period(asked().from, asked().to) }, ...totals.byReason.slice(0, 3).map(({ name, visits }) => ({ label: name, value: count(visits) }))])}
    ${missed.length === 0 ? emptyView('No missed visit in these days', 'Choose other days.') : html`<div class="thirds">${byReason.view(totals.byReason)}${byHotspot.view(totals.byHotspot)}${byWeek.view(totals.byWeek.map((row) => ({ ...row, name: `Week of ${shortDate(row.key)}` })))}</div>${rows.view(missed)}`}
    ${when(chosen && missed.some((row) => row.id === chosen), () => section('Withdraw the chosen row', withdrawing.view()))}
    ${when(mayDo('recordVisits'), () => section('Record a missed visit', adding.view()))}`;
  const start = (): void => {
    leave();
    const own = session().person?.councilCode;
    const question = Promise.all([call(listMissedVisits, asked()), call(listHotspots, own ? { council: own } : {}), call(listMissedReasons, {})]);
    leave = load(question.then(([answer, { hotspots }, { reasons }]) => ({ answer, hotspots: hotspots.filter((hotspot) => hotspot.state !== 'proposed'), reasons })), (next) => {
      state = next;
      draw();
    });
  };
  start();
  return () => leave();
};

function newFields({ hotspots, reasons }: Shown): Field[] {
  return [
    { kind: 'select', name: 'hotspotId', label: 'Hotspot', required: true, blank: 'Choose a hotspot', options: hotspots.map(({ id, name }) => ({ value: id, label: name })) },
    { kind: 'date', name: 'missedOn', label: 'Day', value: today(), required: true },
    { kind: 'select', name: 'band', label: 'Band', required: true, blank: 'Choose a band', options: bandNames.map((label, band) => ({ value: String(band), label })) },
    { kind: 'number', name: 'visits', label: 'Visits missed', value: 1, min: 1, max: 20, required: true },
    { kind: 'select', name: 'reasonCode', label: 'Reason', required: true, blank: 'Choose a reason', options: reasons.filter(({ validTo }) => validTo === null || validTo > today()).map(({ code, name }) => ({ value: code, label: name })) },
    { kind: 'text', name: 'note', label: 'Note', hint: 'Nothing about a person' },
  ];
}

const columns: readonly Column<MissedVisit>[] = [
  { key: 'day', label: 'Day', kind: 'date', value: (row) => row.missedOn },
  { key: 'band', label: 'Band', value: (row) => bandNames[row.band] ?? '' },
  { key: 'hotspot', label: 'Hotspot', value: (row) => row.hotspot },
  { key: 'visits', label: 'Visits', kind: 'count', value: (row) => row.visits, sum: true },
  { key: 'reason', label: 'Reason', value: (row) => row.reason },
  { key: 'note', label: 'Note', value: (row) => row.note || 'none' },
];
