/** Definitions of the returns, each in the version in force; and one of them with its fields, sources, versions and templates. */
import { z } from 'zod';
import { addTemplate, getTemplateFile, listDefinitions, listTemplates, type DefinitionVersion, type ReturnTemplate } from '../../server/returns/definitionContract.ts';
import { call, fileAddress, upload } from '../api.ts';
import { createForm } from '../form.ts';
import { date, shortInstant } from '../format.ts';
import { action, details, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { readAddress, type Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { addDays, today } from '../weeks.ts';

export function deadlineWords({ workingDay, days, daysFromStart }: DefinitionVersion['deadline']): string {
  if (workingDay !== undefined) return `working day ${workingDay} after the period`;
  if (days !== undefined) return days >= 0 ? `${days} days after the period` : `${-days} days before the period ends`;
  if (daysFromStart === undefined) return 'as soon as it is known';
  return daysFromStart >= 0 ? `${daysFromStart} days after the period begins` : daysFromStart === -1 ? 'the day before the period begins' : `${-daysFromStart} days before the period begins`;
}

const inForce = ({ validFrom, validTo }: DefinitionVersion, on: string): boolean => validFrom <= on && (validTo === null || on < validTo);
/** The version in force of each, or the newest where none is yet. */
function standing(all: readonly DefinitionVersion[]): DefinitionVersion[] {
  const codes = [...new Set(all.map(({ code }) => code))];
  return codes.flatMap((code) => all.find((one) => one.code === code && inForce(one, today())) ?? all.find((one) => one.code === code) ?? []);
}

export const definitionsPage: Page = (root) => {
  let state: Loadable<readonly DefinitionVersion[]> = loading;
  const draw = (): void => render(frame({
    title: 'Definitions of returns', width: 'wide', lead: 'What each return asks for, when it is due and who signs it. All are rebuilt from public pages: edit them to what your grant agreement says. A change is a new version from a day on.',
    actions: mayDo('keepDefinitions') ? [action('New return', '/return-definitions/new/edit')] : [],
  }, shown(state, (all) => table.view(standing(all)), { what: 'definitions', retry: () => void start() })), root);
  const table = createTable<DefinitionVersion>({
    caption: 'Definitions in force', rowId: (row) => row.code, redraw: draw,
    columns: [
      { key: 'name', label: 'Return', value: (row) => row.name, show: (row) => html`<a href="/return-definitions/${row.code}">${row.name}</a>` },
      { key: 'frequency', label: 'How often', value: (row) => row.frequency }, { key: 'deadline', label: 'Due', value: (row) => deadlineWords(row.deadline) },
      { key: 'signs', label: 'Signed by', value: (row) => row.signatories.map(({ title }) => title).join(', ') || null, missing: 'nobody named' },
      { key: 'fields', label: 'Fields', kind: 'count', value: (row) => row.fields.length }, { key: 'version', label: 'Version', kind: 'count', value: (row) => row.version }, { key: 'from', label: 'Since', kind: 'date', value: (row) => row.validFrom },
      { key: 'template', label: 'Funder’s template', value: (row) => (row.template ? `${row.template.cells.length + row.template.rows.length} places mapped` : null), missing: 'none' },
    ],
  });
  const start = (): (() => void) => load(call(listDefinitions, {}).then(({ definitions }) => definitions), (next) => {
    state = next;
    draw();
  });
  return start();
};

interface Screen {
  readonly versions: readonly DefinitionVersion[];
  readonly templates: readonly ReturnTemplate[];
}

const asked = z.object({ version: z.coerce.number().int().optional().catch(undefined) });

export const definitionPage: Page = (root, { code = '' }) => {
  let state: Loadable<Screen> = loading;
  let templateId = crypto.randomUUID();
  let told = '';
  const ask = async (): Promise<Screen> => {
    const [{ definitions }, { templates }] = await Promise.all([call(listDefinitions, {}), call(listTemplates, { code })]);
    return { versions: definitions.filter((one) => one.code === code), templates };
  };
  const chosen = ({ versions }: Screen): DefinitionVersion | undefined => versions.find(({ version }) => version === readAddress(asked).version) ?? standing(versions)[0];
  const draw = (): void => {
    const one = state.at === 'ready' ? chosen(state.value) : undefined;
    render(frame({
      title: one?.name ?? 'Definition', caption: one ? `Definition, version ${one.version}` : 'Definition of a return', width: 'wide', breadcrumbs: [{ label: 'Definitions', href: '/return-definitions' }],
      actions: one && mayDo('keepDefinitions') ? [action('Make a new version', `/return-definitions/${code}/edit`, 'main')] : [],
    }, html`${told ? note('good', told, { live: true }) : nothing}${shown(state, view, { what: 'the definition', retry: () => void start() })}`), root);
  };
  const fields = createTable<DefinitionVersion['fields'][number]>({
    caption: 'Fields', rowId: (row) => row.code, redraw: draw,
    columns: [
      { key: 'name', label: 'Field', value: (row) => row.name }, { key: 'code', label: 'Code', value: (row) => row.code }, { key: 'unit', label: 'Unit', value: (row) => row.unit }, { key: 'breakdown', label: 'By', value: (row) => row.breakdown },
      { key: 'from', label: 'Counted from', value: (row) => row.formula ?? (row.measure === 'hotspot' ? 'the hotspot itself' : row.measure), missing: 'not collected here' },
      { key: 'definition', label: 'Definition', value: (row) => row.definition }, { key: 'basis', label: 'Basis', value: (row) => row.basis },
    ],
  });
  const versions = createTable<DefinitionVersion>({
    caption: 'Versions', rowId: (row) => String(row.version), redraw: draw, tools: false,
    columns: [
      { key: 'version', label: 'Version', value: (row) => String(row.version), show: (row) => html`<a href="/return-definitions/${code}?version=${row.version}">Version ${row.version}</a>` },
      { key: 'from', label: 'First day', kind: 'date', value: (row) => row.validFrom }, { key: 'to', label: 'Last day', kind: 'date', value: (row) => (row.validTo === null ? null : addDays(row.validTo, -1)), missing: 'no end set' },
      { key: 'reason', label: 'Why', value: (row) => row.reason }, { key: 'by', label: 'Made by', value: (row) => row.madeBy, missing: 'the service' },
    ],
  });
  const adding = createForm({
    submit: 'Add the template', redraw: draw,
    fields: [
      { kind: 'text', name: 'title', label: 'What the template is', required: true },
      { kind: 'file', name: 'file', label: 'The blank workbook', hint: '.xlsx without macros, exactly as the funder issued it', accept: '.xlsx', required: true },
    ],
    action: async ({ title, file }) => {
      if (!(file instanceof File)) return;
      const kept = await upload(addTemplate, { code, templateId, title: String(title) }, file);
      templateId = crypto.randomUUID();
      told = `“${kept.title}” is kept. Make a new version of the definition to map its cells.`;
      adding.reset();
      void start();
    },
  });
  const view = (screen: Screen): Content => {
    const one = chosen(screen);
    if (!one) return emptyView('There is no such definition', html`<a href="/return-definitions">See all definitions</a>`);
    return html`${details([
      ['What it rests on', one.basis], ['How often', one.frequency], ['Due', html`${deadlineWords(one.deadline)}. ${one.deadline.basis}`],
      ['Signed by', one.signatories.map(({ title }) => title).join(', ') || 'nobody named'],
      ['In force', html`from ${date(one.validFrom)}${one.validTo === null ? '' : html` until ${date(addDays(one.validTo, -1))}`}`],
      ['Rebuilt from', one.sources.length === 0 ? 'no source named' : html`<ul class="govuk-list">${one.sources.map(({ title, address }) => html`<li>${/^https?:/.test(address) ? html`<a href=${address} rel="noreferrer">${title}</a>` : title}</li>`)}</ul>`],
    ])}
    ${section('Fields', fields.view(one.fields))}
    ${section('The funder’s template', html`${one.template ? mapView(one.template, screen.templates) : html`<p>This version fills no template.</p>`}
      ${when(screen.templates.length > 0, () => html`<ul class="govuk-list govuk-list--bullet">${screen.templates.map((each) => html`<li><a href=${fileAddress(getTemplateFile, { id: each.id })} download=${each.fileName}>${each.title}</a>, ${each.fileName}, added ${shortInstant(each.addedAt)}</li>`)}</ul>`)}
      ${when(mayDo('keepDefinitions'), () => html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Add a template</span></summary><div class="govuk-details__text">${adding.view()}</div></details>`)}`)}
    ${section('Versions', versions.view(screen.versions), { lead: 'A version is never edited. Returns of past months stay as they were counted.' })}`;
  };
  const start = (): (() => void) => load(ask(), (next) => {
    state = next;
    draw();
  });
  return start();
};

function mapView(map: NonNullable<DefinitionVersion['template']>, templates: readonly ReturnTemplate[]): Content {
  const rows = [
    ...map.cells.map(({ place, what, part, council, form }) => [place, `${what}${part ? `[${part}]` : ''}${council ? `, ${council}` : ''}`, form]),
    ...map.rows.flatMap(({ sheet, firstRow, lastRow, each, columns }) => columns.map(({ column, what, part, form }) => [`${sheet}!${column}${firstRow} to ${column}${lastRow}, one row a ${each}`, `${what}${part ? `[${part}]` : ''}`, form])),
  ];
  return html`<p>Fills “${templates.find(({ id }) => id === map.templateId)?.title ?? 'a template'}”; every other cell stays as it was issued.</p>
    <div class="table__scroll" tabindex="0" role="region" aria-label="Mapped cells"><table class="govuk-table"><thead><tr>${['Cell', 'What stands in it', 'How'].map((head) => html`<th scope="col" class="govuk-table__header">${head}</th>`)}</tr></thead>
    <tbody>${rows.map(([place, ...rest]) => html`<tr><th scope="row" class="govuk-table__header">${place ?? ''}</th>${rest.map((cell) => html`<td class="govuk-table__cell">${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}
