import type { Knex } from 'knex';

/**
 * The end of an agreement, or of its year: a checklist with what was accepted on it, the reconciliation with its decision by two persons,
 * what was bought and what became of it, and how long each kind of record is kept.
 */
export async function up(db: Knex): Promise<void> {
  for (const part of [closures, assets, retention]) await db.raw(part);
  for (const table of ['closure', 'closure_exception', 'asset']) await fence(db, table, 'exists (select from agreement a where a.id = agreement_id)');
  await fence(db, 'retention_rule', 'true');
  await db.raw(rights);
  await db('retention_rule').insert(rules.map(([kind, name, base, keep_years, keep_days, source]) => ({ kind, name, base, keep_years, keep_days, source, valid_from: '2020-01-01' })));
}

const closures = `
  create table closure (
    id uuid primary key,
    agreement_id uuid not null references agreement,
    decision text not null constraint closure_decision_known check (decision in ('continue', 'discontinue', 'amend')),
    reason text not null constraint closure_reason_given check (length(btrim(reason)) > 0),
    -- The variation that allows money to be carried over.
    variation_id uuid,
    carried_pence bigint not null default 0 constraint closure_carries_not_below_zero check (carried_pence >= 0),
    released_pence bigint not null constraint closure_releases_not_below_zero check (released_pence >= 0),
    -- What it was decided on, and the SHA-256 of its canonical JSON.
    figures jsonb not null,
    sha256 text not null,
    state text not null default 'proposed' constraint closure_state_known check (state in ('proposed', 'approved', 'withdrawn')),
    proposed_by uuid not null,
    proposed_at timestamptz not null default now(),
    approved_by uuid,
    approved_at timestamptz,
    decision_reference text,
    withdrawn_reason text,
    constraint closure_preparer_is_not_approver check (approved_by <> proposed_by),
    constraint closure_approved_whole check ((state = 'approved') = (approved_by is not null)),
    constraint closure_approval_has_reference check (approved_by is null or length(btrim(coalesce(decision_reference, ''))) > 0),
    constraint closure_withdrawal_has_reason check (state <> 'withdrawn' or length(btrim(coalesce(withdrawn_reason, ''))) > 0),
    constraint closure_carries_by_variation check (carried_pence = 0 or variation_id is not null),
    constraint closure_amends_by_variation check (decision <> 'amend' or variation_id is not null),
    constraint closure_discontinued_carries_nothing check (decision <> 'discontinue' or (carried_pence = 0 and variation_id is null)),
    constraint closure_variation_of_agreement foreign key (agreement_id, variation_id) references variation (agreement_id, id)
  );
  create unique index closure_one_at_a_time on closure (agreement_id) where state = 'proposed';
  create unique index closure_discontinued_once on closure (agreement_id) where state = 'approved' and decision = 'discontinue';
  create table closure_exception (
    id uuid primary key,
    agreement_id uuid not null references agreement,
    -- The item of the checklist that is left as it is.
    item text not null constraint closure_exception_names_item check (length(btrim(item)) > 0),
    reason text not null constraint closure_exception_has_reason check (length(btrim(reason)) > 0),
    made_by uuid,
    made_at timestamptz not null default now(),
    constraint closure_exception_once unique (agreement_id, item)
  );
  create trigger closure_exception_append_only before update or delete or truncate on closure_exception for each statement execute function refuse_change();

  -- Who proposes and who approves is who is signed in, whatever is written; what was proposed stays.
  create function keep_closure() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    person uuid := case when current_setting('role') = 'hotspots_app' then nullif(current_setting('app.person', true), '')::uuid end;
  begin
    if tg_op = 'INSERT' then
      if new.state <> 'proposed' then perform refuse_as('closure_starts_proposed', 'A closure is proposed first.'); end if;
      new.proposed_by := coalesce(person, new.proposed_by);
      return new;
    end if;
    if old.state <> 'proposed' then perform refuse_as('closure_is_settled', 'It was settled.'); end if;
    if new.state = 'withdrawn' then
      old.state := 'withdrawn';
      old.withdrawn_reason := new.withdrawn_reason;
      return old;
    end if;
    if new.state <> 'approved' then perform refuse_as('closure_is_settled', 'What was proposed stays.'); end if;
    old.state := 'approved';
    old.approved_by := coalesce(person, new.approved_by);
    old.approved_at := clock_timestamp();
    old.decision_reference := new.decision_reference;
    return old;
  end $$;
  create trigger closure_kept before insert or update on closure for each row execute function keep_closure();
  create trigger closure_append_only before delete or truncate on closure for each statement execute function refuse_change();

  -- At the end of the transaction: what is left is what an approved variation carries, and nothing else.
  create function check_closure() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if new.state <> 'approved' then return null; end if;
    if coalesce((select available_pence from ledger where agreement_id = new.agreement_id), 0) <> new.carried_pence then
      perform refuse_as('closure_nothing_left_over', 'More or less is left than is carried.');
    end if;
    if new.variation_id is not null and not exists (select from variation v where v.id = new.variation_id and v.state in ('approved', 'effective')) then
      perform refuse_as('closure_variation_approved', 'The variation is not approved.');
    end if;
    return null;
  end $$;
  create constraint trigger closure_nothing_left_over after update on closure deferrable initially deferred for each row execute function check_closure();

  -- An agreement with a ledger closes by a decision of two persons alone.
  create function check_closed_by_two() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if exists (select from ledger where agreement_id = new.id) and not exists (select from closure where agreement_id = new.id and state = 'approved' and decision = 'discontinue') then
      perform refuse_as('agreement_closes_by_two_persons', 'The closure is not approved.');
    end if;
    return new;
  end $$;
  create trigger agreement_closes_by_two_persons before update of state on agreement for each row when (new.state = 'closed' and old.state <> 'closed') execute function check_closed_by_two();
`;

const assets = `
  create table asset (
    id uuid primary key,
    agreement_id uuid not null references agreement,
    what text not null constraint asset_says_what check (length(btrim(what)) > 0),
    head text not null default '',
    bought_on date not null,
    cost_pence bigint not null constraint asset_cost_over_zero check (cost_pence > 0),
    quantity integer not null default 1 constraint asset_quantity_over_zero check (quantity > 0),
    disposal text constraint asset_disposal_known check (disposal in ('kept for the same use', 'transferred', 'sold', 'returned', 'scrapped', 'lost')),
    disposed_on date,
    proceeds_pence bigint constraint asset_proceeds_not_below_zero check (proceeds_pence >= 0),
    disposal_reason text,
    entered_by uuid,
    entered_at timestamptz not null default now(),
    constraint asset_disposal_whole check ((disposal is null) = (disposed_on is null) and (disposal is null) = (proceeds_pence is null) and (disposal is null or length(btrim(coalesce(disposal_reason, ''))) > 0)),
    constraint asset_disposed_after_bought check (disposed_on >= bought_on),
    constraint asset_proceeds_of_sale check (disposal = 'sold' or coalesce(proceeds_pence, 0) = 0)
  );
  create index asset_agreement on asset (agreement_id, bought_on);
  create function keep_asset() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if exists (select from agreement where id = coalesce(new.agreement_id, old.agreement_id) and state = 'closed') then perform refuse_as('asset_of_closed_agreement', 'The agreement is closed.'); end if;
    return coalesce(new, old);
  end $$;
  create trigger asset_kept before insert or update or delete on asset for each row execute function keep_asset();
  create trigger asset_append_only before truncate on asset for each statement execute function refuse_change();
`;

const retention = `
  create table retention_rule (
    kind text not null,
    name text not null,
    -- What the time runs from.
    base text not null constraint retention_rule_base_known check (base in ('end of the agreement', 'end of the financial year', 'day it was recorded')),
    keep_years integer constraint retention_rule_years_over_zero check (keep_years > 0),
    keep_days integer constraint retention_rule_days_over_zero check (keep_days > 0),
    source text not null,
    valid_from date not null,
    valid_to date,
    constraint retention_rule_one_length check ((keep_years is null) <> (keep_days is null)),
    constraint retention_rule_dates_in_order check (valid_to is null or valid_to > valid_from),
    constraint retention_rule_one_a_day exclude using gist (kind with =, daterange(valid_from, valid_to) with &&)
  );
  create trigger retention_rule_append_only before delete or truncate on retention_rule for each statement execute function refuse_change();
`;

/** Kind, name, base, years, days, source. */
const rules: readonly [string, string, string, number | null, number | null, string][] = [
  ['agreement', 'The agreement, its versions, conditions and decisions', 'end of the agreement', 6, null, 'Limitation Act 1980, section 5: a claim on a contract may be brought for six years'],
  ['ledger', 'Ledger, claims, payments and recoveries', 'end of the financial year', 6, null, 'HMRC VAT Notice 700/21: business records are kept for six years'],
  ['evidence', 'Evidence of claims: invoices, payroll, photographs', 'end of the financial year', 6, null, 'HMRC VAT Notice 700/21: business records are kept for six years'],
  ['hours', 'Visits, hours checked and what was decided about them', 'end of the agreement', 6, null, 'Limitation Act 1980, section 5: they are what claims on hours stand on'],
  ['wardens', 'Wardens’ references and clearances', 'end of the agreement', 6, null, 'UK GDPR Article 5(1)(e): no longer than the hours they support may be questioned'],
  ['returns', 'Monitoring returns and their snapshots', 'end of the agreement', 6, null, 'Office policy: as long as the agreement they report on'],
  ['assets', 'Asset register', 'end of the agreement', 6, null, 'Office policy: as long as the agreement that paid for them'],
  ['positions', 'Raw positions from patrols', 'day it was recorded', null, 30, 'Office policy: no longer than it takes to make visits of them'],
];

async function fence(db: Knex, table: string, seen: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_fence on ${table} to hotspots_app using (${seen}) with check (${seen});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on ${table} to hotspots_app, hotspots_service`);
}

const rights = `
  grant insert, update (valid_to) on retention_rule to hotspots_app, hotspots_service;
  grant insert (id, agreement_id, decision, reason, variation_id, carried_pence, released_pence, figures, sha256, proposed_by), update (state, approved_by, decision_reference, withdrawn_reason) on closure to hotspots_app, hotspots_service;
  grant insert (id, agreement_id, item, reason, made_by) on closure_exception to hotspots_app, hotspots_service;
  grant insert (id, agreement_id, what, head, bought_on, cost_pence, quantity, entered_by), update (what, head, bought_on, cost_pence, quantity, disposal, disposed_on, proceeds_pence, disposal_reason) on asset to hotspots_app, hotspots_service;
`;
