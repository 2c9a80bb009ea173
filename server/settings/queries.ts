/** Settings by date. */
import type { Knex } from 'knex';
import { AppError } from '../errors.ts';
import type { Setting } from './contract.ts';

const columns = ['name', 'value', 'unit', 'describes', 'source', 'valid_from as validFrom', 'valid_to as validTo'];

export async function listSettings(db: Knex): Promise<Setting[]> {
  return db('setting').select(columns).orderBy(['name', 'valid_from']);
}

/** The values in force on a date, by name. */
export async function settingsOn(db: Knex, date: string): Promise<Map<string, Setting['value']>> {
  const rows: Setting[] = await db('setting').select(columns).whereRaw('daterange(valid_from, valid_to) @> ?::date', [date]);
  return new Map(rows.map((row) => [row.name, row.value]));
}

/** The number in force on a date; a missing one, as on a day before the first setting, is said by name. */
export async function numberSetting(db: Knex, name: string, date: string): Promise<number> {
  const value = (await settingsOn(db, date)).get(name);
  if (typeof value !== 'number') throw new AppError(422, 'no_setting', `The setting ${name} has no number in force on ${date}. Give a later day, or enter the setting for it.`);
  return value;
}

export async function findSettingOn(db: Knex, name: string, date: string): Promise<Setting | undefined> {
  return db('setting').select(columns).where({ name }).whereRaw('daterange(valid_from, valid_to) @> ?::date', [date]).forUpdate().first();
}

/** Ends the value in force the day before and starts the new one. */
export async function replaceSetting(db: Knex, before: Setting, after: Setting): Promise<void> {
  const unchanged = { name: before.name, valid_from: before.validFrom };
  if (before.validFrom === after.validFrom) await db('setting').where(unchanged).delete();
  else await db('setting').where(unchanged).update({ valid_to: after.validFrom });
  await db('setting').insert({
    name: after.name, value: JSON.stringify(after.value), unit: after.unit, describes: after.describes, source: after.source,
    valid_from: after.validFrom, valid_to: after.validTo,
  });
}
