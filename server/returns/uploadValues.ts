/** What a cell of a returned form holds, by the kind of value it should hold: read, or refused in words. Pure. */
import { freeTextFault } from '../freeText.ts';
import { dateOfSerial, type ReadCell } from '../spreadsheetPlaces.ts';
import { type FormRow, type FormType, type FormValue, isShorthand } from './uploadForm.ts';
import { nearestName } from './uploadIssues.ts';

export interface Remark {
  readonly severity: 'error' | 'warning' | 'note';
  readonly rule: string;
  readonly message: string;
  readonly cure: string;
}

export interface CellRead {
  /** Undefined where it could not be read. */
  readonly value: FormValue | undefined;
  readonly remarks: readonly Remark[];
}

export interface CellAsked {
  readonly type: FormType;
  readonly list?: readonly string[] | undefined;
  /** Something must stand there. */
  readonly required: boolean;
  /** What stood there when it was sent out: shorthand says that there is no number. */
  readonly sent: FormValue;
  /** The first day a date may be, and the last. */
  readonly dates: { readonly from: string; readonly to: string };
}

const error = (rule: string, message: string, cure: string): CellRead => ({ value: undefined, remarks: [{ severity: 'error', rule, message, cure }] });
const note = (value: FormValue, rule: string, message: string): CellRead => ({ value, remarks: [{ severity: 'note', rule, message, cure: 'Nothing to do.' }] });

/** Reads one cell; blanks, formulas, errors and booleans first, then by kind. */
export function readValue(cell: ReadCell | undefined, asked: CellAsked): CellRead {
  if (!cell || (typeof cell.value === 'string' && cell.value.trim() === '')) return blank(asked);
  if (cell.kind === 'error') return error('formula', 'The cell shows an error of the spreadsheet.', 'Correct the formula, or write the value itself.');
  if (cell.value === null) return error('formula', 'The formula has no value kept with it.', 'Open the file in a spreadsheet and save it again, or write the value itself.');
  const read = byType(cell, asked);
  if (!cell.formula || read.value === undefined) return read;
  return { value: read.value, remarks: [...read.remarks, { severity: 'note', rule: 'formula', message: 'The cell holds a formula; the value kept with it was read.', cure: 'Nothing to do.' }] };
}

const howTo: Record<FormType, string> = {
  count: 'Write a whole number: 0 where there was none.', hours: 'Write hours and minutes as 12:30: 0:00 where there were none.', percent: 'Write a percentage, for example 87.5%.', change: 'Write a percentage, for example -12.5%.',
  money: 'Write pounds and pence, for example 1234.50.', text: 'Write it in words.', list: 'Choose from the list.', date: 'Write the day as 6/11/2023.',
};

function blank({ required, sent, type }: CellAsked): CellRead {
  if (!required) return { value: null, remarks: [] };
  return error('blank', 'The cell is blank; blank is not zero.', typeof sent === 'string' && isShorthand(sent) ? `Put ${sent} back: there is no figure here.` : howTo[type]);
}

function byType(cell: ReadCell, asked: CellAsked): CellRead {
  const { type } = asked;
  if (type === 'text' || type === 'list') return readText(cell, asked);
  if (type === 'date') return readDate(cell, asked);
  return cell.kind === 'text' ? readNumberText(String(cell.value), asked) : readNumber(cell, asked);
}

function readText(cell: ReadCell, { type, list = [] }: CellAsked): CellRead {
  if (cell.kind !== 'text') return type === 'list' ? error('list', 'This is not on the list.', `Write one of: ${list.join(', ')}.`) : { value: String(cell.value), remarks: [] };
  const given = String(cell.value);
  const text = given.trim();
  if (type === 'list') return readListed(given, text, list);
  if (text.length > 4000) return error('length', `The text has ${text.length.toLocaleString('en-GB')} characters; the most is 4,000.`, 'Shorten it.');
  const fault = freeTextFault(text);
  if (fault) return error('person', `At character ${fault.character} this looks like ${fault.what}. The service holds nothing about individuals.`, 'Take it out; write “a resident” or “a shopkeeper” instead.');
  return given === text ? { value: text, remarks: [] } : spaced(text);
}

const spaced = (value: FormValue): CellRead => note(value, 'spaces', 'There are spaces before or after the text; it was read without them.');

function readListed(given: string, text: string, list: readonly string[]): CellRead {
  const found = list.find((one) => one.toLowerCase() === text.toLowerCase());
  if (!found) return error('list', 'This is not on the list.', `Write one of: ${list.join(', ')}. Did you mean "${nearestName(text, list) ?? ''}"?`);
  return given === text ? { value: found, remarks: [] } : spaced(found);
}

function readDate(cell: ReadCell, { dates }: CellAsked): CellRead {
  const day = typeof cell.value === 'number' && cell.kind === 'date' ? dateOfSerial(cell.value) : cell.kind === 'text' ? dateOfText(String(cell.value).trim()) : undefined;
  if (!day) return error('date', 'This is not a day of the calendar.', howTo.date);
  if (day < dates.from || day > dates.to) return error('date range', `The day is outside ${dates.from} to ${dates.to}.`, 'Write the day on which the figures were taken.');
  return cell.kind === 'text' ? note(day, 'date as text', 'The day is kept as text; it was read as a date.') : { value: day, remarks: [] };
}

/** "6/11/2023" as Britain writes it, or "2023-11-06"; undefined for what no calendar has. */
export function dateOfText(text: string): string | undefined {
  const british = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text);
  const iso = british ? `${british[3]}-${british[2]?.padStart(2, '0')}-${british[1]?.padStart(2, '0')}` : text;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? new Date(`${iso}T00:00:00Z`) : undefined;
  return at && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? iso : undefined;
}

function readNumber(cell: ReadCell, asked: CellAsked): CellRead {
  if (cell.kind === 'boolean') return error('type', 'This is true or false, not a number.', howTo[asked.type]);
  const value = Number(cell.value);
  if (asked.type === 'hours' && cell.kind === 'number' && value !== 0) return error('type', 'This is a plain number, not hours and minutes.', howTo.hours);
  if (cell.kind === 'date' && asked.type !== 'hours') return error('type', 'This is a date, not a number.', howTo[asked.type]);
  return inRange(value, asked);
}

/** In the units of the form, from what a spreadsheet keeps: days, shares and pounds. */
function inRange(value: number, { type }: CellAsked): CellRead {
  if (!Number.isFinite(value)) return error('type', 'This is not a number.', howTo[type]);
  if (type === 'money') return moneyOf(value);
  if (type === 'change') return { value: Math.round(value * 1000) / 10, remarks: [] };
  if (value < 0) return error('range', 'The number is below 0.', howTo[type]);
  if (type === 'percent') return value > 1.00001 ? error('range', 'The share is over 100 %.', 'Write a percentage from 0 % to 100 %.') : { value: Math.round(value * 1000) / 10, remarks: [] };
  if (type === 'hours') {
    const minutes = Math.round(value * 1440);
    return minutes > 5_000_000 ? error('range', 'These are more hours than a month of patrols can hold.', 'Check the number; write hours and minutes as 12:30.') : { value: minutes, remarks: [] };
  }
  if (!Number.isInteger(value)) return error('whole number', 'The number has a fraction.', howTo.count);
  return value > 1_000_000 ? error('range', 'The number is over 1,000,000.', 'Check the number: it is larger than a month can hold.') : { value, remarks: [] };
}

function moneyOf(pounds: number): CellRead {
  const pence = Math.round(pounds * 100);
  if (Math.abs(pounds * 100 - pence) > 0.001) return error('pence', 'The amount has parts of a penny.', 'Round it to pounds and pence.');
  if (Math.abs(pence) > 100_000_000_000) return error('range', 'The amount is over £1,000,000,000.', 'Check the amount.');
  const negative: Remark = { severity: 'warning', rule: 'negative', message: 'The amount is below 0.', cure: 'Say in the column “Reason for a difference” why, for example a credit; or correct the sign.' };
  return { value: pence, remarks: pence < 0 ? [negative] : [] };
}

function readNumberText(given: string, asked: CellAsked): CellRead {
  const text = given.trim();
  if (isShorthand(text)) {
    if (typeof asked.sent === 'string' && isShorthand(asked.sent)) return given === text ? { value: asked.sent, remarks: [] } : spaced(asked.sent);
    return error('shorthand', 'There is a figure here; shorthand says there is none.', howTo[asked.type]);
  }
  const value = numberOfText(text, asked.type);
  if (value === undefined) return error('type', 'This is not a number.', howTo[asked.type]);
  const read = inRange(value, asked);
  return read.value === undefined ? read : { value: read.value, remarks: [...read.remarks, { severity: 'note', rule: 'number as text', message: 'The number is kept as text; it was read as a number.', cure: 'Nothing to do.' }] };
}

/** A number as people write it, in what a spreadsheet would keep: "1,234", "£12.50", "87.5%", "12:30", "12 h 30 min". */
export function numberOfText(text: string, type: FormType): number | undefined {
  if (type === 'hours') {
    const [, hours, minutes] = /^(\d{1,6})(?::|\s*h(?:ours?)?\s*)(\d{1,2})(?:\s*m(?:in)?(?:utes)?)?$/i.exec(text) ?? [];
    return hours !== undefined && Number(minutes) < 60 ? (Number(hours) * 60 + Number(minutes)) / 1440 : undefined;
  }
  const plain = text.replace(/^(-?)£/, '$1').replace(/(\d),(?=\d{3}(?:\D|$))/g, '$1').replace(/\s*%$/, '');
  if (!/^[-−]?\d{1,15}(?:\.\d{1,6})?$/.test(plain)) return undefined;
  const value = Number(plain.replace('−', '-'));
  return type === 'percent' || type === 'change' ? value / 100 : value;
}

/** A cell as the reader of a report sees it. */
export function sayCell(cell: ReadCell | undefined, type?: FormType): string {
  if (!cell || cell.value === null) return '';
  if (typeof cell.value !== 'number') return String(cell.value).slice(0, 200);
  if (cell.kind === 'date') return dateOfSerial(cell.value) ?? String(cell.value);
  if (cell.kind === 'time') return `${Math.floor(Math.round(cell.value * 1440) / 60)}:${String(Math.round(cell.value * 1440) % 60).padStart(2, '0')}`;
  return type === 'percent' || type === 'change' ? `${Math.round(cell.value * 1000) / 10}%` : String(cell.value);
}

export const requiredIn = (row: FormRow, key: string): boolean => key !== 'reason' && key !== 'explanation' && (row.type === 'list' || row.type === 'date' ? false : row.type !== 'text');
