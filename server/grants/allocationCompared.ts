/** Two allocations side by side: what they were asked, and what became of hours and money. Pure. */
import { pounds } from '../patrols/allocationWords.ts';
import type { ComparedHotspot, ComparedInput, ComparedMoney, ComparedRuns } from './allocationContract.ts';
import type { AgreementPlanOut, AllocationRun } from './contract.ts';

export interface RunWithPlans extends AllocationRun {
  readonly settings: unknown;
  readonly agreements: readonly AgreementPlanOut[];
}

/** Everything that differs between two runs, and what does not: inputs by name, money by agreement, hours by hotspot. A part that only one run has is null in the other, never 0. */
export function compareRuns(first: RunWithPlans, second: RunWithPlans): ComparedRuns {
  const inputs = inputsOf(first, second);
  const hotspots = hotspotsOf(first, second);
  const money = moneyOf(first, second);
  const differing = inputs.filter(({ differs }) => differs);
  return {
    first: headOf(first), second: headOf(second), same: first.hash === second.hash, inputs, money, hotspots,
    says: first.hash === second.hash
      ? 'Both were made from the same inputs, so they are the same plan.'
      : `${differing.length === 0 ? 'What is expected at the hotspots differs' : `${differing.length} of ${inputs.length} inputs differ`}; ${hotspots.filter((row) => row.firstVisits !== row.secondVisits).length} of ${hotspots.length} hotspots get another number of visits.`,
  };
}

function headOf(run: RunWithPlans): AllocationRun {
  const { id, week, createdAt, hash, months, visits, personMinutes, spentPence, objective, bound, gap } = run;
  return { id, week, createdAt, hash, months, visits, personMinutes, spentPence, objective, bound, gap, notes: [...run.notes] };
}

function inputsOf(first: RunWithPlans, second: RunWithPlans): ComparedInput[] {
  const row = (name: string, one: string | null, other: string | null): ComparedInput => ({ name, first: one, second: other, differs: one !== other });
  const settings = [flat(first.settings), flat(second.settings)] as const;
  const names = [...new Set([...settings[0].keys(), ...settings[1].keys()])].toSorted();
  const pairs = pairsOf(first.agreements, second.agreements, ({ agreementId }) => agreementId);
  return [
    row('Week', first.week, second.week),
    row('Incidents from', first.months.from, second.months.from), row('Incidents before', first.months.to, second.months.to),
    ...names.map((name) => row(`Setting ${name}`, settings[0].get(name) ?? null, settings[1].get(name) ?? null)),
    ...pairs.flatMap(([one, other]) => {
      const name = one?.council ?? other?.council ?? '';
      const say = (what: string, of: (plan: AgreementPlanOut) => string): ComparedInput => row(`${name}: ${what}`, one ? of(one) : null, other ? of(other) : null);
      return [
        say('ceiling', ({ money }) => pounds(money.ceilingPence)), say('committed', ({ money }) => pounds(money.committedPence)), say('money for the week', ({ money }) => pounds(money.weekPence)),
        say('days left', ({ money }) => String(money.daysLeft)), say('hotspots', ({ hotspots }) => String(hotspots.length)),
        say('incidents a week', ({ hotspots }) => hotspots.reduce((sum, { weeklyIncidents }) => sum + weeklyIncidents, 0).toFixed(2)),
      ];
    }),
  ];
}

function moneyOf(first: RunWithPlans, second: RunWithPlans): ComparedMoney[] {
  const of = (plan: AgreementPlanOut | undefined): ComparedMoney['first'] => (plan
    ? { weekPence: plan.money.weekPence, spentPence: plan.money.spentPence, visits: plan.visits, personMinutes: plan.personMinutes, objective: plan.objective, gap: plan.gap, losers: new Set(plan.shortfalls.map(({ hotspot }) => hotspot)).size } : null);
  return pairsOf(first.agreements, second.agreements, ({ agreementId }) => agreementId).map(([one, other]) => ({
    agreementId: one?.agreementId ?? other?.agreementId ?? '', council: one?.council ?? other?.council ?? '', first: of(one), second: of(other),
  }));
}

function hotspotsOf(first: RunWithPlans, second: RunWithPlans): ComparedHotspot[] {
  const own = (run: RunWithPlans) => run.agreements.flatMap((plan) => plan.hotspots.map((hotspot) => ({ ...hotspot, council: plan.council })));
  return pairsOf(own(first), own(second), ({ id }) => id).map(([one, other]) => ({
    hotspotId: one?.id ?? other?.id ?? '', hotspot: one?.name ?? other?.name ?? '', council: one?.council ?? other?.council ?? '',
    firstVisits: one?.visits ?? null, secondVisits: other?.visits ?? null, firstMinutes: one?.personMinutes ?? null, secondMinutes: other?.personMinutes ?? null,
  }));
}

/** Things of either list by their key, in the order they come. */
function pairsOf<T>(first: readonly T[], second: readonly T[], key: (one: T) => string): [T | undefined, T | undefined][] {
  const [ones, others] = [first, second].map((list) => new Map(list.map((one) => [key(one), one]))) as [Map<string, T>, Map<string, T>];
  return [...new Set([...ones.keys(), ...others.keys()])].map((id) => [ones.get(id), others.get(id)]);
}

/** Settings by name, nested ones with a dot. */
function flat(value: unknown, before = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map([[before, JSON.stringify(value)]]);
  return new Map(Object.entries(value).flatMap(([name, held]) => [...flat(held, before ? `${before}.${name}` : name)]));
}
