/** The councils' months in one: every council beside the total, every conflict flagged with its explanation, and the office's words. */
import { explainFlag, getConsolidation, writeReturnWords, type ConsolidatedFigure, type Consolidation, type Flag } from '../../server/returns/collectContract.ts';
import { call } from '../api.ts';
import { count, month as sayMonth, shortInstant } from '../format.ts';
import { createForm, type Form } from '../form.ts';
import { action, facts, frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { createTable, type Column, type Table } from '../table.ts';
import { sectionTag } from './monthBoard.ts';
import { sayFigure } from './sectionFigures.ts';

export const monthBoardConsolidationPage: Page = (root, { month = '' }) => {
  let state: Loadable<Consolidation> = loading;
  let told = '';
  let chosen: { flag: Flag; form: Form } | undefined;
  let figures: Table<ConsolidatedFigure> | undefined;
  const words = new Map<string, Form>();
  const done = (next: Consolidation, said: string): void => {
    state = { at: 'ready', value: next };
    told = said;
    chosen = undefined;
    draw();
  };
  const explain = (flag: Flag): void => {
    chosen = { flag, form: createForm({
      submit: 'Keep the explanation', redraw: () => draw(), fields: [{ kind: 'text', name: 'explanation', label: 'Explanation', value: flag.explanation, required: true, size: 'long' }],
      action: async (values) => done(await call(explainFlag, { month, key: flag.key, explanation: String(values['explanation']) }), 'The explanation is kept; the figures stay as they are.'),
    }) };
    draw();
    requestAnimationFrame(() => document.querySelector('.figure-form')?.scrollIntoView({ block: 'nearest' }));
  };
  const flags = createTable<Flag>({ caption: 'Conflicts', rowId: (row) => row.key, redraw: () => draw(), columns: flagColumns(explain), limit: 100 });

  const draw = (): void => render(frame({
    title: `Councils in one: ${sayMonth(month)}`, width: 'wide', breadcrumbs: [{ label: 'The month’s board', href: `/month-board?month=${month}` }],
    lead: 'What each council says beside what was counted. A conflict is flagged and explained here, never settled by the service.',
    actions: [action('To the return and its sign-off', `/returns/${month}`, 'main')],
  }, html`${told ? note('good', told, { live: true }) : nothing}${shown(state, view, { what: 'the months', retry: () => void start() })}`), root);

  const view = (made: Consolidation): Content => {
    const open = made.flags.filter((each) => each.open).length;
    figures ??= createTable<ConsolidatedFigure>({ caption: 'Figures of all councils', rowId: (row) => `${row.field}/${row.part}`, redraw: draw, columns: figureColumns(made), narrow: 'scroll', limit: 60 });
    return html`${facts([
      { label: 'Conflicts', value: count(made.flags.length), note: 'flagged' }, { label: 'Not explained', value: count(open), note: open > 0 ? 'the return cannot be certified' : 'of them' },
      { label: 'Sections accepted', value: `${made.councils.flatMap(({ sections }) => sections).filter(({ state: one }) => one === 'accepted').length} of ${made.councils.length * made.sections.length}`, note: sayMonth(month) },
    ])}
      ${section('Conflicts', html`${made.flags.length === 0 ? note('good', 'Nothing contradicts anything.') : flags.view(made.flags)}${chosen ? html`<div class="figure-form"><h3 class="govuk-heading-s">${chosen.flag.council}: ${chosen.flag.figure}</h3><p>${chosen.flag.says}</p>${chosen.form.view()}</div>` : nothing}`,
        { lead: 'Between parts and totals, between sources, with last month and with the ledger. While one is not explained, by the council or here, the return is not certified.' })}
      ${section('Figures', figures.view(made.figures), { lead: 'A figure marked * was corrected by its council. The total adds what councils say, where figures add up.' })}
      ${section('Sections', html`<ul class="govuk-list">${made.councils.map((council) => html`<li><a href="/month-board/${month}/${council.code}">${council.name}</a>: ${council.sections.map(({ code, state: one }) => html`${made.sections.find((each) => each.code === code)?.name} ${sectionTag(one)} `)}</li>`)}</ul>`)}
      ${section('Narrative, risks and issues', html`${councilWords(made)}${mayDo('makeReturns') ? made.texts.map((text) => wordsForm(text).view()) : made.texts.map(({ name, text }) => (text ? html`<h3 class="govuk-heading-s">${name}</h3><p class="section__words">${text}</p>` : nothing))}`,
        { lead: 'They go into the version that is signed, beside the figures.' })}`;
  };
  const wordsForm = ({ kind, name, text }: Consolidation['texts'][number]): Form => {
    const known = words.get(kind) ?? createForm({
      submit: `Keep ${name.toLowerCase()}`, redraw: draw, fields: [{ kind: 'textarea', name: 'text', label: `${name} of the whole return`, value: text, hint: 'Nothing about a person' }],
      action: async (values) => done(await call(writeReturnWords, writeReturnWords.input.parse({ month, kind, text: String(values['text'] ?? '') })), `${name} is kept.`),
    });
    words.set(kind, known);
    return known;
  };

  let stop = (): void => undefined;
  const start = (): void => {
    stop();
    stop = load(call(getConsolidation, { month }), (next) => {
      state = next;
      draw();
    });
  };
  start();
  return () => stop();
};

const said = (words: string, by: string | null, at: string | null): Content => (words ? html`<div>${words}<br><span class="board__count">${[by, at ? shortInstant(at) : ''].filter(Boolean).join(', ')}</span></div>` : nothing);

function flagColumns(explain: (flag: Flag) => void): readonly Column<Flag>[] {
  return [
    { key: 'kind', label: 'Conflict', value: (row) => row.kind, show: (row) => tag(row.kind, row.open ? 'warning' : 'plain') },
    { key: 'council', label: 'Council', value: (row) => row.council },
    { key: 'figure', label: 'Figure', value: (row) => row.figure },
    { key: 'one', label: 'One says', value: (row) => sayFigure(row.one, row.unit) },
    { key: 'other', label: 'The other', value: (row) => sayFigure(row.other, row.unit) },
    { key: 'says', label: 'What does not fit', value: (row) => row.says },
    { key: 'council says', label: 'The council says', value: (row) => row.councilSays, show: (row) => said(row.councilSays, row.councilSaidBy, row.councilSaidAt) },
    { key: 'explanation', label: 'Explanation', value: (row) => row.explanation, show: (row) => html`${said(row.explanation, row.explainedBy, row.explainedAt)}${row.open && row.explanation ? tag('the figures changed since: explain again', 'warning') : ''}` },
    ...(mayDo('makeReturns') ? [{ key: 'explain', label: 'Explain', bare: true, value: () => '', show: (row: Flag) => html`<button type="button" class="table__choose" aria-label="Explain ${row.figure} of ${row.council}" @click=${() => explain(row)}>Explain</button>` }] : []),
  ];
}

function figureColumns({ councils }: Consolidation): readonly Column<ConsolidatedFigure>[] {
  return [
    { key: 'name', label: 'Figure', value: (row) => (row.part === '' ? row.name : `${row.name}, ${row.partName}`) },
    ...councils.map(({ code, name, started }, index): Column<ConsolidatedFigure> => ({
      key: code, label: name, value: (row) => `${sayFigure(row.values[index] ?? null, row.unit, started ? 'not available' : 'not started')}${row.corrected[index] ? ' *' : ''}`,
    })),
    { key: 'total', label: 'All', value: (row) => sayFigure(row.total, row.unit) },
    { key: 'counted', label: 'Counted for all', value: (row) => sayFigure(row.counted, row.unit) },
  ];
}

function councilWords({ councilTexts }: Consolidation): Content {
  if (councilTexts.length === 0) return note('info', 'No council has written anything yet.');
  return html`<dl class="pairs">${councilTexts.filter(({ kind }) => ['narrative', 'risks', 'issues'].includes(kind)).map(({ council, name, text }) => html`<div class="pairs__row"><dt>${council}: ${name.toLowerCase()}</dt><dd class="section__words">${text}</dd></div>`)}</dl>`;
}
