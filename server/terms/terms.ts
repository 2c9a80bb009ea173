/** What an agreement says as a rule: what is wrong with terms, what differs between two, and how money is spread over periods. Pure. */
import type { Leg } from '../ledger/contract.ts';
import type { Difference, HeadTerms, PaymentBasis, ProfileAmount, TargetTerms } from './contract.ts';

export interface Span {
  /** First and last day, both included. */
  readonly startsOn: string;
  readonly endsOn: string;
}

/** Everything that a version says and two versions can differ in. */
export interface TermsSaid {
  readonly ceilingPence: number;
  readonly endsOn: string;
  readonly productiveRatio: number;
  readonly paymentBasis: PaymentBasis;
  readonly overheadsAgreed: boolean;
  readonly overheadsPercent: number | null;
  readonly heads: readonly HeadTerms[];
  readonly targets: readonly TargetTerms[];
  readonly hotspotIds: readonly string[];
}

/** Old -> new by field, head, period and hotspot; nothing where both say the same. Amounts are pence, targets person-minutes. */
export function differences(before: TermsSaid, after: TermsSaid): Difference[] {
  const field = (name: Difference['field'], from: Difference['from'], to: Difference['to'], of = ''): Difference[] => (from === to ? [] : [{ field: name, of, from, to }]);
  const keys = <T>(of: (said: TermsSaid) => readonly T[], key: (each: T) => string): string[] => [...new Set([...of(before).map(key), ...of(after).map(key)])].sort();
  const head = (said: TermsSaid, name: string): HeadTerms | undefined => said.heads.find((each) => each.head === name);
  const target = (said: TermsSaid, startsOn: string): TargetTerms | undefined => said.targets.find((each) => each.startsOn === startsOn);
  return [
    ...field('ceiling', before.ceilingPence, after.ceilingPence),
    ...field('endsOn', before.endsOn, after.endsOn),
    ...field('productiveRatio', before.productiveRatio, after.productiveRatio),
    ...field('paymentBasis', before.paymentBasis, after.paymentBasis),
    ...field('overheadsAgreed', before.overheadsAgreed ? 'yes' : 'no', after.overheadsAgreed ? 'yes' : 'no'),
    ...field('overheadsPercent', before.overheadsPercent, after.overheadsPercent),
    ...keys(({ heads }) => heads, (each) => each.head).flatMap((name) => [
      ...field('budget', head(before, name)?.budgetPence ?? null, head(after, name)?.budgetPence ?? null, name),
      ...field('tolerance', head(before, name)?.tolerancePence ?? null, head(after, name)?.tolerancePence ?? null, name),
    ]),
    ...keys(({ targets }) => targets, (each) => each.startsOn).flatMap((startsOn) => field('target', target(before, startsOn)?.personMinutes ?? null, target(after, startsOn)?.personMinutes ?? null, startsOn)),
    ...keys(({ hotspotIds }) => hotspotIds, String).flatMap((id) => field('hotspot', before.hotspotIds.includes(id) ? 'named' : null, after.hotspotIds.includes(id) ? 'named' : null, id)),
  ];
}

export interface KnownHead {
  readonly name: string;
  readonly needsAgreement: boolean;
}

/** What is wrong with terms, in words by field; nothing when they can be signed. Amounts are pence. */
export function termsFaults(said: TermsSaid, startsOn: string, known: readonly KnownHead[]): { field: string; message: string }[] {
  const faults = [...headFaults(said, known), ...profileFaults(said, startsOn), ...targetFaults(said, startsOn)];
  if (said.endsOn <= startsOn) faults.push({ field: 'endsOn', message: `The last day, ${said.endsOn}, must be after the first, ${startsOn}. Give a later one.` });
  if (said.ceilingPence <= 0) faults.push({ field: 'ceilingPence', message: 'The amount must be over £0.00.' });
  return faults;
}

const fault = (field: string) => (message: string) => ({ field, message });

function headFaults({ ceilingPence, heads, overheadsAgreed, overheadsPercent }: TermsSaid, known: readonly KnownHead[]): { field: string; message: string }[] {
  const say = fault('heads');
  const names = heads.map(({ head }) => head);
  const total = sum(heads.map(({ budgetPence }) => budgetPence));
  const needs = (head: string): boolean => known.some(({ name, needsAgreement }) => name === head && needsAgreement);
  const overheads = sum(heads.filter(({ head }) => needs(head)).map(({ budgetPence }) => budgetPence));
  return [
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => say(`The head “${name}” is there twice. Give each head once.`)),
    ...names.filter((name) => !known.some((each) => each.name === name)).map((name) => say(`“${name}” is no budget head in use on this day. Use one of: ${known.map((each) => each.name).filter(Boolean).join(', ')}; or add it to the list first.`)),
    ...heads.filter(({ budgetPence }) => budgetPence <= 0).map(({ head }) => say(`The budget of “${shown(head)}” is not over £0.00. Enter an amount, or leave the head out.`)),
    ...heads.filter(({ tolerancePence }) => tolerancePence < 0).map(({ head }) => say(`The tolerance of “${shown(head)}” is below £0.00. Enter £0.00 or more.`)),
    ...(total === ceilingPence ? [] : [say(`The budgets add up to ${pounds(total)} and the agreement’s value is ${pounds(ceilingPence)}. Change a budget by ${pounds(ceilingPence - total)}.`)]),
    ...(overheads > 0 && !overheadsAgreed ? [say('Overheads are in the budget and the agreement does not allow them. Say that they are agreed, or take them out.')] : []),
    ...(overheadsPercent !== null && overheads > halfUp((total - overheads) * overheadsPercent)
      ? [say(`Overheads of ${pounds(overheads)} pass ${overheadsPercent} % of the other heads, ${pounds(halfUp((total - overheads) * overheadsPercent))}. Lower them.`)] : []),
  ];
}

/** A hundredth of pence × percent (two decimals at most), half up. */
const halfUp = (hundredfold: number): number => Math.floor((Math.round(hundredfold * 100) + 5000) / 10_000);

function profileFaults({ heads, endsOn }: TermsSaid, startsOn: string): { field: string; message: string }[] {
  const say = fault('heads');
  return heads.flatMap(({ head, budgetPence, profile }) => {
    if (profile.length === 0) return [];
    const days = profile.map((each) => each.startsOn);
    const total = sum(profile.map(({ amountPence }) => amountPence));
    return [
      ...days.filter((day, index) => days.indexOf(day) !== index).map((day) => say(`“${shown(head)}” has two amounts for the period from ${day}. Give one.`)),
      ...days.filter((day) => day < startsOn || day > endsOn).map((day) => say(`“${shown(head)}” has an amount for ${day}, outside the agreement. Give one from ${startsOn} to ${endsOn}.`)),
      ...profile.filter(({ amountPence }) => amountPence < 0).map((each) => say(`“${shown(head)}” has less than £0.00 for the period from ${each.startsOn}. Enter £0.00 or more.`)),
      ...(total === budgetPence ? [] : [say(`The periods of “${shown(head)}” add up to ${pounds(total)}, its budget is ${pounds(budgetPence)}. Change a period by ${pounds(budgetPence - total)}.`)]),
    ];
  });
}

function targetFaults({ targets, endsOn }: TermsSaid, startsOn: string): { field: string; message: string }[] {
  const say = fault('targets');
  const inOrder = targets.toSorted((a, b) => (a.startsOn < b.startsOn ? -1 : 1));
  return [
    ...inOrder.filter((each) => each.endsOn < each.startsOn).map((each) => say(`The target from ${each.startsOn} ends on ${each.endsOn}. Give a later last day.`)),
    ...inOrder.filter((each) => each.startsOn < startsOn || each.endsOn > endsOn).map((each) => say(`The target from ${each.startsOn} to ${each.endsOn} is not within the agreement, ${startsOn} to ${endsOn}. Change its days.`)),
    ...inOrder.filter((each, index) => index > 0 && each.startsOn <= (inOrder[index - 1]?.endsOn ?? '')).map((each) => say(`Two targets hold on ${each.startsOn}. End the first before it.`)),
    ...inOrder.filter(({ personMinutes }) => personMinutes <= 0).map((each) => say(`The target from ${each.startsOn} is not over 0 hours. Enter hours, or leave it out.`)),
  ];
}

const shown = (head: string): string => head || 'not under a head';
const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0);

/** Pence in words for a sentence: -123456 -> "−£1,234.56". */
export function pounds(pence: number): string {
  const size = Math.abs(pence);
  return `${pence < 0 ? '−' : ''}£${String(Math.trunc(size / 100)).replace(/\B(?=(\d{3})+$)/g, ',')}.${String(size % 100).padStart(2, '0')}`;
}

/**
 * Pence over parts in proportion to their weights (whole numbers), by the largest remainder, so that the parts add up; equal remainders go to
 * the earlier part. All weights 0 count as equal. Throws a RangeError where there is nothing to spread over.
 */
export function spread(pence: number, weights: readonly number[]): number[] {
  if (weights.length === 0) throw new RangeError(`${pounds(pence)} cannot be spread over no periods. Give at least one.`);
  const total = sum(weights);
  const used = total > 0 ? weights.map(BigInt) : weights.map(() => 1n);
  const whole = used.reduce((all, each) => all + each, 0n);
  const parts = used.map((weight) => (BigInt(pence) * weight) / whole);
  const left = pence - Number(parts.reduce((all, each) => all + each, 0n));
  const order = used.map((weight, index) => ({ index, rest: (BigInt(pence) * weight) % whole })).sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  const more = new Set(order.slice(0, left).map(({ index }) => index));
  return parts.map((part, index) => Number(part) + (more.has(index) ? 1 : 0));
}

const daysIn = ({ startsOn, endsOn }: Span): number => Math.round((Date.parse(endsOn) - Date.parse(startsOn)) / 86_400_000) + 1;

/**
 * The profile of a head whose budget or last day changed from a day on: what periods before that day had stays, the rest of the budget (pence) is
 * spread over the others by their days; where the past alone passes the budget, all of it is spread by days.
 */
export function laidAgain(before: readonly ProfileAmount[], budgetPence: number, periods: readonly Span[], from: string): ProfileAmount[] {
  const past = periods.filter(({ endsOn }) => endsOn < from).map(({ startsOn }) => ({ startsOn, amountPence: before.find((each) => each.startsOn === startsOn)?.amountPence ?? 0 }));
  const ahead = periods.filter(({ endsOn }) => endsOn >= from);
  const rest = budgetPence - sum(past.map(({ amountPence }) => amountPence));
  if (rest < 0 || ahead.length === 0) return zip(periods, spread(budgetPence, periods.map(daysIn)));
  return [...past, ...zip(ahead, spread(rest, ahead.map(daysIn)))];
}

const zip = (periods: readonly Span[], amounts: readonly number[]): ProfileAmount[] => periods.map(({ startsOn }, index) => ({ startsOn, amountPence: amounts[index] ?? 0 }));

/** The legs (pence) that bring each head of a ledger from what it was given in all to its new budget; none where nothing changes. */
export function versionLegs(given: ReadonlyMap<string, number>, heads: readonly { readonly head: string; readonly budgetPence: number }[]): Leg[] {
  const wanted = new Map(heads.map(({ head, budgetPence }) => [head, budgetPence]));
  const moved = [...new Set([...given.keys(), ...wanted.keys()])].sort().map((head) => ({ kind: 'available' as const, head, pence: (wanted.get(head) ?? 0) - (given.get(head) ?? 0) })).filter(({ pence }) => pence !== 0);
  const award = -sum(moved.map(({ pence }) => pence));
  return award === 0 ? moved : [{ kind: 'award', head: '', pence: award }, ...moved];
}

/** How periods were cut: by months when each of several lies within one month, else by quarters. */
export function cutOf(periods: readonly Span[]): 'month' | 'quarter' {
  return periods.length > 1 && periods.every(({ startsOn, endsOn }) => startsOn.slice(0, 7) === endsOn.slice(0, 7)) ? 'month' : 'quarter';
}
