import type { Knex } from 'knex';

/**
 * Claims: what a council asks to be paid for a period, line by line, and what became of it. A claim's totals are added up by triggers from
 * its lines, payments, recoveries and adjustments; its caps are checks on that row. The rules that span tables are in the next file.
 */
export async function up(db: Knex): Promise<void> {
  for (const part of [claims, lines, steps, money, journals]) await db.raw(part);
  for (const table of ['claim', 'claim_line', 'claim_event', 'claim_message', 'payment', 'recovery', 'claim_adjustment', 'claim_journal']) {
    await fence(db, table, 'exists (select from agreement a where a.id = agreement_id)');
  }
  await fence(db, 'ineligible_cost', 'true');
  for (const part of [rights, settings, ineligible]) await db.raw(part);
}

const claims = `
  create table claim (
    id uuid primary key,
    agreement_id uuid not null references ledger,
    period_id uuid not null,
    number integer not null,
    basis text not null constraint claim_basis_known check (basis in ('cost', 'hours')),
    -- First and last day claimed for, both included: a period, or the part of it with one payment basis.
    starts_on date not null,
    ends_on date not null,
    state text not null default 'draft' constraint claim_state_known check (state in
      ('draft', 'submitted', 'query', 'approved', 'paid', 'adjusted', 'recovered', 'refused', 'withdrawn')),
    prepared_by uuid not null,
    prepared_at timestamptz not null default now(),
    -- Everybody who wrote any of it.
    preparers uuid[] not null default '{}',
    submitted_by uuid,
    submitted_at timestamptz,
    due_on date,
    late_days integer constraint claim_late_days_not_negative check (late_days >= 0),
    late_reason text,
    approved_by uuid,
    approved_at timestamptz,
    claimed_pence bigint not null default 0,
    approved_pence bigint not null default 0,
    paid_pence bigint not null default 0,
    recovered_pence bigint not null default 0,
    constraint claim_dates_in_order check (ends_on >= starts_on),
    constraint claim_number_once unique (agreement_id, number),
    constraint claim_of_agreement unique (agreement_id, id),
    constraint claim_period_of_agreement foreign key (agreement_id, period_id) references ledger_period (agreement_id, id),
    -- Beyond this a sum is no longer exact everywhere it is shown.
    constraint claim_total_is_exact check (claimed_pence between 0 and 9007199254740991),
    constraint claim_approved_within_claimed check (approved_pence between 0 and claimed_pence),
    constraint claim_paid_within_approved check (paid_pence between 0 and approved_pence),
    constraint claim_recovered_within_paid check (recovered_pence between 0 and paid_pence),
    constraint claim_submitted_whole check (state in ('draft', 'withdrawn') or (submitted_by is not null and submitted_at is not null and due_on is not null and late_days is not null)),
    constraint claim_late_has_reason check (coalesce(late_days, 0) = 0 or length(btrim(coalesce(late_reason, ''))) > 0),
    constraint claim_approved_whole check ((state in ('approved', 'paid', 'adjusted', 'recovered')) = (approved_by is not null)),
    constraint claim_preparer_is_not_approver check (approved_by is null or (approved_by <> prepared_by and approved_by <> submitted_by and not approved_by = any (preparers)))
  );
  create index claim_period on claim (period_id);
`;

const lines = `
  create table claim_line (
    id uuid primary key,
    claim_id uuid not null,
    agreement_id uuid not null,
    -- A budget head; empty where the agreement has none.
    head text not null default '',
    what text not null constraint claim_line_says_what check (length(btrim(what)) > 0),
    minutes bigint constraint claim_line_minutes_over_zero check (minutes > 0),
    pence_per_hour bigint constraint claim_line_rate_over_zero check (pence_per_hour > 0),
    gross_pence bigint not null,
    recoverable_vat_pence bigint not null default 0,
    claimed_pence bigint not null constraint claim_line_amount_over_zero check (claimed_pence > 0),
    -- How a fraction of a penny was rounded, once, on this line.
    rounding text constraint claim_line_rounding_known check (rounding = 'half up'),
    approved_pence bigint,
    cut_reason text,
    entered_at timestamptz not null default clock_timestamp(),
    constraint claim_line_of_claim foreign key (agreement_id, claim_id) references claim (agreement_id, id),
    constraint claim_line_same_claim unique (claim_id, id),
    constraint claim_line_net_of_vat check (recoverable_vat_pence between 0 and gross_pence and claimed_pence = gross_pence - recoverable_vat_pence),
    constraint claim_line_hours_whole check ((minutes is null) = (pence_per_hour is null) and (minutes is null) = (rounding is null)),
    constraint claim_line_hours_amount check (minutes is null or (recoverable_vat_pence = 0 and claimed_pence = (minutes * pence_per_hour + 30) / 60)),
    constraint claim_line_approved_within_claimed check (approved_pence between 0 and claimed_pence),
    constraint claim_line_cut_has_reason check (approved_pence is null or approved_pence = claimed_pence or length(btrim(coalesce(cut_reason, ''))) > 0)
  );
  create index claim_line_claim on claim_line (claim_id);
`;

const steps = `
  -- What happened to a claim, in past tense: its state is the fold of these.
  create table claim_event (
    claim_id uuid not null,
    agreement_id uuid not null,
    number integer not null,
    kind text not null constraint claim_event_kind_known check (kind in
      ('claimDrafted', 'claimSubmitted', 'claimQueried', 'claimReplied', 'claimApproved', 'claimRefused', 'claimWithdrawn', 'claimPaid', 'claimAdjusted', 'claimRecovered')),
    happened_at timestamptz not null,
    person_id uuid,
    role text not null,
    -- The key a step was sent under and the SHA-256 of what was sent: sent again it changes nothing more.
    idempotency_key text,
    content_sha256 text not null,
    pence bigint,
    data jsonb not null default '{}',
    primary key (claim_id, number),
    constraint claim_event_of_claim foreign key (agreement_id, claim_id) references claim (agreement_id, id),
    constraint claim_event_key_once unique (claim_id, idempotency_key)
  );
  create table claim_message (
    id uuid primary key,
    claim_id uuid not null,
    agreement_id uuid not null,
    kind text not null constraint claim_message_kind_known check (kind in ('query', 'reply')),
    line_id uuid,
    words text not null constraint claim_message_says_something check (length(btrim(words)) > 0),
    written_by uuid,
    role text not null,
    written_at timestamptz not null,
    constraint claim_message_of_claim foreign key (agreement_id, claim_id) references claim (agreement_id, id),
    constraint claim_message_about_line foreign key (claim_id, line_id) references claim_line (claim_id, id)
  );
  create index claim_message_claim on claim_message (claim_id);
`;

const money = `
  create table payment (
    id uuid primary key,
    claim_id uuid not null,
    agreement_id uuid not null,
    paid_on date not null,
    reference text not null constraint payment_reference_given check (length(btrim(reference)) > 0),
    amount_pence bigint not null constraint payment_over_zero check (amount_pence > 0),
    recorded_by uuid,
    recorded_at timestamptz not null default clock_timestamp(),
    constraint payment_of_claim foreign key (agreement_id, claim_id) references claim (agreement_id, id),
    constraint payment_reference_once unique (claim_id, reference)
  );
  create table recovery (
    id uuid primary key,
    claim_id uuid not null,
    agreement_id uuid not null,
    recovered_on date not null,
    how text not null constraint recovery_how_known check (how in ('invoice', 'next payment')),
    reference text not null constraint recovery_reference_given check (length(btrim(reference)) > 0),
    reason text not null constraint recovery_reason_given check (length(btrim(reason)) > 0),
    amount_pence bigint not null constraint recovery_over_zero check (amount_pence > 0),
    recorded_by uuid,
    recorded_at timestamptz not null default clock_timestamp(),
    constraint recovery_of_claim foreign key (agreement_id, claim_id) references claim (agreement_id, id)
  );
  create table claim_adjustment (
    id uuid primary key,
    claim_id uuid not null,
    agreement_id uuid not null,
    -- The journal of this claim that it corrects, and what that journal said.
    corrects uuid not null,
    what text not null constraint claim_adjustment_what_known check (what in ('approval', 'payment', 'recovery')),
    line_id uuid,
    amount_pence bigint not null constraint claim_adjustment_not_zero check (amount_pence <> 0),
    reason text not null constraint claim_adjustment_reason_given check (length(btrim(reason)) > 0),
    made_by uuid,
    made_at timestamptz not null default clock_timestamp(),
    constraint claim_adjustment_of_claim foreign key (agreement_id, claim_id) references claim (agreement_id, id),
    constraint claim_adjustment_line foreign key (claim_id, line_id) references claim_line (claim_id, id),
    constraint claim_adjustment_of_approval_names_line check ((what = 'approval') = (line_id is not null))
  );
  create index payment_claim on payment (claim_id);
  create index recovery_claim on recovery (claim_id);
  create index claim_adjustment_claim on claim_adjustment (claim_id);
`;

const journals = `
  -- Which journals are a claim's: what every figure of it opens to.
  create table claim_journal (
    journal_id uuid primary key,
    claim_id uuid not null,
    agreement_id uuid not null,
    -- The number of the claim's event that posted it.
    event_number integer not null,
    constraint claim_journal_of_claim foreign key (agreement_id, claim_id) references claim (agreement_id, id),
    constraint claim_journal_of_agreement foreign key (agreement_id, journal_id) references journal (agreement_id, id),
    constraint claim_journal_once unique (claim_id, journal_id)
  );
  alter table claim_adjustment add constraint claim_adjustment_corrects_own_journal foreign key (claim_id, corrects) references claim_journal (claim_id, journal_id);
  create index claim_journal_claim on claim_journal (claim_id);
  -- What grant rules say is never claimed; shown as a list before a claim is submitted.
  create table ineligible_cost (
    code text primary key,
    what text not null,
    source text not null,
    valid_from date not null,
    valid_to date,
    constraint ineligible_cost_dates_in_order check (valid_to is null or valid_to > valid_from)
  );
  create trigger ineligible_cost_append_only before delete or truncate on ineligible_cost for each statement execute function refuse_change();
`;

async function fence(db: Knex, table: string, seen: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_fence on ${table} to hotspots_app using (${seen}) with check (${seen});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on ${table} to hotspots_app, hotspots_service`);
}

const rights = `
  grant insert (id, agreement_id, period_id, number, basis, starts_on, ends_on, prepared_by, prepared_at),
    update (state, submitted_by, submitted_at, due_on, late_days, late_reason, approved_by, approved_at) on claim to hotspots_app, hotspots_service;
  grant insert (id, claim_id, agreement_id, head, what, minutes, pence_per_hour, gross_pence, recoverable_vat_pence, claimed_pence, rounding),
    update (head, what, minutes, pence_per_hour, gross_pence, recoverable_vat_pence, claimed_pence, rounding, approved_pence, cut_reason), delete on claim_line to hotspots_app, hotspots_service;
  grant insert, update on ineligible_cost to hotspots_app, hotspots_service;
  grant insert on claim_event, claim_message, payment, recovery, claim_adjustment, claim_journal to hotspots_app, hotspots_service;
`;

const settings = `
  insert into setting (name, value, unit, describes, source, valid_from) values
    ('claim_deadline_days', '31', 'days', 'Days after a period’s last day by which it is claimed', 'Example timetable of grant agreements: a half-year to 30 September is claimed by 31 October', '2020-01-01'),
    ('claim_payment_working_days', '21', 'working days', 'Working days after a claim is submitted by which it is paid', 'Clause of grant agreements: paid in arrears, within 21 working days of a payment request', '2020-01-01')`;

const ineligible = `
  insert into ineligible_cost (code, what, source, valid_from) values
    ('recoverable_vat', 'VAT that the council can recover: claim the net amount', 'Model Grant Funding Agreement; GovS 015', '2020-01-01'),
    ('in_kind', 'Contributions in kind', 'Model Grant Funding Agreement', '2020-01-01'),
    ('entertaining', 'Entertaining and hospitality', 'Model Grant Funding Agreement', '2020-01-01'),
    ('gifts', 'Gifts', 'Model Grant Funding Agreement', '2020-01-01'),
    ('fines', 'Fines, penalties and interest on late payment', 'Model Grant Funding Agreement', '2020-01-01'),
    ('lobbying', 'Lobbying and political campaigns', 'Model Grant Funding Agreement', '2020-01-01'),
    ('statutory_duty', 'What the council must do by statute in any case', 'Model Grant Funding Agreement', '2020-01-01'),
    ('other_grant', 'Anything another grant pays for', 'Model Grant Funding Agreement', '2020-01-01'),
    ('not_additional', 'Costs that would have arisen without the grant; overheads that are not new', 'Police special grant guidance, by analogy', '2020-01-01')`;
