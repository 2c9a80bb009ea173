/** What a hotspot's months must be read with: recording changes, interventions, excluded geocodes inside. */
import type { Knex } from 'knex';
import { notesInForce } from '../incidents/noteQueries.ts';
import { crossedBy } from '../incidents/recording.ts';
import type { Beside } from './besideContract.ts';
import { dayAfter, firstDay } from './months.ts';

export interface BesideAsked {
  readonly id: string;
  readonly councilCode: string;
  /** Every month shown, the baseline's too; `YYYY-MM`, rising. */
  readonly months: readonly string[];
  readonly sources: readonly string[];
}

export async function listBeside(db: Knex, { id, councilCode, months, sources }: BesideAsked): Promise<Beside> {
  const [first] = months;
  const last = months.at(-1);
  if (first === undefined || last === undefined) return { crossings: [], interventions: [], excluded: [] };
  const notes = await notesInForce(db);
  const used = sources.length > 0 ? sources : notes.flatMap(({ source }) => source ?? []);
  return {
    crossings: crossedBy(notes, { months, sources: used, councils: [councilCode] }),
    interventions: await interventionsTouching(db, id, { from: firstDay(first), to: dayAfter(last) }), excluded: await exclusionsInside(db, id),
  };
}

async function interventionsTouching(db: Knex, id: string, span: { from: string; to: string }): Promise<Beside['interventions']> {
  const { rows } = await db.raw(
    `select i.id, k.name || ': ' || i.name || ', ' || case when i.ends_on is null then 'from ' || i.starts_on || ' on' when i.ends_on = i.starts_on then i.starts_on::text else i.starts_on || ' to ' || i.ends_on end as says
     from hotspot
     join intervention i on i.area = 'everywhere' or exists (select from hotspot_outline g where g.hotspot_id = hotspot.id and st_intersects(i.geom_27700, g.outline_27700))
     join intervention_kind k on k.code = i.kind
     where hotspot.id = :id and i.withdrawn_at is null and i.starts_on < :to::date and coalesce(i.ends_on, 'infinity') >= :from::date
     order by i.starts_on, i.name`,
    { id, ...span },
  );
  return rows as Beside['interventions'];
}

async function exclusionsInside(db: Knex, id: string): Promise<string[]> {
  const { rows } = await db.raw(
    `select e.name || ' is left out of maps and analyses from ' || to_char(e.valid_from, 'YYYY-MM') || ' on; its rows are counted here, as the baseline counted them.' as says
     from hotspot
     join geocode_exclusion e on exists (select from hotspot_outline g where g.hotspot_id = hotspot.id and st_dwithin(e.geom_27700, g.outline_27700, e.radius_metres))
     where hotspot.id = :id and e.withdrawn_at is null order by e.name`, { id });
  return (rows as { says: string }[]).map(({ says }) => says);
}
