/** Roles with dates: proposed, approved by a second person where that is asked for, delegated, ended. */
import type { Knex } from 'knex';
import type { Role } from '../permissions.ts';
import type { ListedPerson, RoleGrant } from './contract.ts';

const grantColumns = `g.id, g.role, g.state, g.agreement_id as "agreementId", g.valid_from as "validFrom", g.valid_to as "validTo",
  lender.name as "delegatedFrom", g.granted_by as "grantedBy"`;

export interface NewGrant {
  readonly id: string;
  readonly personId: string;
  readonly role: Role;
  readonly state: 'proposed' | 'approved';
  readonly agreementId: string | null;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly grantedBy: string | null;
  readonly delegatedFrom: string | null;
  readonly reason: string;
}

export async function saveGrant(db: Knex, row: NewGrant): Promise<RoleGrant> {
  await db('role_grant').insert({
    id: row.id, person_id: row.personId, role: row.role, state: row.state, agreement_id: row.agreementId, valid_from: row.validFrom, valid_to: row.validTo,
    granted_by: row.grantedBy, delegated_from: row.delegatedFrom, reason: row.reason,
  });
  return (await findGrant(db, row.id))!;
}

export async function findGrant(db: Knex, id: string): Promise<(RoleGrant & { personId: string }) | undefined> {
  const { rows } = await db.raw(`select ${grantColumns}, g.person_id as "personId" from role_grant g left join person lender on lender.id = g.delegated_from where g.id = :id for update of g`, { id });
  return rows[0] as (RoleGrant & { personId: string }) | undefined;
}

/** A person's roles, past ones and coming ones too, newest first. */
export async function listGrantsOf(db: Knex, personId: string): Promise<RoleGrant[]> {
  const { rows } = await db.raw(`select ${grantColumns} from role_grant g left join person lender on lender.id = g.delegated_from where g.person_id = :personId order by g.valid_from desc, g.role`, { personId });
  return rows as RoleGrant[];
}

/** What a person lent, and to whom, newest first. */
export async function listLentBy(db: Knex, personId: string): Promise<(RoleGrant & { to: string })[]> {
  const { rows } = await db.raw(
    `select ${grantColumns}, borrower.name as "to" from role_grant g join person lender on lender.id = g.delegated_from join person borrower on borrower.id = g.person_id
     where g.delegated_from = :personId order by g.valid_from desc, g.role`, { personId });
  return rows as (RoleGrant & { to: string })[];
}

export async function decideGrant(db: Knex, id: string, approve: boolean, by: string): Promise<void> {
  await db('role_grant').where({ id, state: 'proposed' }).update({ state: approve ? 'approved' : 'refused', approved_by: by });
}

const today = `(now() at time zone 'Europe/London')::date`;

/** `validTo` is the first day without the role; a role that never came into force, or has not lasted a day, is withdrawn when that leaves nothing of it. */
export async function endGrant(db: Knex, id: string, validTo: string): Promise<RoleGrant> {
  const nothingLeft = `:validTo::date <= valid_from and (state = 'proposed' or valid_from >= ${today})`;
  await db.raw(
    `update role_grant set state = case when ${nothingLeft} then 'withdrawn' else state end, valid_to = case when ${nothingLeft} then valid_to else :validTo::date end where id = :id`,
    { id, validTo },
  );
  return (await findGrant(db, id))!;
}

/** A role that this person lent, with today's date and whether it is over already. */
export async function findLent(db: Knex, id: string, lenderId: string): Promise<{ personId: string; today: string; over: boolean } | undefined> {
  const { rows } = await db.raw(
    `select person_id as "personId", ${today} as today, state <> 'approved' or valid_to <= ${today} as over from role_grant where id = :id and delegated_from = :lenderId for update`,
    { id, lenderId },
  );
  return rows[0] as { personId: string; today: string; over: boolean } | undefined;
}

/** The grant by which a person holds a role in their own right for all of the dates. */
export async function holdsOwn(db: Knex, personId: string, role: Role, from: string, to: string): Promise<{ agreementId: string | null } | undefined> {
  return db('role_grant')
    .select('agreement_id as agreementId')
    .where({ person_id: personId, role, state: 'approved' })
    .whereNull('delegated_from')
    .whereRaw(`daterange(valid_from, valid_to) @> daterange(?::date, ?::date)`, [from, to])
    .first();
}

export async function findColleague(db: Knex, personId: string, email: string): Promise<{ id: string } | undefined> {
  return db('person')
    .select('id')
    .whereRaw('lower(email) = lower(?)', [email])
    .where('organisation_id', db('person').select('organisation_id').where({ id: personId }))
    .whereNull('disabled_at')
    .whereNot({ id: personId })
    .first();
}

export async function listPeople(db: Knex): Promise<ListedPerson[]> {
  const { rows } = await db.raw(`
    select p.id, p.name, p.email, o.name as organisation, o.council_code as "councilCode", p.disabled_at is not null as disabled,
      p.second_factor_confirmed_at is not null as "secondFactor",
      coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'role', g.role, 'state', g.state, 'agreementId', g.agreement_id, 'validFrom', g.valid_from,
        'validTo', g.valid_to, 'delegatedFrom', lender.name, 'grantedBy', g.granted_by) order by g.valid_from) filter (where g.id is not null), '[]') as grants,
      (select jsonb_build_object('id', r.id, 'reason', r.reason, 'proposedBy', r.proposed_by, 'proposedAt', r.proposed_at)
       from second_factor_reset r where r.person_id = p.id and r.state = 'proposed') as reset
    from person p join organisation o on o.id = p.organisation_id
    left join role_grant g on g.person_id = p.id
    left join person lender on lender.id = g.delegated_from
    group by p.id, o.id order by o.name, p.name`);
  return rows as ListedPerson[];
}
