/** What a sound form says: figures confirmed or corrected, and words. Pure. */
import type { CouncilMonth, CouncilSection, TextKind } from './collectContract.ts';
import { headlinesOf } from './collectSections.ts';
import { moneyFieldOf } from './uploadForm.ts';
import { type Found, keyOf } from './uploadIssues.ts';
import type { ReadRow, ReadSheet } from './uploadRead.ts';

export interface Entry {
  readonly field: string;
  readonly part: string;
  readonly counted: number | null;
  readonly value: number | null;
  readonly hotspots: Readonly<Record<string, number>>;
  readonly reason: string;
  readonly explanation: string;
}

export interface Answers {
  readonly found: readonly Found[];
  /** Reasons given on the page, by the key of what they answer. */
  readonly reasons: ReadonlyMap<string, string>;
}

/** Every figure of the sections that came back: what the form does not ask for is confirmed as counted. */
export function entriesOf(own: CouncilMonth, sheets: readonly ReadSheet[], answers: Answers): Entry[] {
  return sheets.flatMap((sheet) => {
    const section = own.sections.find(({ code }) => code === sheet.sheet.section);
    if (!section) return [];
    return sheet.sheet.kind === 'money' ? moneyEntries(section, sheet, answers) : section.figures.map((figure) => {
      const row = sheet.rows.find(({ row: one }) => one.field === figure.field && one.part === figure.part);
      return row ? figureEntry(figure.counted, sheet, row, answers) : asCounted(figure);
    });
  });
}

const asCounted = ({ field, part, counted }: { field: string; part: string; counted: number | null }): Entry => ({ field, part, counted, value: counted, hotspots: {}, reason: '', explanation: '' });
const wordsOf = (row: ReadRow, key: string): string => (typeof row.values[key] === 'string' ? row.values[key] : '');

/** What was written in the row, else what was said on the page of one of its warnings. */
function answerOf(sheet: ReadSheet, row: ReadRow, key: 'reason' | 'explanation', { found, reasons }: Answers): string {
  const written = wordsOf(row, key);
  if (written !== '') return written;
  const own = found.filter((one) => one.severity === 'warning' && one.sheet === sheet.grid.name && one.row === row.at && (one.rule === 'variance') === (key === 'explanation'));
  return [...new Set(own.flatMap((one) => reasons.get(keyOf(one)) ?? []))].join(' ');
}

function figureEntry(counted: number | null, sheet: ReadSheet, row: ReadRow, answers: Answers): Entry {
  const total = row.values['total'];
  const hotspots = Object.entries(row.values).flatMap(([key, value]): [string, number][] => (key.startsWith('hotspot ') && typeof value === 'number' && value !== row.row.values[key] ? [[key.slice(8), value]] : []));
  return {
    field: row.row.field, part: row.row.part, counted, value: typeof total === 'number' ? total : null, hotspots: Object.fromEntries(hotspots),
    reason: answerOf(sheet, row, 'reason', answers), explanation: answerOf(sheet, row, 'explanation', answers),
  };
}

/** The heads as they came back; all of them together is their sum, and what is not asked for stays as the ledger has it. */
function moneyEntries(section: CouncilSection, sheet: ReadSheet, answers: Answers): Entry[] {
  const columnOf = new Map<string, string>(Object.entries(moneyFieldOf).map(([column, field]) => [field, column]));
  const heads = section.figures.filter(({ part }) => part !== '').map((figure): Entry => {
    const row = sheet.rows.find(({ row: one }) => one.code === figure.part);
    const given = row?.values[columnOf.get(figure.field) ?? ''];
    if (!row || typeof given !== 'number') return asCounted(figure);
    const differs = given !== figure.counted;
    const main = figure.field === 'money_month';
    return { ...asCounted(figure), value: given, reason: differs || main ? answerOf(sheet, row, 'reason', answers) : '', explanation: main ? answerOf(sheet, row, 'explanation', answers) : '' };
  });
  const together = headlinesOf(section.figures).map((figure): Entry => {
    const own = heads.filter(({ field }) => field === figure.field);
    const value = own.reduce((sum, head) => sum + (head.value ?? 0), 0);
    const reasons = [...new Set(own.flatMap(({ value: given, counted, reason }) => (given !== counted && reason !== '' ? [reason] : [])))];
    return { ...asCounted(figure), value, reason: reasons.join(' '), explanation: own.map(({ explanation }) => explanation).filter(Boolean).join(' ') };
  });
  return [...together, ...heads];
}

/** Texts that came back and differ from what stood there. */
export function textsOf(own: CouncilMonth, sheets: readonly ReadSheet[]): { kind: TextKind; text: string }[] {
  const section = own.sections.find(({ kind }) => kind === 'words');
  return sheets.filter(({ sheet }) => sheet.kind === 'words').flatMap(({ rows }) => rows.flatMap((row) => {
    const text = wordsOf(row, 'answer');
    const before = section?.texts.find(({ kind }) => kind === row.row.field);
    return before && text !== '' && text !== before.text ? [{ kind: before.kind, text }] : [];
  }));
}
