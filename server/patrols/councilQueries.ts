/** Councils as a person may see them: the second half of every fence is in these names. */
import type { Knex } from 'knex';
import { notFound } from '../errors.ts';

export interface Council {
  readonly code: string;
  readonly name: string;
}

/** The councils of a scope (`['*']` for all), by code. */
export function listCouncils(db: Knex, councils: readonly string[]): Promise<Council[]> {
  return listBodies(db, councils, ['council']);
}

/** Whom a grant agreement can be with, in a scope: councils, and the police force for patrols with its support. */
export async function listBodies(db: Knex, councils: readonly string[], kinds = ['council', 'police']): Promise<Council[]> {
  const query = db('organisation').select('council_code as code', 'name').whereIn('kind', kinds).orderBy('council_code');
  return councils.includes('*') ? query : query.whereIn('council_code', [...councils]);
}

/** The body of a scope with this code or name, or undefined when there is none or it is another's. */
export async function findBody(db: Knex, councils: readonly string[], asked: string): Promise<Council | undefined> {
  return named(await listBodies(db, councils), asked);
}

function named(bodies: readonly Council[], asked: string): Council | undefined {
  const wanted = asked.trim().toLowerCase();
  return bodies.find(({ code, name }) => code.toLowerCase() === wanted || name.toLowerCase() === wanted);
}

/** The council of a scope with this code or name, or undefined when there is none or it is another's. */
export async function findCouncil(db: Knex, councils: readonly string[], asked: string): Promise<Council | undefined> {
  return named(await listCouncils(db, councils), asked);
}

/** The codes of a scope's councils, or of the one asked for by code or name; another's answers as if there were none. */
export async function councilCodes(db: Knex, councils: readonly string[], asked?: string): Promise<string[]> {
  if (asked === undefined) return (await listCouncils(db, councils)).map(({ code }) => code);
  const found = await findCouncil(db, councils, asked);
  if (!found) throw notFound(`council as ${asked}`);
  return [found.code];
}
