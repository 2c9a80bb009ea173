/** Drawing the rounds of a published shift: what the plan has in its hours, where that is, the draw, and its rows. And repeating a draw. */
import { createHash, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { toGrid } from '../../geo/projection.ts';
import { type Actor, recordEvent } from '../audit.ts';
import { canonicalHash } from '../canonical.ts';
import { AppError, invalid, notFound } from '../errors.ts';
import { bandsOfWeek, type Band } from '../patrols/bands.ts';
import { addDays, daysBetween, localTime, mondayOf } from '../patrols/calendar.ts';
import { settingsOn } from '../settings/queries.ts';
import type { RepeatedDraw, RoundBase } from './contract.ts';
import type { KeptInputs, VisitKey } from './drawInputs.ts';
import { findDraw, findRounds, insertDraw, type LegRow, listDraws, lockDraws, seedOf, withdrawDraw } from './drawQueries.ts';
import { loadCrewInputs } from './crewQueries.ts';
import type { Crews } from './crews.ts';
import { crewNotes, refuseBroken } from './crewWords.ts';
import { findShift, type HotspotPlace, listBases, listPlaces, listPlanned, listTaken, roadMinutes, type ShiftOfRota, type TakenVisit, visitGains } from './queries.ts';
import type { DrawShift } from './drawPool.ts';
import { drawShift, plannerVersion } from './drawShift.ts';
import type { RoundInputs, RoundRules, ShiftPlan, WantedVisit } from './roundPlan.ts';
import { travelTable, type TravelRules } from './roundTravel.ts';

export interface RoundsAsked {
  readonly shift: string;
  readonly base?: string | undefined;
  readonly reason: string;
}

interface Context {
  readonly actor: Actor;
  readonly councils: readonly string[];
  readonly now: Date;
  /** Where the draw is worked out; here, unless told. */
  readonly draw?: DrawShift;
}

const drawHere: DrawShift = async (kept, seed) => drawShift(kept, seed);

/** Draws the rounds of a shift in the caller's transaction and keeps them; rounds in force are withdrawn, with a reason, until the shift begins. */
export async function drawRounds(trx: Knex.Transaction, { actor, councils, now, draw = drawHere }: Context, asked: RoundsAsked): Promise<string> {
  const shift = await findShift(trx, councils, asked.shift);
  if (!shift) throw notFound('published shift');
  const { drawn, inForce } = await lockDraws(trx, shift.id);
  if (inForce && shift.startsAt <= now) throw new AppError(409, 'round_begun_stays', 'The shift has begun: its rounds stay as they are. Say afterwards which visits were missed and why.');
  if (drawn > 0 && asked.reason === '') throw invalid([{ field: 'reason', message: 'Say why the rounds are planned again.' }]);
  const base = await baseFor(trx, shift, asked.base);
  const wanted = await wantedVisits(trx, shift, base);
  if (inForce) await withdrawDraw(trx, inForce, now);
  const [id, nonce] = [randomUUID(), randomUUID()];
  const seed = await seedOf(trx, shift.councilCode, shift.id, nonce);
  const days = { day: dayOf(shift.startsAt), lastDay: dayOf(new Date(shift.endsAt.getTime() - 1)) };
  const kept: KeptInputs = { inputs: wanted.inputs, keys: wanted.keys, crews: await loadCrewInputs(trx, shift, base.travel, days) };
  const { plan, crews, hash } = await draw(kept, seed);
  refuseBroken(kept, crews);
  await insertDraw(trx, {
    id, shift, number: drawn + 1, baseId: base.id, reason: asked.reason, nonce, inputs: kept, inputsSha256: canonicalHash(kept), planSha256: hash, seedSha256: hashOf(seed), notes: crewNotes(kept, crews), solverVersion: plannerVersion,
    waysEstimated: wanted.estimated, ways: wanted.ways, plannedBy: actor.personId, legs: legRows(shift, wanted.keys, plan, crews.crews), leftOut: plan.leftOut.map(({ visit, why }) => ({ ...wanted.keys[visit]!, why })),
  });
  await recordEvent(trx, actor, {
    action: inForce ? 'roundsDrawnAgain' : 'roundsDrawn', subjectKind: 'rounds', subjectId: id, councilCode: shift.councilCode, ...(asked.reason ? { reason: asked.reason } : {}),
    after: { shift: shift.id, number: drawn + 1, legs: plan.legs.length, stops: plan.legs.reduce((sum, { stops }) => sum + stops.length, 0), leftOut: plan.leftOut.length },
  });
  return id;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const dayOf = (at: Date): string => localTime(at.getTime()).date;

async function baseFor(db: Knex, shift: ShiftOfRota, asked: string | undefined): Promise<RoundBase> {
  const day = dayOf(shift.startsAt);
  const bases = (await listBases(db, [shift.councilCode])).filter(({ validFrom, validTo }) => validFrom <= day && (validTo === null || validTo > day));
  const base = asked === undefined ? bases[0] : bases.find(({ id }) => id === asked);
  if (base) return base;
  throw invalid([{ field: 'base', message: asked === undefined ? `The council has no base on ${day}. Enter where rounds start and end first.` : `The base is not used on ${day}, or is not this council’s. Choose another one.` }]);
}

interface Wanted {
  readonly inputs: RoundInputs;
  readonly keys: readonly VisitKey[];
  readonly estimated: number;
  readonly ways: number;
}

/** The visits of the plan in force in the hours of the shift that no other shift's rounds have, as the planner takes them. */
async function wantedVisits(db: Knex, shift: ShiftOfRota, base: RoundBase): Promise<Wanted> {
  const [day, lastDay] = [dayOf(shift.startsAt), dayOf(shift.endsAt)];
  const weeks = [...new Set([mondayOf(day), mondayOf(lastDay)])];
  const bands = new Map(weeks.flatMap((week) => bandsOfWeek(week).map((band): [string, Band] => [`${band.date} ${band.band}`, band])));
  const planned = await listPlanned(db, shift.councilCode, weeks);
  const taken = await listTaken(db, shift);
  const keys = planned.flatMap((row) => {
    const bandOn = addDays(row.week, row.day - 1);
    const band = bands.get(`${bandOn} ${row.band}`)!;
    if (band.startsAt >= shift.endsAt.getTime() || band.endsAt <= shift.startsAt.getTime()) return [];
    const all = Array.from({ length: row.visits }, (_, at): VisitKey => ({ hotspotId: row.hotspotId, bandOn, band: row.band, nth: at + 1 }));
    return all.filter((key) => !taken.some((other) => other.hotspotId === key.hotspotId && other.bandOn === key.bandOn && other.band === key.band && other.nth === key.nth));
  });
  if (keys.length === 0) throw new AppError(422, 'nothing_planned', `The plan in force has no visit in the hours of this shift on ${day} that is not in another round. Allocate the week’s hours first.`);
  const places = await listPlaces(db, [...new Set(keys.map(({ hotspotId }) => hotspotId))], day, shift.startsAt);
  const live = keys.filter(({ hotspotId }) => places.some(({ id }) => id === hotspotId));
  const gains = await visitGains(db, shift.councilCode, [...new Set(planned.flatMap(({ allocationId }) => allocationId ?? []))]);
  const rules = await rulesOn(db, day);
  const from = toGrid(base.lng, base.lat);
  const all = [{ id: base.id, easting: from.easting, northing: from.northing }, ...places];
  const table = travelTable(all, base.travel, rules, await roadMinutes(db, shift.councilCode, base.travel, all.map(({ id }) => id)));
  const mean = meanOf(live.flatMap((key) => gains.get(`${key.hotspotId} ${key.bandOn} ${key.band} ${key.nth}`) ?? []));
  const visits = live.map((key): WantedVisit => {
    const worth = (gains.get(`${key.hotspotId} ${key.bandOn} ${key.band} ${key.nth}`) ?? mean) / mean;
    return wantedVisit(key, { shift, band: bands.get(`${key.bandOn} ${key.band}`)!, places, taken, day, rules, worth });
  });
  const crews = Math.max(1, Math.ceil((shift.wardens.length || shift.coverWanted) / shift.crewSize));
  return {
    keys: live, estimated: table.estimated, ways: table.ways,
    inputs: {
      shiftMinutes: minutesFrom(shift, shift.endsAt.getTime()), crews, visits, travel: table.minutes, rules: rules.round,
      places: all.map(({ easting, northing }) => [Math.round(easting - from.easting), Math.round(northing - from.northing)] as const),
    },
  };
}

const minutesFrom = (shift: ShiftOfRota, ms: number): number => Math.round((ms - shift.startsAt.getTime()) / 60_000);
const meanOf = (numbers: readonly number[]): number => (numbers.length === 0 ? 1 : numbers.reduce((sum, each) => sum + each, 0) / numbers.length || 1);

interface VisitFacts {
  readonly shift: ShiftOfRota;
  readonly band: Band;
  readonly places: readonly HotspotPlace[];
  readonly taken: readonly TakenVisit[];
  readonly day: string;
  readonly rules: Rules;
  readonly worth: number;
}

function wantedVisit(key: VisitKey, { shift, band, places, taken, day, rules, worth }: VisitFacts): WantedVisit {
  const place = places.findIndex(({ id }) => id === key.hotspotId);
  const { lastVisit } = places[place]!;
  let [opens, closes] = [minutesFrom(shift, band.startsAt), minutesFrom(shift, band.endsAt)];
  const middle = (Math.max(0, opens) + closes) / 2;
  // Another shift's visit to the same place keeps its distance too.
  for (const other of taken.filter(({ hotspotId }) => hotspotId === key.hotspotId)) {
    const [arrives, leaves] = [minutesFrom(shift, other.arrivesAt.getTime()), minutesFrom(shift, other.leavesAt.getTime())];
    if (arrives <= middle) opens = Math.max(opens, leaves + rules.round.apartMinutes);
    else closes = Math.min(closes, arrives - rules.round.apartMinutes);
  }
  return {
    hotspotId: key.hotspotId, place: place + 1, day: band.day, band: key.band, nth: key.nth, opens, closes, worth: Math.max(0.001, Number(worth.toFixed(6))),
    unvisitedDays: lastVisit === null ? null : Math.max(0, daysBetween(lastVisit, day)),
  };
}

type Rules = TravelRules & { readonly round: RoundRules };

/** Setting -> where it stands in the rules. */
const roundSettings = {
  round_leg_minutes: 'legMinutes', round_plan_share: 'planShare', round_stop_minutes: 'stopMinutes', round_apart_minutes: 'apartMinutes', round_break_minutes: 'breakMinutes',
  round_start_shift_minutes: 'startShiftMinutes', round_unvisited_bonus: 'unvisitedBonus', round_near_best_share: 'nearBestShare', round_tries: 'tries', round_search_starts: 'starts',
  round_walk_kmh: 'walkKmh', round_vehicle_kmh: 'vehicleKmh', round_detour: 'detour', round_vehicle_minutes: 'vehicleMinutes',
} as const satisfies Record<string, keyof RoundRules | keyof TravelRules>;

async function rulesOn(db: Knex, day: string): Promise<Rules> {
  const values = await settingsOn(db, day);
  const read = Object.fromEntries(Object.entries(roundSettings).map(([name, key]): [string, number] => {
    const value = values.get(name);
    if (typeof value !== 'number') throw new AppError(422, 'no_setting', `The setting ${name} has no number in force on ${day}. Enter the setting for it.`);
    return [key, value];
  })) as unknown as RoundRules & TravelRules;
  const { walkKmh, vehicleKmh, detour, vehicleMinutes, ...round } = read;
  return { walkKmh, vehicleKmh, detour, vehicleMinutes, round };
}

/** The plan's minutes as instants, and its crews as wardens. */
function legRows(shift: Pick<ShiftOfRota, 'startsAt'>, keys: readonly VisitKey[], plan: ShiftPlan, crews: Crews['crews']): LegRow[] {
  const at = (minutes: number): string => new Date(shift.startsAt.getTime() + minutes * 60_000).toISOString();
  return plan.legs.map(({ crew, leg, leavesBase, backAtBase, stops, among, shareOfBest }) => ({
    crew: crew + 1, leg: leg + 1, leavesAt: at(leavesBase), backAt: at(backAtBase), among, shareOfBest, wardens: crews[crew] ?? [],
    stops: stops.map(({ visit, arrives, leaves, travelMinutes }) => ({ ...keys[visit]!, arrivesAt: at(arrives), leavesAt: at(leaves), travelMinutes })),
  }));
}

interface ShapedLeg {
  readonly crew: number;
  readonly leg: number;
  /** By id, or by reference. */
  readonly wardens: readonly string[];
  readonly stops: readonly { readonly hotspotId: string; readonly arrivesAt: string }[];
}

/** Draws again from the seed and compares; for the auditor, to whom alone the database gives the seed. */
export async function repeatDraw(trx: Knex.Transaction, { actor, councils, draw: drawAgain = drawHere }: Context, id: string): Promise<RepeatedDraw> {
  const draw = await findDraw(trx, councils, id);
  const stored = await findRounds(trx, councils, id);
  if (!draw || !stored) throw notFound('rounds');
  const seed = await seedOf(trx, draw.councilCode, draw.shift, draw.nonce);
  const { plan, crews, hash } = await drawAgain(draw.inputs, seed);
  const again = legRows(draw, draw.inputs.keys, plan, crews.crews);
  const references = new Map(draw.inputs.crews?.members.map((member) => [member.id, member.reference]));
  const shape = (legs: readonly ShapedLeg[]): string => JSON.stringify(legs.map(({ crew, leg, stops, wardens }) =>
    [crew, leg, stops.map(({ hotspotId, arrivesAt }) => [hotspotId, Date.parse(arrivesAt)]), draw.inputs.crews ? wardens.map((warden) => references.get(warden) ?? warden).toSorted() : []]));
  const result = {
    seed, nonce: draw.nonce, inputsSha256: draw.inputsSha256, planSha256: draw.planSha256, drawnBy: draw.solverVersion, repeatedBy: plannerVersion,
    sameSeed: hashOf(seed) === draw.seedSha256, sameInputs: canonicalHash(draw.inputs) === draw.inputsSha256,
    samePlan: hash === draw.planSha256, sameStops: shape(again) === shape(stored.legs), draws: await listDraws(trx, draw.shift),
  };
  await recordEvent(trx, actor, { action: 'roundDrawRepeated', subjectKind: 'rounds', subjectId: id, councilCode: draw.councilCode, after: { same: result.sameSeed && result.sameInputs && result.samePlan && result.sameStops, drawnBy: result.drawnBy, repeatedBy: result.repeatedBy } });
  return result;
}
