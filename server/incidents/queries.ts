/** Where incidents come from and how good they are: every figure from the counts kept at import. */
import type { Knex } from 'knex';
import type { QualityMonth, SourceSummary } from './contract.ts';

interface SourceRow extends Omit<SourceSummary, 'gaps' | 'months'> {
  readonly held: string[];
}

/** Every source with the months it holds and the months missing between them. */
export async function listSourcesHeld(db: Knex): Promise<SourceSummary[]> {
  const { rows } = await db.raw(`
    select source.code, name, publisher, licence, attribution, time_precision as "timePrecision", location_precision as "locationPrecision", demonstration,
      coalesce(sum(source_month.rows), 0)::int as rows, to_char(min(month), 'YYYY-MM') as "firstMonth", to_char(max(month), 'YYYY-MM') as "lastMonth",
      coalesce(array_agg(to_char(month, 'YYYY-MM') order by month) filter (where month is not null), '{}') as held
    from source left join source_month on source_code = source.code
    group by source.code
    order by source.code`);
  return (rows as SourceRow[]).map(({ held, ...row }) => ({ ...row, months: held.length, gaps: gapsIn(held) }));
}

/** The months missing between the first and the last of a sorted list of `YYYY-MM`. */
export function gapsIn(months: readonly string[]): string[] {
  const held = new Set(months);
  const gaps: string[] = [];
  const last = months.at(-1) ?? '';
  for (let month = months[0] ?? last; month < last; month = monthAfter(month)) if (!held.has(month)) gaps.push(month);
  return gaps;
}

/** The month after a `YYYY-MM`. */
export function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}

export interface QualityRange {
  readonly from?: string;
  readonly to?: string;
  readonly source?: string;
  /** `*`, or the codes of the councils whose rows may be seen. */
  readonly councils: readonly string[];
}

interface MonthRow extends Omit<QualityMonth, 'importedAt' | 'mapped' | 'excluded' | 'notShown' | 'byCouncil' | 'asb'> {
  readonly importedAt: Date;
  readonly counts: { readonly council: string; readonly name: string; readonly excluded: boolean; readonly rows: number; readonly asb: number }[] | null;
}

/** What each source and month holds: rows = mapped + outside + without a place + excluded + not shown. */
export async function listQuality(db: Knex, range: QualityRange): Promise<QualityMonth[]> {
  const { rows } = await db.raw(
    `with added as (
       select source_code, month, council_code, excluded, cell = '' and not excluded as nowhere, sum(n)::int as rows, coalesce(sum(n) filter (where category.asb), 0)::int as asb
       from incident_count join category on category.code = category_code
       where resolution = 8
       group by source_code, month, council_code, excluded, 5
     )
     select to_char(source_month.month, 'YYYY-MM') as month, source_month.source_code as source, source_month.rows, times_replaced as "timesReplaced",
       imported_at as "importedAt", recount_due as "recountDue",
       coalesce(sum(added.rows) filter (where added.council_code = '' and not nowhere and not added.excluded), 0)::int as outside,
       coalesce(sum(added.rows) filter (where nowhere), 0)::int as "withoutPlace",
       json_agg(json_build_object('council', added.council_code, 'name', coalesce(organisation.name, ''), 'excluded', added.excluded, 'rows', added.rows, 'asb', added.asb) order by added.council_code)
         filter (where added.rows is not null) as counts
     from source_month
     left join added on added.source_code = source_month.source_code and added.month = source_month.month
     left join organisation on organisation.council_code = added.council_code
     where (:from::date is null or source_month.month >= :from::date) and (:to::date is null or source_month.month <= :to::date)
       and (:source::text is null or source_month.source_code = :source)
     group by source_month.source_code, source_month.month
     order by source_month.month, source_month.source_code`,
    { from: range.from ? `${range.from}-01` : null, to: range.to ? `${range.to}-01` : null, source: range.source ?? null },
  );
  return (rows as MonthRow[]).map((row) => toQuality(row, range.councils));
}

function toQuality({ counts, importedAt, ...row }: MonthRow, councils: readonly string[]): QualityMonth {
  const seen = (counts ?? []).filter(({ council }) => councils.includes('*') || council === '' || councils.includes(council));
  const placed = seen.filter(({ council, excluded }) => council !== '' && !excluded);
  const sum = (rows: readonly { rows: number }[]): number => rows.reduce((total, one) => total + one.rows, 0);
  const [mapped, excluded] = [sum(placed), sum(seen.filter((one) => one.excluded))];
  return {
    ...row,
    importedAt: importedAt.toISOString(),
    mapped, excluded,
    notShown: row.rows - row.outside - row.withoutPlace - mapped - excluded,
    asb: seen.reduce((total, { asb }) => total + asb, 0),
    byCouncil: Object.fromEntries(placed.map(({ council, name, rows, asb }) => [council, { name, rows, asb }])),
  };
}
