/** What was known of an agreement at a moment: its terms, ledger, commitments, staff, starts and hours, by what was recorded or by what had happened. */
import type { Knex } from 'knex';
import type { Agreement } from '../grants/contract.ts';
import { listBankHolidays } from '../grants/queries.ts';
import { listAccounts } from '../ledger/reportQueries.ts';
import { addDays, localInstant, localTime } from '../patrols/calendar.ts';
import { settingsOn } from '../settings/queries.ts';
import { AppError } from '../errors.ts';
import type { Version } from '../terms/contract.ts';
import { listVersions } from '../terms/versionQueries.ts';
import type { Knowledge } from './contract.ts';
import type { Assumed, DeliveredMinutes, ForecastInput, KnownPlan, KnownWarden, LedgerKnown } from './known.ts';
import type { RatingRule } from './rating.ts';

/** A day with the moment its knowledge ends. */
export interface Known {
  readonly on: string;
  readonly at: string;
  readonly knowledge: Knowledge;
}

/** The knowledge of a day: all of it for one gone by, up to now for today. */
export function knownAt(on: string | undefined, knowledge: Knowledge, now: Date): Known {
  const today = localTime(now.getTime()).date;
  const day = on ?? today;
  return { on: day, knowledge, at: day >= today ? now.toISOString() : new Date(localInstant(addDays(day, 1), 0) - 1).toISOString() };
}

export interface LoadedForecast {
  readonly input: ForecastInput;
  readonly profileParts: readonly { readonly startsOn: string; readonly pence: number }[];
  /** Person-minutes agreed as target; null while none is. */
  readonly targetMinutes: number | null;
  readonly plan: (KnownPlan & { readonly reason: string; readonly recordedAt: string }) | null;
}

/** Everything a forecast of one agreement is made from, as known. */
export async function loadForecast(db: Knex, agreement: Agreement, known: Known): Promise<LoadedForecast> {
  const version = await findVersion(db, agreement.id, known);
  const terms = { startsOn: agreement.startsOn, endsOn: version?.endsOn ?? agreement.endsOn, ceilingPence: version?.ceilingPence ?? agreement.ceilingPence, productiveRatio: version?.productiveRatio ?? agreement.productiveRatio };
  const plan = await findPlan(db, agreement.id, known);
  return {
    input: {
      agreementId: agreement.id, knownOn: known.on, ...terms, basis: version?.paymentBasis ?? 'cost',
      patrolsStart: await findStart(db, agreement.councilCode, known), wardens: await listKnownWardens(db, agreement.councilCode, known),
      plan: plan && { startsOn: plan.startsOn, posts: plan.posts, minutesPerWeek: plan.minutesPerWeek, filledOn: plan.filledOn },
      rates: agreement.rates.map(({ band, pencePerHour, validFrom, validTo }) => ({ band, pencePerHour, validFrom, validTo })),
      bankHolidays: (await listBankHolidays(db)).map(({ heldOn }) => heldOn), delivered: await listDelivered(db, { ...terms, councilCode: agreement.councilCode, hotspotIds: version?.hotspotIds ?? [] }, known),
      ledger: await loadLedger(db, agreement.id, known), commitments: await listKnownCommitments(db, agreement.id, known), assumed: await loadAssumed(db, known.on),
    },
    profileParts: version?.heads.flatMap(({ profile }) => profile.map(({ startsOn, amountPence }) => ({ startsOn, pence: amountPence }))) ?? [],
    targetMinutes: version && version.targets.length > 0 ? version.targets.reduce((sum, { personMinutes }) => sum + personMinutes, 0) : null,
    plan,
  };
}

/** The latest terms known; the first ones where they were written down later. */
async function findVersion(db: Knex, agreementId: string, { on, at, knowledge }: Known): Promise<Version | undefined> {
  const versions = await listVersions(db, agreementId);
  return versions.find(({ createdAt, effectiveFrom }) => (knowledge === 'recorded' ? createdAt <= at : effectiveFrom <= on)) ?? versions.at(-1);
}

async function findPlan(db: Knex, agreementId: string, { at, knowledge }: Known): Promise<LoadedForecast['plan']> {
  const row: (KnownPlan & { reason: string; recordedAt: Date }) | undefined = await db('staff_plan')
    .select('starts_on as startsOn', 'posts', 'contract_minutes_per_week as minutesPerWeek', 'filled_on as filledOn', 'reason', 'recorded_at as recordedAt')
    .where({ agreement_id: agreementId }).modify((query) => knowledge === 'recorded' && query.where('recorded_at', '<=', at)).orderBy('recorded_at', 'desc').first();
  return row ? { ...row, recordedAt: row.recordedAt.toISOString() } : null;
}

async function findStart(db: Knex, councilCode: string, { on, at, knowledge }: Known): Promise<string | null> {
  const row: { startedOn: string | null } | undefined = knowledge === 'recorded'
    ? await db('patrol_start_known').select('started_on as startedOn').where({ council_code: councilCode }).where('recorded_at', '<=', at).orderBy([{ column: 'recorded_at', order: 'desc' }, { column: 'id', order: 'desc' }]).first()
    : await db('patrol_start').select('started_on as startedOn').where({ council_code: councilCode }).where('started_on', '<=', on).first();
  return row?.startedOn ?? null;
}

/** The later of the first vetting and the first training of a warden `w`, as known; null while one is missing. */
const clearedOn = (known: string): string => `(select case when count(*) = 2 then max(first) end
  from (select min(c.valid_from) as first from warden_clearance c where c.warden_id = w.warden_id and c.kind in ('vetting', 'training') and ${known} group by c.kind) k)`;

async function listKnownWardens(db: Knex, councilCode: string, { on, at, knowledge }: Known): Promise<KnownWarden[]> {
  const sql = knowledge === 'recorded'
    ? `select employed_from as "employedFrom", employed_to as "employedTo", contract_minutes_per_week as "minutesPerWeek", ${clearedOn('c.recorded_at <= :at')} as "clearedOn"
       from (select distinct on (warden_id) * from staffing_known where council_code = :councilCode and recorded_at <= :at order by warden_id, recorded_at desc, id desc) w
       where not removed and staff_category = 'warden' order by employed_from, warden_id`
    : `select employed_from as "employedFrom", case when employed_to <= :on::date then employed_to end as "employedTo", contract_minutes_per_week as "minutesPerWeek", ${clearedOn('c.valid_from <= :on::date')} as "clearedOn"
       from (select warden.*, warden.id as warden_id from warden) w where council_code = :councilCode and staff_category = 'warden' and employed_from <= :on::date order by employed_from, id`;
  const { rows } = await db.raw(sql, knowledge === 'recorded' ? { councilCode, at } : { councilCode, on });
  return rows as KnownWarden[];
}

/** Minutes of wardens alone: others on a patrol are paid by somebody else. */
async function listDelivered(db: Knex, of: { councilCode: string; startsOn: string; endsOn: string; hotspotIds: readonly string[] }, { on, at, knowledge }: Known): Promise<DeliveredMinutes[]> {
  const { rows } = await db.raw(
    `select visited_on as "on", floor(extract(hour from started_at at time zone 'Europe/London') / 4)::int as band, sum(person_minutes)::int as minutes
     from visit where council_code = :councilCode and staff_category = 'warden' and visited_on between :startsOn::date and least(:endsOn::date, :on::date)
       and (:all or recorded_at <= :at) and (cardinality(:hotspotIds::uuid[]) = 0 or hotspot_id = any(:hotspotIds::uuid[]))
     group by 1, 2 order by 1, 2`,
    { ...of, hotspotIds: [...of.hotspotIds], on, at, all: knowledge === 'happened' });
  return rows as DeliveredMinutes[];
}

async function listKnownCommitments(db: Knex, agreementId: string, { on, at, knowledge }: Known): Promise<{ effectiveOn: string; pence: number }[]> {
  return db('commitment').select('effective_on as effectiveOn', 'amount_pence as pence').where({ agreement_id: agreementId })
    .modify((query) => (knowledge === 'recorded' ? query.where('recorded_at', '<=', at) : query.where('effective_on', '<=', on))).orderBy(['effective_on', 'id']);
}

async function loadLedger(db: Knex, agreementId: string, { on, at, knowledge }: Known): Promise<LedgerKnown> {
  const accounts = await listAccounts(db, agreementId, knowledge === 'recorded' ? { asAt: at } : { on });
  const of = (wanted: string): number => accounts.filter(({ kind }) => kind === wanted).reduce((sum, { balancePence }) => sum + balancePence, 0);
  const bindings = { agreementId, on, at, all: knowledge === 'happened' };
  const seen = `(case when :all then j.effective_on <= :on::date else j.recorded_at <= :at end)`;
  const movements = await db.raw(
    `select j.effective_on as "on", sum(e.amount_pence)::bigint as pence
     from journal j join journal_entry e on e.journal_id = j.id join ledger_account a on a.id = e.account_id
     where j.agreement_id = :agreementId and ${seen} and a.kind in ('pending', 'approved', 'paid', 'accrued', 'at risk') group by 1 having sum(e.amount_pence) <> 0 order by 1`, bindings);
  // What a claim covers is what it says; an accrual its days up to its own. A reversed one covers nothing.
  const covered = await db.raw(
    `select max(case when j.kind = 'accrual' then j.effective_on
         else coalesce(c.ends_on, least(p.ends_on, case when :all then :on::date else (j.recorded_at at time zone 'Europe/London')::date end)) end) as day
     from journal j join ledger_period p on p.id = j.period_id left join claim_journal cj on cj.journal_id = j.id left join claim c on c.id = cj.claim_id
     where j.agreement_id = :agreementId and j.kind in ('claim', 'accrual') and ${seen}
       and not exists (select from journal r where r.reverses = j.id and ${seen.replaceAll('j.', 'r.')})
       and not exists (select from claim_event x where x.claim_id = c.id and x.kind in ('claimRefused', 'claimWithdrawn') and (:all or x.happened_at <= :at))`, bindings);
  return {
    paidPence: of('paid'), approvedPence: of('approved'), claimedPence: of('pending'), accruedPence: of('accrued'), atRiskPence: of('at risk'),
    coveredTo: (covered.rows[0]?.day as string | null | undefined) ?? null, movements: movements.rows as LedgerKnown['movements'],
  };
}

const assumedSettings: Record<keyof Assumed, string> = {
  runRateWeeks: 'forecast_run_rate_weeks', leastWeeks: 'forecast_least_weeks', spreadShare: 'forecast_spread_share', recruitWeeksCentral: 'forecast_recruit_weeks_central', recruitWeeksHigh: 'forecast_recruit_weeks_high',
  slipWeeksLow: 'forecast_start_slip_weeks_low', slipWeeksCentral: 'forecast_start_slip_weeks_central', slipWeeksHigh: 'forecast_start_slip_weeks_high', contractHours: 'forecast_contract_hours', recordShare: 'forecast_record_share',
};

async function loadAssumed(db: Knex, on: string): Promise<Assumed> {
  const values = await settingsOn(db, on);
  const number = (key: keyof Assumed): number => numberOf(values.get(assumedSettings[key]), assumedSettings[key], on);
  return {
    runRateWeeks: number('runRateWeeks'), leastWeeks: number('leastWeeks'), spreadShare: number('spreadShare'), recruitWeeksCentral: number('recruitWeeksCentral'), recruitWeeksHigh: number('recruitWeeksHigh'),
    slipWeeksLow: number('slipWeeksLow'), slipWeeksCentral: number('slipWeeksCentral'), slipWeeksHigh: number('slipWeeksHigh'), contractHours: number('contractHours'), recordShare: number('recordShare'),
  };
}

function numberOf(value: unknown, name: string, on: string): number {
  if (typeof value !== 'number') throw new AppError(422, 'no_setting', `The setting ${name} has no number in force on ${on}. Give a later day, or enter the setting for it.`);
  return value;
}

/** The rating's thresholds in force on a day and the day both are in force from; the alert's share beside them. */
export async function ratingRuleOn(db: Knex, on: string): Promise<RatingRule & { alertShare: number }> {
  const names = ['rating_amber_share', 'rating_red_share', 'underspend_alert_share'];
  const rows: { name: string; value: unknown; from: string }[] = await db('setting').select('name', 'value', 'valid_from as from').whereIn('name', names).whereRaw('daterange(valid_from, valid_to) @> ?::date', [on]);
  const of = (name: string): number => numberOf(rows.find((row) => row.name === name)?.value, name, on);
  const since = rows.filter(({ name }) => name !== 'underspend_alert_share').map(({ from }) => from).sort().at(-1) ?? on;
  return { amberShare: of('rating_amber_share'), redShare: of('rating_red_share'), alertShare: of('underspend_alert_share'), since };
}
