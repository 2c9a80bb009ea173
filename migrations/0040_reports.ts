import type { Knex } from 'knex';

/** What people add to the monthly tasking document, and the rule its ratings are made by. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- Who looks after a hotspot in a month and what they do; the latest row holds.
    create table tasking_entry (
      id uuid primary key,
      hotspot_id uuid not null references hotspot,
      month date not null constraint tasking_entry_month_is_first_day check (extract(day from month) = 1),
      -- A team or a post, never a person.
      owner text not null constraint tasking_entry_owner_given check (length(btrim(owner)) > 0),
      action text not null constraint tasking_entry_action_given check (length(btrim(action)) > 0),
      entered_by uuid,
      entered_at timestamptz not null default clock_timestamp()
    );
    create index tasking_entry_hotspot on tasking_entry (hotspot_id, month, entered_at desc);
    create trigger tasking_entry_append_only before update or delete or truncate on tasking_entry for each statement execute function refuse_change();
    alter table tasking_entry enable row level security;
    create policy tasking_entry_fence on tasking_entry to hotspots_app using (exists (select from hotspot h where h.id = hotspot_id)) with check (exists (select from hotspot h where h.id = hotspot_id));
    create policy tasking_entry_service on tasking_entry to hotspots_service using (true) with check (true);
    revoke all on tasking_entry from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on tasking_entry to hotspots_app, hotspots_service;
    grant insert on tasking_entry to hotspots_app`);
  await db('setting').insert(settings.map(([name, value, unit, describes, source]) => ({ name, value: JSON.stringify(value), unit, describes, source, valid_from: '2020-01-01' })));
}

const settings: readonly (readonly [string, number, string, string, string])[] = [
  ['tasking_red_change', 0.2, 'share', 'Rise over the mean of the three months before from which a hotspot is red in the tasking document', 'Office policy: a fifth more than of late'],
  ['tasking_amber_delivered', 0.8, 'share', 'Share of planned person-hours under which a hotspot is at least amber', 'Office policy: four fifths of the plan'],
];
