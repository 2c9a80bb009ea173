/** Demonstration data on a PostGIS server, where no start makes it by itself. */
import { AppError } from '../errors.ts';
import { holdsOnlyDemonstrationPeople, isEmpty } from '../demonstration/queries.ts';
import { demonstrationSeed, fillDemonstration, isBegun } from '../demonstration/steps.ts';
import { tellDemonstration } from '../demonstration/start.ts';
import type { Command } from './command.ts';

export const demonstrate: Command = {
  usage: '  (on an empty database, with DEMONSTRATION=true)',
  says: 'make demonstration data: schematic councils, 36 months of invented incidents, hotspots, patrols and a return',
  options: {},
  async run({ config, database, report }) {
    if (config.production) throw new AppError(422, 'not_in_production', 'Demonstration data cannot be made with NODE_ENV=production: its users have a published password.');
    if (!config.demonstration) throw new AppError(422, 'not_marked', 'Set DEMONSTRATION=true, here and for the service, so that every page says what the data is.');
    const { db } = database;
    if (!(await isBegun(db)) && !(await isEmpty(db))) {
      throw new AppError(409, 'not_empty', 'The database holds data already. Make demonstration data in an empty database of its own.');
    }
    if (!(await holdsOnlyDemonstrationPeople(db))) throw new AppError(409, 'not_empty', 'The database has people of its own. Make demonstration data in an empty database.');
    await fillDemonstration(db, { seed: demonstrationSeed, production: config.production, now: new Date(), report });
    const lines = await tellDemonstration(config, database);
    return { json: { seed: demonstrationSeed, summary: lines }, lines };
  },
};
