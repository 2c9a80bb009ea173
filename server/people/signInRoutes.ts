/** Signing in and out: a password, a second factor where one is owed, tries counted by account and by address. */
import { recordEvent } from '../audit.ts';
import { AppError, keeping } from '../errors.ts';
import type { Call, Mount, OpenCall } from '../mount.ts';
import * as accounts from './accountQueries.ts';
import { getSession, listDemonstrationUsers, type Person, type SessionState, showSecondFactor, signIn, signOut } from './contract.ts';
import { passwordFits } from './passwords.ts';
import { findPerson, listDemonstrationPeople } from './queries.ts';
import { acceptedStep, secondFactorRoles } from './secondFactor.ts';
import { hashToken, unseal } from './secrets.ts';
import { forgetTriesOf, refuseTooMany } from './tryQueries.ts';

export const demonstrationPassword = 'demonstration';

const wrong = () => new AppError(401, 'wrong_sign_in', 'The e-mail address or the password is wrong. Check both and try again.');
const wrongCode = () => new AppError(401, 'wrong_code', 'The code is wrong or was used already. Wait for the next one and try again.');

export function signInRoutes(mount: Mount): void {
  // The hash takes a while and must not hold a transaction: count, look, then verify, then start the session.
  mount.hashing(signIn, async (call) => {
    const { input, transaction, session, config } = call;
    const account = await transaction(async (db) => {
      await refuseTooMany(db, input.email, from(call));
      return accounts.findAccount(db, input.email);
    });
    const fits = await passwordFits(account?.passwordHash ?? undefined, input.password);
    // A published password opens nothing where the demonstration is not shown.
    const shown = config.demonstration || account?.demonstration !== true;
    return transaction(async (db) => {
      const person = account && fits && shown ? await findPerson(db, account.id) : undefined;
      if (!account || !person) {
        await recordEvent(db, call.actor, { action: 'signInRefused', subjectKind: 'account', subjectId: hashToken(input.email.toLowerCase()).slice(0, 16) });
        throw keeping(wrong());
      }
      const next = owed(account, person);
      session.signIn(account.id, next === 'none' ? undefined : next);
      // A right password alone forgets nothing, or whoever knows it could try codes for ever.
      if (next === 'none') await forgetTriesOf(db, input.email);
      if (next === 'none') await recordSignIn(db, call, account.id);
      return { person: next === 'none' ? person : null, next, demonstration: config.demonstration };
    });
  });

  mount(showSecondFactor, async (call) => {
    const { db, input, session, config, now } = call;
    if (session.pending?.step !== 'second_factor') throw new AppError(401, 'not_signed_in', 'Sign in with your password first.');
    const account = await accounts.findAccountById(db, session.pending.personId);
    if (!account?.secondFactor) throw wrong();
    await refuseTooMany(db, account.email, from(call));
    const step = acceptedStep(unseal(account.secondFactor, config.sessionSecret), input.code, now, account.lastStep);
    if (step !== undefined) await accounts.useStep(db, account.id, step);
    else if (!(await accounts.useRecoveryCode(db, account.id, hashToken(input.code.toLowerCase())))) throw keeping(wrongCode());
    await forgetTriesOf(db, account.email);
    session.signIn(account.id);
    await recordSignIn(db, call, account.id);
    return { person: (await findPerson(db, account.id)) ?? null, next: 'none', demonstration: config.demonstration };
  });

  mount(getSession, async ({ person, session, config }) => ({ person, next: person ? 'none' : (session.pending?.step ?? 'none'), demonstration: config.demonstration }));

  mount(signOut, async ({ db, actor, person, session, config }) => {
    if (person) await recordEvent(db, actor, { action: 'signedOut', subjectKind: 'person', subjectId: person.id });
    session.signOut();
    const nobody: SessionState = { person: null, next: 'none', demonstration: config.demonstration };
    return nobody;
  });

  mount(listDemonstrationUsers, async ({ db, config }) => {
    if (!config.demonstration) return { password: null, users: [] };
    return { password: demonstrationPassword, users: await listDemonstrationPeople(db) };
  });
}

/** Demonstration accounts have a published password and hold nothing: a second factor would only hide the product. */
function owed(account: accounts.Account, person: Person): 'none' | 'second_factor' | 'enrol_second_factor' {
  if (account.secondFactorConfirmed) return 'second_factor';
  const must = !account.demonstration && person.roles.some((role) => secondFactorRoles.includes(role));
  return must ? 'enrol_second_factor' : 'none';
}

const from = ({ actor, now }: Pick<OpenCall<unknown>, 'actor' | 'now'>): { address: string | undefined; now: Date } => ({ address: actor.address, now });

async function recordSignIn(db: Call<unknown>['db'], call: Pick<OpenCall<unknown>, 'actor'>, personId: string): Promise<void> {
  await recordEvent(db, { ...call.actor, personId }, { action: 'signedIn', subjectKind: 'person', subjectId: personId });
}
