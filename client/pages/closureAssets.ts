/** The asset register on the closure page: what was bought, and what became of it. */
import { addAsset, disposals, disposeAsset, type Asset, type ClosureView } from '../../server/closure/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { html, when, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { emptyView } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { today } from '../weeks.ts';

export interface AssetsOptions {
  /** The agreement. */
  readonly id: string;
  readonly redraw: () => void;
  /** Shows the page again, with words of what was done. */
  readonly done: (words: string) => Promise<void>;
}

export function assetsOf({ id, redraw, done }: AssetsOptions): { view: (view: ClosureView) => Content } {
  let view: ClosureView | undefined;
  let assetId = crypto.randomUUID();
  const kept = (): readonly Asset[] => (view?.assets ?? []).filter(({ disposal }) => disposal === null);
  const table = createTable<Asset>({ caption: 'Asset register', rowId: (row) => row.id, redraw, columns, source: 'entered by the council and the office' });
  const adding = createForm({
    layout: 'grid', submit: 'Enter', redraw, fields: () => [
      { kind: 'text', name: 'what', label: 'What was bought', required: true },
      { kind: 'select', name: 'head', label: 'Budget head', blank: 'No head', options: (view?.reconciliation.heads ?? []).filter(({ head }) => head !== '').map(({ head }) => ({ value: head, label: head })) },
      { kind: 'date', name: 'boughtOn', label: 'Bought on', required: true },
      { kind: 'number', name: 'quantity', label: 'How many', value: 1, min: 1, required: true },
      { kind: 'money', name: 'costPence', label: 'Cost, all together', required: true },
    ],
    action: async (values) => {
      const { what } = await call(addAsset, addAsset.input.parse({ id, assetId, ...values }));
      assetId = crypto.randomUUID();
      adding.reset();
      await done(`Entered ${what}.`);
    },
  });
  const disposing = createForm({
    layout: 'grid', submit: 'Keep', redraw, fields: () => [
      { kind: 'select', name: 'assetId', label: 'Asset', required: true, options: kept().map((one) => ({ value: one.id, label: one.what })) },
      { kind: 'select', name: 'disposal', label: 'What became of it', required: true, options: disposals.map((value) => ({ value, label: value })) },
      { kind: 'date', name: 'disposedOn', label: 'On', value: today(), required: true },
      { kind: 'money', name: 'proceedsPence', label: 'What it brought', hint: 'Only when it was sold', value: 0 },
      { kind: 'text', name: 'reason', label: 'Why', required: true },
    ],
    action: async (values) => {
      const { what, disposal } = await call(disposeAsset, disposeAsset.input.parse({ id, ...values }));
      disposing.reset();
      await done(`${what}: ${disposal ?? ''}.`);
    },
  });
  return {
    view: (next) => {
      view = next;
      const open = mayDo('keepAssets') && next.state !== 'closed';
      return html`
        ${next.assets.length > 0 ? table.view(next.assets) : emptyView('Nothing is entered', 'Enter what was bought with the grant and lasts: radios, vehicles, body-worn video.')}
        ${when(open, () => html`<h3 class="govuk-heading-s">Enter an asset</h3>${adding.view()}`)}
        ${when(open && kept().length > 0, () => html`<h3 class="govuk-heading-s">Say what became of one</h3>${disposing.view()}`)}`;
    },
  };
}

const columns: readonly Column<Asset>[] = [
  { key: 'what', label: 'What', value: (row) => row.what },
  { key: 'head', label: 'Budget head', value: (row) => row.head || 'no head' },
  { key: 'bought', label: 'Bought on', kind: 'date', value: (row) => row.boughtOn },
  { key: 'quantity', label: 'How many', kind: 'count', value: (row) => row.quantity },
  { key: 'cost', label: 'Cost', kind: 'money', value: (row) => row.costPence, sum: true },
  { key: 'disposal', label: 'What became of it', value: (row) => row.disposal, missing: 'not said yet' },
  { key: 'disposed', label: 'On', kind: 'date', value: (row) => row.disposedOn, missing: 'not yet' },
  { key: 'proceeds', label: 'Brought', kind: 'money', value: (row) => row.proceedsPence, missing: 'not yet', sum: true },
  { key: 'why', label: 'Why', value: (row) => row.disposalReason, missing: 'not yet' },
];
