/** Reports of a council: chosen by kind, period, sources and the day of the boundaries, all in the address; printed, or taken as CSV or workbook. */
import type { z } from 'zod';
import {
  enterTasking, getReport, getReportCsv, getReportPdf, getReportWorkbook, listReportChoices, reportKindNames, reportKinds, type Report, type ReportCell, type ReportColumnKind, type ReportTable,
} from '../../server/evaluation/contract.ts';
import { call, fileAddress } from '../api.ts';
import { createForm } from '../form.ts';
import { count, decimal, hoursMinutes, money, notAvailable, shortDate } from '../format.ts';
import { action, button, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { navigate, type Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, note, shown, tag, type Loadable } from '../states.ts';

type Choices = z.infer<typeof listReportChoices.output>;
type Asked = z.input<typeof getReport.input>;

export const reportsPage: Page = (root) => {
  let choices: Loadable<Choices> = loading;
  let state: Loadable<Report> | undefined;
  let said = '';
  const query = new URLSearchParams(location.search);
  const asked = (): Asked | undefined => {
    const read = getReport.input.safeParse(Object.fromEntries([...query].filter(([, value]) => value !== '')));
    return read.success ? { ...read.data } : undefined;
  };
  const draw = (): void => {
    const now = state?.at === 'ready' ? state.value : undefined;
    render(frame({
      title: now?.title ?? 'Reports', width: 'wide', ...(now ? { caption: now.caption } : { lead: 'For the partnership, for ward councillors, for tasking and for scrutiny: from any sources, any months, on the wards of a day.' }),
      ...(now ? { breadcrumbs: [{ label: 'Reports', href: '/reports' }], actions: files() } : {}),
    }, shown(choices, body, { what: 'what there is to report on', retry: () => void start() })), root);
  };
  const files = (): Content[] => {
    const input = asked();
    return input ? [html`<a class="govuk-button govuk-button--secondary" href=${fileAddress(getReportWorkbook, input)} download>Workbook</a>`, html`<a class="govuk-button govuk-button--secondary" href=${fileAddress(getReportCsv, input)} download>CSV</a>`, ...(choices.at === 'ready' && choices.value.pdf ? [html`<a class="govuk-button govuk-button--secondary" href=${fileAddress(getReportPdf, input)} download>PDF</a>`] : []), button('Print', () => window.print(), { kind: 'plain' })] : [];
  };
  const choosing = createForm({
    layout: 'grid', submit: 'Make the report', redraw: draw,
    fields: () => {
      const known = choices.at === 'ready' ? choices.value : undefined;
      const given = (name: string): string | undefined => query.get(name) ?? undefined;
      return [
        { kind: 'select', name: 'kind', label: 'Report', required: true, value: given('kind') ?? 'partnership', options: reportKinds.map((kind) => ({ value: kind, label: reportKindNames[kind] })) },
        { kind: 'select', name: 'council', label: 'Council', required: true, value: given('council') ?? known?.councils[0]?.code ?? '', options: (known?.councils ?? []).map(({ code, name }) => ({ value: code, label: name })) },
        { kind: 'month', name: 'from', label: 'First month', required: true, value: given('from') ?? '' }, { kind: 'month', name: 'to', label: 'Last month', hint: 'A quarter is three months', required: true, value: given('to') ?? '' },
        { kind: 'date', name: 'boundariesOn', label: 'Wards as they were on', hint: 'The first day of the period when left out', value: given('boundariesOn') ?? '' },
        { kind: 'checkboxes', name: 'source', label: 'Sources', hint: 'All of them when none is ticked', value: given('source')?.split(',') ?? [], options: (known?.sources ?? []).map(({ code, name }) => ({ value: code, label: name })) },
      ];
    },
    action: async ({ source, ...values }) => {
      const next = new URLSearchParams();
      for (const [name, value] of Object.entries({ ...values, source: Array.isArray(source) ? source.join(',') : '' })) if (value) next.set(name, String(value));
      await navigate(`/reports?${next.toString()}`);
    },
  });
  const tasking = createForm({
    layout: 'grid', submit: 'Enter', redraw: draw,
    fields: () => [
      { kind: 'select', name: 'hotspotId', label: 'Hotspot', required: true, options: choices.at === 'ready' ? choices.value.hotspots.filter(({ councilCode }) => councilCode === query.get('council')).map(({ id, name }) => ({ value: id, label: name })) : [] },
      { kind: 'text', name: 'owner', label: 'Owner', hint: 'A team or a post', required: true }, { kind: 'text', name: 'action', label: 'Action', required: true },
    ],
    action: async (values) => {
      await call(enterTasking, enterTasking.input.parse({ entryId: crypto.randomUUID(), month: query.get('to'), ...values }));
      tasking.reset();
      said = 'Entered.';
      read();
    },
  });
  const body = (known: Choices): Content => html`
    ${known.first === null ? emptyView('There are no incidents to report on yet', 'Import them first.') : html`<details class="govuk-details" ?open=${state === undefined}><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Choose the report</span></summary><div class="govuk-details__text"><p>Incidents are held from ${known.first} to ${known.last}.</p>${choosing.view()}</div></details>`}
    ${said ? note('good', said, { live: true }) : nothing}
    ${state ? shown(state, reportView, { what: 'the report', retry: read }) : nothing}
    ${when(state?.at === 'ready' && query.get('kind') === 'tasking' && mayDo('keepTasking'), () => section('Owner and action', tasking.view()))}
    ${state === undefined ? html`<p>${action('Monthly returns', '/returns')}</p>` : nothing}`;
  const read = (): void => {
    const input = asked();
    if (input) load(call(getReport, input), (next) => {
      state = next;
      draw();
    });
  };
  const start = (): (() => void) => {
    read();
    return load(call(listReportChoices, {}), (next) => {
      choices = next;
      draw();
    });
  };
  return start();
};

const reportView = ({ about, tables, demonstration }: Report): Content => html`
  ${demonstration ? note('info', 'Demonstration data: every figure is invented.') : nothing}
  <ul class="reasons">${about.map((line) => html`<li>${line}</li>`)}</ul>
  ${tables.length === 0 ? emptyView('Nothing to show', 'No source holds all months of this period.') : tables.map(tableView)}`;

const looks: Record<string, 'danger' | 'warning' | 'good'> = { red: 'danger', amber: 'warning', green: 'good' };

function tableView({ title, about, columns, rows, says, conflicts }: ReportTable): Content {
  const isNumber = (kind: ReportColumnKind): boolean => kind !== 'text' && kind !== 'date';
  return section(title, html`
    ${about.map((line) => html`<p class="section__lead">${line}</p>`)}
    <div class="table__scroll printed__scroll" tabindex="0" role="region" aria-label=${title}><table class="govuk-table printed"><thead class="govuk-table__head"><tr class="govuk-table__row">${columns.map(({ label, kind }) => html`<th scope="col" class="govuk-table__header ${isNumber(kind) ? 'govuk-table__header--numeric' : ''}">${label}</th>`)}</tr></thead>
      <tbody class="govuk-table__body">${rows.map((row) => html`<tr class="govuk-table__row">${row.map((cell, nth) => {
        const kind = columns[nth]?.kind ?? 'text';
        if (nth === 0) return html`<th scope="row" class="govuk-table__header">${cell}</th>`;
        return html`<td class="govuk-table__cell ${isNumber(kind) ? 'govuk-table__cell--numeric' : ''}">${columns[nth]?.label === 'Rating' ? tag(String(cell), looks[String(cell)] ?? 'plain') : cellText(cell, kind)}</td>`;
      })}</tr>`)}</tbody></table></div>
    ${signsIn(rows).map((line) => html`<p class="section__lead">${line}</p>`)}
    ${says.map((line) => html`<p>${line}</p>`)}
    ${conflicts.length > 0 ? note('warning', html`<p>Figures here contradict each other; nothing was changed.</p><ul class="reasons">${conflicts.map((line) => html`<li>${line}</li>`)}</ul>`) : nothing}`);
}

/** What the signs that stand in a table mean, in plain words. */
function signsIn(rows: ReportTable['rows']): string[] {
  const texts = new Set(rows.flat().filter((cell) => typeof cell === 'string'));
  const low = [...texts].find((text) => /^<\d+$/.test(text));
  return [
    ...(low ? [`${low} means that there were some, but fewer than ${low.slice(1)}: so small a number could point to a person.`] : []),
    ...(texts.has('[c]') ? ['[c] means that a number is kept back, small or large, because with it somebody could work out a number that is hidden.'] : []),
  ];
}

function cellText(cell: ReportCell, kind: ReportColumnKind): string {
  if (cell === null) return notAvailable;
  if (typeof cell === 'string') return kind === 'date' ? shortDate(cell) : cell;
  if (kind === 'hours') return hoursMinutes(cell);
  if (kind === 'money') return money(cell);
  if (kind === 'decimal') return decimal(cell, 1);
  if (kind === 'percent') return `${count(cell)}%`;
  return kind === 'change' ? `${cell > 0 ? '+' : ''}${count(cell)}%` : count(cell);
}
