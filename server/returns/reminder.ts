/** Which reminder a council's month is due for, and its words. Pure. */
import { sayDate, sayMonth } from './words.ts';

export interface ReminderToSend {
  readonly code: string;
  /** Days from the day the month is due; below 0 before it. */
  readonly days: number;
  readonly subject: string;
  readonly body: string;
}

const dayMs = 86_400_000;
/** How long after its day a reminder still goes out, so that a service that stood still does not send all of last year's. */
const catchUpDays = 6;

/** The last reminder whose day has come and is not long gone; earlier ones are not sent after it. Dates are YYYY-MM-DD. */
export function dueReminder<R extends Pick<ReminderToSend, 'days'>>(rules: readonly R[], dueOn: string, today: string): R | undefined {
  const late = Math.round((Date.parse(today) - Date.parse(dueOn)) / dayMs);
  const come = rules.filter(({ days }) => days <= late).toSorted((a, b) => a.days - b.days).at(-1);
  return come && late - come.days <= catchUpDays ? come : undefined;
}

export interface ReminderFacts {
  readonly council: string;
  /** Of the office's own: what is due, and the period in words where it is not one month. */
  readonly what?: string;
  readonly period?: string;
  readonly month: string;
  readonly dueOn: string;
  readonly today: string;
  /** Names of the sections that have not been sent. */
  readonly sections: readonly string[];
  readonly address: string;
}

/** A rule's words with the facts in place; what is in braces and not known stays as it is. */
export function wordReminder({ subject, body }: Pick<ReminderToSend, 'subject' | 'body'>, facts: ReminderFacts): { subject: string; body: string } {
  const days = Math.abs(Math.round((Date.parse(facts.today) - Date.parse(facts.dueOn)) / dayMs));
  const values: Record<string, string> = {
    council: facts.council, what: facts.what ?? '', month: facts.period ?? sayMonth(facts.month), due: sayDate(facts.dueOn), days: days === 1 ? '1 day' : `${days} days`, sections: facts.sections.join(', '), address: facts.address,
  };
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? whole) : whole));
  return { subject: fill(subject), body: fill(body) };
}
