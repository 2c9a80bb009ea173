/** What wardens hold, since when and until when: what their hours are paid on. */
import { heldKinds, clearanceNames, type Warden } from '../../server/patrols/contract.ts';
import { addClearance, changeClearance, listClearances, removeClearance, type Clearance } from '../../server/patrols/wardenContract.ts';
import { call } from '../api.ts';
import { createForm, type Field } from '../form.ts';
import { section } from '../frame.ts';
import { html, when, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { emptyView, failureText, note } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { addDays, today } from '../weeks.ts';

export interface ClearancesOptions {
  readonly redraw: () => void;
  readonly councilName: (code: string) => string;
  readonly wardens: () => readonly Warden[];
  /** Where to say what was done. */
  readonly say: (words: string) => void;
}

export interface Clearances {
  readonly load: () => Promise<void>;
  readonly view: () => Content;
}

export function clearancesOf({ redraw, councilName, wardens, say }: ClearancesOptions): Clearances {
  let rows: readonly Clearance[] = [];
  let changing: Clearance | undefined;
  let failed = '';
  const refresh = async (words?: string): Promise<void> => {
    changing = undefined;
    rows = mayDo('seeMoney') ? (await call(listClearances, {})).clearances : [];
    if (words) say(words);
    redraw();
  };
  const change = (row: Clearance): void => {
    changing = row;
    redraw();
    form.reset();
  };
  const table = createTable<Clearance>({ caption: 'Vetting, training and accreditation', rowId: (row) => row.id, redraw, columns: columnsOf(councilName, change), source: 'council lists' });
  const form = createForm({
    layout: 'grid', submit: 'Keep dates', redraw, fields: () => (changing ? changeFields(changing) : addFields(wardens())),
    action: async ({ wardenIds, kind, validFrom, lastDay, reason }) => {
      const dates = { kind: heldKinds.find((one) => one === kind) ?? 'vetting', validFrom: String(validFrom), validTo: lastDay === undefined ? null : addDays(String(lastDay), 1) };
      if (changing) {
        await call(changeClearance, { id: changing.id, ...dates, reason: String(reason) });
        return refresh(`Kept the dates of ${changing.reference}.`);
      }
      const chosen = Array.isArray(wardenIds) ? wardenIds.map(String) : [];
      for (const id of chosen) await call(addClearance, { id, clearanceId: crypto.randomUUID(), ...dates });
      form.reset();
      return refresh(`Entered ${clearanceNames[dates.kind].toLowerCase()} of ${chosen.length} ${chosen.length === 1 ? 'warden' : 'wardens'}.`);
    },
  });
  const removal = createForm({
    layout: 'row', submit: 'Take it out', redraw, fields: [{ kind: 'text', name: 'reason', label: 'If it was entered by mistake: why it is taken out', required: true }],
    action: async ({ reason }) => {
      if (!changing) return;
      await call(removeClearance, { id: changing.id, reason: String(reason) });
      removal.reset();
      await refresh(`Took out ${clearanceNames[changing.kind].toLowerCase()} of ${changing.reference}.`);
    },
  });
  return {
    load: async () => {
      failed = '';
      await refresh().catch((error: unknown) => {
        failed = failureText(error);
        redraw();
      });
    },
    view: () => when(mayDo('seeMoney'), () => section('Vetting and training', html`
      ${failed ? note('danger', failed) : ''}
      ${rows.length > 0 ? table.view(rows) : emptyView('No vetting or training is entered', 'Hours of wardens without them are refused when they are claimed.')}
      ${when(mayDo('manageWardens') && wardens().length > 0, () => html`<h3 class="govuk-heading-s">${changing ? `Change ${clearanceNames[changing.kind].toLowerCase()} of ${changing.reference}` : 'Enter vetting or training'}</h3>${form.view()}${when(changing, () => removal.view())}`)}`,
      { lead: 'An hour is paid when the warden is vetted and trained on its day. Dates and references only, no certificates.' })),
  };
}

function columnsOf(councilName: (code: string) => string, change: (row: Clearance) => void): readonly Column<Clearance>[] {
  return [
    { key: 'reference', label: 'Reference', value: (row) => row.reference },
    { key: 'council', label: 'Council', value: (row) => councilName(row.councilCode) },
    { key: 'kind', label: 'Holds', value: (row) => clearanceNames[row.kind] },
    { key: 'from', label: 'From', kind: 'date', value: (row) => row.validFrom },
    { key: 'to', label: 'Last day', kind: 'date', value: (row) => row.validTo && addDays(row.validTo, -1), missing: 'no end set' },
    { key: 'now', label: 'Today', value: (row) => (row.validFrom <= today() && (row.validTo === null || row.validTo > today()) ? 'holds' : 'does not hold') },
    ...(mayDo('manageWardens') ? [{ key: 'change', label: 'Change', bare: true, value: () => '', show: (row: Clearance) => html`<button type="button" class="table__choose" aria-label="Change ${clearanceNames[row.kind]} of ${row.reference} from ${row.validFrom}" @click=${() => change(row)}>Change</button>` }] : []),
  ];
}

const datesOf = (row?: Clearance): Field[] => [
  { kind: 'select', name: 'kind', label: 'What', value: row?.kind ?? 'vetting', required: true, options: heldKinds.map((value) => ({ value, label: clearanceNames[value] })) },
  { kind: 'date', name: 'validFrom', label: 'First day', value: row?.validFrom, required: true },
  { kind: 'date', name: 'lastDay', label: 'Last day', value: row?.validTo ? addDays(row.validTo, -1) : undefined },
];
const addFields = (wardens: readonly Warden[]): Field[] => [{ kind: 'checkboxes', name: 'wardenIds', label: 'Wardens', required: true, requiredMessage: 'Choose at least one warden.', options: wardens.map(({ id, reference }) => ({ value: id, label: reference })) }, ...datesOf()];
const changeFields = (row: Clearance): Field[] => [...datesOf(row), { kind: 'text', name: 'reason', label: 'Why', required: true }];
