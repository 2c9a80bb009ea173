import type { Knex } from 'knex';

/** What each plan was asked, so that it can be asked again with other money; and the division of an agreement's money over the weeks to its end. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- Null for plans made before questions were kept.
    alter table allocation_plan add column question jsonb;
    create table allocation_horizon (
      id uuid primary key,
      agreement_id uuid not null references agreement,
      council_code text not null references organisation (council_code),
      from_week date not null constraint allocation_horizon_week_is_monday check (extract(isodow from from_week) = 1),
      money_pence bigint not null constraint allocation_horizon_money_not_negative check (money_pence >= 0),
      -- SHA-256 of everything it was made from, and what the solver drew its ties by.
      hash text not null,
      seed integer not null,
      result jsonb not null,
      created_by uuid,
      created_at timestamptz not null default now()
    );
    create index allocation_horizon_agreement on allocation_horizon (agreement_id, created_at desc);
    create trigger allocation_horizon_append_only before update or delete or truncate on allocation_horizon for each statement execute function refuse_change();
    alter table allocation_horizon enable row level security;
    create policy allocation_horizon_fence on allocation_horizon to hotspots_app using (sees_council(council_code) and sees_agreement(agreement_id)) with check (sees_council(council_code) and sees_agreement(agreement_id));
    create policy allocation_horizon_service on allocation_horizon to hotspots_service using (true) with check (true);
    revoke all on allocation_horizon from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select, insert on allocation_horizon to hotspots_app, hotspots_service`);
}
