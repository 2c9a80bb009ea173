import type { Knex } from 'knex';

/**
 * Documents and evidence under an agreement. The bytes stand in the database: no path leads to them, they are fenced like the
 * agreement they belong to, and they are kept or lost together with the row that names them.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table document (
      id uuid primary key,
      agreement_id uuid not null references agreement,
      -- What it shows or proves: the agreement itself, a line of a claim, a condition met…
      subject_kind text not null constraint document_subject_kind_known check (subject_kind in
        ('agreement', 'variation', 'condition', 'claim', 'claim line', 'reallocation', 'closure')),
      subject_id uuid not null,
      title text not null constraint document_title_given check (length(btrim(title)) > 0),
      file_name text not null,
      media_type text not null,
      bytes integer not null constraint document_not_empty check (bytes > 0),
      sha256 text not null,
      added_by uuid,
      added_at timestamptz not null default now(),
      withdrawn_by uuid,
      withdrawn_at timestamptz,
      withdrawn_reason text,
      constraint document_withdrawal_whole check (num_nulls(withdrawn_at, withdrawn_reason) in (0, 2))
    );
    create index document_subject on document (agreement_id, subject_kind, subject_id);
    create table document_content (
      document_id uuid primary key references document,
      content bytea not null
    );
    create trigger document_append_only before delete or truncate on document for each statement execute function refuse_change();
    create trigger document_content_append_only before update or delete or truncate on document_content for each statement execute function refuse_change();

    -- A document is withdrawn once, and nothing else of it ever changes.
    create function keep_document() returns trigger language plpgsql as $$
    begin
      if old.withdrawn_at is not null then perform refuse_as('document_withdrawn_once', 'The document was withdrawn before.'); end if;
      old.withdrawn_by := new.withdrawn_by;
      old.withdrawn_at := new.withdrawn_at;
      old.withdrawn_reason := new.withdrawn_reason;
      return old;
    end $$;
    create trigger document_kept before update on document for each row execute function keep_document();

    insert into setting (name, value, unit, describes, source, valid_from) values
      ('document_max_megabytes', '10', 'megabytes', 'Largest document or piece of evidence', 'Planning assumption: a scanned invoice of 20 pages', '2020-01-01')`);
  await fence(db, 'document', 'exists (select from agreement a where a.id = agreement_id)');
  await fence(db, 'document_content', 'exists (select from document d where d.id = document_id)');
  await db.raw(`
    grant insert on document, document_content to hotspots_app, hotspots_service;
    grant update (withdrawn_by, withdrawn_at, withdrawn_reason) on document to hotspots_app`);
}

async function fence(db: Knex, table: string, seen: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_fence on ${table} to hotspots_app using (${seen}) with check (${seen});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on ${table} to hotspots_app, hotspots_service`);
}
