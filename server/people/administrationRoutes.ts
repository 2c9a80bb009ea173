/** People and their roles, for administrators: invited by one-time link, let in and out with a reason, approvers by two people. */
import { randomUUID } from 'node:crypto';
import { recordEvent } from '../audit.ts';
import { AppError, conflict, invalid, notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import { endSessions, findAnyPerson, listOrganisations, savePerson, setDisabled } from './queries.ts';
import * as accounts from './accountQueries.ts';
import * as contract from './contract.ts';
import { hashPassword, passwordFault } from './passwords.ts';
import { decideGrant, endGrant, findGrant, listPeople, saveGrant } from './roleQueries.ts';
import { secondFactorRoles } from './secondFactor.ts';
import { hashToken, newToken } from './secrets.ts';

const linkMinutes = 15;
const spent = (): AppError => new AppError(410, 'link_spent', 'This link was used already or is older than 15 minutes. Ask an administrator for a new one.');

export function administrationRoutes(mount: Mount): void {
  mount(contract.listPeople, async ({ db, actor }) => {
    await recordEvent(db, actor, { action: 'peopleRead', subjectKind: 'people', subjectId: 'list' });
    return { people: await listPeople(db), organisations: await listOrganisations(db) };
  });

  mount(contract.invitePerson, async (call) => {
    const { db, input, actor } = call;
    const organisation = (await listOrganisations(db)).find((row) => row.id === input.organisationId);
    if (!organisation) throw invalid([{ field: 'organisationId', message: 'Choose an organisation of the list.' }]);
    const id = randomUUID();
    await savePerson(db, { id, organisationId: organisation.id, name: input.name, email: input.email, passwordHash: null, demonstration: false });
    await recordEvent(db, actor, { action: 'personInvited', subjectKind: 'person', subjectId: id, after: { organisation: organisation.name } });
    return invite(call, id);
  });

  mount(contract.inviteAgain, async (call) => {
    const found = await known(call.db, call.input.id);
    await recordEvent(call.db, call.actor, { action: 'personInvited', subjectKind: 'person', subjectId: found.id });
    return invite(call, found.id);
  });

  mount.hashing(contract.acceptInvitation, async ({ transaction, input, now, actor }) => {
    const fault = passwordFault(input.password);
    if (fault) throw invalid([{ field: 'password', message: fault }]);
    const tokenHash = hashToken(input.token);
    // Looked at before the password is hashed, so that invented links cost nothing.
    if (!(await transaction((db) => accounts.isInvitationGood(db, tokenHash, now)))) throw spent();
    const passwordHash = await hashPassword(input.password);
    await transaction(async (db) => {
      const used = await accounts.useInvitation(db, tokenHash, now);
      if (!used) throw spent();
      await accounts.savePassword(db, used.personId, passwordHash);
      await endSessions(db, used.personId);
      await recordEvent(db, { ...actor, personId: used.personId }, { action: 'invitationAccepted', subjectKind: 'person', subjectId: used.personId });
    });
    return { done: true };
  });

  mount(contract.disablePerson, async ({ db, input, actor, now }) => {
    const found = await known(db, input.id);
    if (found.id === actor.personId) throw conflict('own_account', 'Nobody disables their own account. Ask another administrator.');
    await setDisabled(db, found.id, now);
    await endSessions(db, found.id);
    await recordEvent(db, actor, { action: 'personDisabled', subjectKind: 'person', subjectId: found.id, reason: input.reason });
    return { done: true };
  });

  mount(contract.enablePerson, async ({ db, input, actor }) => {
    const found = await known(db, input.id);
    await setDisabled(db, found.id, null);
    await recordEvent(db, actor, { action: 'personEnabled', subjectKind: 'person', subjectId: found.id, reason: input.reason });
    return { done: true };
  });

  mount(contract.proposeRole, async ({ db, input, actor }) => {
    await known(db, input.id);
    const state = secondFactorRoles.includes(input.role) ? 'proposed' : 'approved';
    const grant = await saveGrant(db, {
      id: randomUUID(), personId: input.id, role: input.role, state, agreementId: input.agreementId, validFrom: input.validFrom, validTo: input.validTo,
      grantedBy: actor.personId, delegatedFrom: null, reason: input.reason,
    });
    await recordEvent(db, actor, { action: state === 'proposed' ? 'roleProposed' : 'roleGiven', subjectKind: 'person', subjectId: input.id, after: grant, reason: input.reason });
    return grant;
  });

  mount(contract.decideRole, async ({ db, input, actor }) => {
    const before = await findGrant(db, input.id);
    if (!before) throw notFound('role');
    if (before.state !== 'proposed') throw conflict('already_decided', `This role was ${before.state} already.`);
    await decideGrant(db, input.id, input.approve, actor.personId ?? '');
    const after = (await findGrant(db, input.id))!;
    await recordEvent(db, actor, { action: input.approve ? 'roleApproved' : 'roleRefused', subjectKind: 'person', subjectId: before.personId, before, after, reason: input.reason });
    return after;
  });

  mount(contract.endRole, async ({ db, input, actor }) => {
    const before = await findGrant(db, input.id);
    if (!before) throw notFound('role');
    if (before.state === 'refused' || before.state === 'withdrawn') throw conflict('already_decided', `This role was ${before.state} already.`);
    // A later end would be more of the role than was approved: that takes a new proposal and, where it is asked for, a second person.
    if (before.validTo !== null && input.validTo > before.validTo) throw conflict('role_cannot_be_lengthened', `This role ends on ${before.validTo} already. Ending it can only bring that forward; give the role again for a longer time.`);
    const after = await endGrant(db, input.id, input.validTo);
    await recordEvent(db, actor, { action: after.state === 'withdrawn' ? 'roleWithdrawn' : 'roleEnded', subjectKind: 'person', subjectId: before.personId, before, after, reason: input.reason });
    return after;
  });
}

async function known(db: Call<unknown>['db'], id: string): Promise<{ id: string; email: string }> {
  const found = await findAnyPerson(db, id);
  if (!found) throw notFound('person');
  return found;
}

async function invite({ db, actor, now, config }: Pick<Call<unknown>, 'db' | 'actor' | 'now' | 'config'>, personId: string): Promise<{ personId: string; link: string; expiresAt: string }> {
  const token = newToken();
  const expiresAt = new Date(now.getTime() + linkMinutes * 60_000);
  await accounts.saveInvitation(db, { id: randomUUID(), personId, tokenHash: hashToken(token), madeBy: actor.personId, expiresAt });
  return { personId, link: `${config.publicAddress}/welcome#${token}`, expiresAt: expiresAt.toISOString() };
}
