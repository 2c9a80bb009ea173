/** Changes of one hotspot: load, decide, save, and the event, in one transaction. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { conflict, invalid } from '../errors.ts';
import { type AdoptionContext, baselineBefore, getHotspotRecord } from '../hotspots/adoptionWork.ts';
import type { Hotspot, MultiPolygon } from '../hotspots/contract.ts';
import { latestOutline, saveOutline } from '../hotspots/groundQueries.ts';
import { areasOfShape, type HotspotRecord, type HotspotView, lockAdoption, overlappingHotspots } from '../hotspots/hotspotQueries.ts';
import { firstDay } from '../hotspots/months.ts';
import { numberOf } from '../hotspots/settings.ts';
import { settingsOn } from '../settings/queries.ts';
import { endPause, saveAgreement, saveName, savePause, saveWard } from './changeQueries.ts';
import { checkChange, checkMove, shiftShape } from './rules.ts';

export interface Dated {
  readonly id: string;
  readonly from: string;
  readonly reason: string;
}

export const viewOf = ({ scope, now }: AdoptionContext): HotspotView => ({ scope, today: now.toISOString().slice(0, 10) });

/** Loads the hotspot under the lock and refuses what cannot be changed on the day. */
export async function openChange(trx: Knex.Transaction, id: string, from: string, context: AdoptionContext): Promise<HotspotRecord> {
  await lockAdoption(trx);
  const hotspot = await getHotspotRecord(trx, viewOf(context), id);
  checkChange(hotspot, from, viewOf(context).today);
  return hotspot;
}

type Change = { action: string; before?: object; after: object; reason: string };

export async function recordChange(trx: Knex.Transaction, context: AdoptionContext, hotspot: Hotspot, change: Change): Promise<void> {
  await recordEvent(trx, context.actor, { ...change, subjectKind: 'hotspot', subjectId: hotspot.id, councilCode: hotspot.councilCode });
}

type Move = Dated & { eastMetres: number; northMetres: number };

/** Moves a hotspot from a day on: the outline before keeps its days, the moved one its own baseline. */
export async function moveHotspot(trx: Knex.Transaction, asked: Move, context: AdoptionContext): Promise<Hotspot> {
  checkMove(asked);
  const hotspot = await openChange(trx, asked.id, asked.from, context);
  const before = await latestOutline(trx, asked.id);
  if (!before.first && asked.from <= before.validFrom) throw invalid([{ field: 'from', message: `${hotspot.name} was moved from ${before.validFrom} on already. Give a later day.` }]);
  const shape = shiftShape(before.shape, asked.eastMetres, asked.northMetres);
  const { wardCode } = await checkGround(trx, hotspot, shape, asked.from);
  const baseline = baselineBefore(asked.from, numberOf(await settingsOn(trx, asked.from), 'hotspot_baseline_months'));
  await saveOutline(trx, {
    id: randomUUID(), hotspotId: asked.id, validFrom: asked.from, shape, reason: asked.reason,
    baselineFrom: firstDay(baseline.from), baselineTo: firstDay(baseline.to), by: context.actor.personId, at: context.now,
  });
  await saveWard(trx, asked.id, wardCode);
  await recordChange(trx, context, hotspot, {
    action: 'hotspotMoved', reason: asked.reason, before: { outline: before.shape }, after: { from: asked.from, eastMetres: asked.eastMetres, northMetres: asked.northMetres, outline: shape, baseline },
  });
  return getHotspotRecord(trx, viewOf(context), asked.id);
}

/** Refuses ground that is another hotspot's, or mostly another council's. */
async function checkGround(trx: Knex.Transaction, hotspot: HotspotRecord, shape: MultiPolygon, from: string): Promise<{ wardCode: string | null }> {
  const overlapping = await overlappingHotspots(trx, shape, from, hotspot.id);
  if (overlapping.length > 0) throw conflict('hotspot_overlaps', `${hotspot.name} would share ground with ${overlapping.map((one) => one.name).join(', ')}, and incidents there would count twice. Move it elsewhere, or retire that hotspot first.`);
  const areas = await areasOfShape(trx, shape, from);
  if (areas.councilCode !== hotspot.councilCode) throw conflict('other_council', `Most of ${hotspot.name} would lie outside ${hotspot.council}, whose hotspot it is. Move it less far, or retire it and adopt one there.`);
  return areas;
}

/** Where a move would put it and the first thing against it, nothing saved. */
export async function previewMove(trx: Knex.Transaction, asked: Omit<Move, 'reason' | 'from'> & { from?: string | undefined }, context: AdoptionContext): Promise<{ outline: MultiPolygon; problem: string | null }> {
  const view = viewOf(context);
  const hotspot = await getHotspotRecord(trx, view, asked.id);
  const outline = shiftShape((await latestOutline(trx, asked.id)).shape, asked.eastMetres, asked.northMetres);
  try {
    checkChange(hotspot, asked.from ?? (hotspot.liveFrom < view.today ? view.today : '2099-12-31'), view.today);
    await checkGround(trx, hotspot, outline, asked.from ?? view.today);
    return { outline, problem: null };
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'status' in error) return { outline, problem: error.message };
    throw error;
  }
}

export async function renameHotspot(trx: Knex.Transaction, asked: { id: string; name: string; reason: string }, context: AdoptionContext): Promise<Hotspot> {
  await lockAdoption(trx);
  const hotspot = await getHotspotRecord(trx, viewOf(context), asked.id);
  if (hotspot.name === asked.name) throw invalid([{ field: 'name', message: `It is called ${asked.name} already. Give another name.` }]);
  await saveName(trx, asked.id, asked.name);
  await recordChange(trx, context, hotspot, { action: 'hotspotRenamed', reason: asked.reason, before: { name: hotspot.name }, after: { name: asked.name } });
  return getHotspotRecord(trx, viewOf(context), asked.id);
}

export async function pauseHotspot(trx: Knex.Transaction, asked: Dated & { to?: string | undefined }, context: AdoptionContext): Promise<Hotspot> {
  const hotspot = await openChange(trx, asked.id, asked.from, context);
  if (asked.to !== undefined && asked.to <= asked.from) throw invalid([{ field: 'to', message: `It would be taken up again before it is paused on ${asked.from}. Give a later day, or none.` }]);
  await savePause(trx, { hotspotId: asked.id, from: asked.from, to: asked.to ?? null, reason: asked.reason, by: context.actor.personId, at: context.now });
  await recordChange(trx, context, hotspot, { action: 'hotspotPaused', reason: asked.reason, after: { from: asked.from, to: asked.to ?? null } });
  return getHotspotRecord(trx, viewOf(context), asked.id);
}

/** Ends the pause that has no end yet. */
export async function resumeHotspot(trx: Knex.Transaction, asked: Dated, context: AdoptionContext): Promise<Hotspot> {
  const hotspot = await openChange(trx, asked.id, asked.from, context);
  const pausedFrom = await endPause(trx, { hotspotId: asked.id, to: asked.from, reason: asked.reason, by: context.actor.personId, at: context.now });
  if (pausedFrom === undefined) throw conflict('not_paused', `${hotspot.name} is not paused without an end before ${asked.from}: there is nothing to take up again then.`);
  await recordChange(trx, context, hotspot, { action: 'hotspotResumed', reason: asked.reason, before: { from: pausedFrom }, after: { from: asked.from } });
  return getHotspotRecord(trx, viewOf(context), asked.id);
}

/** Makes a proposed hotspot live from a day on, its baseline frozen now. */
export async function agreeHotspot(trx: Knex.Transaction, asked: Dated, context: AdoptionContext): Promise<Hotspot> {
  await lockAdoption(trx);
  const hotspot = await getHotspotRecord(trx, viewOf(context), asked.id);
  if (hotspot.liveTo !== null) throw conflict('already_retired', `${hotspot.name} is retired from ${hotspot.liveTo} on. Adopt it anew.`);
  if (hotspot.agreed) throw conflict('agreed_already', `${hotspot.name} is agreed already, from ${hotspot.liveFrom}.`);
  const overlapping = await overlappingHotspots(trx, hotspot.outline, asked.from, asked.id);
  if (overlapping.length > 0) throw conflict('hotspot_overlaps', `${hotspot.name} would share ground with ${overlapping.map((one) => one.name).join(', ')}. Retire that hotspot first.`);
  const baseline = baselineBefore(asked.from, numberOf(await settingsOn(trx, asked.from), 'hotspot_baseline_months'));
  await saveAgreement(trx, { id: asked.id, liveFrom: asked.from, baselineFrom: firstDay(baseline.from), baselineTo: firstDay(baseline.to), by: context.actor.personId, at: context.now });
  const agreed = await getHotspotRecord(trx, viewOf(context), asked.id);
  await recordChange(trx, context, agreed, {
    action: 'hotspotAgreed', reason: asked.reason, before: { state: 'proposed' }, after: { liveFrom: asked.from, baseline, baselineIncidents: agreed.baselineIncidents },
  });
  return agreed;
}
