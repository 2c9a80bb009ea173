/** Councils as a person may see them: the second half of every fence is in these names. */
import type { Knex } from 'knex';
import { notFound } from '../errors.ts';

export interface Council {
  readonly code: string;
  readonly name: string;
}

/** The councils of a scope (`['*']` for all), by code. */
export async function listCouncils(db: Knex, councils: readonly string[]): Promise<Council[]> {
  const query = db('organisation').select('council_code as code', 'name').where({ kind: 'council' }).orderBy('council_code');
  return councils.includes('*') ? query : query.whereIn('council_code', [...councils]);
}

/** The council of a scope with this code or name, or undefined when there is none or it is another's. */
export async function findCouncil(db: Knex, councils: readonly string[], asked: string): Promise<Council | undefined> {
  const wanted = asked.trim().toLowerCase();
  return (await listCouncils(db, councils)).find(({ code, name }) => code.toLowerCase() === wanted || name.toLowerCase() === wanted);
}

/** The codes of a scope's councils, or of the one asked for by code or name; another's answers as if there were none. */
export async function councilCodes(db: Knex, councils: readonly string[], asked?: string): Promise<string[]> {
  if (asked === undefined) return (await listCouncils(db, councils)).map(({ code }) => code);
  const found = await findCouncil(db, councils, asked);
  if (!found) throw notFound(`council as ${asked}`);
  return [found.code];
}
