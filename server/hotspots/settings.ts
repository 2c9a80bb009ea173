/** Values of the settings in force, by name. */
import { AppError } from '../errors.ts';

type Values = ReadonlyMap<string, number | string | boolean>;

/** The number in force; a missing one, as on a day before the first setting, is said by name. */
export function numberOf(settings: Values, name: string): number {
  const value = settings.get(name);
  if (typeof value !== 'number') throw new AppError(422, 'no_setting', `The setting ${name} has no number in force on that day. Give a later day, or enter the setting for it.`);
  return value;
}

export function textOf(settings: Values, name: string): string {
  const value = settings.get(name);
  if (typeof value !== 'string') throw new AppError(422, 'no_setting', `The setting ${name} has no text in force on that day. Give a later day, or enter the setting for it.`);
  return value;
}
