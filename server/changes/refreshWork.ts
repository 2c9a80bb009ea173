/** Comparing a run with the agreed set, and carrying out what people decide on it: all in one change or none of it. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { z } from 'zod';
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import { type AdoptionContext, adoptHotspots, retireHotspot } from '../hotspots/adoptionWork.ts';
import { findRun, listRunCells } from '../hotspots/analysisQueries.ts';
import { describeCandidates } from '../hotspots/candidates.ts';
import type { Analysis, Candidate, Hotspot } from '../hotspots/contract.ts';
import { tagEvidence } from '../hotspots/evidenceQueries.ts';
import { listHotspotShapes, lockAdoption } from '../hotspots/hotspotQueries.ts';
import { listedNames } from '../hotspots/placeNames.ts';
import { crossingsOf } from '../hotspots/runCrossingQueries.ts';
import { numberOf, textOf } from '../hotspots/settings.ts';
import { settingsOn } from '../settings/queries.ts';
import { viewOf } from './changeWork.ts';
import type { confirmRefresh, getRefresh, RefreshRow } from './contract.ts';
import { type AgreedGround, checkDecisions, compareRefresh, type Decided, refreshFigures, refreshWords } from './refresh.ts';
import { cellsBefore, incidentsOnGround, type KeptDecision, listKeptRefreshes, previousRunId, saveRefresh, sharedGround } from './refreshQueries.ts';

export type Looking = Pick<AdoptionContext, 'scope' | 'now'>;

export async function getRun(db: Knex, { scope }: Looking, id: string): Promise<Analysis> {
  const run = await findRun(db, scope, id);
  if (!run) throw notFound('analysis run');
  return run;
}

/** The candidates of a run, named, explained and tagged as its page shows them. */
export async function candidatesOf(db: Knex, run: Analysis, { now }: Looking): Promise<Candidate[]> {
  const settings = await settingsOn(db, now.toISOString().slice(0, 10));
  const cells = await listRunCells(db, run, { candidatesOnly: true });
  return describeCandidates(cells, {
    widestMetres: numberOf(settings, 'hotspot_widest_metres'), figures: run.figures, generalNames: listedNames(textOf(settings, 'place_names_general')), live: [],
    evidence: await tagEvidence(db, run, cells, settings),
  });
}

interface Compared {
  readonly run: Analysis;
  readonly previous: Analysis | null;
  readonly rows: RefreshRow[];
}

async function compare(db: Knex, id: string, looking: Looking): Promise<Compared> {
  const run = await getRun(db, looking, id);
  const before = await previousRunId(db, run);
  const previous = before ? ((await findRun(db, looking.scope, before)) ?? null) : null;
  const candidates = await candidatesOf(db, run, looking);
  const agreed = await agreedOf(db, run, looking);
  const ids = agreed.map(({ hotspot }) => hotspot.id);
  const [now, then] = [await incidentsOnGround(db, run, ids), previous ? await incidentsOnGround(db, previous, ids) : null];
  const grounds = agreed.map(({ hotspot, outline }): AgreedGround => ({
    id: hotspot.id, name: hotspot.name, councilCode: hotspot.councilCode, council: hotspot.council, areaKm2: hotspot.areaKm2, outline,
    n: now.get(hotspot.id) ?? 0, before: then ? (then.get(hotspot.id) ?? 0) : null,
  }));
  const rows = compareRefresh({
    figures: run.figures, candidates, agreed: grounds, shared: await sharedGround(db, agreed.map(({ hotspot }) => hotspot), candidates),
    previous: previous && { from: previous.parameters.from, to: previous.parameters.to, cells: await cellsBefore(db, previous.id, candidates.flatMap((one) => one.cells)) },
  });
  return { run, previous, rows };
}

/** Hotspots of the run's councils that have not ended and are more than put forward. */
async function agreedOf(db: Knex, run: Analysis, looking: Looking): Promise<{ hotspot: Hotspot; outline: RefreshRow['outline'] }[]> {
  const { today } = viewOf({ ...looking, actor: { personId: null, role: '' } });
  const all = await listHotspotShapes(db, { scope: looking.scope, today, council: run.parameters.councils, all: true });
  return all.filter(({ hotspot }) => hotspot.agreed && hotspot.liveTo === null);
}

const named = ({ id, parameters, createdAt }: Analysis) => ({ id, from: parameters.from, to: parameters.to, createdAt });

export async function viewRefresh(db: Knex, id: string, looking: Looking): Promise<z.input<typeof getRefresh.output>> {
  const { run, previous, rows } = await compare(db, id, looking);
  const confirmed = (await listKeptRefreshes(db, id)).map((one) => ({ id: one.id, effectiveOn: one.effectiveOn, decidedAt: one.decidedAt, decisions: one.decisions.length }));
  const { meanRate, minimumCount, months } = run.figures;
  return { run: named(run), previous: previous && named(previous), rows, figures: refreshFigures(rows), says: refreshWords(rows, run.figures), confirmed, meanRate, minimumCount, months, crossings: await crossingsOf(db, previous ? [previous, run] : [run]) };
}

type Confirmed = z.input<typeof confirmRefresh.output>;

/** Carries out the decisions on the comparison as it is now: retirements first, so that their ground is free. */
export async function decideRefresh(trx: Knex.Transaction, asked: z.output<typeof confirmRefresh.input>, context: AdoptionContext): Promise<Confirmed> {
  await lockAdoption(trx);
  const { run, previous, rows } = await compare(trx, asked.id, context);
  const { today } = viewOf(context);
  const decided = checkDecisions(asked.decisions, rows);
  const changes = decided.some(({ decided: { decision } }) => decision !== 'keep' && decision !== 'leave');
  if (changes && asked.from < today) throw invalid([{ field: 'from', message: `${asked.from} is over, and its visits and counts stand. Give today (${today}) or a later day.` }]);
  const kept: KeptDecision[] = [];
  const adopted = new Map<string, string>();
  for (const { row, decided: one } of decided) if (one.decision === 'replace') await retire(trx, row, one, asked.from, context);
  for (const { row, decided: one } of decided) if (one.decision === 'retire') await retire(trx, row, one, asked.from, context);
  for (const { row, decided: one } of decided) {
    if (one.decision !== 'adopt' && one.decision !== 'replace') continue;
    adopted.set(row.key, await adopt(trx, { row, one, from: asked.from, runId: run.id }, context));
  }
  for (const { row, decided: one } of decided) {
    kept.push({ councilCode: row.councilCode, found: row.found, hotspotId: adopted.get(row.key) ?? row.hotspotId, cell: row.candidate?.cells[0] ?? null, name: one.name ?? row.name, why: row.why, decision: one.decision, reason: one.reason });
  }
  const id = randomUUID();
  await saveRefresh(trx, { id, runId: run.id, previousRunId: previous?.id ?? null, councils: run.parameters.councils, effectiveOn: asked.from, figures: refreshFigures(rows), by: context.actor.personId, at: context.now }, kept);
  await recordEvent(trx, context.actor, { action: 'refreshConfirmed', subjectKind: 'refresh', subjectId: id, after: { runId: run.id, from: asked.from, decisions: kept.map(({ name, decision }) => ({ name, decision })) } });
  return { id, effectiveOn: asked.from, ...totals(decided.map(({ decided: one }) => one)) };
}

async function retire(trx: Knex.Transaction, row: RefreshRow, { reason }: Decided, from: string, context: AdoptionContext): Promise<void> {
  await retireHotspot(trx, { id: row.hotspotId ?? '', liveTo: from, reason }, context);
}

async function adopt(trx: Knex.Transaction, { row, one, from, runId }: { row: RefreshRow; one: Decided; from: string; runId: string }, context: AdoptionContext): Promise<string> {
  const asked = { runId, cells: row.candidate?.cells ?? [], name: one.name ?? row.candidate?.suggestedName ?? row.name, reason: one.reason, liveFrom: from, split: false };
  const [hotspot] = await adoptHotspots(trx, { ...asked, replaces: row.hotspotId ?? undefined }, context);
  if (!hotspot) throw new Error('An adoption began no hotspot.');
  return hotspot.id;
}

function totals(decisions: readonly Decided[]): Omit<Confirmed, 'id' | 'effectiveOn'> {
  const count = (decision: Decided['decision']): number => decisions.filter((one) => one.decision === decision).length;
  const [adopted, retired, replaced, kept, left] = [count('adopt'), count('retire'), count('replace'), count('keep'), count('leave')];
  return { adopted, retired, replaced, kept, left, says: `${adopted} adopted, ${retired} retired, ${replaced} replaced, ${kept} kept, ${left} left for now.` };
}
