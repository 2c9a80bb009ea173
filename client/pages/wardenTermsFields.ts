/** The fields of each of a warden's terms, and what was typed as an entry. */
import type { z } from 'zod';
import { contractKindNames, flagNames, type getWardenTerms, pairRuleNames, type TermEntry, termEntry, type TermKind } from '../../server/patrols/wardenTermsContract.ts';
import type { Field, Values } from '../form.ts';
import { date, hoursMinutes } from '../format.ts';
import { addDays, dayNames } from '../weeks.ts';

export type Terms = z.output<typeof getWardenTerms.output>;

const optionsOf = (names: Readonly<Record<string, string>>): { value: string; label: string }[] => Object.entries(names).map(([value, label]) => ({ value, label }));
const listOf = (rows: readonly { code: string; name: string }[]): { value: string; label: string }[] => rows.map(({ code, name }) => ({ value: code, label: name }));
const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What an entry holds under a name, whatever its kind. */
type Held = Readonly<Record<string, unknown>>;

function dates(held: Held): Field[] {
  const validTo = text(held['validTo']);
  return [
    { kind: 'date', name: 'entry.validFrom', label: 'First day', value: text(held['validFrom']), required: true },
    { kind: 'date', name: 'entry.lastDay', label: 'Last day', value: validTo ? addDays(validTo, -1) : undefined },
  ];
}

/** The fields of a kind of term, filled with an entry that is changed. */
export function termFields(term: TermKind, terms: Terms, entry?: TermEntry): Field[] {
  const held: Held = entry ?? {};
  const minute = (name: string): string | undefined => (typeof held[name] === 'number' ? clock(held[name]) : undefined);
  const own: Record<TermKind, Field[]> = {
    contract: [
      { kind: 'select', name: 'entry.contractKind', label: 'Contract', value: text(held['contractKind']) ?? 'permanent', required: true, options: optionsOf(contractKindNames) },
      { kind: 'number', name: 'entry.hours', label: 'Hours', value: typeof held['contractMinutesPerWeek'] === 'number' ? held['contractMinutesPerWeek'] / 60 : 37, unit: 'hours a week', min: 0, max: 168, whole: false, required: true }, ...dates(held),
    ],
    power: [{ kind: 'select', name: 'entry.actionCode', label: 'Power', value: text(held['actionCode']), required: true, options: listOf(terms.powers) }, ...dates(held)],
    absence: [
      { kind: 'select', name: 'entry.absenceKind', label: 'Kind', hint: 'Why somebody is absent is not kept', value: text(held['absenceKind']) ?? 'annual_leave', required: true, options: listOf(terms.absenceKinds) },
      { kind: 'date', name: 'entry.firstDay', label: 'First day', value: text(held['firstDay']), required: true }, { kind: 'date', name: 'entry.lastDay', label: 'Last day', value: text(held['lastDay']), required: true },
      { kind: 'time', name: 'entry.fromMinute', label: 'From', hint: 'Whole days where left out', value: minute('fromMinute') }, { kind: 'time', name: 'entry.untilMinute', label: 'Until', value: minute('untilMinute') },
    ],
    wish: [
      { kind: 'select', name: 'entry.wanted', label: 'Wish', value: held['wanted'] === false ? 'no' : 'yes', required: true, options: [{ value: 'yes', label: 'Would like to work' }, { value: 'no', label: 'Would rather not work' }] },
      { kind: 'select', name: 'entry.weekday', label: 'Day', blank: 'Every day', value: typeof held['weekday'] === 'number' ? String(held['weekday']) : undefined, options: dayNames.map((label, index) => ({ value: String(index + 1), label })) },
      { kind: 'select', name: 'entry.shiftCode', label: 'Shift', blank: 'Every shift', value: text(held['shiftCode']), options: listOf(terms.shifts) }, ...dates(held),
    ],
    flag: [
      { kind: 'select', name: 'entry.flag', label: 'What', value: text(held['flag']) ?? 'no_nights', required: true, options: optionsOf(flagNames) },
      { kind: 'date', name: 'entry.signedOn', label: 'Signed on', hint: 'For an opt-out, which is in writing', value: text(held['signedOn']) }, ...dates(held),
    ],
    pair: [
      { kind: 'select', name: 'entry.otherWardenId', label: 'With', value: text(held['otherWardenId']), required: true, options: terms.others.map(({ id, reference }) => ({ value: id, label: reference })) },
      { kind: 'select', name: 'entry.pairRule', label: 'Rule', value: text(held['pairRule']) ?? 'should_not', required: true, options: optionsOf(pairRuleNames) }, ...dates(held),
    ],
  };
  return own[term];
}

function minuteOf(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const [hours, minutes] = value.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

/** What was typed, as the entry that is sent. */
export function toEntry(term: TermKind, values: Values): TermEntry {
  const of = (name: string): unknown => values[`entry.${name}`] ?? null;
  const lastDay = text(of('lastDay'));
  const span = { validFrom: of('validFrom'), validTo: lastDay ? addDays(lastDay, 1) : null };
  const own: Record<TermKind, object> = {
    contract: { contractKind: of('contractKind'), contractMinutesPerWeek: Math.round(Number(of('hours')) * 60), ...span },
    power: { actionCode: of('actionCode'), ...span },
    absence: { absenceKind: of('absenceKind'), firstDay: of('firstDay'), lastDay: of('lastDay'), fromMinute: minuteOf(of('fromMinute')), untilMinute: minuteOf(of('untilMinute')) },
    wish: { wanted: of('wanted') === 'yes', weekday: of('weekday') === null ? null : Number(of('weekday')), shiftCode: of('shiftCode'), ...span },
    flag: { flag: of('flag'), signedOn: of('signedOn'), ...span },
    pair: { otherWardenId: of('otherWardenId'), pairRule: of('pairRule'), ...span },
  };
  return termEntry.parse({ term, ...own[term] });
}

const nameOf = (rows: readonly { code: string; name: string }[], code: string): string => rows.find((row) => row.code === code)?.name ?? code;
const ends = ({ validFrom, validTo }: { validFrom: string; validTo: string | null }): string => (validTo === null ? `from ${date(validFrom)}` : `${date(validFrom)} to ${date(addDays(validTo, -1))}`);

/** An entry in words: what it is, and when. */
export function sayTerm(entry: TermEntry, terms: Terms): { what: string; when: string } {
  switch (entry.term) {
    case 'contract': return { what: `${contractKindNames[entry.contractKind]}, ${hoursMinutes(entry.contractMinutesPerWeek)} a week`, when: ends(entry) };
    case 'power': return { what: nameOf(terms.powers, entry.actionCode), when: ends(entry) };
    case 'absence': return {
      what: nameOf(terms.absenceKinds, entry.absenceKind),
      when: `${entry.firstDay === entry.lastDay ? date(entry.firstDay) : `${date(entry.firstDay)} to ${date(entry.lastDay)}`}${entry.fromMinute === null || entry.untilMinute === null ? '' : `, ${clock(entry.fromMinute)}–${clock(entry.untilMinute)}`}`,
    };
    case 'wish': return { what: `${entry.wanted ? 'Would like' : 'Would rather not'}: ${[entry.weekday === null ? 'every day' : dayNames[entry.weekday - 1], entry.shiftCode === null ? '' : nameOf(terms.shifts, entry.shiftCode)].filter(Boolean).join(', ')}`, when: ends(entry) };
    case 'flag': return { what: `${flagNames[entry.flag]}${entry.signedOn ? `, signed on ${date(entry.signedOn)}` : ''}`, when: ends(entry) };
    case 'pair': return { what: `${pairRuleNames[entry.pairRule]}: ${terms.others.find(({ id }) => id === entry.otherWardenId)?.reference ?? ''}`, when: ends(entry) };
  }
}
