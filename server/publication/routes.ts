/** Publication over HTTP: drafts, releases, reasons, layers, the press register, information packs. */
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import { findAgreement } from '../grants/queries.ts';
import { addMonths } from '../hotspots/months.ts';
import type { Call, Mount } from '../mount.ts';
import { localDay } from '../patrols/visits.ts';
import { findVersionFigures, listVersions } from '../returns/versionQueries.ts';
import { monthlyDefinition } from '../returns/contract.ts';
import { lastDayOf } from '../returns/deadline.ts';
import { numberSetting } from '../settings/queries.ts';
import { archiveOf } from './archive.ts';
import * as contract from './contract.ts';
import * as load from './draftQueries.ts';
import { partnersRoutes } from './partnersRoutes.ts';
import { publicationDueOn } from './dueWork.ts';
import { sayDate } from '../returns/words.ts';
import { packFiles } from './pack.ts';
import { listPackEvents, listPackReturns, listPackTables } from './packQueries.ts';
import { copyFigure, withConflicts } from './press.ts';
import { filesOf } from './publishedFiles.ts';
import { dueKinds, keepDraft, refuseRevealing } from './publicationWork.ts';
import * as queries from './queries.ts';

type Asked = Pick<Call<unknown>, 'db' | 'person' | 'now'>;
const todayOf = ({ now }: Pick<Asked, 'now'>): string => localDay(now.toISOString());

async function headOf({ db, person }: Asked, id: string): Promise<contract.PublicationHead> {
  const head = await queries.findHead(db, id, person?.id ?? null);
  if (!head) throw notFound('publication');
  return head;
}

async function layerOf(call: Asked, code: string): Promise<contract.PublishedLayer> {
  const layer = (await queries.listLayers(call.db, todayOf(call), call.person?.id ?? null)).find((each) => each.code === code);
  if (!layer) throw notFound('layer');
  return layer;
}

export function publicationRoutes(mount: Mount): void {
  versionRoutes(mount);
  layerRoutes(mount);
  pressRoutes(mount);
  partnersRoutes(mount);

  mount(contract.enterReason, async ({ db, actor, person, input: { reasonId, ...given } }) => {
    const of = await queries.agreementOfSubject(db, given.subjectKind, given.subjectId);
    if (!of) throw notFound(given.subjectKind);
    await queries.insertReason(db, { id: reasonId, agreementId: of.agreementId, ...given, enteredBy: person?.id ?? null });
    await recordEvent(db, actor, { action: 'publicationReasonEntered', subjectKind: 'agreement', subjectId: of.agreementId, councilCode: of.councilCode, after: given });
    return { entered: true as const };
  });

  mount(contract.informationPack, async (call) => {
    const { db, actor, scope, now, input: { subjectKind, id } } = call;
    const tables = await listPackTables(db, subjectKind, id);
    const first = tables[subjectKind]?.[0];
    if (!first || (subjectKind === 'agreement' && !(await findAgreement(db, scope.councils, id)))) throw notFound(subjectKind);
    const subject = String(first['reference'] ?? first['name']);
    const today = todayOf({ now });
    const body = await archiveOf(packFiles({ subject, publisher: await load.findPublisher(db), made: today, events: await listPackEvents(db, subjectKind, id), tables, threshold: await numberSetting(db, 'disclosure_threshold', today) }));
    await recordEvent(db, actor, { action: 'informationPackMade', subjectKind, subjectId: id, after: { files: Object.keys(tables).length } });
    return { fileName: `information-${subjectKind}-${subject.replace(/[^A-Za-z0-9-]+/g, '-')}-${today}.zip`, body };
  });
}

function versionRoutes(mount: Mount): void {
  mount(contract.listPublications, async ({ db, person, now }) => {
    const publications = await queries.listHeads(db, person?.id ?? null);
    const month = addMonths(todayOf({ now }).slice(0, 7), -1);
    const lacks = (await load.hasGrants(db, month)) ? (await dueKinds(db, todayOf({ now }))).filter((kind) => !publications.some((each) => each.kind === kind && each.month === month && each.state === 'released')) : [];
    const dueOn = await publicationDueOn(db, month);
    const says = (kind: contract.PublicationKind): string => (publications.some((each) => each.kind === kind && each.month === month && each.state === 'draft') ? 'Drafted, and waits for its release.' : 'No draft yet.');
    return { publications, due: lacks.map((kind) => ({ kind, month, says: `${says(kind)} Due on ${sayDate(dueOn)}.` })), returns: await listPackReturns(db) };
  });

  mount(contract.makePublication, async (call) => {
    const { publicationId, kind, month } = call.input;
    if (month >= todayOf(call).slice(0, 7)) throw invalid([{ field: 'month', message: `${month} has not ended. Choose a month that has.` }]);
    const { id, isNew } = await keepDraft(call, { id: publicationId, kind, month });
    return { ...(await headOf(call, id)), isNew };
  });

  mount(contract.getPublication, async (call) => {
    const head = await headOf(call, call.input.id);
    const content = await queries.contentOf(call.db, head.id);
    if (!content) throw notFound('publication');
    return { ...head, content, files: filesOf(content, { sha256: head.sha256, issued: head.madeAt.slice(0, 10) }).map(({ name }) => name) };
  });

  mount(contract.releasePublication, async (call) => {
    const { id, kind, month, version, sha256 } = await headOf(call, call.input.id);
    await refuseRevealing(call.db, id);
    await queries.insertRelease(call.db, id, call.person?.id ?? null, call.now);
    const content = await queries.contentOf(call.db, id);
    const levels = contract.isWards(content) ? await queries.openLayers(call.db, todayOf(call), kind) : undefined;
    await recordEvent(call.db, call.actor, {
      action: 'publicationReleased', subjectKind: 'publication', subjectId: id,
      after: { kind, month, version, sha256, audience: kind === 'partners page' ? 'partners' : 'public', ...(contract.isWards(content) ? { layers: content.layers.map((layer) => ({ layer, level: levels?.get(layer) ?? 'internal' })) } : {}) },
    });
    return headOf(call, id);
  });

  mount(contract.withdrawPublication, async (call) => {
    const { id, kind, month, version } = await headOf(call, call.input.id);
    await queries.insertWithdrawal(call.db, id, { by: call.person?.id ?? null, at: call.now, reason: call.input.reason });
    await recordEvent(call.db, call.actor, { action: 'publicationWithdrawn', subjectKind: 'publication', subjectId: id, after: { kind, month, version }, reason: call.input.reason });
    return headOf(call, id);
  });

  mount(contract.getPublicationFiles, async (call) => {
    const head = await headOf(call, call.input.id);
    const content = await queries.contentOf(call.db, head.id);
    if (!content) throw notFound('publication');
    const files = filesOf(content, { sha256: head.sha256, issued: head.madeAt.slice(0, 10) });
    return { fileName: `${head.kind.replace(' ', '-')}-${head.month}-v${head.version}.zip`, body: await archiveOf(files) };
  });
}

function layerRoutes(mount: Mount): void {
  mount(contract.listLayers, async (call) => ({ layers: await queries.listLayers(call.db, todayOf(call), call.person?.id ?? null), releases: await queries.listReleases(call.db) }));

  mount(contract.proposeLevel, async (call) => {
    const { code, levelId, level, validFrom, reason } = call.input;
    const { level: before } = await layerOf(call, code);
    await queries.insertLevel(call.db, { id: levelId, layer: code, level, validFrom, reason, by: call.person?.id ?? null });
    await recordEvent(call.db, call.actor, { action: 'layerLevelProposed', subjectKind: 'layer', subjectId: code, before: { level: before }, after: { level, validFrom }, reason });
    return layerOf(call, code);
  });

  mount(contract.approveLevel, async (call) => {
    const { code, levelId } = call.input;
    if (!(await queries.approveLevel(call.db, code, levelId, call.person?.id ?? null))) throw notFound('level of this layer');
    const after = await layerOf(call, code);
    await recordEvent(call.db, call.actor, { action: 'layerLevelApproved', subjectKind: 'layer', subjectId: code, after: { levelId, level: after.steps.find(({ id }) => id === levelId)?.level } });
    return after;
  });
}

function pressRoutes(mount: Mount): void {
  mount(contract.listPressFigures, async ({ db }) => ({ figures: withConflicts(await queries.listPressRows(db)) }));

  mount(contract.addPressFigure, async ({ db, actor, person, input: { figureId, copied, typed, ...told } }) => {
    const stands = copied ? await copyFromReturn(db, copied) : typed && { ...typed, snapshotSha256: null };
    if (!stands || (copied && typed)) throw invalid([{ field: 'copied', message: 'Copy the figure from a kept return, or type it with its definition and source: one of the two.' }]);
    await queries.insertPressFigure(db, { id: figureId, ...told, ...stands, by: person?.id ?? null });
    await recordEvent(db, actor, { action: 'pressFigureGiven', subjectKind: 'press figure', subjectId: figureId, after: { ...told, ...stands } });
    const kept = withConflicts(await queries.listPressRows(db)).find(({ id }) => id === figureId);
    if (!kept) throw notFound('figure');
    return kept;
  });
}

async function copyFromReturn(db: Call<unknown>['db'], { month, version, field, breakdown }: { month: string; version: number; field: string; breakdown: string | null }) {
  const kept = (await listVersions(db, monthlyDefinition, month)).find((each) => each.version === version);
  const figures = kept && (await findVersionFigures(db, monthlyDefinition, month, version));
  if (!kept || !figures) throw notFound('kept version of that month');
  const found = copyFigure(figures, { version, field, breakdown });
  if (typeof found === 'string') throw invalid([{ field: 'copied', message: found }]);
  return { ...found, periodFrom: `${month}-01`, periodTo: lastDayOf(month), snapshotSha256: kept.sha256 };
}
