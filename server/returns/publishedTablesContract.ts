/** Tables of figures that others published: kept as printed, with their source and with what does not agree in them. Nothing is ever corrected. */
import { z } from 'zod';
import { endpoint, id } from '../endpoint.ts';
import { freeText } from '../freeText.ts';

export const columnMeanings = ['figure', 'before', 'after', 'change', 'percent change', 'whole', 'share', 'population', 'rate', 'left alone'] as const;
export type ColumnMeaning = (typeof columnMeanings)[number];
export const columnMeaningNames: Record<ColumnMeaning, string> = {
  figure: 'Figure', before: 'Figure of the earlier period', after: 'Figure of the later period', change: 'Change, later less earlier', 'percent change': 'Change in % of the earlier',
  whole: 'The whole a figure is part of', share: 'Share in %', population: 'Population', rate: 'Rate per 1,000', 'left alone': 'Not checked',
};

export const rowKinds = ['part', 'total', 'year to date', 'alone'] as const;
export type RowKind = (typeof rowKinds)[number];
export const rowKindNames: Record<RowKind, string> = { part: 'Part', total: 'Total, or another figure for the same thing', 'year to date': 'Year to date', alone: 'On its own' };

export const publishedRow = z.object({ label: z.string(), kind: z.enum(rowKinds), cells: z.array(z.string()) });
export type PublishedRow = z.infer<typeof publishedRow>;
export const publishedColumn = z.object({ name: z.string(), meaning: z.enum(columnMeanings) });
export type PublishedColumn = z.infer<typeof publishedColumn>;

/** Disagrees: two printed figures cannot both be right. Discloses: a hidden figure can be worked out. To know: why something was not checked. */
export const flagLevels = ['disagrees', 'discloses', 'to know'] as const;
export const flag = z.object({
  level: z.enum(flagLevels),
  /** Which check: parts, two totals, year to date, change, percent change, share, rate, hidden, unread. */
  check: z.string(),
  row: z.string(), column: z.string(),
  printed: z.string(),
  /** What the printed figures give; null where nothing can be worked out. */
  found: z.string().nullable(),
  /** Found less printed, or one printed figure less the other; null where there is none. */
  gap: z.string().nullable(),
  says: z.string(),
});
export type Flag = z.infer<typeof flag>;

const checked = { columns: z.array(publishedColumn), rows: z.array(publishedRow), checks: z.number().int(), flags: z.array(flag) };
export const publishedTable = z.object({
  id, title: z.string(), source: z.string(), address: z.string(), enteredAt: z.string(), disagreements: z.number().int(), ...checked,
});
export type PublishedTable = z.infer<typeof publishedTable>;

const pasted = {
  text: z.string().min(1, 'Paste the table, with its headings.').max(20_000, 'Paste at most 20,000 characters.').describe('The table with its headings, cells parted by tabs, bars or commas'),
  meanings: z.array(z.enum(columnMeanings)).max(20).optional().describe('What each column after the first is; guessed from its heading when left out'),
  kinds: z.array(z.enum(rowKinds)).max(200).optional().describe('What each row is; guessed from its name when left out'),
};

export const checkPublishedTable = endpoint({
  method: 'POST', path: '/api/published-tables/checks', allow: 'enterPublishedTables',
  summary: 'Read a pasted table and add it up again, without keeping it',
  input: z.strictObject(pasted),
  output: z.object(checked),
});

export const addPublishedTable = endpoint({
  method: 'POST', path: '/api/published-tables', allow: 'enterPublishedTables',
  summary: 'Keep a published table as printed, with its source and with everything in it that does not agree',
  input: z.strictObject({ tableId: id, title: freeText(160).min(1, 'Name the table.'), source: freeText(300).min(1, 'Say where it was published.'), address: freeText(300).default(''), ...pasted }),
  output: publishedTable,
});

export const listPublishedTables = endpoint({
  method: 'GET', path: '/api/published-tables', allow: 'seeReturns',
  summary: 'Published tables, newest first, with how many disagreements each has',
  input: z.strictObject({}),
  output: z.object({ tables: z.array(publishedTable.pick({ id: true, title: true, source: true, enteredAt: true, disagreements: true })) }),
});

export const getPublishedTable = endpoint({
  method: 'GET', path: '/api/published-tables/:id', allow: 'seeReturns',
  summary: 'One published table as printed, with its flags',
  input: z.strictObject({ id }),
  output: publishedTable,
});
