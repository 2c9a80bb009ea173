/** What is published, as rows: versions, who released them, reasons, levels of layers, figures given to the press. */
import type { Knex } from 'knex';
import { canonicalJson } from '../canonical.ts';
import { sayDate } from '../returns/words.ts';
import type { PressFigure, PublicationContent, PublicationFault, PublicationHead, PublicationKind, PublishedLayer, ReleaseLevel, WardsContent } from './contract.ts';

const headSelect = `
  select p.id, p.kind, to_char(p.month, 'YYYY-MM') as month, p.version, p.sha256, p.faults, to_json(p.made_at) #>> '{}' as "madeAt", maker.name as "madeBy",
    case when w.publication_id is not null then 'withdrawn' when r.publication_id is null then 'draft'
      when exists (select from publication later join publication_release on publication_id = later.id where later.kind = p.kind and later.month = p.month and later.version > p.version) then 'replaced'
      else 'released' end as state,
    r.publication_id is null and cast(:person as uuid) is not null and not (cast(:person as uuid) = any(p.preparers)) and jsonb_array_length(p.faults) = 0
      and not exists (select from publication later where later.kind = p.kind and later.month = p.month and later.version > p.version) as "mayRelease",
    to_json(r.released_at) #>> '{}' as "releasedAt", releaser.name as "releasedBy", to_json(w.withdrawn_at) #>> '{}' as "withdrawnAt", w.reason as "withdrawnReason"
  from publication p left join publication_release r on r.publication_id = p.id left join publication_withdrawal w on w.publication_id = p.id
    left join person maker on maker.id = p.made_by left join person releaser on releaser.id = r.released_by`;

export async function listHeads(db: Knex, personId: string | null): Promise<PublicationHead[]> {
  const { rows } = await db.raw(`${headSelect} order by p.month desc, p.kind, p.version desc limit 500`, { person: personId });
  return rows as PublicationHead[];
}

export async function findHead(db: Knex, id: string, personId: string | null): Promise<PublicationHead | undefined> {
  const { rows } = await db.raw(`${headSelect} where p.id = cast(:id as uuid)`, { id, person: personId });
  return rows[0] as PublicationHead | undefined;
}

export async function contentOf(db: Knex, id: string): Promise<PublicationContent | undefined> {
  const row: { content: PublicationContent } | undefined = await db('publication').where({ id }).first('content');
  return row?.content;
}

/** The last version made of a month, released or not. */
export async function findLatest(db: Knex, kind: PublicationKind, month: string): Promise<{ id: string; version: number; sha256: string; faults: PublicationFault[] } | undefined> {
  return db('publication').select('id', 'version', 'sha256', 'faults').where({ kind, month: `${month}-01` }).orderBy('version', 'desc').first();
}

export interface NewPublication {
  readonly id: string;
  readonly version: number;
  readonly content: PublicationContent;
  readonly faults: readonly PublicationFault[];
  readonly sha256: string;
  readonly preparers: readonly string[];
  readonly madeBy: string | null;
  readonly madeAt: Date;
}

export async function insertPublication(trx: Knex.Transaction, { id, version, content, faults, sha256, preparers, madeBy, madeAt }: NewPublication): Promise<void> {
  await trx('publication').insert({
    id, kind: content.kind, month: `${content.month}-01`, version, content: canonicalJson(content), faults: JSON.stringify(faults), sha256, preparers: [...preparers], made_by: madeBy, made_at: madeAt,
  });
}

export async function insertRelease(trx: Knex.Transaction, id: string, releasedBy: string | null, releasedAt: Date): Promise<void> {
  await trx('publication_release').insert({ publication_id: id, released_by: releasedBy, released_at: releasedAt });
}

export async function insertWithdrawal(trx: Knex.Transaction, id: string, row: { by: string | null; at: Date; reason: string }): Promise<void> {
  await trx('publication_withdrawal').insert({ publication_id: id, withdrawn_by: row.by, withdrawn_at: row.at, reason: row.reason });
}

export interface Released {
  readonly id: string;
  readonly kind: PublicationKind;
  readonly month: string;
  readonly version: number;
  readonly sha256: string;
  readonly releasedOn: string;
}

/** What anybody may see, or partners: of each of the kinds and month the latest released version, unless it was withdrawn; newest first. */
export async function listReleased(db: Knex, kinds: readonly PublicationKind[] = ['grants', 'spending', 'public page']): Promise<Released[]> {
  const { rows } = await db.raw(`
    select id, kind, month, version, sha256, "releasedOn" from (
      select distinct on (p.kind, p.month) p.id, p.kind, to_char(p.month, 'YYYY-MM') as month, p.version, p.sha256, to_char(r.released_at at time zone 'Europe/London', 'YYYY-MM-DD') as "releasedOn", w.publication_id as gone
      from publication p join publication_release r on r.publication_id = p.id left join publication_withdrawal w on w.publication_id = p.id
      where p.kind = any(:kinds) order by p.kind, p.month, p.version desc) as latest
    where gone is null order by month desc, kind`, { kinds: [...kinds] });
  return rows as Released[];
}

/** Every version of a month's page that was ever released, withdrawn and replaced ones too: who read it may hold it. */
export async function listEverReleased(db: Knex, month: string, but: string | null = null): Promise<{ named: string; content: WardsContent }[]> {
  const { rows } = await db.raw(`
    select p.version, to_char(r.released_at at time zone 'Europe/London', 'YYYY-MM-DD') as on, p.content from publication p join publication_release r on r.publication_id = p.id
    where p.kind in ('public page', 'partners page') and p.month = cast(:first as date) and p.id is distinct from cast(:but as uuid) order by r.released_at, p.version`, { first: `${month}-01`, but });
  return (rows as { version: number; on: string; content: WardsContent }[]).map(({ version, on, content }) => ({ named: `version ${version}, released on ${sayDate(on)}`, content }));
}

export interface ReasonRow {
  readonly id: string;
  readonly agreementId: string;
  readonly subjectKind: 'agreement' | 'payment';
  readonly subjectId: string;
  readonly purpose: string;
  readonly reason: string;
  readonly enteredBy: string | null;
}

export async function insertReason(trx: Knex.Transaction, row: ReasonRow): Promise<void> {
  await trx('publication_reason').insert({ id: row.id, agreement_id: row.agreementId, subject_kind: row.subjectKind, subject_id: row.subjectId, purpose: row.purpose, reason: row.reason, entered_by: row.enteredBy });
}

/** The agreement a reason is about, or that the payment was made under. */
export async function agreementOfSubject(db: Knex, kind: 'agreement' | 'payment', id: string): Promise<{ agreementId: string; councilCode: string } | undefined> {
  const rows = kind === 'agreement' ? db('agreement as a').where({ 'a.id': id }) : db('payment as p').join('agreement as a', 'a.id', 'p.agreement_id').where({ 'p.id': id });
  return rows.first('a.id as agreementId', 'a.council_code as councilCode');
}

/** Layers with every step of their levels, oldest first. */
export async function listLayers(db: Knex, today: string, personId: string | null): Promise<PublishedLayer[]> {
  const { rows } = await db.raw(`
    select l.code, l.name, l.describes,
      coalesce((select level from layer_release s where s.layer = l.code and approved_by is not null and valid_from <= cast(:today as date) order by valid_from desc, approved_at desc limit 1), 'internal') as level,
      coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'level', s.level, 'validFrom', s.valid_from, 'reason', s.reason, 'proposedBy', a.name, 'approvedBy', b.name,
        'approvedAt', to_json(s.approved_at) #>> '{}', 'mine', s.proposed_by is not distinct from cast(:person as uuid)) order by s.proposed_at)
        from layer_release s left join person a on a.id = s.proposed_by left join person b on b.id = s.approved_by where s.layer = l.code), '[]') as steps
    from published_layer l order by l.position`, { today, person: personId });
  return rows as PublishedLayer[];
}

/** Codes of the layers that anybody may see today, or that partners may. */
export async function openLayers(db: Knex, today: string, kind: PublicationKind): Promise<Map<string, 'partners' | 'public'>> {
  return new Map((await listLayers(db, today, null)).flatMap(({ code, level }) => (level === 'public' || (level === 'partners' && kind === 'partners page') ? [[code, level] as const] : [])));
}

/** Which layers went out to whom, newest first. */
export async function listReleases(db: Knex): Promise<{ id: string; month: string; version: number; audience: 'partners' | 'public'; layers: string[]; releasedAt: string; releasedBy: string | null; withdrawnAt: string | null }[]> {
  const { rows } = await db.raw(`
    select p.id, to_char(p.month, 'YYYY-MM') as month, p.version, case p.kind when 'public page' then 'public' else 'partners' end as audience, p.content -> 'layers' as layers,
      to_json(r.released_at) #>> '{}' as "releasedAt", x.name as "releasedBy", to_json(w.withdrawn_at) #>> '{}' as "withdrawnAt"
    from publication p join publication_release r on r.publication_id = p.id left join person x on x.id = r.released_by left join publication_withdrawal w on w.publication_id = p.id
    where p.kind in ('public page', 'partners page') order by r.released_at desc, p.kind limit 200`);
  return rows as Awaited<ReturnType<typeof listReleases>>;
}

export async function insertLevel(trx: Knex.Transaction, row: { id: string; layer: string; level: ReleaseLevel; validFrom: string; reason: string; by: string | null }): Promise<void> {
  await trx('layer_release').insert({ id: row.id, layer: row.layer, level: row.level, valid_from: row.validFrom, reason: row.reason, proposed_by: row.by });
}

export async function approveLevel(trx: Knex.Transaction, layer: string, id: string, by: string | null): Promise<boolean> {
  return (await trx('layer_release').where({ id, layer }).update({ approved_by: by })) > 0;
}

export type PressRow = Omit<PressFigure, 'conflicts' | 'enteredBy'>;

export async function insertPressFigure(trx: Knex.Transaction, row: PressRow & { readonly by: string | null }): Promise<void> {
  await trx('press_figure').insert({
    id: row.id, told_on: row.toldOn, told_to: row.toldTo, measure: row.measure, said: row.said, value: row.value, unit: row.unit, definition: row.definition,
    period_from: row.periodFrom, period_to: row.periodTo, source: row.source, snapshot_sha256: row.snapshotSha256, entered_by: row.by,
  });
}

export async function listPressRows(db: Knex): Promise<Omit<PressFigure, 'conflicts'>[]> {
  return db('press_figure as f').leftJoin('person as p', 'p.id', 'f.entered_by').select(
    'f.id', 'told_on as toldOn', 'told_to as toldTo', 'measure', 'said', 'value', 'unit', 'definition', 'period_from as periodFrom', 'period_to as periodTo', 'source',
    'snapshot_sha256 as snapshotSha256', 'p.name as enteredBy',
  ).orderBy([{ column: 'told_on', order: 'desc' }, { column: 'entered_at', order: 'desc' }]).limit(1000);
}
