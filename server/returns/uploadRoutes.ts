/** A council's workbook out, and workbooks and patrol logs in, over HTTP. */
import { parse } from 'csv-parse/sync';
import { csvFile } from '../csv.ts';
import { conflict, notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import { type FormBook, type FormTable, markWorkbook, writeForm } from '../spreadsheetForm.ts';
import { placeOf } from '../spreadsheetPlaces.ts';
import { type CollectContext, loadCouncilMonth } from './collectWork.ts';
import * as contract from './uploadContract.ts';
import { cellType, coverFacts, coverSheet, type FormSheet, type ReturnForm } from './uploadForm.ts';
import { toCorrect } from './uploadLog.ts';
import * as queries from './uploadQueries.ts';
import { answerUpload, findOwn, formOf, receiveUpload, refuseForeign } from './uploadWork.ts';
import { sayMonth } from './words.ts';

const contextOf = ({ db, actor, scope, now }: Pick<Call<unknown>, 'db' | 'actor' | 'scope' | 'now'>): CollectContext => ({ db, actor, councils: scope.councils, now });

export function uploadRoutes(mount: Mount): void {
  mount(contract.getUploadForm, async (call) => {
    const loaded = await loadCouncilMonth(contextOf(call), call.input);
    const { form } = formOf(loaded);
    return { fileName: `return-${form.month}-${form.councilCode}${form.demonstration ? '-demonstration-data' : ''}.xlsx`, body: await writeForm(bookOf(form, { author: loaded.figures.organisation, made: call.now })) };
  });

  mount(contract.sendUpload, async (call) => {
    if (!call.file) throw conflict('no_file', 'No file came with the request. Choose it again.');
    return receiveUpload(contextOf(call), call.input, call.file);
  });

  mount(contract.listUploads, async (call) => {
    await refuseForeign(contextOf(call), call.input);
    return { uploads: await queries.listUploads(call.db, call.input.month, call.input.councilCode) };
  });

  mount(contract.giveReasons, (call) => answerUpload(contextOf(call), call.input));

  mount(contract.getMarkedCopy, async (call) => {
    const upload = await findOwn(contextOf(call), call.input);
    const content = await queries.findContent(call.db, upload.id);
    if (!content) throw notFound('file any more: it was kept for its time');
    const base = upload.fileName.replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N} ._-]/gu, '_').slice(0, 100);
    if (upload.media === 'csv') return { fileName: `${base}-to-correct.csv`, body: markedCsv(content, upload.report.issues) };
    const marks = upload.report.issues.flatMap((issue) => issue.cells.map(({ cell }) => ({ sheet: issue.sheet, cell, words: `${issue.message} ${issue.cure}`, severity: issue.severity })));
    return { fileName: `${base}-to-correct.xlsx`, body: await markWorkbook(content, marks) };
  });
}

/** The rows as they came, and a last column that names each cell with what to correct. */
function markedCsv(content: Buffer, issues: readonly contract.Issue[]): Buffer {
  const text = content.toString('utf8');
  const rows: string[][] = parse(text, { bom: true, delimiter: text.slice(0, 2000).includes(',') ? ',' : ';', relax_column_count: true, relax_quotes: true, skip_empty_lines: false });
  const words = new Map<number, string[]>();
  for (const { cells, message, cure } of issues) {
    for (const { cell } of cells) {
      const { row } = placeOf(cell);
      words.set(row, [...(words.get(row) ?? []), `${cell}: ${message} ${cure}`]);
    }
  }
  const width = Math.max(0, ...rows.map((row) => row.length));
  return csvFile(rows.map((row, index) => [...Array.from({ length: width }, (_, column) => row[column] ?? ''), [...(index === 0 ? [toCorrect] : []), ...(words.get(index) ?? [])].join(' | ')]));
}

function bookOf(form: ReturnForm, { author, made }: { author: string; made: Date }): FormBook {
  return {
    title: `Monitoring return of ${form.council}: ${sayMonth(form.month)}`, author, made,
    cover: {
      name: coverSheet, facts: [...coverFacts(form).map(({ label, value }) => [label, value] as const), ['Council', form.council]],
      words: [
        ...(form.demonstration ? ['Demonstration data: every figure in this workbook is made up.'] : []),
        'Every figure is filled in from visits, incidents and the ledger. Look through each sheet, correct what is wrong and say why in its row, then send the file back on the page it came from.',
        'A blank is not zero. [ns]: the council had not begun its patrols. [x]: not available. [z]: not applicable.',
        'Hours stand as hours and minutes, 12:30. Write nothing about a person.',
      ],
    },
    tables: form.sheets.map(tableOf),
  };
}

function tableOf(sheet: FormSheet): FormTable {
  return {
    name: sheet.name, title: sheet.title, about: sheet.about,
    columns: sheet.columns.map(({ label, width, entry }) => ({ label, width, entry })),
    rows: sheet.rows.map((row) => sheet.columns.map(({ key, entry }) => {
      const value = key === 'code' ? row.code : (row.values[key] ?? null);
      const kind = !entry && key !== 'last' ? 'text' : cellType(row, key);
      return { value, kind, entry: entry && key !== 'last', ...(row.list ? { list: row.list } : {}) };
    })),
  };
}
