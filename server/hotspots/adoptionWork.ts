/** Adopting and retiring hotspots: the change, its frozen baseline and its audit event in one transaction. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import { AppError, conflict, invalid, notFound } from '../errors.ts';
import { settingsOn } from '../settings/queries.ts';
import { findRun, listRunCells } from './analysisQueries.ts';
import { decideAdoption } from './candidates.ts';
import type { Hotspot, MultiPolygon } from './contract.ts';
import { saveSuccession } from './groundQueries.ts';
import { areasOfShape, findHotspot, type HotspotRecord, type HotspotView, lockAdoption, overlappingHotspots, saveHotspot, saveRetirement } from './hotspotQueries.ts';
import { addMonths, firstDay, monthOf } from './months.ts';
import { numberOf } from './settings.ts';

export interface Adoption {
  readonly runId: string;
  readonly cells: readonly string[];
  readonly name: string;
  readonly reason: string;
  readonly liveFrom: string;
  readonly split: boolean;
  readonly propose?: boolean;
  /** The retired hotspot whose place it takes. */
  readonly replaces?: string | undefined;
}

export interface AdoptionContext {
  readonly actor: Actor;
  readonly scope: readonly string[];
  readonly now: Date;
}

/** Adopts the cells of a run as a hotspot (several when splitting is asked for); throws in words when the place cannot be one. */
export async function adoptHotspots(trx: Knex.Transaction, asked: Adoption, context: AdoptionContext): Promise<Hotspot[]> {
  const run = await findRun(trx, context.scope, asked.runId);
  if (!run) throw notFound('analysis run');
  const settings = await settingsOn(trx, asked.liveFrom);
  const runCells = await listRunCells(trx, run, { cells: asked.cells });
  const outlines = decideAdoption(asked, runCells, numberOf(settings, 'hotspot_widest_metres'));
  const baselineMonths = numberOf(settings, 'hotspot_baseline_months');
  await lockAdoption(trx);
  const view: HotspotView = { scope: context.scope, today: context.now.toISOString().slice(0, 10) };
  const adopted: Hotspot[] = [];
  for (const { name, shape, cells } of outlines) {
    adopted.push(await beginHotspot(trx, { ...asked, name, shape, cells, baselineMonths, view, proposed: asked.propose ?? false, kept: { runHash: run.hash } }, context));
  }
  for (const { id } of asked.replaces ? adopted : []) await saveSuccession(trx, { id: asked.replaces ?? '', successorId: id, kind: 'replaced', on: asked.liveFrom });
  return adopted;
}

/** A hotspot about to begin: where, from when, why, and out of what. */
export interface Beginning {
  readonly name: string;
  readonly shape: MultiPolygon;
  /** Empty where the outline is not made of cells. */
  readonly cells: readonly string[];
  readonly reason: string;
  readonly runId: string | null;
  readonly liveFrom: string;
  readonly proposed: boolean;
  readonly baselineMonths: number;
  readonly view: HotspotView;
  /** Further facts for the trail. */
  readonly kept: object;
}

/** Saves one hotspot with its frozen baseline and its event; throws in words when its ground is taken or in no council. */
export async function beginHotspot(trx: Knex.Transaction, asked: Beginning, { actor, now }: AdoptionContext): Promise<Hotspot> {
  const overlapping = await overlappingHotspots(trx, asked.shape, asked.liveFrom);
  if (overlapping.length > 0) {
    throw conflict('hotspot_overlaps', `${asked.name} would share ground with ${overlapping.map((hotspot) => hotspot.name).join(', ')}, and incidents there would count twice. Leave those cells out, or retire that hotspot first.`);
  }
  const areas = await areasOfShape(trx, asked.shape, asked.liveFrom);
  if (areas.councilCode === null) {
    throw new AppError(422, 'outside_councils', `${asked.name} lies in no council whose boundary is in force on ${asked.liveFrom}. Import boundaries for that date, or give another first day.`);
  }
  const id = randomUUID();
  const baseline = baselineBefore(asked.liveFrom, asked.baselineMonths);
  const { proposed } = asked;
  await saveHotspot(trx, {
    id, name: asked.name, councilCode: areas.councilCode, wardCode: areas.wardCode, reason: asked.reason, runId: asked.runId, liveFrom: asked.liveFrom, proposed,
    shape: asked.shape, cells: asked.cells, baselineFrom: proposed ? null : firstDay(baseline.from), baselineTo: proposed ? null : firstDay(baseline.to), adoptedBy: actor.personId, adoptedAt: now,
  });
  const hotspot = await getHotspotRecord(trx, { ...asked.view, scope: ['*'] }, id);
  await recordEvent(trx, actor, {
    action: proposed ? 'hotspotProposed' : 'hotspotAdopted', subjectKind: 'hotspot', subjectId: id, councilCode: areas.councilCode, reason: asked.reason,
    after: { name: asked.name, liveFrom: asked.liveFrom, cells: asked.cells, runId: asked.runId, ...asked.kept, ...(proposed ? {} : { baseline, baselineIncidents: hotspot.baselineIncidents }) },
  });
  return hotspot;
}

/** The months before the one a hotspot goes live in. */
export function baselineBefore(liveFrom: string, months: number): { from: string; to: string } {
  return { from: addMonths(monthOf(liveFrom), -months), to: addMonths(monthOf(liveFrom), -1) };
}

export async function getHotspotRecord(db: Knex, view: HotspotView, id: string): Promise<HotspotRecord> {
  const hotspot = await findHotspot(db, view, id);
  if (!hotspot) throw notFound('hotspot');
  return hotspot;
}

export interface Retiring {
  readonly id: string;
  readonly liveTo: string;
  readonly reason: string;
  readonly replacedBy?: string | undefined;
}

/** Ends a hotspot on a day (the first one it is no longer live); throws in words on one that has ended already. */
export async function retireHotspot(trx: Knex.Transaction, asked: Retiring, context: AdoptionContext): Promise<Hotspot> {
  const view: HotspotView = { scope: context.scope, today: context.now.toISOString().slice(0, 10) };
  const before = await getHotspotRecord(trx, view, asked.id);
  if (before.liveTo !== null) throw conflict('already_retired', `${before.name} is retired from ${before.liveTo} on already.`);
  if (asked.liveTo <= before.liveFrom) throw invalid([{ field: 'liveTo', message: `${before.name} is live from ${before.liveFrom}. Give a later day.` }]);
  if (asked.replacedBy === asked.id) throw invalid([{ field: 'replacedBy', message: 'A hotspot cannot replace itself.' }]);
  if (asked.replacedBy) await getHotspotRecord(trx, view, asked.replacedBy);
  await saveRetirement(trx, { id: asked.id, liveTo: asked.liveTo, reason: asked.reason, replacedBy: asked.replacedBy ?? null, by: context.actor.personId, at: context.now });
  if (asked.replacedBy) await saveSuccession(trx, { id: asked.id, successorId: asked.replacedBy, kind: 'replaced', on: asked.liveTo });
  await recordEvent(trx, context.actor, {
    action: 'hotspotRetired', subjectKind: 'hotspot', subjectId: asked.id, councilCode: before.councilCode, reason: asked.reason,
    before: { liveTo: null }, after: { liveTo: asked.liveTo, replacedBy: asked.replacedBy ?? null },
  });
  return getHotspotRecord(trx, view, asked.id);
}
