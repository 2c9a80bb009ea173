import type { Knex } from 'knex';

/** When commitments are taken as the record of what hours cost. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    insert into setting (name, value, unit, describes, source, valid_from) values
      ('forecast_record_share', '0.33', 'share', 'Commitments of the latest full months that come to at least this share of what contract hours would cost are taken as their cost; less, and they are promises beside it', 'Planning assumption: some offices commit each month’s hours, others equipment alone', '2020-01-01')`);
}
