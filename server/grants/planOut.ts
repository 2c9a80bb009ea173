/** The rule's answer as it is kept and shown: one plan an agreement with its money in words and both beliefs beside it. Pure. */
import type { AgreementPlan, Allocation, AllocationInput } from '../patrols/allocation.ts';
import { type BothBeliefs, valueUnder } from '../patrols/allocationBeliefs.ts';
import { pounds } from '../patrols/allocationWords.ts';
import { daysBetween, weekdayOf } from '../patrols/calendar.ts';
import type { PlannedRow } from '../patrols/dosage.ts';
import type { Agreement, AgreementPlanOut } from './contract.ts';
import type { HotspotOfWeek, WeekQuestion } from './weekPlan.ts';

export interface PlanFacts {
  readonly question: WeekQuestion;
  readonly both: BothBeliefs;
  readonly agreements: ReadonlyMap<string, Agreement>;
  readonly hotspots: ReadonlyMap<string, HotspotOfWeek>;
  /** Value curves by agreement; empty where there is no solver to make them. */
  readonly curves: ReadonlyMap<string, AgreementPlanOut['curve']>;
}

/** The plan that is put in force: under the belief of the settings. */
export function planInForce({ question, both }: PlanFacts): Allocation {
  return question.input.settings.residualHours > 0 ? both.lasting : both.immediate;
}

/** Every agreement's plan as the API gives it. */
export function plansOut(facts: PlanFacts): AgreementPlanOut[] {
  return planInForce(facts).agreements.map((plan) => planOut(plan, facts));
}

function planOut(plan: AgreementPlan, facts: PlanFacts): AgreementPlanOut {
  const { question } = facts;
  const agreement = facts.agreements.get(plan.agreementId);
  if (!agreement) throw new Error(`The plan names agreement ${plan.agreementId}, which was not asked about.`);
  const refused = question.refused.get(plan.agreementId);
  const cells = cellsOf(plan, question.input.settings.crew);
  const sum = (rows: readonly { personMinutes: number }[]): number => rows.reduce((total, row) => total + row.personMinutes, 0);
  const ownHotspots = question.input.hotspots.filter((hotspot) => hotspot.agreementId === plan.agreementId);
  return {
    agreementId: plan.agreementId, reference: agreement.reference, councilCode: agreement.councilCode, council: agreement.council,
    reason: refused ?? plan.reason,
    money: moneyOf(plan, agreement, question.input, refused !== undefined),
    objective: plan.objective, objectiveRange: plan.objectiveRange, bound: plan.bound, gap: plan.gap, method: plan.method,
    shadowPricePerThousandPounds: plan.shadowPricePerThousandPounds,
    visits: plan.visits.length, personMinutes: sum(cells), paidMinutes: cells.reduce((total, cell) => total + cell.paidMinutes, 0),
    hotspots: ownHotspots.map(({ id }) => {
      const own = cells.filter((cell) => cell.hotspotId === id);
      const expectation = question.expectations.get(id);
      return {
        id, name: facts.hotspots.get(id)?.name ?? id, weeklyIncidents: expectation?.weekly ?? 0, hoursFrom: expectation?.says ?? '',
        visits: own.reduce((total, cell) => total + cell.visits, 0), personMinutes: sum(own),
      };
    }),
    cells,
    shortfalls: plan.shortfalls.map((shortfall) => ({ ...shortfall, hotspot: shortfall.hotspotId === null ? null : (facts.hotspots.get(shortfall.hotspotId)?.name ?? null) })),
    binding: refused ? [refused.text] : [...plan.binding],
    beliefs: beliefsOf(plan, facts),
    curve: facts.curves.get(plan.agreementId) ?? [],
  };
}

/** Hours by hotspot, day and band; the cost is that of its visits, so that cells add up to what is spent. */
function cellsOf(plan: AgreementPlan, crew: number): AgreementPlanOut['cells'] {
  const cost = new Map<string, number>();
  for (const visit of plan.visits) {
    const key = `${visit.hotspotId} ${visit.date} ${visit.band}`;
    cost.set(key, (cost.get(key) ?? 0) + visit.costPence);
  }
  return plan.hours.map((hours) => ({
    hotspotId: hours.hotspotId, date: hours.date, day: weekdayOf(hours.date) + 1, band: hours.band, visits: hours.visits,
    personMinutes: hours.visitMinutes * crew, paidMinutes: hours.personMinutes, costPence: cost.get(`${hours.hotspotId} ${hours.date} ${hours.band}`) ?? 0,
  }));
}

function moneyOf(plan: AgreementPlan, agreement: Agreement, input: AllocationInput, refused: boolean): AgreementPlanOut['money'] {
  const weekPence = input.agreements.find(({ id }) => id === plan.agreementId)?.moneyPence ?? 0;
  const first = agreement.startsOn > input.weekStart ? agreement.startsOn : input.weekStart;
  const daysLeft = Math.max(0, daysBetween(first, agreement.endsOn) + 1);
  const left = `${pounds(agreement.availablePence)} is left of ${pounds(agreement.ceilingPence)}`;
  return {
    ceilingPence: agreement.ceilingPence, committedPence: agreement.committedPence, leftPence: agreement.availablePence, daysLeft,
    weekPence, spentPence: plan.spentPence, unspentPence: weekPence - plan.spentPence,
    says: refused || daysLeft === 0 ? `${left}; none of it is for this week.` : `${left} over ${daysLeft} days: ${pounds(weekPence)} for this week, ${pounds(plan.spentPence)} of it planned.`,
  };
}

function beliefsOf(plan: AgreementPlan, { question, both }: PlanFacts): AgreementPlanOut['beliefs'] {
  const residual = question.input.settings.residualHours > 0 ? question.input.settings.residualHours : 2;
  return ([[residual, both.lasting], [0, both.immediate]] as const).flatMap(([residualHours, allocation]) => {
    const own = allocation.agreements.find(({ agreementId }) => agreementId === plan.agreementId);
    if (!own) return [];
    const asked: AllocationInput = {
      ...question.input,
      settings: { ...question.input.settings, residualHours },
      agreements: question.input.agreements.filter(({ id }) => id === plan.agreementId),
      hotspots: question.input.hotspots.filter(({ agreementId }) => agreementId === plan.agreementId),
    };
    const ofPlan = valueUnder(asked, { ...allocation, agreements: [plan] });
    return [{ residualHours, visits: own.visits.length, spentPence: own.spentPence, objective: own.objective, bound: own.bound, gap: own.gap, ofPlan }];
  });
}

/** A plan's cells as rows of the week's planned hours. */
export function plannedRows(plans: readonly AgreementPlanOut[]): PlannedRow[] {
  return plans.flatMap((plan) => plan.cells.map(({ hotspotId, day, band, visits, personMinutes, paidMinutes, costPence }) => (
    { hotspotId, councilCode: plan.councilCode, agreementId: plan.agreementId, day, band, visits, personMinutes, paidMinutes, costPence })));
}

/** Totals over some plans; the gap is that of all of them together. */
export function totalsOf(plans: readonly AgreementPlanOut[]): { visits: number; personMinutes: number; spentPence: number; objective: number; bound: number; gap: number } {
  const sum = (value: (plan: AgreementPlanOut) => number): number => plans.reduce((total, plan) => total + value(plan), 0);
  const objective = sum((plan) => plan.objective);
  const bound = sum((plan) => plan.bound);
  return {
    visits: sum((plan) => plan.visits), personMinutes: sum((plan) => plan.personMinutes), spentPence: sum((plan) => plan.money.spentPence),
    objective, bound, gap: bound > 0 ? Math.max(0, (bound - objective) / bound) : 0,
  };
}
