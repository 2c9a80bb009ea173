/** People as an organisation's issuer knows them. */
import type { Knex } from 'knex';

export interface Issued {
  readonly issuer: string;
  readonly subject: string;
  readonly organisation: string;
  readonly email: string | null;
}

/** Always within the issuer's own organisation: another tenant's answer never opens this one's account. */
export async function findIssuedPerson(db: Knex, issued: Issued): Promise<{ id: string; linked: boolean } | undefined> {
  const { rows } = await db.raw(
    `select person.id, person.issuer is not null as linked
     from person join organisation on organisation.id = person.organisation_id
     where lower(organisation.name) = lower(:organisation) and person.disabled_at is null
       and ((person.issuer = :issuer and person.issuer_subject = :subject) or (person.issuer is null and lower(person.email) = lower(:email::text)))
     order by linked desc limit 1 for update of person`,
    { ...issued },
  );
  return rows[0] as { id: string; linked: boolean } | undefined;
}

export async function linkIssuer(db: Knex, id: string, issuer: string, subject: string): Promise<void> {
  await db('person').where({ id }).update({ issuer, issuer_subject: subject });
}
