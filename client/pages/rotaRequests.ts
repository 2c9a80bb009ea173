/** Swaps and cover that wardens asked for: granted as a new version, or refused with a reason. */
import { decideRequest, listRequests, type RotaRequest, whoMayTake } from '../../server/rota/publishedContract.ts';
import type { PublishedShift } from '../../server/rota/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { date } from '../format.ts';
import { section } from '../frame.ts';
import { html, nothing, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { failureText, note } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { shiftTimes } from './rotaGrid.ts';

type Choice = { readonly wardenId: string; readonly reference: string; readonly breaches: readonly { readonly sentence: string; readonly regulation: string }[] };

export const sayShift = (shift: PublishedShift | null): string => (shift ? `${shift.name}, ${date(shift.day)}, ${shiftTimes(shift)}` : 'no longer published');
export const stateNames: Record<RotaRequest['state'], string> = { asked: 'Waits for the lead', granted: 'Granted', refused: 'Refused', withdrawn: 'Withdrawn' };

export function requestsOf({ redraw, done }: { readonly redraw: () => void; readonly done: (words: string) => Promise<void> }): { readonly load: () => Promise<void>; readonly view: () => Content } {
  let rows: readonly RotaRequest[] = [];
  let open: RotaRequest | undefined;
  let choices: readonly Choice[] = [];
  let failed = '';
  const loadAll = async (): Promise<void> => {
    if (!mayDo('planRotas')) return;
    rows = (await call(listRequests, {})).requests;
    redraw();
  };
  const decide = async (row: RotaRequest): Promise<void> => {
    open = row;
    failed = '';
    choices = (await call(whoMayTake, { id: row.id }).catch((error: unknown) => {
      failed = failureText(error);
      return { choices: [] };
    })).choices;
    redraw();
    document.getElementById('request')?.scrollIntoView({ block: 'nearest' });
  };
  const table = createTable<RotaRequest>({ caption: 'Requests', rowId: (row) => row.id, redraw, columns: columnsOf((row) => void decide(row)), limit: 10 });
  const closed = async (words: string): Promise<void> => {
    open = undefined;
    await loadAll();
    await done(words);
  };
  const form = createForm({
    layout: 'column', submit: 'Decide', redraw,
    fields: () => [
      { kind: 'radios', name: 'takenBy', label: 'Who takes the shift', required: true, options: [...choices.map(({ wardenId, reference, breaches }) => ({ value: wardenId, label: reference, hint: hintOf(breaches) })), { value: 'refuse', label: 'Nobody: refuse the request' }] },
      { kind: 'text', name: 'why', label: 'Why', hint: 'Stands in the new version, and beside whatever it breaks', required: true, size: 'long' },
    ],
    action: async ({ takenBy, why }) => {
      if (!open) return;
      if (takenBy === 'refuse') await call(decideRequest, { id: open.id, decision: 'refused', why: String(why) });
      else await call(decideRequest, { id: open.id, decision: 'granted', takenBy: String(takenBy), why: String(why) });
      await closed(takenBy === 'refuse' ? 'The request is refused.' : 'The request is granted and a new version is published.');
    },
  });
  return {
    load: () => loadAll().catch((error: unknown) => {
      failed = failureText(error);
      redraw();
    }),
    view: () => (rows.length === 0 ? nothing : section('Swaps and cover asked for', html`${failed ? note('danger', failed) : nothing}${table.view(rows)}
      ${open ? html`<div id="request"><h3 class="govuk-heading-s">${open.reference}: ${sayShift(open.shift)}${open.returnShift ? html` for ${sayShift(open.returnShift)}` : nothing}</h3>${form.view()}</div>` : nothing}`)),
  };
}

const hintOf = (breaches: Choice['breaches']): string => (breaches.length === 0 ? 'Breaks no rule' : breaches.map(({ sentence, regulation }) => `${sentence} (${regulation})`).join(' '));

function columnsOf(decide: (row: RotaRequest) => void): readonly Column<RotaRequest>[] {
  return [
    { key: 'reference', label: 'Warden', value: ({ reference }) => reference },
    { key: 'kind', label: 'Asks for', value: ({ kind }) => (kind === 'swap' ? 'Swap' : 'Cover') },
    { key: 'shift', label: 'Shift', value: ({ shift }) => sayShift(shift) },
    { key: 'return', label: 'In return', value: ({ kind, returnShift }) => (kind === 'swap' ? sayShift(returnShift) : '') },
    { key: 'reason', label: 'Why', value: ({ reason }) => reason },
    { key: 'state', label: 'State', value: ({ state, takenBy }) => (takenBy ? `${stateNames[state]}: ${takenBy}` : stateNames[state]) },
    { key: 'decide', label: 'Decide', bare: true, value: () => '', show: (row) => (row.state === 'asked' ? html`<button type="button" class="table__choose" aria-label="Decide on ${row.reference}, ${sayShift(row.shift)}" @click=${() => decide(row)}>Decide</button>` : '') },
  ];
}
