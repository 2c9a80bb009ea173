/** What the hours check is asked, as rows. */
import type { Knex } from 'knex';
import { AppError } from '../errors.ts';
import type { Agreement } from '../grants/contract.ts';
import { listBankHolidays } from '../grants/queries.ts';
import { type ClearanceKind, clearanceKinds, staffCategories, type StaffCategory } from '../patrols/contract.ts';
import type { Elsewhere, HeldSpan, HoursInput, HoursRules, HoursVisit, HoursWarden, Waiver } from './hoursCheckInput.ts';
import { type HoursReason, type UnnamedRule, unnamedRules } from './hoursContract.ts';

export interface Days {
  readonly from: string;
  readonly to: string;
  /** The claim that asks: minutes it holds itself are not held against it. */
  readonly claimId?: string;
}

/** Everything the check of some days of an agreement is asked, both days included. */
export async function loadHours(db: Knex, agreement: Agreement, days: Days): Promise<HoursInput> {
  const { id, councilCode, startsOn, endsOn, rates } = agreement;
  const visits = await listHoursVisits(db, agreement, days);
  return {
    agreement: { councilCode, startsOn, endsOn, head: await headOf(db, agreement, days.to) },
    rates, visits, bankHolidays: (await listBankHolidays(db)).map(({ heldOn }) => heldOn),
    hotspots: await listPlaces(db, councilCode), named: await listNamed(db, id), wardens: await listHoursWardens(db, councilCode),
    shifts: await listShifts(db, councilCode, days), rules: await listRules(db), elsewhere: await listElsewhere(db, councilCode, days), held: await listHeld(db, councilCode, days),
    waivers: await listWaivers(db, id), leftPence: await leftOf(db, id),
  };
}

/** Visits that start on the days; and before the agreement's first day one that runs into it, so that none of its minutes is in no period. */
async function listHoursVisits(db: Knex, { councilCode, startsOn }: Agreement, { from, to }: Days): Promise<HoursVisit[]> {
  const { rows } = await db.raw(
    `select v.id, v.hotspot_id as "hotspotId", v.started_at as "startedAt", v.minutes, v.persons, v.staff_category as "staffCategory", v.patrol_reference as "patrolReference", v.recorded_at as "recordedAt",
       coalesce((select jsonb_agg(vw.warden_id order by vw.warden_id) from visit_warden vw where vw.visit_id = v.id), '[]') as wardens
     from visit v where v.council_code = :councilCode and (v.visited_on between cast(:from as date) and cast(:to as date)
       or (cast(:from as date) <= cast(:startsOn as date) and v.visited_on = cast(:startsOn as date) - 1 and v.ended_at > cast(:startsOn as date)::timestamp at time zone 'Europe/London'))`,
    { councilCode, startsOn, from, to });
  return (rows as (Omit<HoursVisit, 'startedAtMs' | 'recordedAtMs'> & { startedAt: Date; recordedAt: Date })[])
    .map(({ startedAt, recordedAt, ...row }) => ({ ...row, startedAtMs: startedAt.getTime(), recordedAtMs: recordedAt.getTime() }));
}

async function listPlaces(db: Knex, councilCode: string): Promise<HoursInput['hotspots']> {
  const { rows } = await db.raw(
    `select h.id, h.name, h.state <> 'proposed' as agreed, h.live_from as "liveFrom", h.live_to as "liveTo",
       coalesce((select jsonb_agg(jsonb_build_object('from', p.paused_from, 'to', p.paused_to) order by p.paused_from) from hotspot_pause p where p.hotspot_id = h.id), '[]') as pauses
     from hotspot h where h.council_code = :councilCode`, { councilCode });
  return rows as HoursInput['hotspots'];
}

async function listNamed(db: Knex, agreementId: string): Promise<HoursInput['named']> {
  const { rows } = await db.raw(
    `select v.effective_from as "effectiveFrom", coalesce((select jsonb_agg(h.hotspot_id) from version_hotspot h where h.version_id = v.id), '[]') as hotspots
     from agreement_version v where v.agreement_id = :agreementId order by v.number`, { agreementId });
  return rows as HoursInput['named'];
}

async function listHoursWardens(db: Knex, councilCode: string): Promise<HoursWarden[]> {
  const { rows } = await db.raw(
    `select w.id, w.reference, w.staff_category as "staffCategory", w.employed_from as "employedFrom", w.employed_to as "employedTo",
       (select jsonb_agg(jsonb_build_object('validFrom', c.valid_from, 'validTo', c.valid_to) order by c.valid_from) from warden_contract c where c.warden_id = w.id) as contracts,
       coalesce((select jsonb_agg(jsonb_build_object('kind', c.kind, 'validFrom', c.valid_from, 'validTo', c.valid_to) order by c.kind, c.valid_from) from warden_clearance c where c.warden_id = w.id), '[]') as clearances
     from warden w where w.council_code = :councilCode order by w.reference`, { councilCode });
  return rows as HoursWarden[];
}

/** Minutes of the published rota by warden and local day: a night's shift is split at midnight, in real minutes, so that the nights the clocks change have 9 and 7 hours. */
async function listShifts(db: Knex, councilCode: string, { from, to }: Days): Promise<HoursInput['shifts']> {
  const { rows } = await db.raw(
    `select w.warden_id as "wardenId", d.day::text as day, sum(extract(epoch from (upper(part) - lower(part))) / 60)::integer as minutes
     from rota_shift_in_force s cross join lateral unnest(s.wardens) as w(warden_id) cross join lateral (values (s.day), (s.day + 1)) as d(day)
       cross join lateral (select tstzrange(s.starts_at, s.ends_at) * tstzrange(d.day::timestamp at time zone 'Europe/London', (d.day + 1)::timestamp at time zone 'Europe/London') as part) p
     where s.council_code = :councilCode and s.day between cast(:from as date) - 1 and cast(:to as date) + 1 and not isempty(part) group by 1, 2`, { councilCode, from, to });
  return rows as HoursInput['shifts'];
}

/** The head hours are claimed under: the one of the setting where the agreement has it, else its first. */
async function headOf(db: Knex, { id }: Agreement, on: string): Promise<string> {
  const heads: string[] = await db('ledger_account').where({ agreement_id: id, kind: 'available' }).orderBy('head').pluck('head');
  const usual = await db('setting').where({ name: 'hours_head' }).whereRaw('daterange(valid_from, valid_to) @> ?::date', [on]).first<{ value: string } | undefined>('value');
  return heads.find((head) => head === usual?.value) ?? heads[0] ?? '';
}

async function leftOf(db: Knex, agreementId: string): Promise<number | null> {
  const row = await db('ledger').where({ agreement_id: agreementId }).first<{ left: number } | undefined>('available_pence as left');
  return row?.left ?? null;
}

type SettingRow = { readonly name: string; readonly value: string | number | boolean; readonly validFrom: string; readonly validTo: string | null };

/** The rules with their dates: a new row wherever one of the settings changes. */
async function listRules(db: Knex): Promise<HoursRules[]> {
  const rows: SettingRow[] = await db('setting').select('name', 'value', 'valid_from as validFrom', 'valid_to as validTo').where('name', 'like', 'hours\\_%');
  const days = [...new Set(rows.flatMap(({ validFrom, validTo }) => (validTo === null ? [validFrom] : [validFrom, validTo])))].sort();
  return days.flatMap((validFrom, index): HoursRules[] => {
    const inForce = new Map(rows.filter((row) => row.validFrom <= validFrom && (row.validTo === null || row.validTo > validFrom)).map(({ name, value }) => [name, value]));
    const validTo = days[index + 1] ?? null;
    return inForce.size < 6 ? [] : [{ validFrom, validTo, ...readRules(inForce) }];
  });
}

function readRules(values: ReadonlyMap<string, string | number | boolean>): Omit<HoursRules, 'validFrom' | 'validTo'> {
  const list = <T extends string>(name: string, known: readonly T[]): T[] => String(values.get(name)).split(';').map((each) => each.trim()).filter(Boolean).map((each) => oneOf(name, each, known));
  return {
    required: list<ClearanceKind>('hours_clearances', clearanceKinds), unnamed: oneOf<UnnamedRule>('hours_unnamed', String(values.get('hours_unnamed')), unnamedRules),
    paidStaff: list<StaffCategory>('hours_paid_staff', staffCategories), dailyMinutes: Number(values.get('hours_daily_minutes')), sharedReference: values.get('hours_shared_reference') === true,
  };
}

function oneOf<T extends string>(name: string, given: string, known: readonly T[]): T {
  const found = known.find((each) => each === given);
  if (found === undefined) throw new AppError(422, 'unusable_setting', `The setting ${name} says “${given}”, which the hours check does not know. Use: ${known.join(', ')}.`);
  return found;
}

async function listWaivers(db: Knex, agreementId: string): Promise<Waiver[]> {
  const rows: { visitId: string; person: string; reason: HoursReason; fromAt: Date; toAt: Date; fingerprint: string }[] = await db('hours_decision')
    .select('visit_id as visitId', 'person', 'reason', 'from_at as fromAt', 'to_at as toAt', 'fingerprint').where({ agreement_id: agreementId, state: 'accepted' });
  return rows.map(({ fromAt, toAt, ...row }) => ({ ...row, fromMs: fromAt.getTime(), toMs: toAt.getTime() }));
}

async function listElsewhere(db: Knex, councilCode: string, { from, to }: Days): Promise<Elsewhere[]> {
  const { rows } = await db.raw(
    `select visit_id as "visitId", other_visit_id as "otherVisitId", other_council as council, from_at as "fromAt", to_at as "toAt", first, claim
     from joint_patrols(:councilCode, cast(:from as date), cast(:to as date))`, { councilCode, from, to });
  return (rows as (Omit<Elsewhere, 'fromMs' | 'toMs'> & Spanned)[]).map(withInstants);
}

/** Minutes that claims of the council hold on the days and the night before; those of the claim that asks are its own. */
async function listHeld(db: Knex, councilCode: string, { from, to, claimId }: Days): Promise<HeldSpan[]> {
  const { rows } = await db.raw(
    `select h.person, h.day, h.from_at as "fromAt", h.to_at as "toAt", 'claim ' || c.number || ' of ' || a.reference as claim
     from claim_hours h join claim c on c.id = h.claim_id join agreement a on a.id = h.agreement_id
     where h.held and a.council_code = :councilCode and h.day between cast(:from as date) - 1 and cast(:to as date) + 1 and h.claim_id is distinct from cast(:claimId as uuid)`,
    { councilCode, from, to, claimId: claimId ?? null });
  return (rows as (Omit<HeldSpan, 'fromMs' | 'toMs'> & Spanned)[]).map(withInstants);
}

interface Spanned {
  readonly fromAt: Date;
  readonly toAt: Date;
}

const withInstants = <T extends Spanned>({ fromAt, toAt, ...row }: T) => ({ ...row, fromMs: fromAt.getTime(), toMs: toAt.getTime() });
