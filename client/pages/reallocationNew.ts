/** Proposing to move money: between agreements of a fund, or between heads of one agreement. */
import { z } from 'zod';
import { listFunds, type Fund } from '../../server/grants/contract.ts';
import { getOutlook, proposeReallocation, type Outlook } from '../../server/reallocations/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { money } from '../format.ts';
import { button, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { navigate, readAddress, writeAddress, type Page } from '../router.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { today } from '../weeks.ts';
import { keyOf, linesOf, type Movement, movementsByValue, movementsOf } from './reallocationMovements.ts';
import { outlookTable, outlookView } from './reallocationOutlook.ts';

const asked = z.object({ fund: z.uuid().optional().catch(undefined), agreement: z.uuid().optional().catch(undefined) });
const takerHead = 'Extra patrols';
interface Answer { funds: readonly Fund[]; outlook: Outlook | undefined }

export const newReallocationPage: Page = (root) => {
  const { agreement } = readAddress(asked);
  let state: Loadable<Answer> = loading;
  let movements: Movement[] = [];
  let idempotencyKey = crypto.randomUUID();

  const title = agreement ? 'Move money between heads' : 'Move money between agreements';
  const draw = (): void => render(frame({
    title, width: 'wide', breadcrumbs: agreement ? [{ label: 'Agreements', href: '/agreements' }, { label: 'Agreement', href: `/agreements/${agreement}` }] : [{ label: 'Reallocations', href: '/reallocations' }],
    lead: 'Everybody whose money changes agrees, then a second person of the office approves on a decision. Nothing moves before.',
  }, shown(state, body, { what: 'the fund', retry: () => void start() })), root);
  const set = (next: Movement[]): void => {
    movements = next;
    idempotencyKey = crypto.randomUUID();
    draw();
  };
  const outlook = (): Outlook | undefined => (state.at === 'ready' ? state.value.outlook : undefined);
  const places = (giving: boolean): { value: string; label: string }[] => (outlook()?.agreements ?? []).filter((each) => !agreement || each.agreementId === agreement).flatMap((each) => {
    const own = each.heads.map(({ head }) => head);
    const heads = giving ? own : [...new Set([...own, ...(outlook()?.headNames ?? [])])];
    const left = (head: string): number => each.heads.filter((one) => one.head === head).reduce((sum, one) => sum + one.budgetPence - one.spentPence, 0);
    return heads.map((head) => ({ value: keyOf(each.agreementId, head), label: `${each.council}: ${head || 'not under a head'}${giving ? `, ${money(left(head))} not spent` : ''}` }));
  });
  const nameOf = (key: string): string => {
    const found = outlook()?.agreements.find(({ agreementId }) => agreementId === key.slice(0, 36));
    return `${found?.council ?? ''}: ${key.slice(37) || 'not under a head'}`;
  };
  const table = outlookTable(draw);
  const list = createTable<Movement & { nth: number }>({
    caption: 'What is to be moved', rowId: (row) => String(row.nth), redraw: draw, tools: false,
    columns: [
      { key: 'from', label: 'From', value: (row) => nameOf(row.from) }, { key: 'to', label: 'To', value: (row) => nameOf(row.to) },
      { key: 'pence', label: 'Amount', kind: 'money', value: (row) => row.pence, sum: true },
      { key: 'out', label: 'Take out', bare: true, value: () => null, show: (row) => html`<button type="button" class="link-button" @click=${() => set(movements.filter((_, nth) => nth !== row.nth))}>Take out<span class="govuk-visually-hidden"> ${nameOf(row.from)} to ${nameOf(row.to)}</span></button>` },
    ],
  });
  const adding = createForm({
    layout: 'grid', submit: 'Add to the proposal', redraw: draw,
    fields: () => [
      { kind: 'select', name: 'from', label: 'From', required: true, blank: 'Choose who gives', options: places(true) },
      { kind: 'select', name: 'to', label: 'To', required: true, blank: 'Choose who takes', options: places(false) },
      { kind: 'money', name: 'pence', label: 'Amount', required: true },
    ],
    action: async (values) => {
      const { from, to, pence } = z.object({ from: z.string(), to: z.string(), pence: z.number().int().positive('Enter an amount over £0.00.') }).parse(values);
      if (from === to) throw new z.ZodError([{ code: 'custom', path: ['to'], message: 'Choose another head than the one that gives.', input: to }]);
      set([...movements, { from, to, pence }]);
      adding.reset();
    },
  });
  const proposing = createForm({
    submit: 'Propose', redraw: draw,
    fields: [
      { kind: 'date', name: 'effectiveFrom', label: 'In effect from', value: today(), required: true },
      { kind: 'textarea', name: 'reason', label: 'Why', hint: 'It stands in the decision notice', required: true },
    ],
    action: async (values) => {
      const fundId = outlook()?.fundId ?? '';
      const lines = linesOf(movements);
      const kind = new Set(lines.map(({ agreementId }) => agreementId)).size === 1 ? 'virement' : 'reallocation';
      const made = await call(proposeReallocation, proposeReallocation.input.parse({ id: fundId, idempotencyKey, kind, lines, ...values }));
      await navigate(`/reallocations/${made.id}`);
    },
  });
  const body = (answer: Answer): Content => html`
    ${when(answer.funds.length > 1 && !agreement, () => html`<p>${answer.funds.map((fund) => html`<a class="filter-link" href="/reallocations/new?fund=${fund.id}" aria-current=${fund.id === answer.outlook?.fundId ? 'page' : nothing}>${fund.name}</a> `)}</p>`)}
    ${answer.outlook && answer.outlook.agreements.length > 0 ? ready(answer.outlook) : emptyView('No agreement to move money between', 'Enter the fund and its agreements first.')}`;
  const ready = (found: Outlook): Content => html`
    ${agreement ? nothing : outlookView(found, table, movementsOf(found, takerHead).length > 0 ? [button('Start from the suggestion', () => set(movementsOf(found, takerHead)))] : [], movementsByValue(found, takerHead).length > 0 ? [button('Start from the moves by value', () => set(movementsByValue(found, takerHead)))] : [])}
    ${section('What is to be moved', html`${movements.length > 0 ? list.view(movements.map((each, nth) => ({ ...each, nth }))) : emptyView('Nothing yet', 'Add each movement: it comes out of one head and goes into another.')}${adding.view()}`)}
    ${when(movements.length > 0, () => html`${section('What it comes to', after(found, movements))}${section('Propose it', proposing.view())}`)}`;
  const start = (): (() => void) => load(ask(agreement), (next) => {
    state = next;
    draw();
  });
  return start();
};

async function ask(agreement: string | undefined): Promise<Answer> {
  const { funds } = await call(listFunds, {});
  const { fund } = readAddress(asked);
  for (const { id } of funds.filter((each) => (fund ? each.id === fund : true))) {
    const outlook = await call(getOutlook, { id });
    if (agreement ? outlook.agreements.some(({ agreementId }) => agreementId === agreement) : outlook.agreements.length > 0) {
      if (!agreement && fund !== id) writeAddress({ fund: id }, { replace: true });
      return { funds, outlook };
    }
  }
  return { funds, outlook: undefined };
}

/** Each agreement before and after, and what it would fall below. */
function after({ agreements }: Outlook, movements: readonly Movement[]): Content {
  const lines = linesOf(movements);
  const changed = agreements.flatMap((each) => {
    const net = lines.filter(({ agreementId }) => agreementId === each.agreementId).reduce((sum, { amountPence }) => sum + amountPence, 0);
    return lines.some(({ agreementId }) => agreementId === each.agreementId) ? [{ each, net }] : [];
  });
  const problems = changed.flatMap(({ each, net }) => [
    ...(-net > each.mostGivesPence ? [`${each.council} can give ${money(each.mostGivesPence)} at most: the limit, or what is spent and committed, stands in the way.`] : []),
    ...(each.mostTakesPence !== null && net > each.mostTakesPence ? [`${each.council} can take ${money(each.mostTakesPence)} at most without a variation.`] : []),
  ]);
  return html`<ul class="reasons">${changed.map(({ each, net }) => html`<li><strong>${each.council}</strong>: ${net === 0 ? `stays ${money(each.ceilingPence)}` : `${money(each.ceilingPence)} becomes ${money(each.ceilingPence + net)}`}</li>`)}</ul>
    ${problems.map((says) => note('warning', says))}`;
}
