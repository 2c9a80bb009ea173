/** A new version of a definition: typed, tried on a past month, kept from a day on. The one in force is never changed. */
import type { z } from 'zod';
import { breakdowns, frequencies, units } from '../../server/returns/contract.ts';
import { addDefinitionVersion, cellFormNames, cellForms, checkTemplate, definitionDraft, listDefinitions, listTemplates, tryDefinition, type DefinitionFault, type DefinitionVersion, type ReturnTemplate, type TrialDifference } from '../../server/returns/definitionContract.ts';
import { roleNames, roles } from '../../server/permissions.ts';
import { call } from '../api.ts';
import { createForm, type Field, type Form } from '../form.ts';
import { count, month as sayMonth } from '../format.ts';
import { frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { navigate, type Page } from '../router.ts';
import { load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { addDays, today } from '../weeks.ts';
import { blockRows, cellRows, deadlineKind, draftOf, fieldRow } from './definitionDraft.ts';
import { figureText } from './returnFigures.ts';
import { createRows, type RowColumn, type Rows, type TypedRow } from './termsRows.ts';

type Listed = z.output<typeof listDefinitions.output>;
type Trial = z.output<typeof tryDefinition.output> & { readonly month: string; readonly cells: { readonly faults: readonly DefinitionFault[]; readonly n: number } | undefined };

interface Screen {
  readonly base: DefinitionVersion | undefined;
  readonly form: Form;
  readonly rows: { readonly fields: Rows; readonly signatories: Rows; readonly sources: Rows; readonly cells: Rows; readonly blocks: Rows };
}

const options = (values: readonly string[]) => values.map((value) => ({ value, label: value }));

export const definitionEditPage: Page = (root, { code = '' }) => {
  const isNew = code === 'new';
  let state: Loadable<Screen> = loading;
  let trial: Trial | undefined;
  const draw = (): void => render(frame({
    title: isNew ? 'New return' : 'New version of a definition', caption: state.at === 'ready' ? (state.value.base?.name ?? '') : '', width: 'wide',
    breadcrumbs: [{ label: 'Definitions', href: '/return-definitions' }, ...(isNew ? [] : [{ label: state.at === 'ready' ? (state.value.base?.name ?? code) : code, href: `/return-definitions/${code}` }])],
    lead: 'Change what you need, try it on a past month, then keep it from a day on. The version in force keeps everything but its last day.',
  }, shown(state, view, { what: 'the definition', retry: () => void start() })), root);
  const differences = createTable<TrialDifference>({
    caption: 'Figures of the trial that differ', rowId: (row) => `${row.area} ${row.field} ${row.breakdown ?? ''}`, redraw: draw,
    columns: [
      { key: 'area', label: 'Area', value: (row) => row.area }, { key: 'name', label: 'Figure', value: (row) => row.name }, { key: 'part', label: 'Part', value: (row) => row.breakdown, missing: 'all' },
      { key: 'before', label: 'In force', value: (row) => (row.inForce ? figureText({ unit: row.unit, measure: null }, row.inForce) : null), missing: 'no such figure' },
      { key: 'after', label: 'Trial', value: (row) => (row.trial ? figureText({ unit: row.unit, measure: null }, row.trial) : null), missing: 'no such figure' },
    ],
  });

  const build = ({ definitions, measures }: Listed, templates: readonly ReturnTemplate[]): Screen => {
    const base = definitions.find((one) => one.code === code);
    const rows = rowsOf(base, measures, draw);
    const form: Form = createForm({
      layout: 'grid', submit: 'Go on', redraw: draw, fields: fieldsOf(base, isNew, templates), beside: html`<a href=${isNew ? '/return-definitions' : `/return-definitions/${code}`}>Cancel</a>`,
      action: async (values) => {
        const read = { fields: rows.fields.read(), signatories: rows.signatories.read(), sources: rows.sources.read(), cells: rows.cells.read(), blocks: rows.blocks.read() };
        const problems = Object.values(read).flatMap((each) => each.problems);
        if (problems.length > 0) return form.refuse(problems);
        const draft = definitionDraft.parse(draftOf({ values, fields: read.fields.rows, signatories: read.signatories.rows, sources: read.sources.rows, cells: read.cells.rows, blocks: read.blocks.rows }));
        const own = isNew ? String(values['code'] ?? '') : code;
        if (values['doing'] === 'keep') {
          await call(addDefinitionVersion, addDefinitionVersion.input.parse({ code: own, validFrom: values['validFrom'], reason: values['reason'] ?? '', draft }));
          return navigate(`/return-definitions/${own}`);
        }
        const month = String(values['month'] ?? '');
        const found = await call(tryDefinition, tryDefinition.input.parse({ code: own, month, draft }));
        const { template } = draft;
        const cells = template ? await call(checkTemplate, { id: template.templateId, map: { cells: template.cells, rows: template.rows }, fields: draft.fields.map((field) => field.code) }) : undefined;
        trial = { ...found, month, cells: cells && { faults: cells.faults, n: cells.cells } };
        draw();
        document.getElementById('trial')?.scrollIntoView();
      },
    });
    return { base, form, rows };
  };

  const view = ({ form, rows }: Screen): Content => html`
    ${section('Fields', rows.fields.view(), { lead: 'A field has a measure, or a formula of fields before it and measures: sums, differences, products, ratios, sum(…) over councils, percent(part, whole), person_minutes[warden] for a part. With neither, it is listed and not collected.' })}
    ${section('Who signs', rows.signatories.view())}
    ${section('Where it comes from', rows.sources.view())}
    ${section('Cells of the funder’s template', html`${rows.cells.view()}${rows.blocks.view()}`, { lead: 'A cell is written Sheet!C5, or by a name the template defines. What stands in it is a field’s code, or period, firstDay, lastDay, organisation, definition, version, sha256, madeOn, hotspots.' })}
    ${section('Try it, then keep it', form.view())}
    <div id="trial">${trial ? trialView(trial) : nothing}</div>`;

  const trialView = ({ month, faults, figures, differences: found, against, cells }: Trial): Content => section(`Trial on ${sayMonth(month)}`, html`
    ${faults.length > 0 ? note('danger', html`It cannot be counted yet.<ul>${faults.map((each) => html`<li><strong>${each.place}</strong>${each.value === '' ? nothing : html` (“${each.value}”)`}: ${each.message}</li>`)}</ul>`, { live: true })
      : note('good', `${count(figures.length)} figures were counted; ${count(found.length)} differ from ${against === null ? 'nothing, since no definition is in force' : `version ${against}`}.`, { live: true })}
    ${cells && cells.faults.length > 0 ? note('danger', html`Cells of the template:<ul>${cells.faults.map((each) => html`<li><strong>${each.place}</strong>: ${each.message}</li>`)}</ul>`) : cells ? note('good', `All ${count(cells.n)} mapped cells are in the template and may be filled.`) : nothing}
    ${when(found.length > 0, () => differences.view(found))}`);

  const start = (): (() => void) => load(Promise.all([call(listDefinitions, {}), isNew ? { templates: [] } : call(listTemplates, { code })]), (next) => {
    state = next.at === 'ready' ? { at: 'ready', value: build(next.value[0], next.value[1].templates) } : next;
    draw();
  });
  return start();
};

function fieldsOf(base: DefinitionVersion | undefined, isNew: boolean, templates: readonly ReturnTemplate[]): Field[] {
  const kind = deadlineKind(base?.deadline);
  return [
    ...(isNew ? [{ kind: 'text', name: 'code', label: 'Code', hint: 'Small letters, digits and _, for example ward_return', required: true } as const] : []),
    { kind: 'text', name: 'name', label: 'Name', value: base?.name, required: true },
    { kind: 'select', name: 'frequency', label: 'How often', value: base?.frequency ?? 'monthly', options: options(frequencies), required: true },
    { kind: 'textarea', name: 'basis', label: 'What it rests on', value: base?.basis ?? 'Rebuilt from public pages. ', required: true },
    { kind: 'select', name: 'deadline', label: 'Deadline', value: kind, required: true, options: [
      { value: 'workingDay', label: 'Working day after the period' }, { value: 'days', label: 'Days after the period' }, { value: 'daysFromStart', label: 'Days from its first day (below 0: before)' }, { value: 'none', label: 'As soon as it is known' },
    ] },
    { kind: 'number', name: 'deadlineDays', label: 'Which day', value: base?.deadline.workingDay ?? base?.deadline.days ?? base?.deadline.daysFromStart, min: -366, max: 366 },
    { kind: 'text', name: 'deadlineBasis', label: 'What the deadline rests on', value: base?.deadline.basis, required: true },
    { kind: 'select', name: 'templateId', label: 'The funder’s template', value: base?.template?.templateId ?? '', blank: 'none', options: templates.map(({ id, title }) => ({ value: id, label: title })) },
    { kind: 'radios', name: 'doing', label: 'What to do', value: 'try', required: true, options: [{ value: 'try', label: 'Try it on a past month' }, { value: 'keep', label: 'Keep it as a new version' }] },
    { kind: 'month', name: 'month', label: 'Month to try it on', value: addDays(`${today().slice(0, 7)}-01`, -1).slice(0, 7) },
    { kind: 'date', name: 'validFrom', label: 'First day of the new version', value: `${today().slice(0, 7)}-01` },
    { kind: 'text', name: 'reason', label: 'Why', hint: 'Needed to keep it: what the funder changed, or what was wrong' },
  ];
}

function rowsOf(base: DefinitionVersion | undefined, measures: Listed['measures'], redraw: () => void): Screen['rows'] {
  const form: RowColumn = { key: 'form', label: 'How', kind: 'select', options: cellForms.map((value) => ({ value, label: cellFormNames[value] })) };
  const blank: RowColumn = { key: 'blank', label: 'Without a figure', kind: 'select', options: [{ value: 'no', label: 'write why' }, { value: 'yes', label: 'leave as it is' }] };
  const what: readonly RowColumn[] = [{ key: 'what', label: 'What', kind: 'text' }, { key: 'part', label: 'Part', kind: 'text', optional: true }];
  const rows = (caption: string, field: string, add: string, columns: readonly RowColumn[], start: readonly TypedRow[]): Rows => createRows({ caption, field, add, columns, start, redraw, empty: 'None yet.' });
  return {
    fields: rows('Fields', 'fields', 'Add a field', [
      { key: 'name', label: 'Field', kind: 'text' }, { key: 'code', label: 'Code', kind: 'text' }, { key: 'unit', label: 'Unit', kind: 'select', options: options(units) }, { key: 'breakdown', label: 'By', kind: 'select', options: options(breakdowns) },
      { key: 'measure', label: 'Measure', kind: 'select', options: [{ value: '', label: 'none' }, { value: 'hotspot', label: 'the hotspot itself' }, ...options(measures.map(({ name }) => name))] },
      { key: 'formula', label: 'Formula', kind: 'text', optional: true }, { key: 'minimumMinutes', label: 'Shortest visit', kind: 'text', optional: true }, { key: 'definition', label: 'Definition', kind: 'text' }, { key: 'basis', label: 'Basis', kind: 'text' },
    ], (base?.fields ?? []).map(fieldRow)),
    signatories: rows('Who signs', 'signatories', 'Add a signatory', [{ key: 'title', label: 'Who', kind: 'text' }, { key: 'role', label: 'Certified by the role', kind: 'select', options: [{ value: '', label: 'anybody who may' }, ...roles.map((value) => ({ value, label: roleNames[value] }))] }], (base?.signatories ?? []).map(({ title, role }) => ({ title, role: role ?? '' }))),
    sources: rows('Sources', 'sources', 'Add a source', [{ key: 'title', label: 'Source', kind: 'text' }, { key: 'address', label: 'Address', kind: 'text', optional: true }], (base?.sources ?? []).map(({ title, address }) => ({ title, address }))),
    cells: rows('Single cells', 'cells', 'Map a cell', [{ key: 'place', label: 'Cell', kind: 'text' }, ...what, { key: 'council', label: 'Council code', kind: 'text', optional: true }, form, blank], cellRows(base?.template ?? null)),
    blocks: rows('Columns of rows', 'blocks', 'Map a column', [{ key: 'sheet', label: 'Sheet', kind: 'text' }, { key: 'firstRow', label: 'First row', kind: 'text' }, { key: 'lastRow', label: 'Last row', kind: 'text' }, { key: 'each', label: 'One row a', kind: 'select', options: options(['hotspot', 'council']) }, { key: 'column', label: 'Column', kind: 'text' }, ...what, form, blank], blockRows(base?.template ?? null)),
  };
}
