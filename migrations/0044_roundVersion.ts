import type { Knex } from 'knex';

/** Which version of the planner drew a shift's rounds, and from how many starts the larger ones are searched. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- Raised in the code with the way rounds are drawn; what was drawn before it was kept is of the first.
    alter table round_draw add column solver_version integer not null default 1 constraint round_draw_version_from_1 check (solver_version >= 1);
    alter table round_draw alter column solver_version drop default`);
  await db('setting').insert({
    name: 'round_search_starts', value: '48', unit: 'starts', valid_from: '2020-01-01',
    describes: 'How often the search for a round of more than 15 visits begins anew',
    source: 'Measured: 32 starts find every published best value and 96 that of one more made-up instance of 16, in twice the time of 48',
  });
}
