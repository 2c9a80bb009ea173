/** Places, wardens and money to test patrols with, kept in the way the service keeps them. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { saveAgreement, saveCommitment, saveFund, saveRates } from '../../server/grants/queries.ts';
import { savePatrolStart, saveWarden } from '../../server/patrols/wardenQueries.ts';

export const hartlepool = 'E06000001';
export const middlesbrough = 'E06000002';
export const redcar = 'E06000003';
export const stockton = 'E06000004';

export interface HotspotGiven {
  readonly councilCode?: string;
  readonly name?: string;
  readonly liveFrom?: string;
  readonly liveTo?: string | null;
  readonly state?: string;
  /** South-west corner of a square of 0.004 degrees. */
  readonly at?: readonly [number, number];
}

/** Adopts a square hotspot and returns its id. */
export async function addHotspot(db: Knex, given: HotspotGiven = {}): Promise<string> {
  const id = randomUUID();
  const [lng, lat] = given.at ?? [-1.212, 54.684];
  await db.raw(
    `with outline as (select st_multi(st_makeenvelope(:west, :south, :east, :north, 4326)) as geom)
     insert into hotspot (id, name, council_code, reason, state, live_from, live_to, outline, outline_27700)
     select :id, :name, :councilCode, 'Most incidents of the year', :state, :liveFrom, :liveTo, geom, st_transform(geom, 27700) from outline`,
    {
      id, name: given.name ?? `Place ${id.slice(0, 4)}`, councilCode: given.councilCode ?? hartlepool, state: given.state ?? 'live',
      liveFrom: given.liveFrom ?? '2023-07-01', liveTo: given.liveTo ?? null, west: lng, south: lat, east: lng + 0.004, north: lat + 0.004,
    },
  );
  return id;
}

export async function addWarden(db: Knex, reference: string, given: { councilCode?: string; staffCategory?: 'warden' | 'pcso'; employedFrom?: string; employedTo?: string | null } = {}): Promise<string> {
  const id = randomUUID();
  await saveWarden(db, {
    id, reference, councilCode: given.councilCode ?? hartlepool, staffCategory: given.staffCategory ?? 'warden',
    employedFrom: given.employedFrom ?? '2023-07-01', employedTo: given.employedTo ?? null, contractMinutesPerWeek: 2220,
  });
  return id;
}

export async function startPatrols(db: Knex, councilCode: string, startedOn = '2023-08-01'): Promise<void> {
  await savePatrolStart(db, councilCode, startedOn);
}

/** A visit as a client sends it: 15 minutes by two wardens on Monday 2 October 2023, unless told otherwise. */
export function visitOf(hotspotId: string, given: Record<string, unknown> = {}): Record<string, unknown> & { id: string } {
  return { id: randomUUID(), hotspotId, startedAt: '2023-10-02 18:00', endedAt: '2023-10-02 18:15', persons: 2, ...given };
}

export async function addFund(db: Knex, awardPence = 100_000_000): Promise<string> {
  const id = randomUUID();
  await saveFund(db, { id, name: `Fund ${id.slice(0, 4)}`, funder: 'Home Office', purpose: 'Hotspot patrols', awardPence, startsOn: '2023-07-01', endsOn: '2024-03-31' });
  return id;
}

export interface AgreementGiven {
  readonly councilCode?: string;
  readonly ceilingPence?: number;
  readonly committedPence?: number;
  readonly startsOn?: string;
  readonly endsOn?: string;
  readonly state?: 'draft' | 'signed' | 'live' | 'live at risk' | 'closed';
  readonly productiveRatio?: number;
  readonly rate?: number | null;
}

/** An agreement at one rate for every band (£20.00 unless told), with part of its money committed. */
export async function addAgreement(db: Knex, fundId: string, given: AgreementGiven = {}): Promise<string> {
  const id = randomUUID();
  const startsOn = given.startsOn ?? '2023-07-03';
  await saveAgreement(db, {
    id, fundId, councilCode: given.councilCode ?? hartlepool, reference: `AGR-${id.slice(0, 8)}`, ceilingPence: given.ceilingPence ?? 20_000_000,
    startsOn, endsOn: given.endsOn ?? '2024-03-31', state: given.state ?? 'live', productiveRatio: given.productiveRatio ?? 0.5,
  });
  if (given.rate !== null) {
    const rate = given.rate ?? 2000;
    await saveRates(db, id, startsOn, { day: rate, evening: rate, night: rate, saturday: rate, sunday: rate, bank_holiday: rate });
  }
  if (given.committedPence) {
    await saveCommitment(db, { id: randomUUID(), agreementId: id, amountPence: given.committedPence, effectiveOn: startsOn, what: 'Equipment', madeBy: null });
  }
  return id;
}
