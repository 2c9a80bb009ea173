import type { Knex } from 'knex';

/**
 * Money moved between agreements of a fund, or between the heads of one: proposed, agreed by everybody whose money changes, approved by a second
 * person on a decision and the funder's consent, then in effect. The rules: the next file.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(tables);
  for (const table of ['reallocation_party', 'reallocation_line', 'reallocation_figure']) await fence(db, table, 'exists (select from agreement a where a.id = agreement_id)');
  await fence(db, 'reallocation', `(sees_council('') and coalesce(current_setting('app.agreements', true), '') = '*') or exists (select from reallocation_party p where p.reallocation_id = reallocation.id)`);
  await fence(db, 'notice_template', 'true');
  await db.raw(rights);
  await db.raw(rows);
  await db.raw(`insert into notice_template (kind, valid_from, body, source) values ('reallocation', '2020-01-01', :template, :source), ('virement', '2020-01-01', :template, :source)`, {
    template, source: 'Laid out like the decision notices of the Police and Crime Commissioner for Cleveland: title, decision, reasons, figures, reference, dates',
  });
}

const tables = `
  create table reallocation (
    id uuid primary key,
    fund_id uuid not null references fund,
    -- Between agreements, or between heads of one.
    kind text not null constraint reallocation_kind_known check (kind in ('reallocation', 'virement')),
    number integer not null,
    state text not null default 'proposed' constraint reallocation_state_known check (state in ('proposed', 'agreed', 'approved', 'effective', 'refused', 'withdrawn')),
    effective_from date not null,
    reason text not null constraint reallocation_reason_given check (length(btrim(reason)) > 0),
    proposed_by uuid not null,
    proposed_at timestamptz not null default now(),
    agreed_at timestamptz,
    approved_by uuid,
    approved_at timestamptz,
    decision_reference text,
    funder_consent text,
    funder_consent_on date,
    effective_at timestamptz,
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    withdrawn_reason text,
    constraint reallocation_number_once unique (fund_id, number),
    constraint reallocation_preparer_is_not_approver check (approved_by <> proposed_by),
    constraint reallocation_approval_has_reference check (approved_by is null or length(btrim(coalesce(decision_reference, ''))) > 0),
    constraint reallocation_approval_has_consent check (approved_by is null or kind = 'virement' or (length(btrim(coalesce(funder_consent, ''))) > 0 and funder_consent_on is not null)),
    constraint reallocation_withdrawal_has_reason check (state <> 'withdrawn' or length(btrim(coalesce(withdrawn_reason, ''))) > 0)
  );
  create index reallocation_fund on reallocation (fund_id, proposed_at);

  -- One line a head: below zero gives, above zero takes.
  create table reallocation_line (
    reallocation_id uuid not null references reallocation,
    agreement_id uuid not null references agreement,
    head text not null constraint reallocation_line_head_known references budget_head,
    amount_pence bigint not null constraint reallocation_line_not_zero check (amount_pence <> 0),
    -- The head's budget when it was proposed.
    budget_pence bigint not null default 0 constraint reallocation_line_not_below_zero check (budget_pence + amount_pence >= 0),
    constraint reallocation_line_once primary key (reallocation_id, agreement_id, head)
  );

  -- Whose agreement changes, added up from the lines by the database.
  create table reallocation_party (
    reallocation_id uuid not null references reallocation,
    agreement_id uuid not null references agreement,
    ceiling_pence bigint not null,
    net_pence bigint not null,
    -- Between heads of the agreement itself.
    moved_pence bigint not null,
    -- The amount last signed or varied; 0 while nothing is.
    value_pence bigint not null,
    limit_percent numeric,
    agreed_by uuid,
    agreed_at timestamptz,
    refused_by uuid,
    refused_at timestamptz,
    refused_reason text,
    constraint reallocation_party_once primary key (reallocation_id, agreement_id),
    constraint reallocation_party_within_limit check (value_pence = 0 or abs(ceiling_pence + net_pence - value_pence) * 100 <= value_pence * limit_percent),
    constraint reallocation_party_moves_within_limit check (value_pence = 0 or moved_pence * 100 <= value_pence * limit_percent),
    constraint reallocation_party_answers_once check (agreed_by is null or refused_by is null),
    constraint reallocation_party_refusal_has_reason check (refused_by is null or length(btrim(coalesce(refused_reason, ''))) > 0)
  );
  create index reallocation_party_agreement on reallocation_party (agreement_id);

  -- What stood beside the proposal when it was made: the forecast, what more money buys, and what the rule suggested.
  create table reallocation_figure (
    reallocation_id uuid not null references reallocation,
    agreement_id uuid not null references agreement,
    known_on date not null,
    underspend_low_pence bigint,
    underspend_central_pence bigint,
    underspend_high_pence bigint,
    -- Of the latest allocation: what the next 1,000 pounds prevent and buy; null where none was made.
    allocated_week date,
    incidents_per_thousand double precision,
    minutes_per_thousand double precision,
    suggested_pence bigint not null,
    suggested_because text not null,
    primary key (reallocation_id, agreement_id)
  );

  -- The words of a decision notice, with the figures' places in braces; the latest day in force, then the latest entry, holds.
  create table notice_template (
    id uuid primary key default gen_random_uuid(),
    kind text not null constraint notice_template_kind_known check (kind in ('reallocation', 'virement')),
    valid_from date not null,
    body text not null constraint notice_template_body_given check (length(btrim(body)) > 0),
    source text not null,
    entered_by uuid,
    entered_at timestamptz not null default clock_timestamp()
  );
  create trigger notice_template_append_only before update or delete or truncate on notice_template for each statement execute function refuse_change();
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
  grant insert (id, fund_id, kind, effective_from, reason, proposed_by) on reallocation to hotspots_app;
  grant update (state, decision_reference, funder_consent, funder_consent_on, withdrawn_reason) on reallocation to hotspots_app;
  grant update (state) on reallocation to hotspots_service;
  grant insert (reallocation_id, agreement_id, head, amount_pence) on reallocation_line to hotspots_app;
  grant update (agreed_by, refused_reason) on reallocation_party to hotspots_app;
  grant insert on reallocation_figure to hotspots_app;
  grant insert (kind, valid_from, body, source, entered_by) on notice_template to hotspots_app;
`;

const template = `{title}

Decision reference: {reference}
Fund: {fund}, paid by {funder}

Decision
{decision}

Reasons
{reason}
{underspend}

Figures
{figures}

Total moved: {total}. What is agreed under the fund stays {agreed}.

Funder’s consent: {consent}
Agreed by: {agreed by}
Proposed on {proposed on}. Approved on {approved on}. In effect from {effective from}.`;

const rows = `
  insert into setting (name, value, unit, describes, source, valid_from) values
    ('reallocation_limit_percent', '30', '%', 'How far reallocations together may change the amount an agreement was last signed or varied to; beyond it the agreement is varied', 'Planning assumption; replace with what the agreements say', '2020-01-01'),
    ('reallocation_least_pence', '100000', 'pence', 'A suggested movement below this is not worth the papers', 'Planning assumption', '2020-01-01');
  insert into budget_head (name, describes, source, valid_from) values
    ('Extra patrols', 'More patrols with partners: overtime, other enforcement staff, support by the police', 'Decision 2023/24-0043 of the Police and Crime Commissioner for Cleveland: underspend spent on more patrols', '2020-01-01') on conflict do nothing;
`;
