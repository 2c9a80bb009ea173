/** People, their roles of today, and the accounts that may sign in. */
import type { Knex } from 'knex';
import type { Role } from '../permissions.ts';
import type { Person } from './contract.ts';

interface PersonRow extends Omit<Person, 'roles'> {
  roles: Role[] | null;
}

const personSelect = `
  select person.id, person.name, person.email, organisation.name as organisation, organisation.council_code as "councilCode",
    array_agg(role_grant.role order by role_grant.role) filter (where role_grant.role is not null) as roles
  from person
  join organisation on organisation.id = person.organisation_id
  left join role_grant on role_grant.person_id = person.id and role_grant.state = 'approved'
    and daterange(role_grant.valid_from, role_grant.valid_to) @> (now() at time zone 'Europe/London')::date
  where person.disabled_at is null and `;

/** The person with this id and the roles held today, or undefined when there is none or the account is disabled. */
export async function findPerson(db: Knex, id: string): Promise<Person | undefined> {
  const { rows } = await db.raw(`${personSelect} person.id = :id group by person.id, organisation.id`, { id });
  return toPerson(rows[0]);
}

/** `*`, or the agreements the person's roles of today are limited to when every one of them is. */
export async function agreementLimit(db: Knex, personId: string): Promise<string[]> {
  const grants: { agreement_id: string | null }[] = await db('role_grant')
    .select('agreement_id')
    .where({ person_id: personId, state: 'approved' })
    .whereRaw(`daterange(valid_from, valid_to) @> (now() at time zone 'Europe/London')::date`);
  const limits = grants.flatMap((grant) => grant.agreement_id ?? []);
  return limits.length > 0 && limits.length === grants.length ? limits : ['*'];
}

function toPerson(row: PersonRow | undefined): Person | undefined {
  return row && { ...row, roles: row.roles ?? [] };
}

/** Any account, disabled or not. */
export async function findAnyPerson(db: Knex, id: string): Promise<{ id: string; email: string } | undefined> {
  return db('person').select('id', 'email').where({ id }).first();
}

export async function setDisabled(db: Knex, id: string, disabledAt: Date | null): Promise<void> {
  await db('person').where({ id }).update({ disabled_at: disabledAt });
}

export async function listDemonstrationPeople(db: Knex): Promise<{ email: string; name: string }[]> {
  return db('person').select('email', 'name').where({ demonstration: true }).whereNull('disabled_at').orderBy('email');
}

export async function findOrganisation(db: Knex, name: string): Promise<{ id: string; councilCode: string | null } | undefined> {
  return db('organisation').select('id', 'council_code as councilCode').whereRaw('lower(name) = lower(?)', [name]).first();
}

export async function listOrganisations(db: Knex): Promise<{ id: string; name: string; kind: string; councilCode: string | null }[]> {
  return db('organisation').select('id', 'name', 'kind', 'council_code as councilCode').orderBy('name');
}

export async function saveOrganisation(db: Knex, row: { id: string; name: string; kind: string; councilCode: string | null }): Promise<void> {
  await db('organisation').insert({ id: row.id, name: row.name, kind: row.kind, council_code: row.councilCode }).onConflict('name').ignore();
}

export interface NewPerson {
  readonly id: string;
  readonly organisationId: string;
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string | null;
  readonly demonstration: boolean;
}

export async function savePerson(db: Knex, row: NewPerson): Promise<void> {
  await db('person').insert({
    id: row.id,
    organisation_id: row.organisationId,
    name: row.name,
    email: row.email,
    password_hash: row.passwordHash,
    demonstration: row.demonstration,
  });
}

export async function saveRole(db: Knex, row: { id: string; personId: string; role: Role; validFrom: string }): Promise<void> {
  await db('role_grant').insert({ id: row.id, person_id: row.personId, role: row.role, valid_from: row.validFrom });
}

export async function setPassword(db: Knex, email: string, passwordHash: string): Promise<string | undefined> {
  const rows = await db('person').whereRaw('lower(email) = lower(?)', [email]).update({ password_hash: passwordHash }).returning('id');
  return rows[0]?.id as string | undefined;
}

/** Disables the account and ends its sessions at once. */
export async function disablePerson(db: Knex, email: string): Promise<string | undefined> {
  const rows = await db('person').whereRaw('lower(email) = lower(?)', [email]).whereNull('disabled_at').update({ disabled_at: db.fn.now() }).returning('id');
  const id = rows[0]?.id as string | undefined;
  if (id) await endSessions(db, id);
  return id;
}

export async function endSessions(db: Knex, personId: string): Promise<void> {
  await db.raw(`delete from session where sess ->> 'personId' = ?`, [personId]);
}
