import type { Knex } from 'knex';

/** What the first page goes by. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    insert into setting (name, value, unit, describes, source, valid_from) values
      ('first_page_analysis_days', '31', 'days', 'An analysis of hotspots older than this is on the analyst’s list of what is due', 'Office rule: once for each month of data', '2020-01-01'),
      ('first_page_conditions_days', '14', 'days', 'A condition of an agreement is on the list this long before it is due', 'Office rule', '2020-01-01')`);
}
