/** Nobody is in two places at once: a warden, and a crew on its patrol. Pure. */
import { writeLocalTime } from './localClock.ts';
import type { NewVisit, VisitFacts, VisitProblem } from './visits.ts';
import { wardenKey } from './visits.ts';

/** Where a warden or a crew already was, in milliseconds of UTC. */
export interface BusySpan {
  readonly visitId: string;
  /** `wardenSpan` or `crewSpan` of whoever was there. */
  readonly who: string;
  readonly fromMs: number;
  readonly toMs: number;
}

interface Claim extends BusySpan {
  /** Place in the batch; null for what is already kept. */
  readonly index: number | null;
  readonly field: 'wardens' | 'patrolReference';
  readonly name: string;
}

/** A patrol is one outing: its visits lie within this span. */
const longestPatrolMs = 24 * 3_600_000;

export const wardenSpan = (wardenId: string): string => `warden ${wardenId}`;
export const crewSpan = (councilCode: string, patrolReference: string, staffCategory: string): string => `crew ${councilCode} ${staffCategory} ${patrolReference}`;

/** Overlaps of a batch of visits with each other and with what is kept; the later visit of each pair is the one that is refused. */
export function checkOverlaps(visits: readonly NewVisit[], facts: VisitFacts): VisitProblem[] {
  const mine = visits.flatMap((visit, index) => claimsOf(visit, index, facts));
  const wanted = new Set(mine.map((claim) => claim.who));
  const own = new Set(visits.map((visit) => visit.id));
  const kept = facts.busy.filter((span) => wanted.has(span.who) && !own.has(span.visitId)).map((span): Claim => ({ ...span, index: null, field: 'wardens', name: '' }));
  const byWho = new Map<string, Claim[]>();
  for (const claim of [...kept, ...mine]) {
    const claims = byWho.get(claim.who);
    if (claims) claims.push(claim);
    else byWho.set(claim.who, [claim]);
  }
  return [...byWho.values()].flatMap((claims) => [...overlapsOf(claims), ...tooLong(claims)]);
}

function claimsOf(visit: NewVisit, index: number, facts: VisitFacts): Claim[] {
  const hotspot = facts.hotspots.get(visit.hotspotId);
  if (!hotspot) return [];
  const at = { visitId: visit.id, index, fromMs: Date.parse(visit.startedAt), toMs: Date.parse(visit.endedAt) };
  const crew: Claim = { ...at, field: 'patrolReference', name: visit.patrolReference, who: crewSpan(hotspot.councilCode, visit.patrolReference, visit.staffCategory) };
  const wardens = visit.wardens.flatMap((reference): Claim[] => {
    const warden = facts.wardens.get(wardenKey(hotspot.councilCode, reference));
    return warden ? [{ ...at, field: 'wardens', name: reference, who: wardenSpan(warden.id) }] : [];
  });
  return [crew, ...wardens];
}

/** One sweep in time for each who: every claim that starts before an earlier one has ended. */
function overlapsOf(claims: readonly Claim[]): VisitProblem[] {
  const inTime = claims.toSorted((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs || (a.index ?? -1) - (b.index ?? -1));
  const problems: VisitProblem[] = [];
  let latest: Claim | undefined;
  for (const claim of inTime) {
    if (latest && claim.fromMs < latest.toMs && claim.visitId !== latest.visitId) {
      const [refused, other] = claim.index === null ? [latest, claim] : [claim, latest];
      if (refused.index !== null) problems.push(overlap(refused, other));
    }
    if (!latest || claim.toMs > latest.toMs) latest = claim;
  }
  return problems;
}

function overlap(refused: Claim, other: Claim): VisitProblem {
  const where = other.index === null ? `visit ${other.visitId}, already recorded` : `visit ${other.visitId} of the same file`;
  const who = refused.field === 'wardens' ? `${refused.name} is` : `The crew of patrol ${refused.name} is`;
  return {
    index: refused.index ?? 0,
    field: refused.field,
    value: refused.name,
    message: `${who} in another visit at the same time (${where}, ${writeLocalTime(other.fromMs)} to ${writeLocalTime(other.toMs)}). Correct the times, or leave one out.`,
  };
}

function tooLong(claims: readonly Claim[]): VisitProblem[] {
  const earliest = claims.reduce((least, claim) => Math.min(least, claim.fromMs), Number.POSITIVE_INFINITY);
  const last = claims.filter((claim) => claim.field === 'patrolReference' && claim.index !== null).toSorted((a, b) => b.toMs - a.toMs)[0];
  const latest = claims.reduce((most, claim) => Math.max(most, claim.toMs), Number.NEGATIVE_INFINITY);
  if (!last || latest - earliest <= longestPatrolMs) return [];
  return [{
    index: last.index ?? 0,
    field: 'patrolReference',
    value: last.name,
    message: `Patrol ${last.name} already stands for an outing on another day. Give each outing a reference of its own.`,
  }];
}
