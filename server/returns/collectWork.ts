/** A council's month put together from what was counted and what the council said; and what the council does with it. */
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import { canonicalHash } from '../canonical.ts';
import { AppError, conflict, invalid, notFound } from '../errors.ts';
import { addMonths } from '../hotspots/months.ts';
import { numberSetting } from '../settings/queries.ts';
import type { CollectingBoard, CouncilMonth, CouncilSection, FigureToConfirm, SectionFigure, SectionStepKind, TextKind } from './collectContract.ts';
import { moneyFigures } from './collectMoney.ts';
import * as queries from './collectQueries.ts';
import { countedFigures, figureKey, isOpen, judgeFigure, missingOf, nameOf, stateOfSection, textNames, type VarianceRule } from './collectSections.ts';
import { monthlyDefinition, type MonthlyFigures, type ReturnDefinition } from './contract.ts';
import { deadlineOf, dueOn, lastDayOf, localMonth } from './deadline.ts';
import { monthlyFigures } from './figures.ts';
import { findDefinition, listBankHolidays, loadMonth } from './queries.ts';
import { sayMonth } from './words.ts';

export interface MonthsAsked {
  readonly month: string;
  /** ['*'] or council codes. */
  readonly councils: readonly string[];
  readonly now: Date;
}

export interface LoadedMonths {
  readonly definition: ReturnDefinition;
  readonly figures: MonthlyFigures;
  readonly before: MonthlyFigures | undefined;
  readonly months: CouncilMonth[];
  readonly money: queries.MoneyRow[];
}

const today = (now: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(now);
const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** Every council of a scope with something to say of a month, pre-filled. */
export async function loadMonths(db: Knex, { month, councils, now }: MonthsAsked): Promise<LoadedMonths> {
  const current = localMonth(now);
  if (month > current) throw new AppError(422, 'month_in_future', `${sayMonth(month)} has not begun. Choose a month up to ${sayMonth(current)}.`);
  const definition = await findDefinition(db, monthlyDefinition, month);
  if (!definition) throw new AppError(404, 'no_definition', `No definition of the monthly return is in force in ${sayMonth(month)}. Choose a later month.`);
  const figures = monthlyFigures(await loadMonth(db, { month, councils }), definition);
  const before = await monthBefore(db, month, councils);
  const rule = await varianceRule(db, month);
  const sections = await queries.listSections(db, month);
  const said = { steps: await queries.listSteps(db, month, councils), given: await queries.listGiven(db, month, councils), texts: await queries.listTexts(db, month, councils) };
  const money = await queries.listMoney(db, month, councils);
  const due = await datesOf(db, definition, { month, now });
  const months = (await queries.listCouncilsOf(db, month, councils)).map(({ code, name }): CouncilMonth => ({
    month, councilCode: code, council: name, monthEnded: month < current, started: figures.councils.some((one) => one.code === code && one.status === 'started'), ...due, variancePercent: rule.share * 100,
    sections: sections.map((section): CouncilSection => {
      const counted = section.kind === 'money' ? moneyFigures(money.filter((row) => row.councilCode === code)) : countedFigures(section, sections, { now: figures, before, councilCode: code });
      const own = new Map(said.given.filter((row) => row.councilCode === code).map(({ councilCode: _code, field, part, ...given }) => [figureKey(field, part), given]));
      const judged = counted.map((figure) => judgeFigure(figure, own.get(figureKey(figure.field, figure.part)) ?? null, rule));
      const texts = section.kind === 'words' ? textsOf(said.texts, code) : [];
      const steps = said.steps.filter((row) => row.councilCode === code && row.section === section.code).map(({ step, reason, by, at }) => ({ step, reason, by, at }));
      const begun = judged.some(({ given }) => given !== null) || texts.some(({ text }) => text !== '');
      return {
        code: section.code, name: section.name, kind: section.kind, about: section.about, state: stateOfSection(steps.at(-1)?.step, begun), figures: judged, texts, steps,
        missing: missingOf(judged, texts, section.kind), seen: seenOf(judged),
      };
    }),
  }));
  return { definition, figures, before, months, money };
}

/** What the council saw: counted again differently, what it confirms is something else. */
const seenOf = (figures: readonly SectionFigure[]): string => canonicalHash(figures.map(({ field, part, counted }) => [field, part, counted]));

async function monthBefore(db: Knex, month: string, councils: readonly string[]): Promise<MonthlyFigures | undefined> {
  const before = addMonths(month, -1);
  const definition = await findDefinition(db, monthlyDefinition, before);
  if (!definition) return undefined;
  const loaded = await loadMonth(db, { month: before, councils });
  return loaded.hotspots.length === 0 ? undefined : monthlyFigures(loaded, definition);
}

export async function varianceRule(db: Knex, month: string): Promise<VarianceRule> {
  return { share: await numberSetting(db, 'return_variance_share', `${month}-01`), least: await numberSetting(db, 'return_variance_least', `${month}-01`) };
}

/** When a council's month is due, and the whole return. */
export async function datesOf(db: Knex, definition: ReturnDefinition, { month, now }: { month: string; now: Date }): Promise<Pick<CouncilMonth, 'dueOn' | 'daysLeft' | 'returnDueOn'>> {
  const holidays = await listBankHolidays(db);
  const day = dueOn(month, await numberSetting(db, 'return_council_working_day', `${month}-01`), holidays);
  return { dueOn: day, daysLeft: daysBetween(today(now), day), returnDueOn: deadlineOf(definition.deadline, { first: `${month}-01`, last: lastDayOf(month) }, holidays) ?? day };
}

function textsOf(rows: readonly queries.TextRow[], councilCode: string): CouncilSection['texts'] {
  return (['narrative', 'risks', 'issues', 'finality', 'as_at'] as const).map((kind) => {
    const row = rows.find((one) => one.councilCode === councilCode && one.kind === kind);
    return { kind, name: textNames[kind], text: row?.text ?? '', by: row?.by ?? null, at: row?.at ?? null };
  });
}

interface BoardFacts {
  readonly counts: readonly { readonly councilCode: string; readonly uploadErrors: number; readonly reminders: number }[];
  /** Not explained by anybody, by council code. */
  readonly conflicts: ReadonlyMap<string, number>;
  readonly dates: Pick<CouncilMonth, 'dueOn' | 'daysLeft' | 'returnDueOn'>;
  readonly now: Date;
}

/** The month's board: councils down, sections across. */
export function boardOf(month: string, months: readonly CouncilMonth[], { counts, conflicts, dates, now }: BoardFacts): CollectingBoard {
  return {
    month, monthEnded: month < localMonth(now), ...dates, returnDaysLeft: daysBetween(today(now), dates.returnDueOn),
    sections: (months[0]?.sections ?? []).map(({ code, name }) => ({ code, name })),
    councils: months.map(({ councilCode, council, started, sections }) => {
      const count = counts.find((row) => row.councilCode === councilCode);
      return {
        councilCode, council, started, uploadErrors: count?.uploadErrors ?? 0, conflicts: conflicts.get(councilCode) ?? 0, reminders: count?.reminders ?? 0,
        sections: sections.map(({ code, state, figures, missing }) => ({ code, state, figures: figures.length, confirmed: figures.filter((one) => one.state === 'confirmed' || one.state === 'corrected').length, missing: missing.length })),
      };
    }),
  };
}

export interface CouncilAsked {
  readonly month: string;
  readonly councilCode: string;
}

export interface CollectContext {
  readonly db: Knex.Transaction;
  readonly actor: Actor;
  readonly councils: readonly string[];
  readonly now: Date;
}

const sees = (councils: readonly string[], code: string): boolean => councils.includes('*') || councils.includes(code);

/** One council's month, or 404 when it is another's or has nothing to report. */
export async function loadCouncilMonth({ db, councils, now }: Omit<CollectContext, 'actor'>, { month, councilCode }: CouncilAsked): Promise<LoadedMonths & { own: CouncilMonth }> {
  if (!sees(councils, councilCode)) throw notFound('council');
  const loaded = await loadMonths(db, { month, councils: [councilCode], now });
  const own = loaded.months.find((one) => one.councilCode === councilCode);
  if (!own) throw notFound('council with something to report in this month');
  return { ...loaded, own };
}

function sectionOf(own: CouncilMonth, code: string): CouncilSection {
  const section = own.sections.find((one) => one.code === code);
  if (!section) throw notFound('section');
  return section;
}

/** Refuses to write in a section that is on its way. */
export function refuseClosed(section: Pick<CouncilSection, 'name' | 'state'>): void {
  if (!isOpen(section.state)) throw conflict('section_closed', `The section "${section.name}" is ${section.state}. Take it back first, or wait for what the office answers.`);
}

/** Confirms figures as counted or corrects them with a reason; all of them or none. */
export async function confirm(context: CollectContext, asked: CouncilAsked & { section: string; seen: string; figures: readonly FigureToConfirm[] }): Promise<CouncilMonth> {
  const { db, actor, now } = context;
  const { own } = await loadCouncilMonth(context, asked);
  const section = sectionOf(own, asked.section);
  refuseClosed(section);
  if (section.seen !== asked.seen) throw conflict('figures_counted_anew', 'The figures were counted anew since the page was opened. Reload it and look again.');
  const known = new Map(section.figures.map((figure) => [figureKey(figure.field, figure.part), figure]));
  const problems = asked.figures.flatMap((figure, index) => problemsOf(figure, known.get(figureKey(figure.field, figure.part)), index));
  if (problems.length > 0) throw invalid(problems);
  const rows = asked.figures.map((figure): queries.NewFigure => {
    const counted = known.get(figureKey(figure.field, figure.part))?.counted ?? null;
    return { ...asked, field: figure.field, part: figure.part, counted, value: figure.value ?? counted, hotspots: {}, reason: figure.reason, explanation: figure.explanation, origin: 'page', by: actor.personId, at: now };
  });
  await queries.insertFigures(db, rows);
  await recordEvent(db, actor, {
    action: 'returnFiguresConfirmed', subjectKind: 'return_section', subjectId: `${asked.month} ${asked.councilCode} ${asked.section}`, councilCode: asked.councilCode,
    after: { figures: rows.length, corrected: rows.filter((row) => row.value !== row.counted).map(({ field, part, counted, value, reason }) => ({ field, part, counted, value, reason })) },
  });
  return (await loadCouncilMonth(context, asked)).own;
}

function problemsOf(figure: FigureToConfirm, known: SectionFigure | undefined, index: number): { field: string; message: string }[] {
  const at = (name: string, message: string) => [{ field: `figures.${index}.${name}`, message }];
  if (!known) return at('field', `There is no figure ${figureKey(figure.field, figure.part)} in this section. Reload the page.`);
  if (figure.value === undefined) return [];
  if (known.counted === null) return at('value', `${nameOf(known)} has no figure: ${known.why ?? 'it was not counted.'} Record what it is counted from instead.`);
  if (known.unit !== 'per cent' && !Number.isInteger(figure.value)) return at('value', `${nameOf(known)} is a whole number. Leave out the fraction.`);
  if (known.unit !== 'per cent' && known.unit !== 'pence' && figure.value < 0) return at('value', `${nameOf(known)} cannot be below 0.`);
  return figure.value !== known.counted && figure.reason === '' ? at('reason', `Say why ${nameOf(known)} differs from what was counted.`) : [];
}

/** Writes one of a council's texts. */
export async function writeWords(context: CollectContext, asked: CouncilAsked & { kind: TextKind; text: string }): Promise<CouncilMonth> {
  const { own } = await loadCouncilMonth(context, asked);
  const section = own.sections.find(({ kind }) => kind === 'words');
  if (!section) throw notFound('section for words');
  refuseClosed(section);
  if (asked.kind === 'finality' && !['provisional', 'final'].includes(asked.text)) throw invalid([{ field: 'text', message: 'Write provisional or final.' }]);
  if (asked.kind === 'as_at' && !/^\d{4}-\d{2}-\d{2}$/.test(asked.text)) throw invalid([{ field: 'text', message: 'Write the day as 2023-11-06.' }]);
  await queries.insertText(context.db, { ...asked, by: context.actor.personId, at: context.now });
  await recordEvent(context.db, context.actor, { action: 'returnWordsWritten', subjectKind: 'return_section', subjectId: `${asked.month} ${asked.councilCode} ${section.code}`, councilCode: asked.councilCode, after: { kind: asked.kind, text: asked.text } });
  return (await loadCouncilMonth(context, asked)).own;
}

const needReason: readonly SectionStepKind[] = ['changesRequested', 'reopened'];

/** Takes a step of a section; a section with something missing is not ready. */
export async function step(context: CollectContext, asked: CouncilAsked & { section: string; step: SectionStepKind; reason: string }): Promise<CouncilMonth> {
  const { db, actor, now } = context;
  const { own } = await loadCouncilMonth(context, asked);
  const section = sectionOf(own, asked.section);
  if (needReason.includes(asked.step) && asked.reason === '') throw invalid([{ field: 'reason', message: 'Say why.' }]);
  if (['readied', 'submitted'].includes(asked.step) && section.missing.length > 0) {
    throw new AppError(409, 'section_not_whole', `The section "${section.name}" is not whole. ${section.missing.join(' ')}`);
  }
  if (asked.step === 'submitted' && !own.monthEnded) throw new AppError(409, 'month_not_ended', `${sayMonth(asked.month)} has not ended. Submit the section after its last day.`);
  await queries.insertStep(db, { ...asked, by: actor.personId, at: now });
  await recordEvent(db, actor, {
    action: `returnSection${asked.step.charAt(0).toUpperCase()}${asked.step.slice(1)}`, subjectKind: 'return_section', subjectId: `${asked.month} ${asked.councilCode} ${asked.section}`, councilCode: asked.councilCode,
    before: { state: section.state }, after: { step: asked.step }, ...(asked.reason === '' ? {} : { reason: asked.reason }),
  });
  return (await loadCouncilMonth(context, asked)).own;
}
