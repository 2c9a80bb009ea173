/** What was found in an uploaded file: one row for each thing, over all the cells it is true of. */
import { tierNames, type Issue, type Upload } from '../../server/returns/uploadContract.ts';
import { count } from '../format.ts';
import { html, nothing, type Content } from '../html.ts';
import { note, tag } from '../states.ts';
import { createTable, type Table } from '../table.ts';

const kinds = { error: 'danger', warning: 'warning', note: 'info' } as const;
const plural = (n: number, one: string): string => `${count(n)} ${n === 1 ? one : `${one}s`}`;
const mostGiven = 6;

/** The values of an issue's cells, a few of them. */
function sayGiven({ cells }: Issue): string {
  const values = [...new Set(cells.map(({ given }) => (given === '' ? 'blank' : given.length > 60 ? `${given.slice(0, 60)}…` : given)))];
  return values.length > mostGiven ? `${values.slice(0, mostGiven).join(', ')} and ${values.length - mostGiven} more` : values.join(', ');
}

export function issuesTable(redraw: () => void): Table<Issue> {
  return createTable<Issue>({
    caption: 'What was found', rowId: (row) => `${row.key} ${row.places}`, redraw, limit: 200,
    columns: [
      { key: 'severity', label: 'Kind', value: (row) => row.severity, show: (row) => tag(row.severity, kinds[row.severity]) },
      { key: 'sheet', label: 'Sheet', value: (row) => row.sheet },
      { key: 'section', label: 'Section', value: (row) => row.section },
      { key: 'places', label: 'Cells', value: (row) => row.places },
      { key: 'given', label: 'Given', value: sayGiven },
      { key: 'message', label: 'What is wrong', value: (row) => row.message },
      { key: 'cure', label: 'What to do', value: (row) => row.cure },
      { key: 'rule', label: 'Rule', value: (row) => row.rule },
    ],
  });
}

/** The three tiers, one at a time: those passed, the one that stands in the way, those not looked at yet. */
export function tiersView({ report, state }: Upload): Content {
  const at = report.tier === 0 ? 4 : report.tier;
  return html`<ol class="tiers">${tierNames.map((name, index) => {
    const tier = index + 1;
    const words = tier < at ? (state === 'needs reasons' ? 'passed, with warnings' : 'passed') : tier === at ? plural(report.errors, 'error') : 'not looked at yet';
    return html`<li class="tiers__one" aria-current=${tier === at ? 'step' : 'false'}><span class="tiers__name">${name}</span> ${tag(words, tier < at ? 'good' : tier === at ? 'danger' : 'plain')}</li>`;
  })}</ol>`;
}

/** One sentence for how a file fared. */
export function uploadNote({ state, report, fileName }: Upload): Content {
  if (state === 'imported') return note('good', `${fileName} was taken in. ${report.kept}`, { live: true });
  if (state === 'needs reasons') return note('warning', `${fileName} has no errors. ${plural(report.warnings, 'cell')} need a reason before it is taken in; nothing was kept yet.`, { live: true });
  const after = report.tier < 3 && report.kind === 'return' ? ' What comes after is looked at once these are corrected.' : '';
  return note('danger', html`${fileName} was not taken in: ${plural(report.errors, 'error')}${report.warnings > 0 ? `, ${plural(report.warnings, 'warning')}` : ''}${report.notes > 0 ? `, ${plural(report.notes, 'note')}` : nothing}. Nothing was kept.${after}`, { live: true });
}
