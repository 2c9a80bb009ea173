/** Which recorded hours an agreement pays for: lines by band and rate, and every refused minute with its reason, its rows and what was done about it. */
import { z } from 'zod';
import { isoDate } from '../../server/endpoint.ts';
import { getHoursCheck, type HoursCheck } from '../../server/claims/hoursContract.ts';
import { agreementTabs } from '../agreementTabs.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { hoursMinutes, money, percent, period } from '../format.ts';
import { button, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { onAddress, readAddress, writeAddress, type Page } from '../router.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { decisionColumns, lineColumns, reasonRows, refusalColumns, visitColumns, type LineRow, type ReasonRow, type RefusalRow, type VisitRow } from './hoursRows.ts';
import { settling } from './hoursSettle.ts';

const address = z.object({
  from: isoDate.optional().catch(undefined), to: isoDate.optional().catch(undefined),
  /** A line by its place, or a refusal by its key: what is open. */
  line: z.coerce.number().int().optional().catch(undefined), refused: z.string().optional().catch(undefined),
});

export const hoursPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<HoursCheck> = loading;
  let said = '';
  let leave = (): void => undefined;

  const asked = (): z.output<typeof address> => readAddress(address);
  const draw = (): void => {
    const head = state.at === 'ready' ? { title: `Hours of ${state.value.reference}`, caption: state.value.council } : { title: 'Hours' };
    render(frame({
      ...head, width: 'wide', breadcrumbs: [{ label: 'Agreements', href: '/agreements' }, { label: 'Agreement', href: `/agreements/${id}` }],
      lead: 'Every recorded minute is checked before it is paid. What is refused is listed with its reason, and can be explained, corrected, or accepted by a second person.',
      actions: [button('Print', () => window.print())],
    }, html`${agreementTabs(id, 'hours')}${said ? note('good', said, { live: true }) : nothing}${shown(state, body, { what: 'the hours', retry: start })}`), root);
  };
  const body = (answer: HoursCheck): Content => {
    const { line, refused } = asked();
    const open = answer.refused.find(({ key }) => key === refused);
    return html`${days.view()}${periodLinks(answer)}${totals(answer)}
      ${section('To be claimed', answer.lines.length === 0 ? emptyView('No hour of these days is payable', 'See below what is refused, or choose other days.') : lines.view(answer.lines.map((each, index) => ({ ...each, index }))),
        { lead: 'One line for each band and rate, rounded once. A claim on verified hours is filled with these.' })}
      ${when(line !== undefined && answer.lines[line], () => section(`Visits behind ${lineName(answer, line ?? 0)}`, visits.view(visitRows(answer, line ?? 0)), { actions: [button('Close', () => open1({}))] }))}
      ${section('Refused', answer.refused.length === 0 ? emptyView('Nothing is refused', 'Every recorded minute of these days is payable.') : html`${reasons.view(reasonRows(answer))}${refusals.view(answer.refused)}`)}
      ${when(open, () => html`<div id="settle">${section(`Refused on ${period(open?.day ?? '', open?.day ?? '')}: ${open?.reason ?? ''}`, open ? settle.view(open, answer) : nothing, { actions: [button('Close', () => open1({}))] })}</div>`)}
      ${when(answer.decisions.length > 0, () => section('Explained, accepted, declined and corrected', decisions.view(answer.decisions), { lead: 'Accepted minutes are paid with the others, in the lines above.' }))}
      ${section('What the figures mean', html`<ul class="govuk-list govuk-list--bullet">${answer.definitions.map((each) => html`<li>${each}</li>`)}</ul>`)}`;
  };
  const open1 = (what: { line?: number; refused?: string }): void => {
    writeAddress({ line: what.line === undefined ? null : String(what.line), refused: what.refused ?? null });
    draw();
    if (what.refused) requestAnimationFrame(() => document.getElementById('settle')?.scrollIntoView({ block: 'start' }));
  };
  const span = (): string => (state.at === 'ready' ? period(state.value.from, state.value.to) : '');
  const shared = { redraw: draw, period: span, source: 'recorded visits' };
  const lines = createTable<LineRow>({ caption: 'Hours to be claimed', rowId: (row) => String(row.index), columns: lineColumns((line) => open1({ line })), ...shared });
  const visits = createTable<VisitRow>({ caption: 'Visits of the line', rowId: (row) => row.id, columns: visitColumns, ...shared });
  const reasons = createTable<ReasonRow>({ caption: 'Refused by reason', rowId: (row) => row.reason, tools: false, ...shared, columns: [
    { key: 'reason', label: 'Reason', value: (row) => row.reason }, { key: 'rows', label: 'Rows', kind: 'count', value: (row) => row.rows, sum: true },
    { key: 'minutes', label: 'Person-hours', kind: 'minutes', value: (row) => row.minutes, sum: true }, { key: 'share', label: 'Of recorded', kind: 'percent', value: (row) => row.share },
  ] });
  const refusals = createTable<RefusalRow>({ caption: 'Refused hours', rowId: (row) => row.key, columns: refusalColumns((key) => open1({ refused: key })), ...shared });
  const decisions = createTable({ caption: 'Decisions', rowId: (row) => row.id, columns: decisionColumns, ...shared });
  const days = createForm({
    layout: 'row', submit: 'Show', redraw: draw, allOptional: true,
    fields: () => [
      { kind: 'date', name: 'from', label: 'First day', value: state.at === 'ready' ? state.value.from : asked().from },
      { kind: 'date', name: 'to', label: 'Last day', value: state.at === 'ready' ? state.value.to : asked().to },
    ],
    action: async ({ from, to }) => {
      writeAddress({ from: from === undefined ? null : String(from), to: to === undefined ? null : String(to), line: null, refused: null });
      await refresh('');
    },
  });
  const ask = (): Promise<HoursCheck> => {
    const { from, to } = asked();
    return call(getHoursCheck, { id, ...(from && { from }), ...(to && { to }) });
  };
  const refresh = async (words: string): Promise<void> => {
    state = { at: 'ready', value: await ask() };
    said = words;
    draw();
  };
  const settle = settling({ id, redraw: draw, days: () => asked(), done: refresh });
  const start = (): void => {
    leave();
    leave = load(ask(), (next) => {
      state = next;
      draw();
    });
  };
  const stop = onAddress(start);
  start();
  return () => {
    leave();
    stop();
  };
};

/** One link for each period, since that is what is claimed at once; the one shown is marked. */
function periodLinks({ agreementId, periods, from, to }: HoursCheck): Content {
  if (periods.length === 0) return nothing;
  return html`<nav aria-label="Periods"><ul class="hours__periods">${periods.map((each) => html`<li><a href="/agreements/${agreementId}/hours?from=${each.from}&to=${each.to}"
    aria-current=${each.from === from && each.to === to ? 'page' : nothing}>${period(each.from, each.to)}</a></li>`)}</ul></nav>`;
}

const lineName = ({ lines }: HoursCheck, index: number): string => `${lines[index]?.band.replace('_', ' ') ?? ''} hours at ${money(lines[index]?.pencePerHour ?? 0)}`;

function visitRows({ lines, visits }: HoursCheck, index: number): VisitRow[] {
  const shares = new Map((lines[index]?.visits ?? []).map((each) => [each.visitId, each]));
  return visits.flatMap((visit) => {
    const share = shares.get(visit.id);
    return share ? [{ ...visit, paidMinutes: share.minutes, amountPence: share.amountPence }] : [];
  });
}

function totals({ totals: sum, from, to }: HoursCheck): Content {
  const each = (pence: number | null): string => (pence === null ? 'no hours yet' : money(pence));
  const ofRecorded = sum.recordedPersonMinutes === 0 ? 'nothing is recorded' : `of ${hoursMinutes(sum.recordedPersonMinutes)} recorded, ${percent(sum.payablePersonMinutes / sum.recordedPersonMinutes)}`;
  const capped = sum.payablePence < sum.amountPence ? `capped at what is left under the agreement; the hours come to ${money(sum.amountPence)}` : sum.leftPence === null ? 'no ledger is open to cap it' : `${money(sum.leftPence)} is left under the agreement`;
  return facts([
    { label: 'Payable', value: money(sum.payablePence), note: capped },
    { label: 'Person-hours payable', value: hoursMinutes(sum.payablePersonMinutes), note: `${ofRecorded}; ${period(from, to)}` },
    { label: 'Person-hours refused', value: hoursMinutes(sum.refusedPersonMinutes), note: sum.acceptedPersonMinutes === 0 ? 'none was accepted by a second person' : `besides ${hoursMinutes(sum.acceptedPersonMinutes)} that a second person accepted` },
    { label: 'Patrol-hours payable', value: hoursMinutes(sum.payablePatrolMinutes), note: `of ${hoursMinutes(sum.recordedPatrolMinutes)} recorded: minutes with anybody there` },
    { label: '£ per person-hour', value: each(sum.pencePerPersonHour), note: 'payable divided by person-hours payable' },
    { label: '£ per patrol-hour', value: each(sum.pencePerPatrolHour), note: 'payable divided by patrol-hours payable' },
  ]);
}
