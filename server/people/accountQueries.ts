/** Accounts as sign-in needs them: passwords, second factors, tries, one-time links, sessions. */
import type { Knex } from 'knex';

export interface Account {
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string | null;
  readonly demonstration: boolean;
  readonly secondFactor: string | null;
  readonly secondFactorConfirmed: boolean;
  readonly lastStep: number;
}

const account = {
  id: 'id', email: 'email', passwordHash: 'password_hash', demonstration: 'demonstration', secondFactor: 'second_factor', lastStep: 'second_factor_last_step',
};

function accounts(db: Knex): Knex.QueryBuilder {
  return db('person').select(account, db.raw('second_factor_confirmed_at is not null as "secondFactorConfirmed"')).whereNull('disabled_at');
}

export async function findAccount(db: Knex, email: string): Promise<Account | undefined> {
  return accounts(db).whereRaw('lower(email) = lower(?)', [email]).first();
}

export async function findAccountById(db: Knex, id: string): Promise<Account | undefined> {
  return accounts(db).where({ id }).forUpdate().first();
}

/** Counts one more try under a key and returns how many there were in the last 15 minutes, this one included. */
export async function countTry(db: Knex, key: string): Promise<number> {
  const { rows } = await db.raw(
    `insert into sign_in_try as t (key, window_started_at, tries) values (:key, now(), 1)
     on conflict (key) do update set
       tries = case when t.window_started_at < now() - interval '15 minutes' then 1 else t.tries + 1 end,
       window_started_at = case when t.window_started_at < now() - interval '15 minutes' then now() else t.window_started_at end
     returning tries`,
    { key },
  );
  return rows[0].tries as number;
}

export async function forgetTries(db: Knex, key: string): Promise<void> {
  await db('sign_in_try').where({ key }).delete();
}

export async function savePassword(db: Knex, id: string, passwordHash: string): Promise<void> {
  await db('person').where({ id }).update({ password_hash: passwordHash });
}

export async function saveSecondFactor(db: Knex, id: string, sealed: string): Promise<void> {
  await db('person').where({ id }).update({ second_factor: sealed, second_factor_confirmed_at: null });
}

export async function confirmSecondFactor(db: Knex, id: string, step: number, codeHashes: readonly string[]): Promise<void> {
  await db('person').where({ id }).update({ second_factor_confirmed_at: db.fn.now(), second_factor_last_step: step });
  await db('recovery_code').where({ person_id: id }).delete();
  await db('recovery_code').insert(codeHashes.map((hash) => ({ person_id: id, code_hash: hash })));
}

export async function useStep(db: Knex, id: string, step: number): Promise<void> {
  await db('person').where({ id }).update({ second_factor_last_step: step });
}

/** Spends a recovery code; false when there is none such or it was used. */
export async function useRecoveryCode(db: Knex, id: string, codeHash: string): Promise<boolean> {
  return (await db('recovery_code').where({ person_id: id, code_hash: codeHash }).whereNull('used_at').update({ used_at: db.fn.now() })) === 1;
}

export async function saveInvitation(db: Knex, row: { id: string; personId: string; tokenHash: string; madeBy: string | null; expiresAt: Date }): Promise<void> {
  await db('invitation').where({ person_id: row.personId }).whereNull('used_at').delete();
  await db('invitation').insert({ id: row.id, person_id: row.personId, token_hash: row.tokenHash, made_by: row.madeBy, expires_at: row.expiresAt });
}

export async function isInvitationGood(db: Knex, tokenHash: string, now: Date): Promise<boolean> {
  return (await db('invitation').select('id').where({ token_hash: tokenHash }).whereNull('used_at').where('expires_at', '>', now).first()) !== undefined;
}

/** Spends a one-time link; undefined when it is unknown, used or too old. */
export async function useInvitation(db: Knex, tokenHash: string, now: Date): Promise<{ personId: string; email: string } | undefined> {
  const { rows } = await db.raw(
    `update invitation set used_at = :now from person
     where invitation.token_hash = :tokenHash and used_at is null and expires_at > :now and person.id = person_id and disabled_at is null
     returning person_id as "personId", person.email`,
    { tokenHash, now },
  );
  return rows[0] as { personId: string; email: string } | undefined;
}

/** How a person's account signs in, as that person may know it. */
export async function findOwnAccount(db: Knex, personId: string): Promise<{ linked: boolean; secondFactor: boolean; recoveryCodesLeft: number } | undefined> {
  const { rows } = await db.raw(
    `select issuer is not null as linked, second_factor_confirmed_at is not null as "secondFactor",
       (select count(*)::int from recovery_code c where c.person_id = person.id and c.used_at is null) as "recoveryCodesLeft"
     from person where id = :personId`,
    { personId },
  );
  return rows[0] as { linked: boolean; secondFactor: boolean; recoveryCodesLeft: number } | undefined;
}

export interface SessionRow {
  readonly sid: string;
  readonly startedAt: number;
  readonly address: string | null;
  readonly browser: string | null;
}

export async function listSessions(db: Knex, personId: string): Promise<SessionRow[]> {
  const { rows } = await db.raw(
    `select sid, (sess ->> 'startedAt')::bigint as "startedAt", sess ->> 'address' as address, sess ->> 'browser' as browser
     from session where sess ->> 'personId' = :personId and expire > now() order by 2 desc`,
    { personId },
  );
  return rows as SessionRow[];
}

export async function endSessionRow(db: Knex, sid: string): Promise<void> {
  await db('session').where({ sid }).delete();
}

export async function endOtherSessions(db: Knex, personId: string, keepSid: string | undefined): Promise<void> {
  await db.raw(`delete from session where sess ->> 'personId' = :personId and sid is distinct from :keepSid`, { personId, keepSid: keepSid ?? null });
}
