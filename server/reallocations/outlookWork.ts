/** What a reallocation of a fund is argued with: room, forecast, what the next £1,000 buys, and the suggestion. */
import type { Knex } from 'knex';
import { makeForecast, hasForecast } from '../forecast/forecastWork.ts';
import type { Known } from '../forecast/queries.ts';
import type { Fund } from '../grants/contract.ts';
import { listAgreements } from '../grants/queries.ts';
import { moneyMoves, type MovingParty } from '../patrols/allocationMoves.ts';
import { numberSetting } from '../settings/queries.ts';
import type { Figures, Outlook, OutlookAgreement } from './contract.ts';
import { type Allocated, listAllocated, listHeadNames, listRoom, type Room } from './outlookQueries.ts';
import { type Candidate, suggest } from './suggestion.ts';

export async function makeOutlook(db: Knex, councils: readonly string[], fund: Fund, known: Known): Promise<Outlook> {
  const limitPercent = await numberSetting(db, 'reallocation_limit_percent', known.on);
  const rooms = await listRoom(db, councils, fund.id);
  const underspends = await underspendsOf(db, councils, fund.id, known);
  const allocated = new Map((await listAllocated(db, rooms.map(({ agreementId }) => agreementId))).map((each) => [each.agreementId, each]));
  const bounds = new Map(rooms.map((room) => [room.agreementId, boundsOf(room, limitPercent)]));
  const leastPence = await numberSetting(db, 'reallocation_least_pence', known.on);
  const suggestion = suggest(rooms.map((room): Candidate => {
    const { falls, rises } = bounds.get(room.agreementId)!;
    const underspend = underspends.get(room.agreementId);
    return {
      agreementId: room.agreementId, name: room.council, ceilingPence: room.ceilingPence, floorPence: Math.max(room.spentPence, room.committedPence), mayFallPence: falls, mayRisePence: rises,
      underspendPence: underspend?.centralPence ?? null, perThousand: nextThousand(allocated.get(room.agreementId))?.incidents ?? null,
    };
  }), leastPence);
  const byValue = moneyMoves(rooms.flatMap((room) => movingParty(room, bounds.get(room.agreementId)!, allocated.get(room.agreementId))), leastPence);
  const agreements = rooms.map((room): OutlookAgreement => {
    const { falls, rises } = bounds.get(room.agreementId)!;
    const plan = allocated.get(room.agreementId);
    const suggested = suggestion.byAgreement.get(room.agreementId);
    const figures: Figures = {
      knownOn: known.on, underspend: underspends.get(room.agreementId) ?? null, nextThousand: nextThousand(plan), says: sayPlan(plan),
      suggestedPence: suggested?.pence ?? 0, suggestedBecause: suggested?.because ?? '',
    };
    return { ...room, limitPercent, mostGivesPence: Math.max(0, Math.min(falls, room.ceilingPence - Math.max(room.spentPence, room.committedPence))), mostTakesPence: rises, figures };
  });
  return { fundId: fund.id, fund: fund.name, knownOn: known.on, agreements, headNames: await listHeadNames(db, known.on), suggestion: [...suggestion.says], byValue: [...byValue] };
}

/** An agreement whose plan has a value curve, within the limit and what is spent or committed; one without money yet takes no part. */
function movingParty(room: Room, { falls, rises }: { falls: number; rises: number | null }, plan: Allocated | undefined): MovingParty[] {
  if (!plan || rises === null || plan.curve.length < 2 || plan.weekPence <= 0) return [];
  const weeksLeft = plan.daysLeft / 7;
  const free = room.ceilingPence - Math.max(room.spentPence, room.committedPence);
  return [{
    agreementId: room.agreementId, name: room.council, weekPence: plan.weekPence, weeksLeft, mostTakesPence: rises,
    mostGivesPence: Math.max(0, Math.min(falls, free, Math.floor(plan.weekPence * weeksLeft))), curve: plan.curve.toSorted((a, b) => a.moneyPence - b.moneyPence),
  }];
}

/** How far an agreement's amount may fall and rise around what was last signed or varied; an agreement without money yet has no limit. */
function boundsOf({ ceilingPence, valuePence }: Room, limitPercent: number): { falls: number; rises: number | null } {
  if (valuePence === 0) return { falls: 0, rises: null };
  const room = Math.floor((valuePence * limitPercent) / 100);
  return { falls: Math.max(0, ceilingPence - (valuePence - room)), rises: Math.max(0, valuePence + room - ceilingPence) };
}

async function underspendsOf(db: Knex, councils: readonly string[], fundId: string, known: Known): Promise<Map<string, NonNullable<Figures['underspend']>>> {
  const found = new Map<string, NonNullable<Figures['underspend']>>();
  for (const agreement of (await listAgreements(db, councils)).filter((each) => each.fundId === fundId && hasForecast(each))) {
    const { underspend } = (await makeForecast(db, agreement, known)).line;
    found.set(agreement.id, { lowPence: underspend.low, centralPence: underspend.central, highPence: underspend.high });
  }
  return found;
}

/** Person-minutes in hotspots for £1,000 at the plan's own cost. */
function nextThousand(plan: Allocated | undefined): Figures['nextThousand'] {
  if (!plan || plan.reason !== null || plan.spentPence <= 0) return null;
  return { week: plan.week, incidents: plan.shadowPricePerThousandPounds, personMinutes: Math.round((plan.personMinutes * 100_000) / plan.spentPence) };
}

function sayPlan(plan: Allocated | undefined): string {
  if (!plan) return 'No allocation plans hours for it.';
  return plan.reason ?? (plan.spentPence > 0 ? '' : 'The latest allocation plans no hours for it.');
}
