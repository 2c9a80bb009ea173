/** Drafts of a month, made by a person or by the clock, and released by another person. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import { canonicalHash } from '../canonical.ts';
import { conflict } from '../errors.ts';
import { addMonths } from '../hotspots/months.ts';
import { localDay } from '../patrols/visits.ts';
import { loadSolver } from '../patrols/solver.ts';
import { settingsOn } from '../settings/queries.ts';
import { isWards, type PublicationContent, type PublicationKind } from './contract.ts';
import * as load from './draftQueries.ts';
import * as queries from './queries.ts';
import { draftGrants, type Drafted, draftSpending } from './statutory.ts';
import { draftWards, revealedByVersions } from './wardFigures.ts';

const actionNames = [['enforcement', 'Enforcement actions'], ['informal_warning', 'Informal warnings'], ['public_engagement', 'People spoken to'], ['other', 'Other: seizures, referrals, visits to premises, reports']] as const;

/** The content of a month as it is now, what it lacks, and whose words it holds. */
export async function draft(db: Knex, kind: PublicationKind, month: string, today: string): Promise<Drafted<PublicationContent>> {
  const settings = await settingsOn(db, today);
  const about = { month, publisher: await load.findPublisher(db), demonstration: await load.isDemonstration(db) };
  if (kind === 'grants') return draftGrants(await load.listGrantFacts(db, month), { kind, ...about, prefix: String(settings.get('publication_360_prefix') ?? ''), funder: about.publisher });
  if (kind === 'spending') return draftSpending(await load.listPaymentFacts(db, month), { kind, ...about, overPence: Number(settings.get('publication_item_pence') ?? 50_000) });
  const layers = await queries.openLayers(db, today, kind);
  const hotspots = await load.listPublicHotspots(db, month);
  const shows = (layer: string): boolean => layers.has(layer);
  const patrolled = (await load.listWards(db, month)).map((ward) => (shows('ward_patrols') ? ward : { ...ward, hotspots: 0, visits: 0, personMinutes: 0 }));
  const content = draftWards({
    kind, ...about, layers: [...layers.keys()].sort(), threshold: Number(settings.get('disclosure_threshold') ?? 10), councils: await load.listStarts(db), wards: patrolled,
    sources: shows('ward_incidents') ? await load.listMonthSources(db, month) : [], incidents: shows('ward_incidents') ? await load.listWardIncidents(db, month) : [],
    actions: shows('ward_actions') ? actionNames.map(([code, name]) => ({ code, name })) : [], actionCounts: shows('ward_actions') ? await load.listWardActions(db, month) : [],
    hotspots: shows('hotspot_names') ? hotspots.map(({ name, ward, councilCode, liveFrom }) => ({ name, ward, councilCode, liveFrom })) : [],
    outlines: shows('hotspot_outlines') ? hotspots.map(({ name, councilCode, geometry }, nth) => ({ name: shows('hotspot_names') ? name : `Hotspot ${nth + 1}`, councilCode, geometry })) : [],
  }, await loadSolver(), await queries.listEverReleased(db, month));
  return { content, faults: [], writers: [] };
}

/** Refuses to release a month's page beside which an earlier version would give a hidden count away; each is named. */
export async function refuseRevealing(db: Knex, id: string): Promise<void> {
  const content = await queries.contentOf(db, id);
  if (!isWards(content)) return;
  const found = revealedByVersions(content, await queries.listEverReleased(db, content.month, id), await loadSolver());
  if (found.length > 0) throw conflict('publication_reveals', `A number that is hidden could be worked out: ${found.join('; ')}. Make the draft again; what an earlier version gives away is left out of it.`);
}

export interface DraftContext {
  readonly db: Knex.Transaction;
  readonly actor: Actor;
  readonly now: Date;
}

/** Keeps a month's draft as its next version, unless its content and what it lacks are as in the last one. */
export async function keepDraft({ db, actor, now }: DraftContext, asked: { id: string; kind: PublicationKind; month: string }): Promise<{ id: string; isNew: boolean }> {
  await db.raw('select pg_advisory_xact_lock(hashtext(?))', [`publication ${asked.kind} ${asked.month}`]);
  const { content, faults, writers } = await draft(db, asked.kind, asked.month, localDay(now.toISOString()));
  const sha256 = canonicalHash(content);
  const before = await queries.findLatest(db, asked.kind, asked.month);
  if (before && before.sha256 === sha256 && canonicalHash(before.faults) === canonicalHash(faults)) return { id: before.id, isNew: false };
  const version = (before?.version ?? 0) + 1;
  const preparers = [...new Set([...(actor.personId ? [actor.personId] : []), ...writers])];
  await queries.insertPublication(db, { id: asked.id, version, content, faults, sha256, preparers, madeBy: actor.personId, madeAt: now });
  await recordEvent(db, actor, { action: 'publicationDrafted', subjectKind: 'publication', subjectId: asked.id, after: { kind: asked.kind, month: asked.month, version, sha256, faults: faults.length } });
  return { id: asked.id, isNew: true };
}

/** What is published every month; a page for partners only where some layer is theirs and not the public's. */
export async function dueKinds(db: Knex, today: string): Promise<PublicationKind[]> {
  const theirs = [...(await queries.openLayers(db, today, 'partners page')).values()].includes('partners');
  return ['grants', 'spending', 'public page', ...(theirs ? ['partners page' as const] : [])];
}

const clock: Actor = { personId: null, role: 'monthly drafts' };

/** Every day from the set day of the month: what the month before lacks a draft of is drafted. Safe to run again. */
export async function draftMonthly(db: Knex, _config: unknown, now: Date): Promise<void> {
  const today = localDay(now.toISOString());
  const month = addMonths(today.slice(0, 7), -1);
  await db.transaction(async (trx) => {
    const day = Number((await settingsOn(trx, today)).get('publication_draft_day') ?? 5);
    if (Number(today.slice(8, 10)) < day || !(await load.hasGrants(trx, month))) return;
    await trx.raw('select pg_advisory_xact_lock(7204541)');
    for (const kind of await dueKinds(trx, today)) {
      if (!(await queries.findLatest(trx, kind, month))) await keepDraft({ db: trx, actor: clock, now }, { id: randomUUID(), kind, month });
    }
  });
}
