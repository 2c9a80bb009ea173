import type { Knex } from 'knex';

/** An explanation of a conflict holds for the two figures it was given for: where either changes, it is asked for again. */
export async function up(db: Knex): Promise<void> {
  // Null in rows from before, which hold for whatever stands there.
  await db.raw(`alter table flag_explanation add column pair text`);
}
