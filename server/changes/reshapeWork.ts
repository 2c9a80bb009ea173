/** Splitting and merging: hotspots end on a day and others begin on it, each with a frozen baseline of its own. */
import type { Knex } from 'knex';
import { AppError, invalid } from '../errors.ts';
import { type AdoptionContext, beginHotspot } from '../hotspots/adoptionWork.ts';
import type { Hotspot, MultiPolygon } from '../hotspots/contract.ts';
import { cutOutline, joinOutlines, latestOutline, saveSuccession, type Succession } from '../hotspots/groundQueries.ts';
import { type HotspotRecord, saveRetirement } from '../hotspots/hotspotQueries.ts';
import { numberOf } from '../hotspots/settings.ts';
import { settingsOn } from '../settings/queries.ts';
import { type Dated, openChange, recordChange, viewOf } from './changeWork.ts';
import { checkMerge, fromMetres } from './rules.ts';

type Split = Dated & { line: 'north-south' | 'west-east'; offsetMetres: number; names: readonly [string, string] };

export async function splitHotspot(trx: Knex.Transaction, asked: Split, context: AdoptionContext): Promise<Hotspot[]> {
  const hotspot = await openChange(trx, asked.id, asked.from, context);
  await refuseMovedLater(trx, hotspot, asked.from);
  const halves = await cutOutline(trx, asked.id, asked.line, asked.offsetMetres);
  const [one, other] = halves.map((half) => half && fromMetres(half));
  if (!one || !other) throw invalid([{ field: 'offsetMetres', message: `The line runs beside ${hotspot.name}, which is ${Math.round(hotspot.acrossMetres)} m across. Bring it nearer to the middle.` }]);
  const parts = [one, other].map((shape, index) => ({ name: asked.names[index] ?? '', shape }));
  return take(trx, [hotspot], parts, { ...asked, kind: 'split' }, context);
}

type Merge = Dated & { others: readonly string[]; name: string };

export async function mergeHotspots(trx: Knex.Transaction, asked: Merge, context: AdoptionContext): Promise<Hotspot> {
  const ids = [...new Set([asked.id, ...asked.others])];
  if (ids.length < 2) throw invalid([{ field: 'others', message: 'A hotspot cannot be merged with itself alone. Choose another that touches it.' }]);
  const hotspots: HotspotRecord[] = [];
  for (const id of ids) hotspots.push(await openChange(trx, id, asked.from, context));
  for (const hotspot of hotspots) await refuseMovedLater(trx, hotspot, asked.from);
  if (new Set(hotspots.map((one) => one.councilCode)).size > 1) throw new AppError(422, 'other_council', 'The hotspots are of different councils. Merge only those of one.');
  const joined = await joinOutlines(trx, ids);
  checkMerge(joined, hotspots.map((one) => one.name), numberOf(await settingsOn(trx, asked.from), 'hotspot_widest_metres'));
  const [merged] = await take(trx, hotspots, [{ name: asked.name, shape: fromMetres(joined.shape) }], { ...asked, kind: 'merged' }, context);
  if (!merged) throw new Error('A merge began no hotspot.');
  return merged;
}

/** Parts are cut from the latest outline, so it must hold on the day. */
async function refuseMovedLater(trx: Knex.Transaction, hotspot: HotspotRecord, from: string): Promise<void> {
  const { validFrom, first } = await latestOutline(trx, hotspot.id);
  if (!first && from <= validFrom) throw invalid([{ field: 'from', message: `${hotspot.name} moves on ${validFrom}. Give a later day.` }]);
}

type Taking = Dated & { kind: Succession['kind'] };

/** Ends the old ones first, so that their ground is free for the new. */
async function take(trx: Knex.Transaction, old: readonly HotspotRecord[], parts: readonly { name: string; shape: MultiPolygon }[], { from, reason, kind }: Taking, context: AdoptionContext): Promise<Hotspot[]> {
  const retired = { liveTo: from, reason, by: context.actor.personId, at: context.now };
  for (const { id } of old) await saveRetirement(trx, { ...retired, id, replacedBy: null });
  const baselineMonths = numberOf(await settingsOn(trx, from), 'hotspot_baseline_months');
  const begun: Hotspot[] = [];
  for (const part of parts) {
    begun.push(await beginHotspot(trx, {
      ...part, cells: [], reason, runId: old[0]?.runId ?? null, liveFrom: from, proposed: false, baselineMonths, view: viewOf(context), kept: { [kind === 'split' ? 'splitFrom' : 'mergedFrom']: old.map((one) => one.name) },
    }, context));
  }
  for (const hotspot of old) {
    await saveRetirement(trx, { ...retired, id: hotspot.id, replacedBy: begun[0]?.id ?? null });
    for (const { id } of begun) await saveSuccession(trx, { id: hotspot.id, successorId: id, kind, on: from });
    await recordChange(trx, context, hotspot, { action: kind === 'split' ? 'hotspotSplit' : 'hotspotMerged', reason, before: { liveTo: null }, after: { liveTo: from, into: begun.map((one) => one.name) } });
  }
  return begun;
}
