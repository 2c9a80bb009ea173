/** A warden's terms as rows, one table a kind; and the account that is a warden's own. */
import type { Knex } from 'knex';
import type { KeptTerm, TermEntry, TermKind } from './wardenTermsContract.ts';

/** Field of an entry -> its column. */
const dates = { validFrom: 'valid_from', validTo: 'valid_to' };
const tables: Record<TermKind, { readonly table: string; readonly columns: Readonly<Record<string, string>> }> = {
  contract: { table: 'warden_contract', columns: { contractKind: 'kind', contractMinutesPerWeek: 'contract_minutes_per_week', ...dates } },
  power: { table: 'warden_power', columns: { actionCode: 'action_code', ...dates } },
  absence: { table: 'warden_absence', columns: { absenceKind: 'kind', firstDay: 'first_day', lastDay: 'last_day', fromMinute: 'from_minute', untilMinute: 'until_minute' } },
  wish: { table: 'warden_wish', columns: { wanted: 'wanted', weekday: 'weekday', shiftCode: 'shift_code', ...dates } },
  flag: { table: 'warden_flag', columns: { flag: 'kind', signedOn: 'signed_on', ...dates } },
  pair: { table: 'warden_pair', columns: { first: 'first_warden', second: 'second_warden', pairRule: 'rule', ...dates } },
};
export const termKinds = Object.keys(tables) as readonly TermKind[];

export interface TermOwner {
  readonly id: string;
  readonly councilCode: string;
}

type Row = Record<string, unknown> & { readonly id: string; readonly wardenId: string };

function rowsOf(db: Knex, term: TermKind): Knex.QueryBuilder {
  const { table, columns } = tables[term];
  return db(table).select('id', ...(term === 'pair' ? ['first_warden as wardenId'] : ['warden_id as wardenId']), ...Object.entries(columns).map(([field, column]) => `${column} as ${field}`));
}

/** A pair stands in one row for both: seen from one of them, the other is the one beside. */
function keptOf(term: TermKind, { id, wardenId, ...row }: Row, seenFrom = wardenId): KeptTerm {
  if (term !== 'pair') return { id, wardenId, entry: { term, ...row } as TermEntry };
  const { first, second, pairRule, ...rest } = row;
  return { id, wardenId: seenFrom, entry: { term, otherWardenId: first === seenFrom ? second : first, ...rest, pairRule: seenRule(String(pairRule), first === seenFrom) } as TermEntry };
}

/** Who works only beside whom, as it is kept of the two and as one of them sees it. */
const seenRule = (rule: string, first: boolean): string => (rule === 'first_beside' || rule === 'second_beside' ? ((rule === 'first_beside') === first ? 'beside' : 'needed_by') : rule);
const keptRule = (rule: string, first: boolean): string => (rule === 'beside' || rule === 'needed_by' ? ((rule === 'beside') === first ? 'first_beside' : 'second_beside') : rule);

/** All terms of a warden, by kind and day. */
export async function listTerms(db: Knex, wardenId: string): Promise<KeptTerm[]> {
  const lists: KeptTerm[] = [];
  for (const term of termKinds) {
    const rows: Row[] = await rowsOf(db, term)
      .where((where) => void (term === 'pair' ? where.where({ first_warden: wardenId }).orWhere({ second_warden: wardenId }) : where.where({ warden_id: wardenId })))
      .orderBy([term === 'absence' ? 'first_day' : 'valid_from', 'id']);
    lists.push(...rows.map((row) => keptOf(term, row, wardenId)));
  }
  return lists;
}

/** The term of this kind and id, with its council, or undefined when there is none, it is another council's, or not of the warden it is looked at from. */
export async function findTerm(db: Knex, councils: readonly string[], term: TermKind, id: string, seenFrom?: string): Promise<{ kept: KeptTerm; councilCode: string } | undefined> {
  const row: Row | undefined = await rowsOf(db, term).where({ id }).forUpdate().first();
  if (seenFrom !== undefined && row && ![row.wardenId, row['second']].includes(seenFrom)) return undefined;
  const councilCode = row && (await db('warden').where({ id: row.wardenId }).whereIn('council_code', [...councils]).first<{ code: string } | undefined>('council_code as code'))?.code;
  return row && councilCode ? { kept: keptOf(term, row, seenFrom), councilCode } : undefined;
}

function valuesOf(entry: TermEntry, owner: TermOwner): Record<string, unknown> {
  const { columns } = tables[entry.term];
  const values = entry.term === 'pair' ? pairValues(entry, owner) : { ...entry };
  return Object.fromEntries(Object.entries(columns).map(([field, column]) => [column, (values as Record<string, unknown>)[field] ?? null]));
}

function pairValues(entry: Extract<TermEntry, { term: 'pair' }>, owner: TermOwner): Record<string, unknown> {
  const [first, second] = [owner.id, entry.otherWardenId].sort();
  return { ...entry, first, second, pairRule: keptRule(entry.pairRule, first === owner.id) };
}

/** Keeps a new term; the database refuses what does not fit the others. */
export async function insertTerm(db: Knex, id: string, owner: TermOwner, entry: TermEntry, recordedBy: string | null): Promise<void> {
  const whose = entry.term === 'pair' ? { council_code: owner.councilCode } : { warden_id: owner.id };
  await db(tables[entry.term].table).insert({ id, ...whose, ...valuesOf(entry, owner), recorded_by: recordedBy });
}

export async function updateTerm(db: Knex, id: string, owner: TermOwner, entry: TermEntry): Promise<void> {
  await db(tables[entry.term].table).where({ id }).update(valuesOf(entry, owner));
}

export async function deleteTerm(db: Knex, term: TermKind, id: string): Promise<void> {
  await db(tables[term].table).where({ id }).delete();
}

export interface Account {
  readonly personId: string;
  readonly name: string;
}

export async function findAccount(db: Knex, wardenId: string): Promise<Account | undefined> {
  return db('warden_account as a').join('person as p', 'p.id', 'a.person_id').where('a.warden_id', wardenId).first<Account | undefined>('p.id as personId', 'p.name');
}

/** Accounts of a council's people that are no warden's own yet. */
export async function listFreeAccounts(db: Knex, councilCode: string): Promise<Account[]> {
  return db('person as p').join('organisation as o', 'o.id', 'p.organisation_id').leftJoin('warden_account as a', 'a.person_id', 'p.id')
    .where('o.council_code', councilCode).whereNull('a.person_id').whereNull('p.disabled_at').orderBy('p.name').select('p.id as personId', 'p.name');
}

/** Links an account to a warden in place of any other; null takes it off. */
export async function saveAccount(db: Knex, owner: TermOwner, personId: string | null, linkedBy: string | null): Promise<void> {
  await db('warden_account').where({ warden_id: owner.id }).delete();
  if (personId !== null) await db('warden_account').insert({ warden_id: owner.id, council_code: owner.councilCode, person_id: personId, linked_by: linkedBy });
}

/** What can be chosen for a warden's terms. */
export async function listTermChoices(db: Knex, { id, councilCode }: TermOwner): Promise<{ others: { id: string; reference: string }[]; absenceKinds: { code: string; name: string; describes: string }[]; powers: { code: string; name: string }[]; shifts: { code: string; name: string }[] }> {
  return {
    others: await db('warden').where({ council_code: councilCode }).whereNot({ id }).orderBy('reference').select('id', 'reference'),
    absenceKinds: await db('absence_kind').orderBy('position').select('code', 'name', 'describes'),
    powers: await db('action_kind').where({ enforcement: true, police_only: false }).orderBy('position').select('code', 'name'),
    shifts: await db('shift_type').where({ council_code: councilCode }).distinctOn('code').orderBy(['code', { column: 'valid_from', order: 'desc' }]).select('code', 'name'),
  };
}
