import type { Knex } from 'knex';

/** A return asks for the visits of a month in all hotspots at once, and so read every visit ever recorded. */
export async function up(db: Knex): Promise<void> {
  await db.raw('create index visit_day on visit (visited_on)');
}
