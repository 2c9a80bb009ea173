/** The pilot in a database, each row recorded on the day it became known, so that it can be replayed. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { addFund, addHotspot, startPatrols } from './patrols.ts';
import { contractMinutes, pencePerPatrolHour, pilotCeilingPence, pilotDays, pilotPosts, pilotSpan, pilotStarts, productiveRatio } from './pilot.ts';
import { addSigned } from './terms.ts';

export interface Pilot {
  readonly fundId: string;
  /** Agreement by council code. */
  readonly agreements: Readonly<Record<string, string>>;
}

/** Fund, four agreements paid on hours, wardens, starts and patrols to a last day. A start is recorded on its day, or two weeks before when `dated`. */
export async function addPilot(db: Knex, last: string): Promise<Pilot> {
  const fundId = await addFund(db);
  const agreements: Record<string, string> = {};
  for (const [councilCode, start] of Object.entries(pilotStarts)) {
    const { agreement } = await addSigned(db, { fundId, councilCode, ceilingPence: pilotCeilingPence, productiveRatio, rate: pencePerPatrolHour, ...pilotSpan }, { paymentBasis: 'hours' });
    agreements[councilCode] = agreement.id;
    await db('staff_plan').insert({ id: randomUUID(), agreement_id: agreement.id, starts_on: pilotSpan.startsOn, posts: pilotPosts, contract_minutes_per_week: contractMinutes, reason: 'Agreed at the start', recorded_at: `${pilotSpan.startsOn}T09:00:00Z` });
    if (start > last) continue;
    await startPatrols(db, councilCode, start);
    await db('patrol_start_known').insert({ council_code: councilCode, started_on: start, recorded_at: `${start}T09:00:00Z` });
    await addStaff(db, councilCode, start);
    await addVisits(db, councilCode, start, last);
  }
  return { fundId, agreements };
}

/** The wardens were entered on their first day; what the database noted when this test wrote them is later. */
async function addStaff(db: Knex, councilCode: string, start: string): Promise<void> {
  for (let n = 1; n <= pilotPosts; n += 1) {
    const id = randomUUID();
    const row = { council_code: councilCode, staff_category: 'warden', employed_from: start, contract_minutes_per_week: contractMinutes };
    await db('warden').insert({ id, reference: `P${n}`, ...row });
    await db('staffing_known').insert({ warden_id: id, ...row, recorded_at: `${start}T09:00:00Z` });
  }
}

/** One stay a day by one warden, recorded the same evening. */
async function addVisits(db: Knex, councilCode: string, start: string, last: string): Promise<void> {
  const hotspotId = await addHotspot(db, { councilCode, liveFrom: pilotSpan.startsOn });
  await db('visit').insert(pilotDays(start, last).map(({ on, minutes }) => ({
    id: randomUUID(), hotspot_id: hotspotId, council_code: councilCode, started_at: `${on}T12:00:00Z`, ended_at: new Date(Date.parse(`${on}T12:00:00Z`) + minutes * 60_000).toISOString(), staff_category: 'warden', persons: 1,
    recorded_how: 'self_report', patrol_reference: `${councilCode} ${on}`, recorded_at: `${on}T21:00:00Z`,
  })));
}
