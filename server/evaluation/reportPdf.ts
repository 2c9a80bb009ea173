/** A report as a page to print, from the same shape the screen shows. Pure; no script, nothing loaded. */
import { printStyle } from '../returns/exportPdf.ts';
import { sayDate } from '../returns/words.ts';
import { escapeXml } from '../returns/workbookXml.ts';
import type { Report, ReportCell, ReportColumnKind, ReportTable } from './contract.ts';

/** The report as HTML. */
export function reportPage({ title, caption, about, demonstration, tables }: Report, { author, made }: { author: string; made: Date }): string {
  const lines = [`${author}. ${caption}.`, `Made on ${sayDate(made.toISOString().slice(0, 10))}.`, ...about];
  return `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escapeXml(title)}, ${escapeXml(caption)}</title><style>${printStyle}</style></head><body>
<h1>${escapeXml(title)}</h1>${demonstration ? '<p class="mark">Demonstration data: every figure is invented</p>' : ''}${paragraphs(lines)}${tables.length === 0 ? '<p>No source holds all months of this period.</p>' : tables.map(tableHtml).join('')}</body></html>`;
}

const paragraphs = (lines: readonly string[]): string => lines.map((line) => `<p>${escapeXml(line)}</p>`).join('');
const isNumber = (kind: ReportColumnKind | undefined): boolean => kind !== 'text' && kind !== 'date';

function tableHtml({ title, about, columns, rows, says, conflicts }: ReportTable): string {
  const heads = columns.map(({ label, kind }) => `<th scope="col"${isNumber(kind) ? ' class="n"' : ''}>${escapeXml(label)}</th>`).join('');
  const cell = (value: ReportCell, nth: number): string => {
    const kind = columns[nth]?.kind;
    const text = escapeXml(cellText(value, kind));
    return nth === 0 ? `<th scope="row">${text}</th>` : `<td class="${isNumber(kind) ? 'n' : ''}${value === null ? ' missing' : ''}">${text}</td>`;
  };
  return `<h2>${escapeXml(title)}</h2>${paragraphs(about)}<table><thead><tr>${heads}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('')}</tbody></table>${paragraphs([...says, ...conflicts.map((line) => `Does not agree: ${line}`)])}`;
}

const fixed = (value: number, places: number): string => value.toLocaleString('en-GB', { minimumFractionDigits: places, maximumFractionDigits: places });

function cellText(cell: ReportCell, kind: ReportColumnKind | undefined): string {
  if (cell === null) return 'not available';
  if (typeof cell === 'string') return kind === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(cell) ? sayDate(cell) : cell;
  if (kind === 'hours') return `${Math.floor(cell / 60).toLocaleString('en-GB')} h ${cell % 60} min`;
  if (kind === 'money') return `${cell < 0 ? '−' : ''}£${fixed(Math.abs(cell) / 100, 2)}`;
  if (kind === 'decimal') return fixed(cell, 1);
  const whole = `${cell < 0 ? '−' : kind === 'change' && cell > 0 ? '+' : ''}${Math.abs(cell).toLocaleString('en-GB')}`;
  return kind === 'percent' || kind === 'change' ? `${whole}%` : whole;
}
