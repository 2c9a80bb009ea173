/** A return as a page to print: what the board reads, with each figure's definition. Pure; no script, nothing loaded. */
import type { Area, Figure, MonthlyFigures, ReportedField } from './contract.ts';
import { lastDayOf } from './deadline.ts';
import { written } from './templateValues.ts';
import { sayDate, sayPeriod } from './words.ts';
import { escapeXml } from './workbookXml.ts';

export interface PdfAbout {
  readonly sha256: string;
  readonly version: number | null;
  readonly monthEnded: boolean;
  readonly made: Date;
}

/** How a page is set on A4, for every PDF of the service. */
export const printStyle = `
  @page { size: A4 landscape; margin: 14mm 12mm; }
  body { font: 10pt/1.35 Arial, Helvetica, sans-serif; color: #111; margin: 0; }
  h1 { font-size: 20pt; margin: 0 0 2mm; } h2 { font-size: 13pt; margin: 8mm 0 2mm; break-after: avoid; }
  p { margin: 0 0 2mm; } .mark { border: 2px solid #111; padding: 1mm 2mm; font-weight: bold; display: inline-block; }
  table { border-collapse: collapse; width: 100%; } thead { display: table-header-group; } tr { break-inside: avoid; }
  th, td { border-bottom: 1px solid #999; padding: 1mm 1.5mm; text-align: left; vertical-align: top; font-size: 8.5pt; }
  td.n, th.n { text-align: right; white-space: nowrap; } .missing { color: #444; font-style: italic; } code { font-size: 8pt; overflow-wrap: anywhere; }`;

/** The page as HTML. */
export function pdfPage(figures: MonthlyFigures, about: PdfAbout): string {
  const { definition } = figures;
  const fields = figures.fields.filter(({ code }) => figures.areas[0]?.figures.some(({ field }) => field === code));
  const title = `${definition.name}: ${sayPeriod(figures)}`;
  const notes = [
    `${figures.organisation}. Period: 1 ${sayPeriod({ month: figures.month })} to ${sayDate(lastDayOf(figures.lastMonth ?? figures.month))}.`,
    about.version === null ? `Draft made on ${sayDate(about.made.toISOString().slice(0, 10))}, not kept.` : `Version ${about.version}, kept on ${sayDate(about.made.toISOString().slice(0, 10))}.`,
    ...(about.monthEnded ? [] : ['Provisional: the period had not ended.']),
    `Definition ${definition.code}, version ${definition.version}. ${definition.basis}`,
  ];
  return `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escapeXml(title)}</title><style>${printStyle}</style></head><body>
<h1>${escapeXml(title)}</h1>${figures.demonstration ? '<p class="mark">Demonstration data: every figure is made up</p>' : ''}${notes.map((line) => `<p>${escapeXml(line)}</p>`).join('')}
<h2>Totals</h2>${totals(figures, fields)}
${figures.hotspots.length > 0 ? `<h2>By hotspot</h2>${hotspots(figures, fields)}` : ''}
<h2>What each figure counts</h2><table><thead><tr><th scope="col">Figure</th><th scope="col">Definition</th><th scope="col">Basis</th></tr></thead><tbody>${fields.map(({ name, definition: says, basis, formula }) => `<tr><th scope="row">${escapeXml(name)}</th><td>${escapeXml(formula ? `${says} Formula: ${formula}` : says)}</td><td>${escapeXml(basis)}</td></tr>`).join('')}</tbody></table>
<h2>Left out</h2><p>${figures.leftOut.map(({ says, n }) => `${escapeXml(says)}: ${n}.`).join(' ')}</p>
<p>SHA-256 of the figures: <code>${escapeXml(about.sha256)}</code></p></body></html>`;
}

function cell(field: ReportedField, figure: Figure | undefined): string {
  if (!figure || figure.value === null) return `<td class="n missing">${escapeXml(figure?.status ?? 'not available')}</td>`;
  return `<td class="n">${escapeXml(String(written(figure.value, field, 'words')))}</td>`;
}

const of = (figures: readonly Figure[], { code }: ReportedField): Figure | undefined => figures.find(({ field, breakdown }) => field === code && breakdown === null);

function totals({ areas }: MonthlyFigures, fields: readonly ReportedField[]): string {
  const heads = areas.map(({ name }: Area) => `<th scope="col" class="n">${escapeXml(name)}</th>`).join('');
  return `<table><thead><tr><th scope="col">Figure</th>${heads}</tr></thead><tbody>${fields.map((field) => `<tr><th scope="row">${escapeXml(field.name)}</th>${areas.map((area) => cell(field, of(area.figures, field))).join('')}</tr>`).join('')}</tbody></table>`;
}

const headlines = ['patrols', 'visits', 'person_minutes', 'long_visits_share', 'enforcement_actions', 'asb_incidents', 'asb_incidents_change'];

/** A page is so wide: the figures a board asks for first, or the first eight. */
function hotspots({ hotspots: rows, councils }: MonthlyFigures, fields: readonly ReportedField[]): string {
  const given = fields.filter((field) => rows[0] && of(rows[0].figures, field));
  const chosen = given.filter(({ code }) => headlines.includes(code));
  const shown = chosen.length > 0 ? chosen : given.slice(0, 8);
  const heads = ['Hotspot', 'Council'].map((name) => `<th scope="col">${name}</th>`).join('') + shown.map(({ name }) => `<th scope="col" class="n">${escapeXml(name)}</th>`).join('');
  return `<table><thead><tr>${heads}</tr></thead><tbody>${rows.map((row) => `<tr><th scope="row">${escapeXml(row.name)}</th><td>${escapeXml(councils.find(({ code }) => code === row.councilCode)?.name ?? row.councilCode)}</td>${shown.map((field) => cell(field, of(row.figures, field))).join('')}</tr>`).join('')}</tbody></table>`;
}
