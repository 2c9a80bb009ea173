/** One warden's terms with their dates: contracts, powers, leave and absence, wishes, limits, pairs, and the account that is the warden's own. */
import { addWardenTerm, changeWardenTerm, getWardenTerms, type KeptTerm, linkWardenAccount, removeWardenTerm, type TermKind, termNames } from '../../server/patrols/wardenTermsContract.ts';
import { call } from '../api.ts';
import { createForm, type Form } from '../form.ts';
import { button, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { sayTerm, termFields, type Terms, toEntry } from './wardenTermsFields.ts';

const kinds = Object.keys(termNames) as readonly TermKind[];

export const wardenTermsPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<Terms> = loading;
  let adding: TermKind = 'contract';
  let changing: KeptTerm | undefined;
  let said = '';

  const draw = (): void => render(frame({
    title: state.at === 'ready' ? state.value.warden.reference : 'Warden', caption: 'Terms', breadcrumbs: [{ label: 'Wardens', href: '/wardens' }],
    lead: 'What the rota goes by. Every change stays in the history, with who made it.',
  }, html`${said ? note('good', said, { live: true }) : nothing}${shown(state, body, { what: 'the warden', retry: () => void start() })}`), root);
  const body = (terms: Terms): Content => html`${table.view(terms.terms)}
    ${section(changing ? `Change: ${termNames[changing.entry.term].toLowerCase()}` : 'Enter', html`
      ${when(!changing, () => html`<div class="rota__weeks" role="group" aria-label="What to enter">${kinds.map((kind) => html`<button type="button" class="rota__week" aria-pressed=${adding === kind ? 'true' : 'false'} @click=${() => {
        adding = kind;
        draw();
      }}>${termNames[kind]}</button>`)}</div>`)}
      ${(changing ? changeForm : forms[adding]).view()}
      ${when(changing, () => html`${removal.view()}${button('Leave it as it is', () => {
        changing = undefined;
        draw();
      })}`)}`)}
    ${section('The warden’s own account', accountForm.view(), { lead: terms.account ? `Linked: ${terms.account.name}. The warden signs in with it and sees the own shifts.` : 'None is linked: the warden does not see the own shifts in the service.' })}`;
  const refresh = async (words: string): Promise<void> => {
    said = words;
    changing = undefined;
    state = { at: 'ready', value: await call(getWardenTerms, { id }) };
    draw();
  };
  const table = createTable<KeptTerm>({ caption: 'Terms', rowId: (row) => row.id, redraw: draw, source: 'council lists', columns: [
    { key: 'kind', label: 'Kind', value: ({ entry }) => termNames[entry.term] },
    { key: 'what', label: 'What', value: ({ entry }) => (state.at === 'ready' ? sayTerm(entry, state.value).what : '') },
    { key: 'when', label: 'When', value: ({ entry }) => (state.at === 'ready' ? sayTerm(entry, state.value).when : '') },
    { key: 'change', label: 'Change', bare: true, value: () => '', show: (row) => html`<button type="button" class="table__choose" aria-label="Change ${state.at === 'ready' ? sayTerm(row.entry, state.value).what : ''}" @click=${() => {
      changing = row;
      draw();
      changeForm.reset();
    }}>Change</button>` },
  ] });
  const formOf = (kind: TermKind): Form => {
    const form = createForm({
      layout: 'grid', submit: `Keep ${termNames[kind].toLowerCase()}`, redraw: draw, fields: () => (state.at === 'ready' ? termFields(kind, state.value) : []),
      action: async (values) => {
        await call(addWardenTerm, { id, termId: crypto.randomUUID(), entry: toEntry(kind, values) });
        await refresh(`Entered: ${termNames[kind].toLowerCase()}.`);
        form.reset();
      },
    });
    return form;
  };
  const forms: Record<TermKind, Form> = { contract: formOf('contract'), power: formOf('power'), absence: formOf('absence'), wish: formOf('wish'), flag: formOf('flag'), pair: formOf('pair') };
  const changeForm = createForm({
    layout: 'grid', submit: 'Keep change', redraw: draw,
    fields: () => (state.at === 'ready' && changing ? [...termFields(changing.entry.term, state.value, changing.entry), { kind: 'text', name: 'reason', label: 'Why', required: true }] : []),
    action: async (values) => {
      if (!changing) return;
      await call(changeWardenTerm, { id: changing.id, wardenId: id, entry: toEntry(changing.entry.term, values), reason: String(values['reason']) });
      await refresh('The change is kept.');
    },
  });
  const removal = createForm({
    layout: 'row', submit: 'Take it out', redraw: draw, fields: [{ kind: 'text', name: 'reason', label: 'If it was entered by mistake: why it is taken out', required: true }],
    action: async ({ reason }) => {
      if (!changing) return;
      await call(removeWardenTerm, { id: changing.id, term: changing.entry.term, reason: String(reason) });
      await refresh('It is taken out.');
    },
  });
  const accountForm = createForm({
    layout: 'row', submit: 'Keep account', redraw: draw,
    fields: () => {
      const { account, accounts } = state.at === 'ready' ? state.value : { account: null, accounts: [] };
      return [{ kind: 'select', name: 'personId', label: 'Account', blank: 'None', value: account?.personId, options: [...(account ? [account] : []), ...accounts].map(({ personId, name }) => ({ value: personId, label: name })) }];
    },
    action: async ({ personId }) => {
      const { account } = await call(linkWardenAccount, { id, personId: personId === undefined ? null : String(personId) });
      await refresh(account ? `Linked to ${account.name}.` : 'No account is linked.');
    },
  });
  const start = (): (() => void) => load(call(getWardenTerms, { id }), (next) => {
    state = next;
    draw();
  });
  return start();
};
