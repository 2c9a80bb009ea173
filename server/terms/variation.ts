/** A variation as a rule: what it changes, worked out on the version it is made on. Pure. */
import type { Rate } from '../grants/contract.ts';
import type { Difference, Version } from './contract.ts';
import { differences, type TermsSaid } from './terms.ts';
import type { VariationChanges } from './variationContract.ts';

/** Conditions in force, by id. */
export interface ConditionNow {
  readonly id: string;
  readonly what: string;
}

/** What the version will say once a variation is in effect; where its profile is not entered, a head is laid again when it takes effect. */
export function varied(base: Version, changes: VariationChanges): TermsSaid & Pick<Version, 'purpose' | 'schedules'> {
  const { ceilingPence, endsOn, productiveRatio, paymentBasis, overheadsAgreed, overheadsPercent, purpose, schedules, targets, hotspotIds } = base;
  const { rates: _rates, conditions: _conditions, ...own } = given(changes);
  const said = { ceilingPence, endsOn, productiveRatio, paymentBasis, overheadsAgreed, overheadsPercent, purpose, schedules, targets, hotspotIds, heads: headsOf(base, changes), ...own };
  return { ...said, overheadsPercent: said.overheadsAgreed ? said.overheadsPercent : null };
}

/** The heads where none are given: as they are, one alone with the new amount as its budget, and none with a profile of other dates. */
function headsOf({ heads, ceilingPence, endsOn }: Version, changes: VariationChanges): Version['heads'] {
  const budget = heads.length === 1 ? (changes.ceilingPence ?? ceilingPence) : undefined;
  const same = (changes.endsOn ?? endsOn) === endsOn && (budget ?? ceilingPence) === ceilingPence;
  return heads.map((head) => ({ ...head, budgetPence: budget ?? head.budgetPence, profile: same ? head.profile : [] }));
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };
const given = <T extends object>(changes: T): Partial<Given<T>> => Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<Given<T>>;

/** Differences a variation makes in what versions do not hold themselves: rates (pence an hour), conditions, purpose and schedules. */
export function furtherDifferences(base: Version, changes: VariationChanges, now: { readonly rates: readonly Rate[]; readonly conditions: readonly ConditionNow[]; readonly on: string }): Difference[] {
  const inForce = (band: Rate['band']): number | null => now.rates.find((rate) => rate.band === band && rate.validFrom <= now.on && (rate.validTo === null || now.on < rate.validTo))?.pencePerHour ?? null;
  const was = (id: string): string => now.conditions.find((each) => each.id === id)?.what ?? id;
  return [
    ...(changes.rates ?? []).filter(({ band, pencePerHour }) => inForce(band) !== pencePerHour).map(({ band, pencePerHour }): Difference => ({ field: 'rate', of: band, from: inForce(band), to: pencePerHour })),
    ...(changes.conditions?.add ?? []).map(({ what, owedBy, dueOn }): Difference => ({ field: 'condition', of: what, from: null, to: `owed by the ${owedBy}${dueOn ? `, due ${dueOn}` : ''}` })),
    ...(changes.conditions?.end ?? []).map((id): Difference => ({ field: 'condition', of: was(id), from: 'in force', to: null })),
    ...(changes.purpose !== undefined && changes.purpose !== base.purpose ? [{ field: 'purpose' as const, of: '', from: base.purpose || null, to: changes.purpose || null }] : []),
    ...scheduleDifferences(base, changes),
  ];
}

function scheduleDifferences(base: Version, { schedules }: VariationChanges): Difference[] {
  if (!schedules) return [];
  const text = (list: Version['schedules'], title: string): string | null => list.find((each) => each.title === title)?.says ?? null;
  const titles = [...new Set([...base.schedules, ...schedules].map(({ title }) => title))];
  return titles.map((title): Difference => ({ field: 'schedules', of: title, from: text(base.schedules, title), to: text(schedules, title) })).filter(({ from, to }) => from !== to);
}

/** Everything a variation changes on a version: old -> new by field, head, target, hotspot, rate and condition. */
export function variationDifferences(base: Version, changes: VariationChanges, now: Parameters<typeof furtherDifferences>[2]): Difference[] {
  return [...differences(base, varied(base, changes)), ...furtherDifferences(base, changes, now)];
}
