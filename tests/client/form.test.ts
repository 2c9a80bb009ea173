/** What was typed into a form, as values and as problems. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ApiError } from '../../client/api.ts';
import type { Field } from '../../client/fields.ts';
import { problemsOf } from '../../client/form.ts';
import { isRealDate, readFields } from '../../client/formModel.ts';

const fields: readonly Field[] = [
  { kind: 'text', name: 'reference', label: 'Reference', required: true },
  { kind: 'money', name: 'ceilingPence', label: 'Ceiling', required: true },
  { kind: 'number', name: 'persons', label: 'Persons', min: 1, max: 9 },
  { kind: 'date', name: 'from', label: 'First day' },
  { kind: 'month', name: 'month', label: 'Month' },
  { kind: 'radios', name: 'basis', label: 'Paid by', required: true, options: [{ value: 'hours', label: 'Hours' }] },
  { kind: 'checkboxes', name: 'days', label: 'Days', options: [] },
  { kind: 'checkbox', name: 'agreed', label: 'Agreed' },
  { kind: 'file', name: 'evidence', label: 'Evidence' },
  { kind: 'password', name: 'password', label: 'Password' },
];

function typed(entries: Record<string, string | File | readonly string[]>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(entries)) {
    if (typeof value === 'string' || value instanceof File) data.append(name, value);
    else for (const one of value) data.append(name, one);
  }
  return data;
}

describe('values', () => {
  test('each kind gives its own type, and blanks are undefined', () => {
    const file = new File(['x'], 'a.pdf');
    const { values, problems } = readFields(fields, typed({ reference: ' A1 ', ceilingPence: '£1,234.56', persons: '2', from: '2023-10-02', month: '', basis: 'hours', days: ['Friday', 'Sunday'], agreed: 'yes', evidence: file, password: ' secret ' }));
    expect(problems).toEqual([]);
    expect(values).toMatchObject({ reference: 'A1', ceilingPence: 123_456, persons: 2, from: '2023-10-02', month: undefined, basis: 'hours', days: ['Friday', 'Sunday'], agreed: true, password: ' secret ' });
    expect(values['evidence']).toBeInstanceOf(File);
  });

  test('what is left blank is asked for, in the order of the fields', () => {
    const { problems } = readFields(fields, typed({ reference: '  ' }));
    expect(problems).toEqual([
      { field: 'reference', message: 'Enter reference' }, { field: 'ceilingPence', message: 'Enter ceiling' }, { field: 'basis', message: 'Choose: paid by' },
    ]);
  });

  test('what cannot be read is named with its value and a cure', () => {
    const { problems } = readFields(fields, typed({ reference: 'A1', basis: 'hours', ceilingPence: '1,23', persons: '2.5', from: '2023-02-30', month: '2023-13' }));
    expect(problems.map((problem) => problem.field)).toEqual(['ceilingPence', 'persons', 'from', 'month']);
    expect(problems[1]?.message).toBe('Persons: "2.5" is not a whole number');
    expect(problems[2]?.message).toContain('"2023-02-30" is not a date');
    expect(problems[3]?.message).toContain('2023-13');
  });

  test('limits are said', () => {
    expect(readFields(fields.slice(2, 3), typed({ persons: '10' })).problems).toEqual([{ field: 'persons', message: 'Persons: 10 is more than 9' }]);
    expect(readFields(fields.slice(2, 3), typed({ persons: 'two' })).problems[0]?.message).toContain('not a number');
  });

  test('the calendar is the real one', () => {
    expect(['2024-02-29', '2023-12-31'].every(isRealDate)).toBe(true);
    expect(['2023-02-29', '2023-00-10', '2023-1-1', '02/10/2023'].some(isRealDate)).toBe(false);
  });
});

describe('refusals', () => {
  const problem = { type: 'about:blank', title: 'x', status: 409, code: 'x', detail: 'Another agreement has this reference.' };

  test('field errors of the server go to their fields', () => {
    expect(problemsOf(new ApiError({ ...problem, errors: [{ field: 'reference', message: 'Taken.' }] }))).toEqual([{ field: 'reference', message: 'Taken.' }]);
  });

  test('a refusal without fields is one of the whole form', () => {
    expect(problemsOf(new ApiError(problem))).toEqual([{ field: '', message: 'Another agreement has this reference.' }]);
    expect(problemsOf(new ApiError({ ...problem, status: 500, detail: 'Something failed here.', requestId: 'r9' }))).toEqual([{ field: '', message: 'Something failed here. (request r9)' }]);
  });

  test('a contract that refuses before sending names the field too', () => {
    const refused = z.strictObject({ month: z.string().min(7, 'Give a month.') }).safeParse({ month: '' });
    expect(problemsOf(refused.error)).toEqual([{ field: 'month', message: 'Give a month.' }]);
  });
});
