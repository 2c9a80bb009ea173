import type { Knex } from 'knex';

/** A digest of each day's audit events, chained to the day before, so that tampering shows. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table audit_digest (
      day date primary key,
      events integer not null,
      last_event_id bigint not null,
      sha256 text not null,
      previous_sha256 text,
      made_at timestamptz not null default now()
    );
    create trigger audit_digest_append_only before update or delete or truncate on audit_digest
      for each statement execute function refuse_change();
    revoke update, delete, truncate on audit_digest, audit_event from hotspots_app`);
}
