/** A checked span of days as it is shown: every figure with its definition, every minute with its visit. Pure. */
import type { Agreement } from '../grants/contract.ts';
import { clearanceNames, staffCategoryNames } from '../patrols/contract.ts';
import type { HoursRefusal, HoursResult } from './hoursCheck.ts';
import type { HoursInput, HoursRules } from './hoursCheckInput.ts';
import { minuteMs } from './hoursCheckInput.ts';
import { cures } from './hoursCheckWords.ts';
import { type CheckedVisit, type HoursCheck, type HoursDecision, type HoursReason, type Refusal, type UnnamedRule, waivableReasons } from './hoursContract.ts';

/** A decision as it was kept, with the minutes it is about. */
export interface KeptDecision extends Omit<HoursDecision, 'own'> {
  readonly person: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly fingerprint: string;
  readonly explainedBy: string;
}

export interface Checked {
  readonly agreement: Pick<Agreement, 'id' | 'reference' | 'council'>;
  readonly from: string;
  readonly to: string;
  readonly periods: readonly { readonly from: string; readonly to: string }[];
  readonly input: HoursInput;
  readonly result: HoursResult;
  readonly decisions: readonly KeptDecision[];
  /** Who asks. */
  readonly personId: string | null;
}

export function viewOf({ agreement, from, to, periods, input, result, decisions, personId }: Checked): HoursCheck {
  const visits = visitsOf(input);
  const names = new Map(input.hotspots.map(({ id, name }) => [id, name]));
  return {
    agreementId: agreement.id, reference: agreement.reference, council: agreement.council, from, to, periods: [...periods], visits,
    lines: result.lines.map((line) => ({ ...line, visits: [...line.visits] })),
    refused: result.refused.map((refusal) => refusalOf(refusal, { hotspot: names.get(refusal.hotspotId) ?? 'a hotspot not known', decision: decisions.find((each) => isAbout(each, refusal)), personId })),
    decisions: decisions.map((each) => decisionOf(each, personId)),
    totals: { ...result.totals, ...rates(result), leftPence: input.leftPence },
    definitions: definitionsOf(input.rules.findLast(({ validFrom }) => validFrom <= to)),
  };
}

export const decisionOf = ({ explainedBy, ...decision }: KeptDecision, personId: string | null): HoursDecision => ({ ...decision, own: explainedBy === personId });

const isAbout = (decision: KeptDecision, refusal: HoursRefusal): boolean =>
  decision.visitId === refusal.visitId && decision.reason === refusal.reason && decision.person === refusal.person && decision.fromMs === refusal.fromMs && decision.toMs === refusal.toMs && decision.fingerprint === refusal.fingerprint;

const iso = (ms: number): string => new Date(ms).toISOString();
const waivable: readonly HoursReason[] = waivableReasons;

function refusalOf(refusal: HoursRefusal, { hotspot, decision, personId }: { hotspot: string; decision: KeptDecision | undefined; personId: string | null }): Refusal {
  const { key, visitId, day, fromMs, toMs, wardenReference, persons, minutes, reason, says, rows } = refusal;
  return {
    key, visitId, hotspot, day, from: iso(fromMs), to: iso(toMs), wardenReference, persons, minutes, reason, says, cure: cures[reason], rows: [...rows], mayBeAccepted: waivable.includes(reason),
    decision: decision ? decisionOf(decision, personId) : null,
  };
}

function visitsOf({ visits, hotspots, wardens }: HoursInput): CheckedVisit[] {
  const names = new Map(hotspots.map(({ id, name }) => [id, name]));
  const references = new Map(wardens.map(({ id, reference }) => [id, reference]));
  return visits.toSorted((a, b) => a.startedAtMs - b.startedAtMs).map((visit) => ({
    id: visit.id, hotspotId: visit.hotspotId, hotspot: names.get(visit.hotspotId) ?? 'a hotspot not known', startedAt: iso(visit.startedAtMs), endedAt: iso(visit.startedAtMs + visit.minutes * minuteMs),
    minutes: visit.minutes, persons: visit.persons, staffCategory: visit.staffCategory, patrolReference: visit.patrolReference, wardens: visit.wardens.flatMap((id) => references.get(id) ?? []).sort(),
  }));
}

/** Pence an hour of what is payable, to the nearest penny; null without an hour. */
function rates({ totals }: HoursResult): { pencePerPersonHour: number | null; pencePerPatrolHour: number | null } {
  const each = (minutes: number): number | null => (minutes === 0 ? null : Math.round((totals.payablePence * 60) / minutes));
  return { pencePerPersonHour: each(totals.payablePersonMinutes), pencePerPatrolHour: each(totals.payablePatrolMinutes) };
}

const unnamedSays: Record<UnnamedRule, string> = {
  cover: 'A person who is not named is paid while as many cleared wardens are not known to be elsewhere at that minute.',
  pay: 'A person who is not named is paid like one who is.',
  refuse: 'A person who is not named is not paid.',
};

function definitionsOf(rules: HoursRules | undefined): string[] {
  const general = [
    'A person-hour is 60 minutes of one person inside a hotspot; a patrol-hour is 60 minutes with anybody there, however many. Travel and writing up are in neither.',
    '£ per hour is what is payable divided by the hours it pays for, so it moves with evenings, nights and holidays; it is not what an hour costs the council.',
    'A visit belongs to the local day it starts on. Each of its minutes has the rate of its own day and hour, the highest that applies; a line is rounded once, half a penny up.',
  ];
  if (!rules) return general;
  const kinds = rules.required.map((kind) => clearanceNames[kind].toLowerCase()).join(' and ') || 'nothing more';
  return [
    ...general,
    `On the day of the minute: inside the agreement, in a live hotspot it names, a warden employed and with ${kinds}. ${unnamedSays[rules.unnamed]}`,
    `Paid staff: ${rules.paidStaff.map((staff) => staffCategoryNames[staff].toLowerCase()).join(', ')}. At most ${rules.dailyMinutes / 60} hours of one person a day, where no rota says otherwise.`,
  ];
}
