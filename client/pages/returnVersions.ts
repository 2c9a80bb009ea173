/** Versions of a return beside one another: exactly what differs, and each made again from the rows it was counted from. */
import { z } from 'zod';
import { checkReturnVersion, compareReturnVersions, type FactDifference, type FigureDifference } from '../../server/returns/versionContract.ts';
import { getReturn, type MonthlyReturn } from '../../server/returns/contract.ts';
import { call } from '../api.ts';
import { fieldView } from '../fieldView.ts';
import { count, month as sayMonth } from '../format.ts';
import { details, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { readAddress, writeAddress, type Page } from '../router.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { figureText, periodWords, rowsPage } from './returnFigures.ts';

const asked = z.object({ from: z.coerce.number().int().min(1).catch(1), to: z.string().catch(''), definition: z.string().optional().catch(undefined) });
type Check = z.output<typeof checkReturnVersion.output>;
type Compared = z.output<typeof compareReturnVersions.output>;

interface Screen {
  readonly made: MonthlyReturn;
  readonly compared: Compared | undefined;
  readonly checks: readonly Check[];
}

async function ask(month: string): Promise<Screen> {
  const { from, to, definition } = readAddress(asked);
  const which = { month, ...(definition ? { definition } : {}) };
  const made = await call(getReturn, which);
  const wanted = [from, ...(to === '' ? [] : [Number(to)])].filter((one) => made.versions.some(({ version }) => version === one));
  if (wanted.length === 0) return { made, compared: undefined, checks: [] };
  const [compared, checks] = await Promise.all([
    call(compareReturnVersions, { ...which, from, ...(to === '' ? {} : { to: Number(to) }) }),
    Promise.all(wanted.map((version) => call(checkReturnVersion, { ...which, version }))),
  ]);
  return { made, compared, checks };
}

export const returnVersionsPage: Page = (root, { month = '' }) => {
  let state: Loadable<Screen> = loading;
  const draw = (): void => {
    const { definition } = readAddress(asked);
    render(frame({
      title: 'Versions compared', caption: state.at === 'ready' ? `${state.value.made.figures.definition.name}, ${periodWords(state.value.made.figures)}` : sayMonth(month), width: 'wide',
      breadcrumbs: [{ label: 'Returns', href: '/returns' }, { label: sayMonth(month), href: `/returns/${month}${definition ? `?definition=${definition}` : ''}` }],
    }, shown(state, view, { what: 'the versions', retry: () => void start() })), root);
  };
  const start = (): (() => void) => load(ask(month), (next) => {
    state = next;
    draw();
  });
  const choose = (change: Record<string, string>): void => {
    writeAddress(change);
    void start();
  };
  const facts = createTable<FactDifference>({
    caption: 'What else differs', rowId: (row) => row.what, redraw: draw, tools: false,
    columns: [{ key: 'what', label: 'What', value: (row) => row.what }, { key: 'from', label: 'Before', value: (row) => row.from }, { key: 'to', label: 'After', value: (row) => row.to }],
  });
  const side = (one: FigureDifference['from'], unit: FigureDifference['unit'], version: number | null): Content => {
    if (!one) return 'not there';
    const text = figureText({ unit, measure: null }, one);
    return one.value === null ? html`<span class="is-missing" title=${one.why ?? ''}>${text}</span>` : html`<a href="${rowsPage(one.rows)}${version === null ? '' : `&version=${version}`}">${text}</a>`;
  };
  const words = (one: FigureDifference['from'], unit: FigureDifference['unit']): string => (one ? figureText({ unit, measure: null }, one) : 'not there');
  const figures = createTable<FigureDifference>({
    caption: 'Figures that differ', rowId: (row) => `${row.area} ${row.field} ${row.part ?? ''}`, redraw: draw,
    columns: [
      { key: 'area', label: 'Area', value: (row) => row.area }, { key: 'name', label: 'Figure', value: (row) => row.name }, { key: 'part', label: 'Part', value: (row) => row.part, missing: 'all' },
      { key: 'from', label: 'Before', value: (row) => words(row.from, row.unit), show: (row) => side(row.from, row.unit, readAddress(asked).from) },
      { key: 'to', label: 'After', value: (row) => words(row.to, row.unit), show: (row) => side(row.to, row.unit, readAddress(asked).to === '' ? null : Number(readAddress(asked).to)) },
    ],
  });
  const view = ({ made, compared, checks }: Screen): Content => {
    if (!compared) return emptyView('No version was kept yet', 'Keep one on the page of the return.');
    const { from, to } = readAddress(asked);
    const options = made.versions.map(({ version }) => ({ value: String(version), label: `Version ${version}` }));
    return html`<div class="form__fields form__fields--row">
        ${fieldView({ kind: 'select', name: 'from', label: 'Compare', required: true, value: String(from), options }, { formId: 'versions', onChange: (value) => choose({ from: value }) })}
        ${fieldView({ kind: 'select', name: 'to', label: 'With', required: true, value: to, options: [...options, { value: '', label: 'The figures now' }] }, { formId: 'versions', onChange: (value) => choose({ to: value }) })}</div>
      ${compared.figures.length + compared.facts.length === 0 ? note('good', `All ${count(compared.compared)} figures and everything around them are the same.`) : nothing}
      ${when(compared.figures.length > 0, () => section('Figures', figures.view(compared.figures), { lead: `${count(compared.figures.length)} of ${count(compared.compared)} figures differ. Each leads to its rows as they were then.` }))}
      ${when(compared.facts.length > 0, () => section('Besides the figures', facts.view(compared.facts)))}
      ${section('Made again', html`${checks.map((check) => html`${note(check.same ? 'good' : 'danger', `Version ${check.version}: ${check.says}`)}${details([
        ['Hash it was kept with', html`<code>${check.sha256}</code>`], ['Hash made again', check.madeAgain === null ? 'its rows were not kept' : html`<code>${check.madeAgain}</code>`],
        ['Ledgers when it was certified', check.ledgerMarks === null ? 'not certified' : `up to journal ${Object.values(check.ledgerMarks).join(', ') || 'none'}, by agreement`],
      ])}`)}`, { lead: 'A version keeps the rows it was counted from. Counted again from them, its figures have the same SHA-256 whatever was corrected since.' })}`;
  };
  return start();
};
