/** What a rota is worked out from, as rows. */
import type { Knex } from 'knex';
import { addDays } from '../patrols/calendar.ts';
import { settingsOn } from '../settings/queries.ts';
import type { DatedShiftType, RotaRows, WardenRows, WorkedRow } from './problemRows.ts';

export interface RotaKey {
  readonly id: string;
  readonly councilCode: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly seed: string;
}

const averageDays = 17 * 7;

/** Everything a rota of a council is worked out from. Under a role that may not see why wardens are away, their absences are missing: only leads and long work ask. */
export async function loadRotaRows(db: Knex, rota: RotaKey): Promise<RotaRows> {
  const { startsOn, endsOn, seed, councilCode } = rota;
  const settings = await settingsOn(db, startsOn);
  return {
    startsOn, endsOn, seed, settings: new Map([...settings].filter(([name]) => name.startsWith('rota_'))),
    required: String(settings.get('hours_clearances') ?? '').split(';').map((kind) => kind.trim()).filter(Boolean),
    types: await listDatedTypes(db, rota), bankHolidays: await db('bank_holiday').orderBy('held_on').pluck('held_on'),
    wardens: await listWardenRows(db, rota), pairs: await listPairs(db, rota),
    worked: await listWorked(db, rota),
    publishedFrom: (await db('rota_shift').where({ council_code: councilCode }).min('day as day').first<{ day: string | null }>())?.day ?? null,
  };
}

async function listDatedTypes(db: Knex, { councilCode, startsOn, endsOn }: RotaKey): Promise<DatedShiftType[]> {
  return db('shift_type').where({ council_code: councilCode }).whereRaw(`daterange(valid_from, valid_to) && daterange(?::date, ?::date, '[]')`, [startsOn, endsOn]).orderBy(['start_minute', 'code', 'valid_from'])
    .select('code', 'name', 'start_minute as startMinute', 'end_minute as endMinute', 'crews', 'bank_holiday_crews as bankHolidayCrews', 'crew_size as crewSize', 'break_minutes as breakMinutes', 'valid_from as validFrom', 'valid_to as validTo');
}

async function listWardenRows(db: Knex, { councilCode, startsOn, endsOn }: RotaKey): Promise<WardenRows[]> {
  const { rows } = await db.raw(
    `select w.id, w.reference, jsonb_build_object('from', w.employed_from, 'to', w.employed_to) as employed,
       coalesce((select jsonb_agg(jsonb_build_object('from', c.valid_from, 'to', c.valid_to, 'minutesPerWeek', c.contract_minutes_per_week) order by c.valid_from) from warden_contract c where c.warden_id = w.id), '[]') as contracts,
       coalesce((select jsonb_agg(jsonb_build_object('from', f.valid_from, 'to', f.valid_to, 'kind', f.kind) order by f.kind, f.valid_from) from warden_flag f where f.warden_id = w.id), '[]') as flags,
       coalesce((select jsonb_agg(jsonb_build_object('from', c.valid_from, 'to', c.valid_to, 'kind', c.kind) order by c.kind, c.valid_from) from warden_clearance c where c.warden_id = w.id), '[]') as clearances,
       coalesce((select jsonb_agg(jsonb_build_object('kind', a.kind, 'firstDay', a.first_day, 'lastDay', a.last_day, 'fromMinute', a.from_minute, 'untilMinute', a.until_minute) order by a.first_day, a.from_minute)
         from warden_absence a where a.warden_id = w.id and a.last_day >= cast(:startsOn as date) - :averageDays::int and a.first_day <= cast(:endsOn as date) + 1), '[]') as absences,
       coalesce((select jsonb_agg(jsonb_build_object('from', i.valid_from, 'to', i.valid_to, 'wanted', i.wanted, 'weekday', i.weekday, 'shiftCode', i.shift_code) order by i.valid_from, i.id)
         from warden_wish i where i.warden_id = w.id), '[]') as wishes
     from warden w where w.council_code = :councilCode and w.staff_category in ('warden', 'other')
       and daterange(w.employed_from, w.employed_to) && daterange(cast(:startsOn as date), cast(:endsOn as date), '[]') order by w.reference`,
    { councilCode, startsOn, endsOn, averageDays });
  return rows as WardenRows[];
}

async function listPairs(db: Knex, { councilCode, startsOn, endsOn }: RotaKey): Promise<RotaRows['pairs']> {
  return db('warden_pair').where({ council_code: councilCode }).whereRaw(`daterange(valid_from, valid_to) && daterange(?::date, ?::date, '[]')`, [startsOn, endsOn]).orderBy(['first_warden', 'second_warden', 'valid_from'])
    .select('first_warden as first', 'second_warden as second', 'rule', 'valid_from as from', 'valid_to as to');
}

/** Published shifts of the council outside the rota, from where the average begins to a week after. */
async function listWorked(db: Knex, { id, councilCode, startsOn, endsOn }: RotaKey): Promise<WorkedRow[]> {
  const rows: { wardenId: string; day: string; startsAt: Date; endsAt: Date }[] = await db('rota_shift_in_force as s').joinRaw('cross join lateral unnest(s.wardens) as w(warden_id)')
    .where('s.council_code', councilCode).whereNot('s.rota_id', id).whereBetween('s.day', [addDays(startsOn, -averageDays), addDays(endsOn, 7)]).orderBy(['s.starts_at', 'w.warden_id'])
    .select('w.warden_id as wardenId', 's.day', 's.starts_at as startsAt', 's.ends_at as endsAt');
  return rows.map((row) => ({ ...row, startsAt: row.startsAt.getTime(), endsAt: row.endsAt.getTime() }));
}
