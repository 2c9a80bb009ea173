/** A definition as it is typed on the screen: the fields and rows of the form, and what they mean. Pure. */
import type { DefinitionDraft, DefinitionVersion } from '../../server/returns/definitionContract.ts';
import type { ReadRow, TypedRow } from './termsRows.ts';

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

export const fieldRow = ({ name, code, unit, breakdown, measure, formula, minimumMinutes, definition, basis }: DefinitionVersion['fields'][number]): TypedRow => ({
  name, code, unit, breakdown, measure: measure ?? '', formula: formula ?? '', minimumMinutes: text(minimumMinutes), definition, basis,
});

export const cellRows = (map: DefinitionVersion['template']): TypedRow[] => (map?.cells ?? []).map(({ place, what, part, council, form, blank }) => ({ place, what, part: part ?? '', council: council ?? '', form, blank: blank ? 'yes' : 'no' }));

export const blockRows = (map: DefinitionVersion['template']): TypedRow[] => (map?.rows ?? []).flatMap(({ sheet, firstRow, lastRow, each, columns }) =>
  columns.map(({ column, what, part, form, blank }) => ({ sheet, firstRow: text(firstRow), lastRow: text(lastRow), each, column, what, part: part ?? '', form, blank: blank ? 'yes' : 'no' })));

export interface Typed {
  readonly values: Record<string, unknown>;
  readonly fields: readonly ReadRow[];
  readonly signatories: readonly ReadRow[];
  readonly sources: readonly ReadRow[];
  readonly cells: readonly ReadRow[];
  readonly blocks: readonly ReadRow[];
}

/** What was typed as the contract has it; numbers that are none stay as they were typed, so that the contract says so. */
export function draftOf({ values, fields, signatories, sources, cells, blocks }: Typed): unknown {
  const number = (value: unknown): unknown => (/^-?\d+$/.test(text(value)) ? Number(value) : value);
  const deadline = values['deadline'] === 'none' ? {} : { [String(values['deadline'])]: values['deadlineDays'] };
  const templateId = text(values['templateId']);
  return {
    name: text(values['name']), basis: text(values['basis']), frequency: values['frequency'],
    deadline: { ...deadline, basis: text(values['deadlineBasis']) },
    fields: fields.map(({ measure, formula, minimumMinutes, ...row }) => ({
      ...row, measure: measure === '' || measure === undefined || formula ? null : measure, ...(formula ? { formula } : {}), ...(minimumMinutes === undefined ? {} : { minimumMinutes: number(minimumMinutes) }),
    })),
    signatories: signatories.map(({ title, role }) => ({ title, role: role === '' ? null : role })),
    sources: sources.map(({ title, address }) => ({ title, address: text(address) })),
    template: templateId === '' ? null : { templateId, cells: cells.map(cellOf), rows: grouped(blocks).map((rows) => blockOf(rows, number)) },
  };
}

const cellOf = ({ place, what, part, council, form, blank }: ReadRow): object => ({ place, what, ...(part ? { part } : {}), ...(council ? { council } : {}), form, blank: blank === 'yes' });

/** Columns of the same rows stand together. */
function grouped(blocks: readonly ReadRow[]): ReadRow[][] {
  const found = new Map<string, ReadRow[]>();
  for (const row of blocks) {
    const key = [row['sheet'], row['firstRow'], row['lastRow'], row['each']].join('|');
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return [...found.values()];
}

function blockOf(rows: readonly ReadRow[], number: (value: unknown) => unknown): object {
  const [first = {}] = rows;
  return {
    sheet: first['sheet'], firstRow: number(first['firstRow']), lastRow: number(first['lastRow']), each: first['each'],
    columns: rows.map(({ column, what, part, form, blank }) => ({ column, what, ...(part ? { part } : {}), form, blank: blank === 'yes' })),
  };
}

export const deadlineKind = (deadline: DefinitionDraft['deadline'] | undefined): 'workingDay' | 'days' | 'daysFromStart' | 'none' =>
  deadline?.workingDay !== undefined ? 'workingDay' : deadline?.days !== undefined ? 'days' : deadline?.daysFromStart !== undefined ? 'daysFromStart' : 'none';
