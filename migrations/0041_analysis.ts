import type { Knex } from 'knex';

/** How few incidents are no pattern, however short the period: an analysis reads it as a setting. */
export async function up(db: Knex): Promise<void> {
  await db('setting').insert({
    name: 'analysis_fewest_incidents', value: '5', unit: 'incidents', valid_from: '2020-01-01',
    describes: 'Incidents a candidate needs in all, however short the period analysed',
    source: 'Office policy: one incident of one month may lie above a quiet area’s mean',
  });
}
