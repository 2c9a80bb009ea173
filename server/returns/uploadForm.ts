/** The workbook a council looks through and sends back: a sheet a section, pre-filled. Written and read by the same description. Pure. */
import type { CouncilMonth, CouncilSection, SectionFigure, TextKind } from './collectContract.ts';
import { figureKey } from './collectSections.ts';
import type { MonthlyFigures, Status } from './contract.ts';

/** What may stand in a cell. Hours are whole minutes, money is pence. */
export type FormType = 'count' | 'hours' | 'percent' | 'change' | 'money' | 'text' | 'list' | 'date';

export interface FormColumn {
  /** `hotspot <id>` for a hotspot's own. */
  readonly key: string;
  readonly label: string;
  /** Read back from the file; the others are there to be read by people. */
  readonly entry: boolean;
  readonly width: number;
}

export type FormValue = number | string | null;

export interface FormRow {
  readonly code: string;
  readonly field: string;
  readonly part: string;
  readonly type: FormType;
  readonly list?: readonly string[];
  /** By column; shorthand where there is no number. */
  readonly values: Readonly<Record<string, FormValue>>;
  /** All of it together, as counted. */
  readonly counted: number | null;
  readonly lastMonth: number | null;
}

export interface FormSheet {
  readonly name: string;
  readonly section: string;
  readonly sectionName: string;
  readonly kind: CouncilSection['kind'];
  readonly title: string;
  readonly about: string;
  readonly columns: readonly FormColumn[];
  readonly rows: readonly FormRow[];
}

export interface ReturnForm {
  readonly month: string;
  readonly councilCode: string;
  readonly council: string;
  readonly definition: { readonly code: string; readonly version: number };
  readonly demonstration: boolean;
  readonly sheets: readonly FormSheet[];
  /** Fields whose hotspots, parts and councils add up. */
  readonly additive: ReadonlySet<string>;
  /** False for a single sheet sent as CSV, which has no cover to tell whose it is. */
  readonly cover: boolean;
}

export const coverSheet = 'Return';
/** What the cover says of itself: the label in column A, the value in column B. */
export const coverFacts = ({ definition, councilCode, month }: Pick<ReturnForm, 'definition' | 'councilCode' | 'month'>) => [
  { key: 'definition', label: 'Definition', value: definition.code }, { key: 'version', label: 'Definition version', value: String(definition.version) },
  { key: 'council', label: 'Council code', value: councilCode }, { key: 'month', label: 'Month', value: month },
] as const;

/** Where the headings stand, from 0: title, words, a line to breathe. */
export const headerRow = 3;

export const shorthandOf: Record<Exclude<Status, 'counted'>, string> = { 'not available': '[x]', 'not applicable': '[z]', 'not started': '[ns]' };
export const isShorthand = (text: string): boolean => ['[x]', '[z]', '[ns]'].includes(text);

const typeOf: Record<SectionFigure['unit'], FormType> = { count: 'count', 'person-minutes': 'hours', 'per cent': 'percent', pence: 'money' };
const unitWords: Record<FormType, string> = { count: 'number', hours: 'hours and minutes', percent: '%', change: '%', money: '£', text: 'text', list: 'one of a list', date: 'date' };

const fixed = (key: string, label: string, width: number): FormColumn => ({ key, label, entry: false, width });
const entry = (key: string, label: string, width = 16): FormColumn => ({ key, label, entry: true, width });
const ends = [entry('reason', 'Reason for a difference', 40), entry('explanation', 'Explanation of a change', 40)];

/** The form of a council's month. */
export function returnForm(own: CouncilMonth, figures: MonthlyFigures, money: readonly MoneyLine[]): ReturnForm {
  const byHotspot = new Set(figures.hotspots.flatMap((hotspot) => hotspot.figures.map((figure) => figure.field)));
  return {
    cover: true, month: own.month, councilCode: own.councilCode, council: own.council, definition: figures.definition, demonstration: figures.demonstration,
    additive: new Set(figures.fields.filter((field) => field.unit !== 'per cent' && byHotspot.has(field.code)).map(({ code }) => code)),
    sheets: own.sections.map((section) => {
      const base = { name: sheetName(section.name), section: section.code, sectionName: section.name, kind: section.kind, title: `${section.name}: ${own.council}`, about: section.about };
      if (section.kind === 'figures') return { ...base, ...figuresSheet(section, own, figures) };
      return section.kind === 'money' ? { ...base, columns: moneyColumns, rows: money.map(moneyRow) } : { ...base, ...wordsSheet(section) };
    }),
  };
}

const sheetName = (name: string): string => name.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31);

function figuresSheet(section: CouncilSection, own: CouncilMonth, figures: MonthlyFigures): Pick<FormSheet, 'columns' | 'rows'> {
  const hotspots = figures.hotspots.filter(({ councilCode }) => councilCode === own.councilCode);
  const labels = hotspots.map(({ name, liveFrom }) => (hotspots.filter((one) => one.name === name).length > 1 ? `${name} (from ${liveFrom})` : name));
  const columns = [
    fixed('code', 'Code', 30), fixed('figure', 'Figure', 36), fixed('part', 'Part', 24), fixed('unit', 'Unit', 12),
    ...hotspots.map(({ id }, index) => entry(`hotspot ${id}`, labels[index] ?? id)), entry('total', 'Total'), entry('last', 'Last month'), ...ends,
  ];
  const cells = new Map(hotspots.map(({ id, figures: own }) => [id, new Map(own.map((figure) => [figureKey(figure.field, figure.breakdown ?? ''), figure]))]));
  const rows = section.figures.map((figure): FormRow => {
    const key = figureKey(figure.field, figure.part);
    const type = figure.field.endsWith('_change') ? 'change' : typeOf[figure.unit];
    const values = Object.fromEntries(hotspots.map(({ id }): [string, FormValue] => {
      const found = cells.get(id)?.get(key);
      return [`hotspot ${id}`, found ? (found.value ?? shorthandOf[found.status === 'counted' ? 'not available' : found.status]) : '[z]'];
    }));
    const total = figure.counted ?? shorthandOf[figure.status === 'counted' ? 'not available' : figure.status];
    return {
      code: key.replace(/\/$/, ''), field: figure.field, part: figure.part, type, counted: figure.counted, lastMonth: figure.lastMonth,
      values: { figure: figure.name, part: figure.partName, unit: unitWords[type], ...values, total, last: figure.lastMonth ?? '[x]', reason: null, explanation: null },
    };
  });
  return { columns, rows };
}

/** A budget head as the money sheet has it, in pence. */
export interface MoneyLine {
  readonly head: string;
  readonly name: string;
  readonly budgetPence: number;
  readonly tolerancePence: number;
  readonly beforePence: number;
  readonly monthPence: number;
  readonly lastMonthPence: number;
  readonly accruedPence: number;
  readonly endsOn: string;
}

const moneyColumns: readonly FormColumn[] = [
  fixed('code', 'Code', 24), fixed('figure', 'Budget head', 28), entry('budget', 'Budget'), entry('before', 'Spent before the month'), entry('month', 'Spent in the month'), entry('accrued', 'Of which accrued'),
  entry('forecast', 'Forecast to the end'), entry('total', 'Total'), ...ends,
];
/** Column of the money sheet -> figure of the section. */
export const moneyFieldOf = { before: 'money_before', month: 'money_month', accrued: 'money_accrued', forecast: 'money_forecast', budget: 'money_budget' } as const;

function moneyRow({ head, name, budgetPence, beforePence, monthPence, lastMonthPence, accruedPence }: MoneyLine): FormRow {
  return {
    code: head, field: 'money_month', part: head, type: 'money', counted: monthPence, lastMonth: lastMonthPence,
    values: { figure: name, budget: budgetPence, before: beforePence, month: monthPence, accrued: accruedPence, forecast: budgetPence - beforePence - monthPence, total: budgetPence, reason: null, explanation: null },
  };
}

const questions: readonly (readonly [kind: TextKind, question: string, type: FormType, list?: readonly string[]])[] = [
  ['finality', 'Figures are', 'list', ['provisional', 'final']], ['as_at', 'Figures as at', 'date'],
  ['narrative', 'Narrative', 'text'], ['risks', 'Risks', 'text'], ['issues', 'Issues', 'text'],
];

function wordsSheet(section: CouncilSection): Pick<FormSheet, 'columns' | 'rows'> {
  return {
    columns: [fixed('code', 'Code', 16), fixed('figure', 'Question', 30), entry('answer', 'Answer', 90)],
    rows: questions.map(([kind, question, type, list]): FormRow => ({
      code: kind, field: kind, part: '', type, ...(list ? { list } : {}), counted: null, lastMonth: null, values: { figure: question, answer: section.texts.find((text) => text.kind === kind)?.text || null },
    })),
  };
}

/** True where a row's cell of a column holds what the row's type says; reasons are words. */
export const cellType = (row: FormRow, key: string): FormType => (key === 'reason' || key === 'explanation' ? 'text' : row.type);
