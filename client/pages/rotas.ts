/** Rotas of councils, the shifts they work, and what wardens ask for. */
import { addRota, listRotas, listShiftTypes, type Rota, type ShiftTypeRow } from '../../server/rota/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { period } from '../format.ts';
import { frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { navigate, type Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { addDays, mondayOf, today } from '../weeks.ts';
import { requestsOf } from './rotaRequests.ts';
import { shiftTypesOf } from './rotaShiftTypes.ts';

interface Answer {
  rotas: readonly Rota[];
  types: readonly ShiftTypeRow[];
}

export const rotasPage: Page = (root) => {
  let state: Loadable<Answer> = loading;
  let said = '';
  const draw = (): void => render(frame({ title: 'Rotas', lead: 'Who works which shift, by reference. A rota is drafted, changed by the lead, and published as a version that never changes.' },
    html`${said ? note('good', said, { live: true }) : nothing}${shown(state, body, { what: 'rotas', retry: () => void start() })}`), root);
  const body = ({ rotas, types }: Answer): Content => html`
    ${requests.view()}
    ${rotas.length > 0 ? table.view(rotas) : emptyView('No rota is begun yet', mayDo('planRotas') ? 'Begin the first below.' : 'The council’s lead begins them.')}
    ${when(mayDo('planRotas'), () => section('Begin a rota', types.length === 0 ? emptyView('No shift is entered yet', 'Enter the shifts the council works first.') : html`${begin.view()}`,
      { lead: 'A first draft is there at once; a better one is worked out behind it and takes its place.' }))}
    ${shifts.view(types)}`;
  const refresh = async (words: string): Promise<void> => {
    said = words;
    state = { at: 'ready', value: await ask() };
    draw();
  };
  const requests = requestsOf({ redraw: draw, done: refresh });
  const shifts = shiftTypesOf({ redraw: draw, done: refresh });
  const table = createTable<Rota>({ caption: 'Rotas', rowId: (row) => row.id, redraw: draw, columns: columnsOf(), source: 'rotas' });
  const begin = createForm({
    layout: 'row', submit: 'Begin', redraw: draw, fields: () => {
      const last = state.at === 'ready' ? state.value.rotas.map(({ endsOn }) => endsOn).toSorted().at(-1) : undefined;
      return [
        { kind: 'date', name: 'startsOn', label: 'First day', value: last ? addDays(last, 1) : mondayOf(addDays(today(), 7)), required: true },
        { kind: 'date', name: 'endsOn', label: 'Last day', hint: 'Four weeks where left out' },
      ];
    },
    action: async ({ startsOn, endsOn }) => {
      const { id } = await call(addRota, { rotaId: crypto.randomUUID(), startsOn: String(startsOn), ...(endsOn === undefined ? {} : { endsOn: String(endsOn) }) });
      await navigate(`/rotas/${id}`);
    },
  });
  const start = (): (() => void) => load(ask(), (next) => {
    state = next;
    draw();
  });
  void requests.load();
  return start();
};

async function ask(): Promise<Answer> {
  const [{ rotas }, { types }] = await Promise.all([call(listRotas, {}), call(listShiftTypes, {})]);
  return { rotas, types };
}

function columnsOf(): readonly Column<Rota>[] {
  return [
    { key: 'days', label: 'Days', value: (row) => row.startsOn, show: (row) => html`<a href=${mayDo('planRotas') ? `/rotas/${row.id}` : `/rotas/${row.id}/published`}>${period(row.startsOn, row.endsOn)}</a>` },
    { key: 'council', label: 'Council', value: (row) => row.council },
    { key: 'version', label: 'Published', value: (row) => (row.version === null ? null : `version ${row.version}`), missing: 'not yet', show: (row) => (row.version === null ? 'not yet' : html`<a href="/rotas/${row.id}/published">version ${row.version}</a>`) },
    { key: 'at', label: 'Published at', kind: 'instant', value: (row) => row.publishedAt, missing: 'not yet' },
    { key: 'waiting', label: 'Requests waiting', kind: 'count', value: (row) => row.waiting },
  ];
}
