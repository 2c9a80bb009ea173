import type { Knex } from 'knex';

/**
 * What an agreement says, in versions: each by a variation, a reallocation or a virement, effective from a day, never edited.
 * Budget heads with their profile over the periods, targets in person-minutes, hotspots, conditions, signatories. Rules: the next file.
 */
export async function up(db: Knex): Promise<void> {
  for (const part of [heads, variations, versions, lines, around]) await db.raw(part);
  for (const table of ['variation', 'agreement_version', 'budget_line', 'budget_profile', 'target', 'version_hotspot', 'terms_draft', 'signatory', 'agreement_condition']) {
    await fence(db, table, 'exists (select from agreement a where a.id = agreement_id)');
  }
  await db.raw(rights);
}

const heads = `
  create table budget_head (
    -- Empty: money that is under no head.
    name text primary key constraint budget_head_name_trimmed check (name = btrim(name)),
    describes text not null,
    -- Only where an agreement says so: overheads.
    needs_agreement boolean not null default false,
    source text not null,
    valid_from date not null,
    -- The first day no new budget is given under it.
    valid_to date,
    constraint budget_head_dates_in_order check (valid_to is null or valid_to > valid_from)
  );
  -- What is eligible: domain notes on police and Home Office grants (pay, employer contributions, pension, training, travel; overheads only if new).
  insert into budget_head (name, describes, needs_agreement, source, valid_from) values
    ('', 'Not under a head', false, 'An agreement whose budget is not split', '2020-01-01'),
    ('Wardens', 'Pay of wardens on patrol, with overtime', false, 'Home Office grant agreements: additional pay is eligible', '2020-01-01'),
    ('On-costs', 'Employer’s National Insurance and pension contributions', false, 'Home Office grant agreements: employer’s contributions are eligible', '2020-01-01'),
    ('Vehicles', 'Vehicles, fuel and travel for patrols', false, 'Home Office grant agreements: travel is eligible', '2020-01-01'),
    ('Equipment', 'Uniform, radios, body-worn video', false, 'Home Office grant agreements: revenue cost of delivery is eligible', '2020-01-01'),
    ('Training', 'Training of patrol officers', false, 'Home Office grant agreements: training is eligible', '2020-01-01'),
    ('Overheads', 'A share of running costs, where the agreement allows it', true, 'No cap is published; each agreement says whether and how much', '2020-01-01');
`;

const variations = `
  create table variation (
    id uuid primary key,
    agreement_id uuid not null references agreement,
    number integer not null,
    state text not null default 'draft' constraint variation_state_known check (state in ('draft', 'proposed', 'council agreed', 'approved', 'effective', 'withdrawn')),
    effective_from date not null,
    -- The version it changes; once another came in between, it is proposed again.
    base_version_id uuid not null,
    -- New values of what changes, and the same as old -> new.
    changes jsonb not null,
    difference jsonb not null,
    reason text not null constraint variation_reason_given check (length(btrim(reason)) > 0),
    made_at timestamptz not null default now(),
    proposed_by uuid not null,
    proposed_at timestamptz,
    agreed_by uuid,
    agreed_at timestamptz,
    approved_by uuid,
    approved_at timestamptz,
    decision_reference text,
    -- The key the approval was sent with: sent again, it approves nothing more.
    approval_key uuid,
    effective_at timestamptz,
    -- Why the daily step could not bring it into effect.
    held_up_by text,
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    withdrawn_reason text,
    constraint variation_number_once unique (agreement_id, number),
    constraint variation_of_agreement unique (agreement_id, id),
    constraint variation_preparer_is_not_approver check (approved_by <> proposed_by),
    constraint variation_council_is_not_office check (agreed_by <> proposed_by and agreed_by <> approved_by),
    constraint variation_approval_has_reference check (approved_by is null or length(btrim(coalesce(decision_reference, ''))) > 0),
    constraint variation_withdrawal_has_reason check (state <> 'withdrawn' or length(btrim(coalesce(withdrawn_reason, ''))) > 0)
  );
  create unique index variation_one_at_a_time on variation (agreement_id) where state in ('draft', 'proposed', 'council agreed', 'approved');
`;

const versions = `
  create table agreement_version (
    id uuid primary key default gen_random_uuid(),
    agreement_id uuid not null references agreement,
    number integer not null,
    variation_id uuid,
    effective_from date not null,
    -- "Up to".
    ceiling_pence bigint not null constraint agreement_version_ceiling_positive check (ceiling_pence > 0),
    ends_on date not null,
    productive_ratio numeric(4, 3) not null constraint agreement_version_ratio_a_share check (productive_ratio > 0 and productive_ratio <= 1),
    payment_basis text not null constraint agreement_version_basis_known check (payment_basis in ('cost', 'hours')),
    overheads_agreed boolean not null default false,
    -- Of the other heads; no percentage is usual, so none is assumed.
    overheads_percent numeric(5, 2),
    purpose text not null default '',
    schedules jsonb not null default '[]',
    difference jsonb not null default '[]',
    reason text not null constraint agreement_version_reason_given check (length(btrim(reason)) > 0),
    source_kind text not null constraint agreement_version_source_known check (source_kind in ('signed', 'variation', 'reallocation', 'virement')),
    source_id uuid not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    constraint agreement_version_number_once unique (agreement_id, number),
    constraint agreement_version_of_agreement unique (agreement_id, id),
    constraint agreement_version_source_once unique (agreement_id, source_kind, source_id),
    constraint agreement_version_first_is_signed check ((number = 1) = (source_kind = 'signed')),
    constraint agreement_version_names_variation check ((variation_id is not null) = (source_kind = 'variation') and coalesce(variation_id, source_id) = source_id),
    constraint agreement_version_variation_of_agreement foreign key (agreement_id, variation_id) references variation (agreement_id, id),
    constraint agreement_version_percent_of_agreed check (overheads_percent is null or (overheads_agreed and overheads_percent > 0 and overheads_percent <= 100))
  );
  alter table variation add constraint variation_base_of_agreement foreign key (agreement_id, base_version_id) references agreement_version (agreement_id, id);
`;

const lines = `
  create table budget_line (
    version_id uuid not null,
    agreement_id uuid not null,
    head text not null constraint budget_line_head_known references budget_head,
    budget_pence bigint not null constraint budget_line_positive check (budget_pence > 0),
    tolerance_pence bigint not null default 0 constraint budget_line_tolerance_not_negative check (tolerance_pence >= 0),
    constraint budget_line_once primary key (version_id, head),
    constraint budget_line_of_version foreign key (agreement_id, version_id) references agreement_version (agreement_id, id)
  );
  create table budget_profile (
    version_id uuid not null,
    agreement_id uuid not null references agreement,
    head text not null,
    -- The first day of the period.
    starts_on date not null,
    amount_pence bigint not null constraint budget_profile_not_negative check (amount_pence >= 0),
    constraint budget_profile_once primary key (version_id, head, starts_on),
    constraint budget_profile_of_line foreign key (version_id, head) references budget_line (version_id, head)
  );
  create table target (
    version_id uuid not null,
    agreement_id uuid not null,
    -- First and last day, both included.
    starts_on date not null,
    ends_on date not null,
    person_minutes bigint not null constraint target_positive check (person_minutes > 0),
    constraint target_once primary key (version_id, starts_on),
    constraint target_dates_in_order check (ends_on >= starts_on),
    constraint target_of_version foreign key (agreement_id, version_id) references agreement_version (agreement_id, id),
    constraint target_never_overlap exclude using gist (version_id with =, daterange(starts_on, ends_on, '[]') with &&)
  );
  -- The hotspots an agreement names; none named: every live hotspot of its council.
  create table version_hotspot (
    version_id uuid not null,
    agreement_id uuid not null,
    hotspot_id uuid not null references hotspot,
    constraint version_hotspot_once primary key (version_id, hotspot_id),
    constraint version_hotspot_of_version foreign key (agreement_id, version_id) references agreement_version (agreement_id, id)
  );
`;

const around = `
  -- Terms that nobody signed yet; gone once they are a version.
  create table terms_draft (
    agreement_id uuid primary key references agreement,
    terms jsonb not null,
    changed_by uuid,
    changed_at timestamptz not null default now()
  );
  create table signatory (
    id uuid primary key,
    agreement_id uuid not null references agreement,
    party text not null constraint signatory_party_known check (party in ('council', 'office')),
    -- What they sign as; never a name.
    title text not null constraint signatory_title_given check (length(btrim(title)) > 0),
    signed_on date,
    constraint signatory_once unique (agreement_id, party, title)
  );
  create table agreement_condition (
    id uuid primary key,
    agreement_id uuid not null references agreement,
    kind text not null constraint agreement_condition_kind_known check (kind in ('condition', 'milestone')),
    what text not null constraint agreement_condition_what_given check (length(btrim(what)) > 0),
    owed_by text not null default 'council' constraint agreement_condition_owed_by_known check (owed_by in ('council', 'office')),
    due_on date,
    -- The versions that brought it and took it out.
    from_version integer,
    until_version integer,
    done_on date,
    done_by uuid,
    evidence text,
    accepted_by uuid,
    accepted_at timestamptz,
    constraint agreement_condition_done_has_evidence check ((done_on is null) = (done_by is null) and (done_on is null or length(btrim(coalesce(evidence, ''))) > 0)),
    constraint agreement_condition_accepted_is_done check (accepted_by is null or done_on is not null),
    constraint agreement_condition_preparer_is_not_approver check (accepted_by <> done_by)
  );
  create index agreement_condition_agreement on agreement_condition (agreement_id, due_on);
`;

async function fence(db: Knex, table: string, seen: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_fence on ${table} to hotspots_app using (${seen}) with check (${seen});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on ${table} to hotspots_app, hotspots_service`);
}

const version = `id, agreement_id, number, variation_id, effective_from, ceiling_pence, ends_on, productive_ratio, payment_basis, overheads_agreed, overheads_percent,
  purpose, schedules, difference, reason, source_kind, source_id, created_by`;

const rights = `
  revoke all on budget_head from hotspots_app, hotspots_service, hotspots_sign_in;
  grant select, insert, update on budget_head to hotspots_app, hotspots_service;
  grant insert (${version}) on agreement_version to hotspots_app, hotspots_service;
  grant insert on budget_line, budget_profile, target, version_hotspot to hotspots_app, hotspots_service;
  grant insert (id, agreement_id, effective_from, base_version_id, changes, difference, reason, proposed_by) on variation to hotspots_app;
  grant update (state, effective_from, base_version_id, changes, difference, reason, decision_reference, approval_key, held_up_by, withdrawn_reason) on variation to hotspots_app;
  grant update (state, held_up_by) on variation to hotspots_service;
  grant insert, update, delete on terms_draft, signatory to hotspots_app;
  -- The daily step brings conditions in and takes them out with a version.
  grant insert, update, delete on agreement_condition to hotspots_app, hotspots_service;
  grant delete on terms_draft to hotspots_service;
`;
