/** A file for a council's month: looked at before it is opened, checked in its tiers, and taken in whole or not at all. */
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Knex } from 'knex';
import { parse } from 'csv-parse/sync';
import { recordEvent } from '../audit.ts';
import { AppError, conflict, notFound } from '../errors.ts';
import { listHotspotFacts } from '../patrols/visitQueries.ts';
import { saveVisits } from '../patrols/visitWork.ts';
import { textOf } from '../patrols/visitFile.ts';
import { listActionKinds } from '../patrols/wardenQueries.ts';
import { numberSetting } from '../settings/queries.ts';
import type { Grid } from '../spreadsheetPlaces.ts';
import { readSheets } from '../spreadsheetRead.ts';
import { isZip, refuseLargeFile } from '../spreadsheetZip.ts';
import { headName } from './collectMoney.ts';
import { insertFigures, insertText, listCouncilsOf } from './collectQueries.ts';
import { type CollectContext, type CouncilAsked, loadCouncilMonth, type LoadedMonths, refuseClosed, varianceRule } from './collectWork.ts';
import type { CouncilMonth } from './collectContract.ts';
import { lastDayOf, localMonth } from './deadline.ts';
import { sayMonth } from './words.ts';
import type { Upload, UploadReport } from './uploadContract.ts';
import { type MoneyLine, type ReturnForm, returnForm } from './uploadForm.ts';
import { entriesOf, textsOf } from './uploadEntries.ts';
import { type Found, reportOf } from './uploadIssues.ts';
import { logGrid, readLog, refusedVisits, textOfGrid } from './uploadLog.ts';
import * as queries from './uploadQueries.ts';
import { readReturn, type ReadSheet } from './uploadRead.ts';
import { checkTables } from './uploadTables.ts';

export interface Sent extends CouncilAsked {
  readonly kind: UploadReport['kind'];
  readonly fileName: string;
}

/** Takes a file in: kept with what was found in it, its figures or visits only where nothing stands against them. */
export async function receiveUpload(context: CollectContext, sent: Sent, file: { readonly path: string; readonly size: number }): Promise<Upload> {
  await refuseForeign(context, sent);
  refuseLargeFile(sent.fileName, file.size);
  const content = await readFile(file.path);
  const id = randomUUID();
  const judged = await judge(context, sent, { content, id, reasons: new Map() });
  const sha256 = createHash('sha256').update(content).digest('hex');
  await queries.insertUpload(context.db, { ...sent, id, media: isZip(content) ? 'xlsx' : 'csv', content, sha256, ...judged, by: context.actor.personId, at: context.now });
  await tell(context, sent, { id, sha256, ...judged });
  return findOrThrow(context.db, id);
}

/** 404 for a council that is another's, or that has nothing to report in the month. */
export async function refuseForeign({ db, councils, now }: Omit<CollectContext, 'actor'>, { month, councilCode }: CouncilAsked): Promise<void> {
  if (month > localMonth(now)) throw new AppError(422, 'month_in_future', `${sayMonth(month)} has not begun. Choose a month up to ${sayMonth(localMonth(now))}.`);
  const seen = councils.includes('*') || councils.includes(councilCode) ? await listCouncilsOf(db, month, [councilCode]) : [];
  if (seen.length === 0) throw notFound('council with something to report in this month');
}

async function findOrThrow(db: Knex, id: string): Promise<Upload> {
  const found = await queries.findUpload(db, id);
  if (!found) throw notFound('upload');
  return found;
}

async function tell({ db, actor }: CollectContext, sent: Sent, { id, sha256, state, report }: Judged & { id: string; sha256?: string }): Promise<void> {
  await recordEvent(db, actor, {
    action: state === 'imported' ? 'returnUploadImported' : 'returnUploadChecked', subjectKind: 'return_upload', subjectId: id, councilCode: sent.councilCode,
    after: { month: sent.month, kind: sent.kind, state, tier: report.tier, errors: report.errors, warnings: report.warnings, rows: report.rows, ...(sha256 === undefined ? {} : { sha256 }) },
  });
}

interface Judged {
  readonly state: Upload['state'];
  readonly report: UploadReport;
}

interface ToJudge {
  readonly content: Buffer;
  readonly id: string;
  readonly reasons: ReadonlyMap<string, string>;
}

const judge = (context: CollectContext, sent: Sent, given: ToJudge): Promise<Judged> => (sent.kind === 'return' ? judgeReturn(context, sent, given) : judgeLog(context, sent, given));

/** Gives reasons to the warnings of a file that waits for them, and takes it in when none is left. */
export async function answerUpload(context: CollectContext, asked: CouncilAsked & { uploadId: string; reasons: readonly { key: string; reason: string }[] }): Promise<Upload> {
  const before = await findOwn(context, asked);
  if (before.state !== 'needs reasons') throw conflict('upload_needs_no_reasons', before.state === 'imported' ? 'The file was taken in already.' : 'The file has errors. Correct them and send it again.');
  const content = await queries.findContent(context.db, asked.uploadId);
  if (!content) throw conflict('upload_file_gone', 'The file is no longer kept. Send it again.');
  const sent = { ...asked, kind: before.report.kind, fileName: before.fileName };
  const judged = await judge(context, sent, { content, id: asked.uploadId, reasons: new Map(asked.reasons.map(({ key, reason }) => [key, reason])) });
  await queries.updateUpload(context.db, asked.uploadId, judged);
  await tell(context, sent, { id: asked.uploadId, ...judged });
  return findOrThrow(context.db, asked.uploadId);
}

/** An upload of the council and month of the address. */
export async function findOwn(context: Omit<CollectContext, 'actor'>, asked: CouncilAsked & { uploadId: string }): Promise<Upload> {
  const found = context.councils.includes('*') || context.councils.includes(asked.councilCode) ? await queries.findUpload(context.db, asked.uploadId) : undefined;
  if (!found || found.councilCode !== asked.councilCode || found.month !== asked.month) throw notFound('upload');
  return found;
}

/** The form of a council's month, as it would be sent out now. */
export function formOf(loaded: LoadedMonths & { own: CouncilMonth }): { form: ReturnForm; money: MoneyLine[] } {
  const money = loaded.money.filter(({ councilCode }) => councilCode === loaded.own.councilCode).map((row): MoneyLine => ({ ...row, head: row.head === '' ? '-' : row.head, name: headName(row.head) }));
  return { form: returnForm(loaded.own, loaded.figures, money), money };
}

async function judgeReturn(context: CollectContext, sent: Sent, { content, id, reasons }: ToJudge): Promise<Judged> {
  const loaded = await loadCouncilMonth(context, sent);
  const { own } = loaded;
  const whole = formOf(loaded);
  const { form, grids } = isZip(content) || content.subarray(0, 4).toString('hex') === 'd0cf11e0'
    ? { form: whole.form, grids: await readSheets(sent.fileName, content) } : sectionOfCsv(whole.form, sent.fileName, content);
  for (const sheet of form.sheets) {
    const section = own.sections.find(({ code }) => code === sheet.section);
    if (section) refuseClosed(section);
  }
  const read = readReturn(form, grids, { today: context.now.toISOString().slice(0, 10), reasons });
  const sound = !read.found.some(({ severity }) => severity === 'error');
  const facts = { variance: await varianceRule(context.db, sent.month), money: whole.money, largeAccrualShare: await numberSetting(context.db, 'return_large_accrual_share', `${sent.month}-01`), lastDay: lastDayOf(sent.month), reasons };
  const found = [...read.found, ...(sound ? checkTables(form, read.sheets, facts) : [])];
  const told = isZip(content) ? found : found.filter(({ rule }) => rule !== 'number as text' && rule !== 'date as text');
  const report = reportOf('return', told, read.sheets.reduce((sum, { rows }) => sum + rows.length, 0));
  if (report.tier > 0) return { state: 'refused', report };
  if (told.some((one) => one.severity === 'warning' && one.answered !== true)) return { state: 'needs reasons', report };
  const kept = await keepReturn(context, sent, { own, sheets: read.sheets, found: told, id, reasons, csv: !isZip(content) });
  return { state: 'imported', report: { ...report, kept } };
}

/** A CSV file holds one sheet of the form: the one whose codes it has. */
function sectionOfCsv(form: ReturnForm, fileName: string, content: Buffer): { form: ReturnForm; grids: Grid[] } {
  const text = textOf(fileName, content);
  const first = text.slice(0, 4000);
  const cells: string[][] = parse(text, { bom: true, delimiter: first.split(';').length > first.split(',').length ? ';' : ',', relax_column_count: true, relax_quotes: true });
  const rows = cells.map((row) => row.map((value) => (value === '' ? undefined : { kind: 'text' as const, value: value.replace(/^'(?=[=+\-@])/, ''), formula: false })));
  const score = (codes: readonly string[]): number => rows.filter((row) => codes.includes(String(row[0]?.value ?? ''))).length;
  const best = form.sheets.map((sheet) => ({ sheet, score: score(sheet.rows.map(({ code }) => code)) })).toSorted((a, b) => b.score - a.score)[0];
  if (!best || best.score === 0) throw new AppError(422, 'wrong_file', `${fileName}: no row has a code of the form, so it cannot be told which section this is. Save a sheet of the month's workbook as CSV, or send the workbook.`);
  return { form: { ...form, sheets: [best.sheet], cover: false }, grids: [{ name: best.sheet.name, hidden: false, rows, merged: [] }] };
}

interface ToKeep {
  readonly own: CouncilMonth;
  readonly sheets: readonly ReadSheet[];
  readonly found: readonly Found[];
  readonly id: string;
  readonly reasons: ReadonlyMap<string, string>;
  readonly csv: boolean;
}

async function keepReturn({ db, actor, now }: CollectContext, sent: Sent, { own, sheets, found, id, reasons, csv }: ToKeep): Promise<string> {
  const by = { month: sent.month, councilCode: sent.councilCode, by: actor.personId, at: now };
  const entries = entriesOf(own, sheets, { found, reasons });
  await insertFigures(db, entries.map((entry) => ({ ...entry, ...by, origin: csv ? ('csv' as const) : ('workbook' as const), uploadId: id })));
  const texts = textsOf(own, sheets);
  for (const text of texts) await insertText(db, { ...by, ...text });
  const corrected = entries.filter(({ value, counted }) => value !== counted).length;
  return `${entries.length} figures confirmed, ${corrected} of them corrected with a reason; ${texts.length} ${texts.length === 1 ? 'text' : 'texts'} written.`;
}

async function judgeLog(context: CollectContext, sent: Sent, { content }: ToJudge): Promise<Judged> {
  const { db, actor, now } = context;
  const place = isZip(content) ? logGrid(await readSheets(sent.fileName, content)) : undefined;
  const text = place ? textOfGrid(place.grid, place.header) : textOf(sent.fileName, content);
  const facts = { hotspots: await listHotspotFacts(db, [sent.councilCode]), kinds: await listActionKinds(db) };
  const log = readLog(text, facts, { month: sent.month, firstRow: (place?.header ?? 0) + 1 });
  const tell = (found: readonly Found[]): UploadReport => reportOf('patrol log', place ? found.map((one) => ({ ...one, sheet: place.grid.name })) : found, log.visits.length);
  if (log.found.length > 0) return { state: 'refused', report: tell(log.found) };
  const kept = await saveVisits(db, { actor, councils: [sent.councilCode], now }, log.visits, { madeIds: log.madeIds });
  const refused = refusedVisits(log, kept.problems, kept.conflicts);
  if (refused.length > 0) return { state: 'refused', report: tell(refused) };
  const again = kept.alreadyRecorded > 0 ? `; ${kept.alreadyRecorded} were recorded before and are counted once` : '';
  return { state: 'imported', report: { ...tell([]), kept: `${kept.recorded} visits recorded${again}.` } };
}
