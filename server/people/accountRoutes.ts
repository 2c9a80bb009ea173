/** One's own account: password, second factor, sessions, what one may do, lending a role. */
import { randomUUID } from 'node:crypto';
import { toDataURL } from 'qrcode';
import { recordEvent } from '../audit.ts';
import { sessionKey } from '../auth.ts';
import { AppError, conflict, invalid, notFound, notSignedIn } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import { may, permissions, type Permission } from '../permissions.ts';
import * as accounts from './accountQueries.ts';
import { changePassword, confirmSecondFactor, delegateRole, endDelegation, endOwnSession, listOwnSessions, ownAccount, ownPermissions, type Person, startSecondFactor } from './contract.ts';
import { hashPassword, passwordFault, passwordFits } from './passwords.ts';
import { findPerson } from './queries.ts';
import { endGrant, findColleague, findGrant, findLent, holdsOwn, listGrantsOf, listLentBy, saveGrant } from './roleQueries.ts';
import { acceptedStep, enrolmentUri, newSecret } from './secondFactor.ts';
import { hashToken, newRecoveryCodes, seal, unseal } from './secrets.ts';
import { forgetTriesOf, refuseTooMany } from './tryQueries.ts';

export function accountRoutes(mount: Mount): void {
  mount(ownAccount, async ({ db, person }) => {
    const { id } = signedIn(person);
    const account = await accounts.findOwnAccount(db, id);
    if (!account) throw notSignedIn();
    return { ...account, grants: await listGrantsOf(db, id), lent: await listLentBy(db, id) };
  });

  mount(listOwnSessions, async ({ db, person, session }) => {
    const rows = await accounts.listSessions(db, signedIn(person).id);
    return {
      sessions: rows.map((row) => ({
        key: sessionKey(row.sid), startedAt: new Date(row.startedAt).toISOString(), address: row.address ?? '', browser: row.browser ?? '', current: sessionKey(row.sid) === session.key,
      })),
    };
  });

  mount(endOwnSession, async ({ db, person, input, actor }) => {
    const rows = await accounts.listSessions(db, signedIn(person).id);
    const row = rows.find((each) => sessionKey(each.sid) === input.key);
    if (!row) throw notFound('session');
    await accounts.endSessionRow(db, row.sid);
    await recordEvent(db, actor, { action: 'sessionEnded', subjectKind: 'person', subjectId: signedIn(person).id });
    return { done: true };
  });

  mount.hashing(changePassword, async ({ transaction, person, input, actor, session, now }) => {
    const { id, email } = signedIn(person);
    const fault = passwordFault(input.next, email);
    if (fault) throw invalid([{ field: 'next', message: fault }]);
    // Counted like a sign-in: a session left open must not be a way to guess the password.
    const account = await transaction(async (db) => {
      await refuseTooMany(db, email, { address: actor.address, now });
      return accounts.findAccountById(db, id);
    });
    if (!(await passwordFits(account?.passwordHash ?? undefined, input.current))) throw invalid([{ field: 'current', message: 'This is not your present password.' }]);
    const passwordHash = await hashPassword(input.next);
    await transaction(async (db) => {
      await accounts.savePassword(db, id, passwordHash);
      await forgetTriesOf(db, email);
      const kept = (await accounts.listSessions(db, id)).find((row) => sessionKey(row.sid) === session.key);
      await accounts.endOtherSessions(db, id, kept?.sid);
      await recordEvent(db, actor, { action: 'passwordChanged', subjectKind: 'person', subjectId: id });
    });
    return { done: true };
  });

  mount(startSecondFactor, async ({ db, person, session, config }) => {
    const account = await accounts.findAccountById(db, enrolling(person, session));
    if (!account) throw notSignedIn();
    // Replacing a second factor needs more than a cookie left on a shared computer: an administrator's reset.
    if (account.secondFactorConfirmed) throw new AppError(409, 'second_factor_exists', 'A second factor is set up already. Ask an administrator to reset it.');
    const secret = newSecret();
    await accounts.saveSecondFactor(db, account.id, seal(secret, config.sessionSecret));
    return { secret, picture: await toDataURL(enrolmentUri(secret, account.email)) };
  });

  mount(confirmSecondFactor, async ({ db, person, session, config, input, now, actor }) => {
    const account = await accounts.findAccountById(db, enrolling(person, session));
    if (!account?.secondFactor || account.secondFactorConfirmed) throw new AppError(409, 'nothing_to_confirm', 'Begin to set up the second factor first.');
    const step = acceptedStep(unseal(account.secondFactor, config.sessionSecret), input.code, now, account.lastStep);
    if (step === undefined) throw invalid([{ field: 'code', message: 'The code does not fit. Check the clock of your phone and try the next code.' }]);
    const recoveryCodes = newRecoveryCodes();
    await accounts.confirmSecondFactor(db, account.id, step, recoveryCodes.map(hashToken));
    await recordEvent(db, { ...actor, personId: account.id }, { action: 'secondFactorSetUp', subjectKind: 'person', subjectId: account.id });
    if (session.pending) session.signIn(account.id);
    return { recoveryCodes, session: { person: (await findPerson(db, account.id)) ?? null, next: 'none', demonstration: config.demonstration } };
  });

  mount(ownPermissions, async ({ person }) => ({
    permissions: (Object.keys(permissions) as Permission[]).map((name) => ({
      name, says: permissions[name].says, may: may(signedIn(person).roles, name, true), roles: [...permissions[name].roles],
    })),
  }));

  mount(delegateRole, async ({ db, person, input, actor }) => {
    const from = signedIn(person);
    const held = await holdsOwn(db, from.id, input.role, input.validFrom, input.validTo);
    if (!held) throw invalid([{ field: 'role', message: 'You can lend only a role that is your own for all of these dates.' }]);
    const colleague = await findColleague(db, from.id, input.toEmail);
    if (!colleague) throw invalid([{ field: 'toEmail', message: 'Nobody of your organisation has this address. Check it.' }]);
    const grant = await saveGrant(db, {
      id: randomUUID(), personId: colleague.id, role: input.role, state: 'approved', agreementId: held.agreementId,
      validFrom: input.validFrom, validTo: input.validTo, grantedBy: from.id, delegatedFrom: from.id, reason: input.reason,
    });
    await recordEvent(db, actor, { action: 'roleDelegated', subjectKind: 'person', subjectId: colleague.id, after: grant, reason: input.reason });
    return grant;
  });

  mount(endDelegation, async ({ db, person, input, actor }) => {
    const lent = await findLent(db, input.id, signedIn(person).id);
    if (!lent) throw notFound('role that you lent');
    if (lent.over) throw conflict('delegation_over', 'This role has come back to you already. Reload the page.');
    const before = await findGrant(db, input.id);
    const after = await endGrant(db, input.id, lent.today);
    await recordEvent(db, actor, { action: 'delegationEnded', subjectKind: 'person', subjectId: lent.personId, before, after });
    return after;
  });
}

function signedIn(person: Person | null): Person {
  if (!person) throw notSignedIn();
  return person;
}

function enrolling(person: Person | null, session: Call<unknown>['session']): string {
  const id = person?.id ?? (session.pending?.step === 'enrol_second_factor' ? session.pending.personId : undefined);
  if (!id) throw notSignedIn();
  return id;
}
