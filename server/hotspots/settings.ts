/** Values of the settings in force, by name. */

type Values = ReadonlyMap<string, number | string | boolean>;

/** The number in force; a missing one is a fault of the database, said by name. */
export function numberOf(settings: Values, name: string): number {
  const value = settings.get(name);
  if (typeof value !== 'number') throw new Error(`The setting ${name} has no number in force.`);
  return value;
}

export function textOf(settings: Values, name: string): string {
  const value = settings.get(name);
  if (typeof value !== 'string') throw new Error(`The setting ${name} has no text in force.`);
  return value;
}
