/** Every form a return can be had in, for the figures now and for each version kept. Part of the return's page. */
import type { z } from 'zod';
import { getReturnWorkbook, type MonthlyReturn } from '../../server/returns/contract.ts';
import { getReturnCsv, getReturnJson, getReturnPdf, getReturnTemplate, type returnForms } from '../../server/returns/exportContract.ts';
import { fileAddress } from '../api.ts';
import { section } from '../frame.ts';
import { html, nothing, type Content } from '../html.ts';
import { session } from '../session.ts';
import { note } from '../states.ts';

export type Forms = z.infer<typeof returnForms.output>;

interface Which {
  readonly month: string;
  readonly definition?: string;
}

/** A table of links: a row a form, a column for now and for each version. */
export function downloads({ versions }: MonthlyReturn, which: Which, forms: Forms | undefined): Content {
  const whole = session().person?.councilCode === null;
  const columns = [{ label: 'Figures now', asked: which }, ...(whole ? versions.map(({ version }) => ({ label: `Version ${version}`, asked: { ...which, version } })) : [])];
  const rows = [
    { name: 'Accessible workbook', says: '.xlsx', of: getReturnWorkbook },
    ...(forms?.template ? [{ name: `The funder’s template: ${forms.template}`, says: 'filled, .xlsx', of: getReturnTemplate }] : []),
    { name: 'CSV with its metadata', says: '.zip', of: getReturnCsv },
    { name: 'JSON with its hash', says: '.json', of: getReturnJson },
    ...(forms?.pdf ? [{ name: 'For the board', says: '.pdf', of: getReturnPdf }] : []),
  ] as const;
  return section('Downloads', html`<div class="table__scroll" tabindex="0" role="region" aria-label="Downloads"><table class="table__grid">
      <thead><tr><th scope="col" class="plain-head">Form</th>${columns.map(({ label }) => html`<th scope="col" class="plain-head">${label}</th>`)}</tr></thead>
      <tbody>${rows.map(({ name, says, of }) => html`<tr><th scope="row">${name}</th>${columns.map(({ label, asked }) => html`<td><a href=${fileAddress(of, asked)} download aria-label="${name}, ${label}, ${says}">${says}</a></td>`)}</tr>`)}</tbody></table></div>
    ${forms && !forms.pdf ? note('info', 'This server has no Chromium, so it makes no PDF. Print this page instead: it has a print layout, and browsers save it as PDF.') : nothing}
    ${forms && forms.template === null ? html`<p>The definition fills no template of the funder. Add one under <a href="/return-definitions/${which.definition ?? 'home_office_monthly'}">its definition</a>.</p>` : nothing}`);
}
