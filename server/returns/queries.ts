/** A month as the database knows it: hotspots with their live days, visits, actions, incidents and frozen baselines. */
import type { Knex } from 'knex';
import { addMonths, monthsBetween } from '../hotspots/months.ts';
import { listAgreements, listAmounts } from './amountQueries.ts';
import { type ReturnDefinition, returnDefinition } from './contract.ts';
import { lastDayOf, yearBefore } from './deadline.ts';
import { type ActionKind, type Council, groupBy, type LoadedAction, type LoadedBaseline, type LoadedHotspot, type LoadedIncident, type LoadedMonth, type LoadedVisit, type Source } from './month.ts';

/** What every query of a period is asked with: its first and last day, the day after, the same a year before; `councils` is ['*'] or council codes. */
export interface Span {
  readonly first: string;
  readonly last: string;
  readonly next: string;
  readonly before: string;
  readonly beforeNext: string;
  readonly months: number;
  readonly all: boolean;
  readonly councils: string[];
}

function spanOf(month: string, lastMonth: string, councils: readonly string[]): Span {
  const [first, next] = [`${month}-01`, `${addMonths(lastMonth, 1)}-01`];
  return { first, last: lastDayOf(lastMonth), next, before: yearBefore(first), beforeNext: yearBefore(next), months: monthsBetween(month, lastMonth).length, all: councils.includes('*'), councils: [...councils] };
}

export interface ToLoad {
  readonly month: string;
  /** The month itself unless told. */
  readonly lastMonth?: string;
  readonly councils: readonly string[];
  /** True where the definition asks for money. */
  readonly money?: boolean;
  /** What was loaded for many months at once; what is of this one is taken from it. */
  readonly from?: RowsOfMonths | undefined;
}

/** What months share, and their incidents by month, with those of the same months a year before. */
export interface RowsOfMonths {
  readonly organisation: string;
  readonly demonstration: boolean;
  readonly councils: readonly Council[];
  readonly incidents: ReadonlyMap<string, readonly LoadedIncident[]>;
}

/** Loads the incidents of all the months at once: asking for each month anew would lay the same points over the same outlines every time. */
export async function loadRowsOfMonths(db: Knex, { from, to, councils }: { from: string; to: string; councils: readonly string[] }): Promise<RowsOfMonths> {
  const span = spanOf(from, to, councils);
  return {
    organisation: await findOrganisationName(db),
    demonstration: await holdsDemonstrationData(db),
    councils: await listCouncils(db, span),
    incidents: groupBy(await listIncidents(db, span), ({ month }) => month),
  };
}

/** A definition by its version, in force or not; what a kept version of a return was made by. */
export async function findDefinitionVersion(db: Knex, code: string, version: number): Promise<ReturnDefinition | undefined> {
  const row: unknown = await db('return_definition').select(definitionColumns).where({ code, version }).first();
  return row === undefined ? undefined : returnDefinition.parse(row);
}

/** Loads a month, or a period of months, for the councils of a scope; the rows come in an order that does not depend on how they were stored. */
export async function loadMonth(db: Knex, { month, lastMonth = month, councils, money = false, from }: ToLoad): Promise<LoadedMonth> {
  const span = spanOf(month, lastMonth, councils);
  const visits = await listVisits(db, span);
  const actions = await listActions(db, span);
  return {
    month,
    lastMonth,
    yearBefore: addMonths(month, -12),
    firstDay: span.first,
    lastDay: span.last,
    organisation: from?.organisation ?? (await findOrganisationName(db)),
    demonstration: from?.demonstration ?? (await holdsDemonstrationData(db)),
    councils: from?.councils ?? (await listCouncils(db, span)),
    sources: await listSources(db, span),
    actionKinds: await listActionKinds(db, span, actions.map((action) => action.code)),
    hotspots: await listLiveHotspots(db, span),
    visits,
    actions,
    incidents: from ? [...(from.incidents.get(addMonths(month, -12)) ?? []), ...(from.incidents.get(month) ?? [])] : await listIncidents(db, span),
    baselines: await listBaselines(db, span),
    agreements: money ? await listAgreements(db, span) : [],
    amounts: money ? await listAmounts(db, span) : [],
  };
}

export const inScope = (council: string): string => `(:all or ${council} = any(:councils))`;
/** The hotspots live on a day of the month: a proposed one never was. */
const liveHotspot = `hotspot.state <> 'proposed' and daterange(hotspot.live_from, hotspot.live_to) && daterange(:first, :next) and ${inScope('hotspot.council_code')}`;

export async function rowsOf<T>(db: Knex, sql: string, bindings: Record<string, unknown> | Span, repeated: readonly (keyof T & string)[] = []): Promise<T[]> {
  const { rows } = await db.raw(sql, { ...bindings } as Record<string, Knex.Value>);
  holdOnce(rows as Record<string, unknown>[], repeated);
  return rows as T[];
}

/** Holds texts that repeat in these columns once: a hundred thousand rows name a hundred hotspots, and the driver makes a text anew for each. */
function holdOnce(rows: Record<string, unknown>[], columns: readonly string[]): void {
  const held = new Map<unknown, unknown>();
  for (const row of rows) {
    for (const column of columns) {
      const value = row[column];
      const same = held.get(value);
      if (same === undefined) held.set(value, value);
      else row[column] = same;
    }
  }
}

function listLiveHotspots(db: Knex, span: Span): Promise<LoadedHotspot[]> {
  return rowsOf(db, `
    select hotspot.id, hotspot.name, hotspot.council_code as "councilCode", hotspot.ward_code as "wardCode",
      hotspot.live_from as "liveFrom", hotspot.live_to as "liveTo",
      greatest(hotspot.live_from, :first::date) as "countedFrom", (least(hotspot.live_to, :next::date) - 1) as "countedTo"
    from hotspot where ${liveHotspot}
    order by hotspot.council_code, hotspot.name collate "C", hotspot.live_from, hotspot.id`, span);
}

/** A moment as text of the form `2023-10-02T14:00:00.000Z`: written by the database, no date is made of it for each of a hundred thousand rows. */
const instant = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

function listVisits(db: Knex, span: Span): Promise<LoadedVisit[]> {
  return rowsOf(db, `
    select visit.id, visit.hotspot_id as "hotspotId", hotspot.name as hotspot, hotspot.council_code as "councilCode",
      visit.council_code as "patrolCouncil", visit.patrol_reference as "patrolReference", visit.visited_on as "on",
      ${instant('visit.started_at')} as "startedAt", ${instant('visit.ended_at')} as "endedAt", visit.minutes, visit.persons, visit.person_minutes as "personMinutes",
      visit.staff_category as "staffCategory", visit.extended, visit.joint_with_police as "jointWithPolice"
    from visit join hotspot on hotspot.id = visit.hotspot_id
    where visit.visited_on between :first::date and :last::date and ${inScope('hotspot.council_code')}
    order by visit.started_at, visit.id`, span, ['hotspotId', 'hotspot', 'councilCode', 'patrolCouncil', 'on', 'staffCategory']);
}

function listActions(db: Knex, span: Span): Promise<LoadedAction[]> {
  return rowsOf(db, `
    select visit_action.visit_id as "visitId", visit_action.action_code as code, visit_action.n
    from visit_action join visit on visit.id = visit_action.visit_id join hotspot on hotspot.id = visit.hotspot_id
    where visit.visited_on between :first::date and :last::date and ${inScope('hotspot.council_code')}
    order by visit.started_at, visit.id, visit_action.action_code collate "C"`, span, ['code']);
}

/** The kinds in force in the month, and any other that was recorded all the same. */
function listActionKinds(db: Knex, span: Span, recorded: string[]): Promise<ActionKind[]> {
  return rowsOf(db, `
    select code, name, police_only as "policeOnly", pcso_may as "pcsoMay", enforcement, asb_power as "asbPower"
    from action_kind where daterange(valid_from, valid_to) && daterange(:first, :next) or code = any(:recorded)
    order by position, code collate "C"`, { ...span, recorded });
}

/**
 * Anti-social behaviour incidents whose point the outline covers, in the month and in the same month a year before.
 * Metres of the National Grid decide, since a location is a whole metre of it. Which points an outline covers is found first, by their
 * index: laid over the incidents themselves every outline would be compared with every one of them.
 */
function listIncidents(db: Knex, span: Span): Promise<LoadedIncident[]> {
  return rowsOf(db, `
    with covered as materialized (
      select hotspot.id as hotspot_id, ground.days, location.id as location_id
      from hotspot join hotspot_outline as ground on ground.hotspot_id = hotspot.id join location on st_covers(ground.outline_27700, location.geom_27700)
      where ${liveHotspot})
    select incident.id::text as id, covered.hotspot_id as "hotspotId", to_char(incident.month, 'YYYY-MM') as month, incident.source_code as "sourceCode",
      category.name as category, incident.place_name as place,
      case when source.time_precision <> 'month' then to_char(incident.occurred_from at time zone 'Europe/London', 'YYYY-MM-DD') end as "on"
    from covered
    join incident on incident.location_id = covered.location_id and (incident.month >= :first::date and incident.month < :next::date or incident.month >= :before::date and incident.month < :beforeNext::date)
      and covered.days @> coalesce((incident.occurred_from at time zone 'Europe/London')::date, incident.month)
    join category on category.code = incident.category_code and category.asb
    join source on source.code = incident.source_code
    order by incident.month, incident.id`, span, ['hotspotId', 'month', 'sourceCode', 'category', 'place', 'on']);
}

function listBaselines(db: Knex, span: Span): Promise<LoadedBaseline[]> {
  return rowsOf(db, `
    select hotspot.id as "hotspotId", hotspot_baseline.source_code as "sourceCode", sum(hotspot_baseline.n)::integer as n
    from hotspot_baseline join hotspot on hotspot.id = hotspot_baseline.hotspot_id
    where hotspot_baseline.month >= :before::date and hotspot_baseline.month < :beforeNext::date and ${liveHotspot}
    group by hotspot.id, hotspot_baseline.source_code having count(*) = :months
    order by hotspot.id, hotspot_baseline.source_code collate "C"`, span);
}

function listCouncils(db: Knex, span: Span): Promise<Council[]> {
  return rowsOf(db, `
    select organisation.council_code as code, organisation.name, patrol_start.started_on as "patrolsStartedOn"
    from organisation left join patrol_start on patrol_start.council_code = organisation.council_code
    where organisation.kind = 'council' and ${inScope('organisation.council_code')}
    order by organisation.council_code`, span);
}

/**
 * The sources that hold anti-social behaviour and had begun by the month: one that has not sent the month leaves a gap,
 * one that began later does not. Looked up once, as an array: asked for each month anew the counts would be read a hundred times over.
 */
function listSources(db: Knex, span: Span): Promise<Source[]> {
  return rowsOf(db, `
    select source.code, source.name, source.publisher, source.licence, source.time_precision as "timePrecision", source.demonstration,
      count(*) filter (where source_month.month >= :first::date and source_month.month < :next::date) = :months as imported,
      count(*) filter (where source_month.month >= :before::date and source_month.month < :beforeNext::date) = :months as "importedYearBefore"
    from source join source_month on source_month.source_code = source.code
    where source.code = any(array(select distinct incident_count.source_code
      from incident_count join category on category.code = incident_count.category_code and category.asb where incident_count.resolution = 8))
    group by source.code having min(source_month.month) <= :first::date
    order by source.code collate "C"`, span);
}

/** The office whose returns these are. */
export async function findOrganisationName(db: Knex): Promise<string> {
  const row = await db('organisation').select('name').where({ kind: 'opcc' }).orderBy('name').first();
  return (row as { name: string } | undefined)?.name ?? 'Office of the Police and Crime Commissioner';
}

/** Made-up incidents come with made-up hotspots and visits, so one such source marks everything. */
async function holdsDemonstrationData(db: Knex): Promise<boolean> {
  return (await db('source').where({ demonstration: true }).first('code')) !== undefined;
}

const definitionColumns = ['code', 'version', 'name', 'basis', 'deadline', 'fields', 'frequency', 'signatories'];

/** The definition in force on the first day of a month, or undefined. */
export async function findDefinition(db: Knex, code: string, month: string): Promise<ReturnDefinition | undefined> {
  const row: unknown = await db('return_definition').select(definitionColumns).where({ code })
    .whereRaw('daterange(valid_from, valid_to) @> ?::date', [`${month}-01`]).first();
  return row === undefined ? undefined : returnDefinition.parse(row);
}

export async function listBankHolidays(db: Knex): Promise<ReadonlySet<string>> {
  return new Set((await db('bank_holiday').pluck('held_on')) as string[]);
}

/** First and last month with a live hotspot of the scope; undefined when there is none. */
export async function findLiveSpan(db: Knex, councils: readonly string[]): Promise<{ first: string; last: string | null } | undefined> {
  const [row] = await rowsOf<{ first: string | null; last: string | null }>(db, `
    select to_char(min(live_from), 'YYYY-MM') as first, case when bool_or(live_to is null) then null else to_char(max(live_to) - 1, 'YYYY-MM') end as last
    from hotspot where state <> 'proposed' and ${inScope('council_code')}`, { all: councils.includes('*'), councils: [...councils] });
  return row?.first ? { first: row.first, last: row.last } : undefined;
}
