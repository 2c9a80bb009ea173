/** A returned workbook across its tables: totals and parts, last month, the ledger, what was counted. Pure. */
import { mustExplain, type VarianceRule } from './collectSections.ts';
import { type FormValue, type MoneyLine, type ReturnForm } from './uploadForm.ts';
import { type Found, keyOf } from './uploadIssues.ts';
import type { ReadRow, ReadSheet } from './uploadRead.ts';
import { sayCell } from './uploadValues.ts';

export interface TableFacts {
  readonly variance: VarianceRule;
  readonly money: readonly MoneyLine[];
  /** An accrual over this share of its budget needs a reason. */
  readonly largeAccrualShare: number;
  readonly lastDay: string;
  /** Reasons given on the page, by the key of what they answer. */
  readonly reasons: ReadonlyMap<string, string>;
}

type Say = (row: ReadRow, key: string, remark: { severity: Found['severity']; rule: string; message: string; cure: string; answer?: 'reason' | 'explanation' }) => void;

/** Everything wrong across the sheets; a row that is wrong in itself is not judged against others too. */
export function checkTables(form: ReturnForm, sheets: readonly ReadSheet[], facts: TableFacts): Found[] {
  const found: Found[] = [];
  for (const sheet of sheets) {
    const say: Say = (row, key, { answer, ...remark }) => {
      const column = sheet.columns.get(key) ?? 0;
      const one: Found = { ...remark, tier: 3, sheet: sheet.grid.name, section: sheet.sheet.sectionName, row: row.at, column, given: sayCell(sheet.grid.rows[row.at]?.[column], row.row.type) };
      const written = answer ? row.values[answer] : undefined;
      const answered = one.severity === 'warning' && ((typeof written === 'string' && written !== '') || facts.reasons.has(keyOf(one)));
      found.push(answered ? { ...one, answered } : one);
    };
    if (sheet.sheet.kind === 'figures') checkFigures(form, sheet, facts, say);
    if (sheet.sheet.kind === 'money') checkMoney(sheet, facts, say);
  }
  return found;
}

const numberOf = (value: FormValue | undefined): number | null => (typeof value === 'number' ? value : null);
const inWords = (value: number, type: string): string => (type === 'hours' ? `${Math.floor(value / 60)}:${String(value % 60).padStart(2, '0')}` : type === 'money' ? `£${(value / 100).toFixed(2)}` : type === 'percent' || type === 'change' ? `${value}%` : String(value));

function checkFigures(form: ReturnForm, sheet: ReadSheet, facts: TableFacts, say: Say): void {
  const wrong = new Set<string>();
  const refuse: Say = (row, key, remark) => {
    wrong.add(row.row.code);
    say(row, key, remark);
  };
  for (const row of sheet.rows) checkRow(form, sheet, row, refuse);
  for (const all of sheet.rows.filter(({ row }) => row.part === '')) checkParts(form, sheet, all, { wrong, say: refuse });
  checkBetween(sheet, { wrong, say: refuse });
  for (const row of sheet.rows) if (!wrong.has(row.row.code)) checkAgainst(sheet, row, facts, say);
}

/** One row in itself: what was not counted has no figure, a month that is over stays, the total is the sum. */
function checkRow(form: ReturnForm, sheet: ReadSheet, row: ReadRow, say: Say): void {
  const { row: { values: sent, type, field, lastMonth, counted }, values } = row;
  const hotspots = sheet.sheet.columns.filter(({ key }) => key.startsWith('hotspot '));
  for (const { key } of [...hotspots, { key: 'total' }]) {
    if (typeof sent[key] === 'string' && numberOf(values[key]) !== null) {
      return say(row, key, { severity: 'error', rule: 'no figure', message: `There is no figure here: it was sent out as ${sent[key]}.`, cure: `Put ${sent[key]} back, and record the visits or incidents it should be counted from.` });
    }
  }
  if (numberOf(values['last']) !== lastMonth) return say(row, 'last', { severity: 'error', rule: 'last month', message: 'Last month is over and its figure is not changed here.', cure: `Put back ${lastMonth === null ? '[x]' : inWords(lastMonth, type)}; ask for last month to be opened if it is wrong.` });
  const total = numberOf(values['total']);
  const own = hotspots.map(({ key }) => numberOf(values[key]));
  if (!form.additive.has(field) || total === null || counted === null || own.every((one) => one === null)) return;
  const sum = own.reduce<number>((added, one) => added + (one ?? 0), 0);
  if (sum !== total) say(row, 'total', { severity: 'error', rule: 'total', message: `The hotspots of this row add up to ${inWords(sum, type)}.`, cure: `Write ${inWords(sum, type)}, or correct the hotspot that is wrong.` });
}

interface Checking {
  readonly wrong: ReadonlySet<string>;
  readonly say: Say;
}

/** The parts of a breakdown add up to all of it, where every part was counted and each row is right in itself. */
function checkParts(form: ReturnForm, sheet: ReadSheet, all: ReadRow, { wrong, say }: Checking): void {
  const parts = sheet.rows.filter(({ row }) => row.field === all.row.field && row.part !== '');
  if (parts.length === 0 || !form.additive.has(all.row.field) || [all, ...parts].some(({ row }) => wrong.has(row.code))) return;
  const values = parts.map(({ values: own }) => numberOf(own['total']));
  const total = numberOf(all.values['total']);
  if (total === null || values.includes(null)) return;
  const sum = values.reduce<number>((added, one) => added + (one ?? 0), 0);
  if (sum !== total) say(all, 'total', { severity: 'error', rule: 'parts', message: `The parts of "${String(all.row.values['figure'])}" add up to ${inWords(sum, all.row.type)}.`, cure: `Write ${inWords(sum, all.row.type)}, or correct the part that is wrong.` });
}

/** Figures that hold one another: long visits are visits, extended hours and the rest are all of them. */
function checkBetween(sheet: ReadSheet, { wrong, say }: Checking): void {
  const find = (field: string): ReadRow | undefined => sheet.rows.find(({ row }) => row.field === field && row.part === '' && !wrong.has(row.code));
  const total = (row: ReadRow | undefined): number | null => numberOf(row?.values['total']);
  const [visits, long] = [find('visits'), find('long_visits')];
  const [most, some] = [total(visits), total(long)];
  if (long && most !== null && some !== null && some > most) say(long, 'total', { severity: 'error', rule: 'part of', message: `There are more long visits than visits (${most}).`, cure: `Write ${most} or fewer, or correct the visits.` });
  const [hours, without, extended] = [find('person_minutes'), find('person_minutes_without_extended'), find('person_minutes_extended')];
  const [all, rest, more] = [total(hours), total(without), total(extended)];
  if (extended && all !== null && rest !== null && more !== null && rest + more !== all) say(extended, 'total', { severity: 'error', rule: 'part of', message: `With the hours without extended activity this makes ${inWords(rest + more, 'hours')}, not the ${inWords(all, 'hours')} of all person-hours.`, cure: `Write ${inWords(Math.max(0, all - rest), 'hours')}, or correct the other two.` });
}

/** Against what was counted and against last month: each warns and asks for a reason. */
function checkAgainst(sheet: ReadSheet, row: ReadRow, { variance }: TableFacts, say: Say): void {
  const { row: form, values } = row;
  const differs = sheet.sheet.columns.find(({ key }) => (key.startsWith('hotspot ') || key === 'total') && values[key] !== undefined && values[key] !== form.values[key]);
  if (differs) say(row, 'total', { severity: 'warning', rule: 'counted', message: `This row differs from what was counted: ${form.counted === null ? 'no figure' : inWords(form.counted, form.type)} in all.`, cure: 'Say why in the column “Reason for a difference”; better, correct the visits it is counted from.', answer: 'reason' });
  const value = numberOf(values['total']);
  const unit = form.type === 'percent' || form.type === 'change' ? 'per cent' : 'count';
  if (mustExplain({ value, lastMonth: form.lastMonth, part: form.part, unit }, variance)) say(row, 'total', { severity: 'warning', rule: 'variance', message: `This is more than ${Math.round(variance.share * 100)} % away from last month.`, cure: 'Say what happened in the column “Explanation of a change”.', answer: 'explanation' });
}

/** Past months are the ledger's, the forecast lies ahead, a head's total is the sum and within its budget. */
function checkMoney(sheet: ReadSheet, { money, largeAccrualShare, lastDay, variance }: TableFacts, say: Say): void {
  for (const row of sheet.rows) {
    const line = money.find(({ head }) => head === row.row.code);
    const at = (key: string): number => numberOf(row.values[key]) ?? 0;
    if (!line || ['budget', 'before', 'month', 'accrued', 'forecast', 'total'].some((key) => row.values[key] === undefined)) continue;
    const refuse = (key: string, rule: string, message: string, cure: string): void => say(row, key, { severity: 'error', rule, message, cure });
    const sum = at('before') + at('month') + at('forecast');
    const most = line.budgetPence + line.tolerancePence;
    if (at('budget') !== line.budgetPence) refuse('budget', 'ledger', `The agreement gives this head ${inWords(line.budgetPence, 'money')}.`, `Write ${inWords(line.budgetPence, 'money')}; a virement or a variation changes a budget.`);
    else if (at('before') !== line.beforePence) refuse('before', 'ledger', `The ledger has ${inWords(line.beforePence, 'money')} before this month.`, `Write ${inWords(line.beforePence, 'money')}; what is wrong in the ledger is corrected there.`);
    else if (line.endsOn <= lastDay && at('forecast') !== 0) refuse('forecast', 'forecast', `The agreement ended on ${line.endsOn}; nothing lies ahead.`, 'Write 0.');
    else if (at('total') !== sum) refuse('total', 'total', `Before, in the month and forecast add up to ${inWords(sum, 'money')}.`, `Write ${inWords(sum, 'money')}, or correct the part that is wrong.`);
    else if (at('total') > most) refuse('total', 'cap', `The head has ${inWords(line.budgetPence, 'money')}${line.tolerancePence > 0 ? ` and ${inWords(line.tolerancePence, 'money')} of tolerance` : ''}; this passes it.`, `Forecast ${inWords(Math.max(0, most - at('before') - at('month')), 'money')} or less, or ask for a virement.`);
    else warnMoney(row, line, { at, say, variance, share: largeAccrualShare });
  }
}

function warnMoney(row: ReadRow, line: MoneyLine, { at, say, ...rules }: { at: (key: string) => number; say: Say; variance: VarianceRule; share: number }): void {
  const { variance, share: largeAccrualShare } = rules;
  const warn = (key: string, rule: string, message: string): void => say(row, key, { severity: 'warning', rule, message, cure: 'Say why in the column “Reason for a difference”.', answer: 'reason' });
  if (mustExplain({ value: at('month'), lastMonth: line.lastMonthPence, part: '', unit: 'pence' }, variance)) say(row, 'month', { severity: 'warning', rule: 'variance', message: `This is more than ${Math.round(variance.share * 100)} % away from last month.`, cure: 'Say what happened in the column “Explanation of a change”.', answer: 'explanation' });
  if (at('month') !== line.monthPence) warn('month', 'ledger', `The ledger has ${inWords(line.monthPence, 'money')} in this month.`);
  if (at('forecast') !== line.budgetPence - line.beforePence - line.monthPence) warn('forecast', 'forecast', `${inWords(line.budgetPence - line.beforePence - line.monthPence, 'money')} of the head is left; the forecast is another.`);
  if (at('accrued') !== line.accruedPence) warn('accrued', 'ledger', `The ledger has ${inWords(line.accruedPence, 'money')} accrued.`);
  else if (line.budgetPence > 0 && at('accrued') > line.budgetPence * largeAccrualShare) warn('accrued', 'accrual', `The accrual is over ${Math.round(largeAccrualShare * 100)} % of the budget.`);
}
