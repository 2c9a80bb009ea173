import type { Knex } from 'knex';

/**
 * Definitions of returns as data: how often, who signs, where it comes from, and the cells of the funder's template it fills. A definition
 * changes by a new version from a day on; the old one keeps all but its last day. And what each kept version of a return was counted from.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table return_definition
      add column frequency text not null default 'monthly' constraint return_definition_frequency_known check (frequency in ('monthly', 'quarterly', 'half-yearly', 'yearly', 'on event')),
      add column signatories jsonb not null default '[]',
      -- What it was rebuilt from: title and address.
      add column sources jsonb not null default '[]',
      -- The template and which figure stands in which of its cells; null while there is none.
      add column template jsonb,
      add column reason text not null default 'Set up with the service' constraint return_definition_reason_given check (length(btrim(reason)) > 0),
      add column made_by uuid,
      add column made_at timestamptz not null default now(),
      add constraint return_definition_version_from_1 check (version >= 1),
      add constraint return_definition_code_plain check (code ~ '^[a-z][a-z0-9_]{0,59}$');
    update return_definition set
      signatories = '[{"title": "Grant manager prepares, Head of Policy approves (inferred)", "role": null}]',
      sources = '[{"title": "ASB hotspot response pilot evaluation", "address": "https://www.gov.uk/government/publications/asb-hotspot-response-pilot-evaluation/asb-hotspot-response-pilot-evaluation"}, {"title": "Cleveland decision notice 2024-25-0003", "address": "https://www.cleveland.pcc.police.uk/working-for-you/decisions/decision-notices/decision-2024-25-0003-asb-hotspot-local-authority-uniformed-patrols-funding-extension/"}]'
      where code = 'home_office_monthly';

    create function keep_return_definition() returns trigger language plpgsql as $$
    declare
      latest return_definition;
    begin
      if tg_op = 'INSERT' then
        perform pg_advisory_xact_lock(hashtextextended('return_definition ' || new.code, 0));
        select * into latest from return_definition where code = new.code order by version desc limit 1;
        if new.version <> coalesce(latest.version, 0) + 1 then perform refuse_as('return_definition_versions_in_order', 'Another version was made meanwhile.'); end if;
        if latest.version is not null and new.valid_from <= latest.valid_from then perform refuse_as('return_definition_from_later_day', 'A new version starts after the one before.'); end if;
        if current_setting('role') = 'hotspots_app' then new.made_by := nullif(current_setting('app.person', true), '')::uuid; end if;
        return new;
      end if;
      -- The last day is set once, when the next version begins.
      if old.valid_to is null and new.valid_to is not null then
        old.valid_to := new.valid_to;
        return old;
      end if;
      perform refuse_as('return_definition_never_edited', 'A definition is never edited.');
      return null;
    end $$;
    create trigger return_definition_kept before insert or update on return_definition for each row execute function keep_return_definition();
    create trigger return_definition_append_only before delete or truncate on return_definition for each statement execute function refuse_change();
    revoke all on return_definition from hotspots_app, hotspots_service;
    grant select, insert, update (valid_to) on return_definition to hotspots_app;
    grant select on return_definition to hotspots_service;

    -- The funder's own workbook, blank, byte for byte as it came.
    create table return_template (
      id uuid primary key,
      definition_code text not null,
      title text not null constraint return_template_title_given check (length(btrim(title)) > 0),
      file_name text not null,
      bytes integer not null constraint return_template_not_empty check (bytes > 0),
      sha256 text not null constraint return_template_sha256_is_hex check (sha256 ~ '^[0-9a-f]{64}$'),
      content bytea not null,
      added_by uuid,
      added_at timestamptz not null default now()
    );
    create trigger return_template_append_only before update or delete or truncate on return_template for each statement execute function refuse_change();
    alter table return_template enable row level security;
    -- A blank form is nobody's; only the office adds one.
    create policy return_template_read on return_template for select to hotspots_app using (true);
    create policy return_template_add on return_template for insert to hotspots_app with check (sees_council(''));
    create policy return_template_service on return_template to hotspots_service using (true) with check (true);
    revoke all on return_template from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select, insert on return_template to hotspots_app;
    grant select on return_template to hotspots_service;

    -- What a kept version was counted from, packed: made again from it, it has the same hash whatever was corrected since.
    create table return_version_rows (
      return_id uuid not null,
      version integer not null,
      packed bytea not null,
      constraint return_version_rows_once primary key (return_id, version),
      constraint return_version_rows_of_version foreign key (return_id, version) references return_version (return_id, version)
    );
    create trigger return_version_rows_append_only before update or delete or truncate on return_version_rows for each statement execute function refuse_change();
    alter table return_version_rows enable row level security;
    create policy return_version_rows_fence on return_version_rows to hotspots_app using (sees_council('')) with check (sees_council(''));
    create policy return_version_rows_service on return_version_rows to hotspots_service using (true) with check (true);
    revoke all on return_version_rows from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select, insert on return_version_rows to hotspots_app, hotspots_service`);
}
