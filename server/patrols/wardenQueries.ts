/** Wardens by reference, the day patrols start, and the kinds of action. */
import type { Knex } from 'knex';
import type { ActionKind, PatrolStart, StaffCategory, Warden } from './contract.ts';

const columns = [
  'id', 'council_code as councilCode', 'reference', 'staff_category as staffCategory',
  'employed_from as employedFrom', 'employed_to as employedTo', 'contract_minutes_per_week as contractMinutesPerWeek',
];

export async function listWardens(db: Knex, councils: readonly string[]): Promise<Warden[]> {
  return db('warden').select(columns).whereIn('council_code', [...councils]).orderBy(['council_code', 'reference']);
}

/** The warden, locked for the change that follows, or undefined when there is none or it is another council's. */
export async function findWarden(db: Knex, councils: readonly string[], id: string): Promise<Warden | undefined> {
  return db('warden').select(columns).where({ id }).whereIn('council_code', [...councils]).forUpdate().first();
}

export interface WardenRow {
  readonly id: string;
  readonly councilCode: string;
  readonly reference: string;
  readonly staffCategory: StaffCategory;
  readonly employedFrom: string;
  readonly employedTo: string | null;
  readonly contractMinutesPerWeek: number;
}

/** Adds a warden, or changes the one with this id. */
export async function saveWarden(db: Knex, row: WardenRow): Promise<void> {
  const values = {
    id: row.id, council_code: row.councilCode, reference: row.reference, staff_category: row.staffCategory,
    employed_from: row.employedFrom, employed_to: row.employedTo, contract_minutes_per_week: row.contractMinutesPerWeek,
  };
  await db('warden').insert(values).onConflict('id').merge();
}

/** Every council of the list with the day its patrols start, null where none is set. */
export async function listPatrolStarts(db: Knex, councils: readonly string[]): Promise<PatrolStart[]> {
  return db('organisation as o')
    .leftJoin('patrol_start as s', 's.council_code', 'o.council_code')
    .select('o.council_code as councilCode', 'o.name as council', 's.started_on as startedOn')
    .whereIn('o.council_code', [...councils])
    .orderBy('o.council_code');
}

export async function savePatrolStart(db: Knex, councilCode: string, startedOn: string): Promise<void> {
  await db('patrol_start').insert({ council_code: councilCode, started_on: startedOn }).onConflict('council_code').merge();
}

/** The day of a council's first visit, or undefined: patrols cannot start after it. */
export async function firstVisitOn(db: Knex, councilCode: string): Promise<string | undefined> {
  const row = await db('visit').min('visited_on as first').where({ council_code: councilCode }).first<{ first: string | null }>();
  return row?.first ?? undefined;
}

export type DatedActionKind = ActionKind & { readonly validFrom: string; readonly validTo: string | null };

/** Kinds of action in their order: those in force on a day, or all. */
export async function listActionKinds(db: Knex, on?: string): Promise<DatedActionKind[]> {
  const query = db('action_kind')
    .select('code', 'name', 'police_only as policeOnly', 'pcso_may as pcsoMay', 'enforcement', 'asb_power as asbPower', 'common', 'describes', 'valid_from as validFrom', 'valid_to as validTo')
    .orderBy('position');
  return on === undefined ? query : query.whereRaw('daterange(valid_from, valid_to) @> ?::date', [on]);
}
