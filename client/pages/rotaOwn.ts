/** A warden's own shifts: what is published, what was asked for, and the address a calendar reads them from. */
import type { PublishedShift } from '../../server/rota/contract.ts';
import { askForRequest, listOwnShifts, makeCalendar, revokeCalendar, type RotaRequest, withdrawRequest } from '../../server/rota/publishedContract.ts';
import type { z } from 'zod';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { date, hoursMinutes, instant } from '../format.ts';
import { button, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { emptyView, failureText, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { shiftTimes } from './rotaGrid.ts';
import { sayShift, stateNames } from './rotaRequests.ts';

type Answer = z.output<typeof listOwnShifts.output>;

export const ownShiftsPage: Page = (root) => {
  let state: Loadable<Answer> = loading;
  let said = '';
  let failed = '';
  let address = '';
  const draw = (): void => render(frame({ title: 'Own shifts', lead: 'Published shifts, as the lead put them in the rota. Times are those of the clock in Britain.', actions: [button('Print', () => window.print())] },
    html`<div aria-live="polite">${said ? note('good', said) : nothing}${failed ? note('danger', failed) : nothing}</div>${shown(state, body, { what: 'your shifts', retry: () => void start() })}`), root);
  const body = (answer: Answer): Content => {
    if (answer.reference === null) return emptyView('Your account is no warden’s yet', 'Ask the lead of your council to link it to your reference on the wardens page.');
    return html`${answer.shifts.length > 0 ? shifts.view(answer.shifts) : emptyView('No shift of yours is published', 'The lead publishes rotas.')}
      ${when(answer.shifts.length > 0, () => section('Ask to be off a shift', answer.toCome.length > 0 ? askForm.view() : emptyView('No shift of yours is to come', 'What has begun can no longer be given away.'), { lead: 'Until it begins. The lead grants it, and the rota is published anew; until then the shift is yours.' }))}
      ${when(answer.requests.length > 0, () => section('Asked for', requests.view(answer.requests)))}
      ${section('Calendar', html`${address ? html`<p>Copy this address into your calendar now; it is not shown again. Whoever has it sees your shift times, and no place.</p><p><code class="breaks">${address}</code></p>` : nothing}
        ${answer.calendars.map(({ id, madeAt }) => html`<p>Made ${instant(madeAt)} ${button('Take back', () => void act(async () => {
          await call(revokeCalendar, { id });
          return 'The address is taken back: it answers nothing from now on.';
        }))}</p>`)}
        ${button('Make an address', () => void act(async () => {
          const made = await call(makeCalendar, {});
          address = new URL(made.path, location.href).href;
          return 'The address is made.';
        }))}`, { lead: 'A calendar that reads the address follows every new version of the rota.' })}`;
  };
  const act = async (work: () => Promise<string>): Promise<void> => {
    failed = '';
    said = await work().catch((error: unknown) => {
      failed = failureText(error);
      return '';
    });
    state = { at: 'ready', value: await call(listOwnShifts, {}) };
    draw();
  };
  const shifts = createTable<PublishedShift>({ caption: 'Own shifts', rowId: (row) => row.id, redraw: draw, columns: shiftColumns, source: 'published rotas', limit: 40 });
  const requests = createTable<RotaRequest>({ caption: 'Asked for', rowId: (row) => row.id, redraw: draw, tools: false, columns: requestColumns((row) => void act(async () => {
    await call(withdrawRequest, { id: row.id });
    return 'The request is withdrawn.';
  })) });
  const optionsOf = (list: readonly PublishedShift[]): { value: string; label: string }[] => list.map((shift) => ({ value: shift.id, label: sayShift(shift) }));
  const toCome = ({ shifts: own, toCome: ids }: Answer): PublishedShift[] => own.filter(({ id }) => ids.includes(id));
  const askForm = createForm({
    layout: 'grid', submit: 'Ask the lead', redraw: draw,
    fields: () => [
      { kind: 'select', name: 'shiftId', label: 'Shift to be off', required: true, options: state.at === 'ready' ? optionsOf(toCome(state.value)) : [] },
      { kind: 'select', name: 'returnShiftId', label: 'Shift wanted in return', blank: 'None: cover', options: state.at === 'ready' ? optionsOf(state.value.others) : [] },
      { kind: 'text', name: 'reason', label: 'Why', hint: 'No medical detail', required: true, size: 'long' },
    ],
    action: async ({ shiftId, returnShiftId, reason }) => {
      await call(askForRequest, { requestId: crypto.randomUUID(), shiftId: String(shiftId), returnShiftId: returnShiftId === undefined ? null : String(returnShiftId), reason: String(reason) });
      await act(async () => 'The lead is asked.');
      askForm.reset();
    },
  });
  const start = (): (() => void) => load(call(listOwnShifts, {}), (next) => {
    state = next;
    draw();
  });
  return start();
};

const shiftColumns: readonly Column<PublishedShift>[] = [
  { key: 'day', label: 'Day', kind: 'date', value: ({ day }) => day, show: ({ day }) => date(day) },
  { key: 'name', label: 'Shift', value: ({ name }) => name },
  { key: 'times', label: 'Times', value: (shift) => shiftTimes(shift) },
  { key: 'minutes', label: 'Hours', kind: 'minutes', value: ({ minutes }) => minutes, sum: true, show: ({ minutes }) => hoursMinutes(minutes) },
];

function requestColumns(withdraw: (row: RotaRequest) => void): readonly Column<RotaRequest>[] {
  return [
    { key: 'shift', label: 'Shift', value: ({ shift }) => sayShift(shift) },
    { key: 'return', label: 'In return', value: ({ kind, returnShift }) => (kind === 'swap' ? sayShift(returnShift) : '') },
    { key: 'state', label: 'State', value: ({ state }) => stateNames[state] },
    { key: 'why', label: 'What the lead says', value: ({ decidedWhy }) => decidedWhy ?? '' },
    { key: 'withdraw', label: 'Withdraw', bare: true, value: () => '', show: (row) => (row.state === 'asked' ? html`<button type="button" class="table__choose" aria-label="Withdraw the request about ${sayShift(row.shift)}" @click=${() => withdraw(row)}>Withdraw</button>` : '') },
  ];
}
