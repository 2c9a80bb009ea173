/** The figures of a section: what was counted, what the council says, and the form to correct or explain one. */
import { confirmFigures, type CouncilMonth, type CouncilSection, type FigureUnit, type SectionFigure } from '../../server/returns/collectContract.ts';
import { call } from '../api.ts';
import { change, count, hoursMinutes, money, percent } from '../format.ts';
import { createForm, type Field, type Form } from '../form.ts';
import { button } from '../frame.ts';
import { html, nothing, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { note, tag } from '../states.ts';
import { createTable, type Column, type Table } from '../table.ts';

/** A figure in words by its unit. */
export function sayFigure(value: number | null, unit: FigureUnit, missing = 'not available'): string {
  if (value === null) return missing;
  if (unit === 'person-minutes') return hoursMinutes(value);
  if (unit === 'pence') return money(value);
  return unit === 'per cent' ? percent(value / 100) : count(value);
}

const stateKinds = { 'to confirm': 'plain', confirmed: 'good', corrected: 'warning', 'changed since': 'danger' } as const;
const nameOf = ({ name, part, partName }: SectionFigure): string => (part === '' ? name : `${name}, ${partName}`);
const keyOf = ({ field, part }: SectionFigure): string => `${field}/${part}`;
const waits = ({ state }: SectionFigure): boolean => state === 'to confirm' || state === 'changed since';

export interface FiguresOptions {
  readonly month: string;
  readonly councilCode: string;
  readonly section: string;
  /** The section's name, for the table's caption. */
  readonly called: string;
  /** May the person write in it. */
  readonly writes: boolean;
  readonly redraw: () => void;
  readonly done: (after: CouncilMonth, words: string) => void;
  readonly failed: (error: unknown) => void;
}

export interface SectionFigures {
  view: (section: CouncilSection) => Content;
}

/** Keeps which figure is being corrected between draws. */
export function sectionFigures(options: FiguresOptions): SectionFigures {
  let own: CouncilSection | undefined;
  let chosen: { figure: SectionFigure; form: Form } | undefined;
  const send = async (figures: Parameters<typeof call<typeof confirmFigures.input, typeof confirmFigures.output>>[1]['figures'], words: string): Promise<void> => {
    const { month, councilCode, section } = options;
    const after = await call(confirmFigures, { month, councilCode, section, seen: own?.seen ?? '', figures });
    chosen = undefined;
    options.done(after, words);
  };
  const choose = (figure: SectionFigure): void => {
    chosen = { figure, form: correctForm(figure, options.redraw, (given) => send([{ field: figure.field, part: figure.part, ...given }], `${nameOf(figure)} is kept.`)) };
    options.redraw();
    requestAnimationFrame(() => document.querySelector('.figure-form')?.scrollIntoView({ block: 'nearest' }));
  };
  const table: Table<SectionFigure> = createTable({ caption: `Figures: ${options.called}`, rowId: keyOf, redraw: options.redraw, tools: false, columns: columnsOf(options.writes, choose), limit: 100 });
  const confirmAll = (figures: readonly SectionFigure[]): void => {
    void send(figures.map(({ field, part, given }) => ({ field, part, explanation: given?.explanation ?? '' })), `${figures.length} figures are confirmed as counted.`).catch(options.failed);
  };
  return {
    view(section) {
      own = section;
      const open = section.figures.filter(waits);
      return html`
        ${options.writes && open.length > 0 ? html`<p>${button(open.length === 1 ? 'Confirm the figure as counted' : `Confirm ${open.length} figures as counted`, () => confirmAll(open))}</p>` : nothing}
        ${table.view(section.figures)}
        ${chosen ? html`<div class="figure-form"><h3 class="govuk-heading-s">${nameOf(chosen.figure)}</h3>
          <p>${chosen.figure.definition} Counted: ${sayFigure(chosen.figure.counted, chosen.figure.unit, chosen.figure.status)}. Last month: ${sayFigure(chosen.figure.lastMonth, chosen.figure.unit)}.</p>${chosen.form.view()}</div>` : nothing}`;
    },
  };
}

function columnsOf(writes: boolean, choose: (figure: SectionFigure) => void): readonly Column<SectionFigure>[] {
  return [
    { key: 'name', label: 'Figure', value: nameOf, show: (row) => html`<span title=${row.definition}>${nameOf(row)}</span>` },
    { key: 'counted', label: 'Counted', kind: 'text', value: (row) => sayFigure(row.counted, row.unit, row.status), show: (row) => (row.rows && row.counted !== null ? html`<a href=${row.rows}>${sayFigure(row.counted, row.unit)}</a>` : html`<span title=${row.why ?? ''}>${sayFigure(row.counted, row.unit, row.status)}</span>`) },
    { key: 'last', label: 'Last month', value: (row) => sayFigure(row.lastMonth, row.unit, '') },
    { key: 'change', label: 'Change', value: (row) => (row.change === null || row.unit === 'per cent' ? '' : change(row.change)) },
    { key: 'given', label: mayDo('sendMonths') ? 'You say' : 'The council says', value: (row) => (row.given ? sayFigure(row.given.value, row.unit, row.status) : ''), show: (row) => (row.given ? html`<div>${sayFigure(row.given.value, row.unit, row.status)}${wordsOf(row)}</div>` : '') },
    { key: 'state', label: 'State', value: (row) => row.state, show: (row) => html`<div class="board__cell">${tag(row.state, stateKinds[row.state])}${row.mustExplain && !row.given?.explanation ? html` ${tag('explain', 'warning')}` : nothing}</div>` },
    ...(writes ? [{ key: 'open', label: 'Correct', bare: true, value: () => '', show: (row: SectionFigure) => html`<button type="button" class="table__choose" aria-label="Correct or explain ${nameOf(row)}" @click=${() => choose(row)}>Correct or explain</button>` }] : []),
  ];
}

function wordsOf({ given }: SectionFigure): Content {
  if (!given || (given.reason === '' && given.explanation === '')) return nothing;
  return html`<br><span class="board__count">${[given.reason, given.explanation].filter(Boolean).join(' · ')}</span>`;
}

type Correction = { value?: number; reason: string; explanation: string };

function correctForm(figure: SectionFigure, redraw: () => void, keep: (given: Correction) => Promise<void>): Form {
  const fields: Field[] = [
    ...(figure.counted === null ? [] : [valueField(figure)]),
    { kind: 'text', name: 'reason', label: 'Reason for a difference', hint: 'Needed when the figure is not the one counted', value: figure.given?.reason, size: 'long' },
    { kind: 'text', name: 'explanation', label: 'Explanation of the change since last month', value: figure.given?.explanation, size: 'long' },
  ];
  const form = createForm({
    submit: 'Keep', redraw, fields,
    action: async (values) => {
      const value = readValue(values['value'], figure.unit);
      if (typeof value === 'string') return form.refuse([{ field: 'value', message: value }]);
      await keep({ ...(value === undefined ? {} : { value }), reason: String(values['reason'] ?? ''), explanation: String(values['explanation'] ?? '') });
    },
  });
  return form;
}

function valueField({ unit, given, counted }: SectionFigure): Field {
  const now = given?.value ?? counted ?? 0;
  const hint = 'Leave blank to keep what was counted. Better: correct the rows it is counted from.';
  if (unit === 'pence') return { kind: 'money', name: 'value', label: 'The right amount', hint, value: given && given.value !== counted ? now : undefined };
  if (unit === 'person-minutes') return { kind: 'text', name: 'value', label: 'The right hours and minutes, as 12:30', hint, size: 'short', value: given && given.value !== counted ? `${Math.floor(now / 60)}:${String(now % 60).padStart(2, '0')}` : undefined };
  return { kind: 'number', name: 'value', label: 'The right number', hint, value: given && given.value !== counted ? now : undefined, whole: unit !== 'per cent' };
}

/** A typed value in the figure's unit; words when it cannot be read. */
function readValue(value: unknown, unit: FigureUnit): number | undefined | string {
  if (value === undefined) return undefined;
  if (unit !== 'person-minutes') return Number(value);
  const [, hours, minutes] = /^(\d{1,6}):([0-5]\d)$/.exec(String(value).trim()) ?? [];
  return hours === undefined ? 'Write hours and minutes as 12:30.' : Number(hours) * 60 + Number(minutes);
}

export const noFigures = (): Content => note('info', 'There is nothing to confirm here in this month.');
