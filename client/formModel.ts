/** What was typed into a form, as typed values and as problems in words. Pure. */
import { parsePounds } from './amount.ts';
import type { Field, NumberField } from './fields.ts';

export interface FieldProblem {
  /** The field's name; '' for the form as a whole. */
  field: string;
  message: string;
}

/** Values by field name: text, pence, numbers, booleans, lists, files; blanks are undefined. */
export type Values = Record<string, unknown>;

type Reading = { value: unknown } | { problem: string };

/** Reads every field; problems come in the order of the fields. */
export function readFields(fields: readonly Field[], data: FormData): { values: Values; problems: FieldProblem[] } {
  const values: Values = {};
  const problems: FieldProblem[] = [];
  for (const field of fields) {
    const reading = readField(field, data);
    if ('problem' in reading) problems.push({ field: field.name, message: reading.problem });
    else if (field.required && isBlank(reading.value)) problems.push({ field: field.name, message: field.requiredMessage ?? requiredWords(field) });
    else values[field.name] = reading.value;
  }
  return { values, problems };
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === false || (Array.isArray(value) && value.length === 0);
}

function requiredWords(field: Field): string {
  const label = field.label.charAt(0).toLowerCase() + field.label.slice(1);
  if (field.kind === 'select' || field.kind === 'radios' || field.kind === 'checkboxes') return `Choose: ${label}`;
  if (field.kind === 'file') return `Choose a file: ${label}`;
  return field.kind === 'checkbox' ? `Tick “${field.label}” to go on` : `Enter ${label}`;
}

function readField(field: Field, data: FormData): Reading {
  if (field.kind === 'checkbox') return { value: data.has(field.name) };
  if (field.kind === 'checkboxes') return { value: data.getAll(field.name).map(String) };
  if (field.kind === 'file') return readFile(field.many === true, data.getAll(field.name));
  const text = String(data.get(field.name) ?? '');
  if (field.kind === 'password') return { value: text === '' ? undefined : text };
  const trimmed = text.trim();
  if (trimmed === '') return { value: undefined };
  if (field.kind === 'money') return readMoney(trimmed);
  if (field.kind === 'number') return readNumber(field, trimmed);
  if (field.kind === 'date') return readDate(field.label, trimmed);
  if (field.kind === 'month') return readMonth(field.label, trimmed);
  return { value: trimmed };
}

function readFile(many: boolean, given: FormDataEntryValue[]): Reading {
  const files = given.filter((one) => one instanceof File && (one.name !== '' || one.size > 0));
  return { value: many ? files : files[0] };
}

function readMoney(text: string): Reading {
  const amount = parsePounds(text);
  return amount.ok ? { value: amount.pence } : { problem: amount.why };
}

function readNumber(field: NumberField, text: string): Reading {
  const bare = text.replace(/[\s,]/g, '').replace('\u2212', '-');
  if (!/^-?\d+(\.\d+)?$/.test(bare)) return { problem: `${field.label}: "${text}" is not a number. Use digits, for example 12` };
  const value = Number(bare);
  if (field.whole !== false && !Number.isInteger(value)) return { problem: `${field.label}: "${text}" is not a whole number` };
  if (field.min !== undefined && value < field.min) return { problem: `${field.label}: ${text} is less than ${field.min}` };
  if (field.max !== undefined && value > field.max) return { problem: `${field.label}: ${text} is more than ${field.max}` };
  return { value };
}

/** A real day of the calendar, so that 2023-02-30 is refused here and not turned into 2 March. */
export function isRealDate(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function readDate(label: string, text: string): Reading {
  return isRealDate(text) ? { value: text } : { problem: `${label}: "${text}" is not a date. Write it as YYYY-MM-DD, for example 2023-10-02` };
}

function readMonth(label: string, text: string): Reading {
  return /^(19|20)\d\d-(0[1-9]|1[0-2])$/.test(text) ? { value: text } : { problem: `${label}: "${text}" is not a month. Write it as YYYY-MM, for example 2023-10` };
}
