/** A week's patrol hours from the command line: what the money of each agreement buys, where and when. */
import type { AgreementPlanOut } from '../grants/contract.ts';
import { type AllocationDone, runAllocation } from '../grants/allocationWork.ts';
import { pounds } from '../patrols/allocationWords.ts';
import { sayBand } from '../patrols/bands.ts';
import { sayDate } from '../patrols/calendar.ts';
import { councilCodes } from '../patrols/councilQueries.ts';
import { checkMonday } from '../patrols/weeks.ts';
import { type Command, type CommandContext, type CommandResult, required, UsageError } from './command.ts';

export const allocate: Command = {
  usage: '--week 2023-10-02 [--council NAME]',
  says: 'allocate a week’s patrol hours to hotspots and 4-hour bands within each agreement’s money, with the objective, the bound and the gap',
  options: { week: { type: 'string' }, council: { type: 'string' } },
  async run(context) {
    const week = mondayGiven(required(context, 'week', '2023-10-02'));
    const { db } = context.database;
    const done = await runAllocation({ db, actor: { personId: null, role: 'command line' }, week, councils: await asked(context), report: context.report });
    return toResult(done);
  },
};

function mondayGiven(week: string): string {
  try {
    checkMonday('--week', week);
    return week;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function asked(context: CommandContext): Promise<string[]> {
  const { council } = context.values;
  return councilCodes(context.database.db, ['*'], typeof council === 'string' ? council : undefined);
}

function toResult({ visitsByAgreement, ...run }: AllocationDone): CommandResult {
  const agreements = run.agreements.map((plan) => ({ ...plan, plannedVisits: visitsByAgreement.get(plan.agreementId) ?? [] }));
  return { json: { ...run, agreements }, lines: [...run.agreements.flatMap(linesOf), ...totals(run)] };
}

function totals(run: Omit<AllocationDone, 'visitsByAgreement'>): string[] {
  return [
    `Week of ${sayDate(run.week)} ${run.week.slice(0, 4)}: ${run.visits} visits, ${hours(run.personMinutes)} person-hours in hotspots, ${pounds(run.spentPence)}.`,
    `Incidents prevented: ${run.objective.toFixed(2)}; no plan within the money prevents more than ${run.bound.toFixed(2)} (gap ${percent(run.gap)}).`,
    ...run.notes.map((note) => `Note: ${note}`),
    `Inputs ${run.hash.slice(0, 12)}, kept as allocation ${run.id}.`,
  ];
}

function linesOf(plan: AgreementPlanOut): string[] {
  const head = [`${plan.council}, ${plan.reference}`, `  ${plan.money.says}`];
  const missed = plan.shortfalls.map((short) => `  Gets less: ${short.hotspot ?? 'several hotspots'}: ${short.rule}, ${short.got} of ${short.wanted}. ${short.why}`);
  if (plan.reason) return [...head, `  No hours: ${plan.reason.text}`, ...missed, ''];
  return [
    ...head,
    `  ${plan.visits} visits, ${hours(plan.personMinutes)} person-hours; prevents ${plan.objective.toFixed(2)}, bound ${plan.bound.toFixed(2)}, gap ${percent(plan.gap)}; the next £1,000 would prevent ${plan.shadowPricePerThousandPounds.toFixed(2)}.`,
    ...plan.beliefs.map((belief) => `  If the effect ${belief.residualHours > 0 ? `lasts ${belief.residualHours} h` : 'ends with the visit'}: this plan prevents ${belief.ofPlan.toFixed(2)}, the best for that ${belief.objective.toFixed(2)}.`),
    ...plan.hotspots.flatMap((hotspot) => [`  ${hotspot.name}: ${hotspot.visits} visits, ${hours(hotspot.personMinutes)} person-hours`, ...cellLines(plan, hotspot.id)]),
    ...missed,
    ...plan.binding.map((says) => `  ${says}`),
    '',
  ];
}

function cellLines(plan: AgreementPlanOut, hotspotId: string): string[] {
  return plan.cells.filter((cell) => cell.hotspotId === hotspotId)
    .map((cell) => `    ${sayDate(cell.date)}, ${sayBand(cell.band)}: ${cell.visits} ${cell.visits === 1 ? 'visit' : 'visits'}, ${hours(cell.personMinutes)} h, ${pounds(cell.costPence)}`);
}

const hours = (minutes: number): string => (minutes / 60).toFixed(1);
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
