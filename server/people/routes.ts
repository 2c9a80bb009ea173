/** Sign-in over HTTP. */
import { recordEvent } from '../audit.ts';
import { AppError } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { getSession, listDemonstrationUsers, signIn, signOut } from './contract.ts';
import { passwordFits } from './passwords.ts';
import { findAccount, findPerson, listDemonstrationPeople } from './queries.ts';

export const demonstrationPassword = 'demonstration';

export function peopleRoutes(mount: Mount): void {
  mount(signIn, async ({ db, input, actor, session, config }) => {
    const account = await findAccount(db, input.email);
    if (!(await passwordFits(account?.passwordHash, input.password)) || !account) {
      throw new AppError(401, 'wrong_sign_in', 'The e-mail address or the password is wrong. Check both and try again.');
    }
    const person = await findPerson(db, account.id);
    await recordEvent(db, { ...actor, personId: account.id }, { action: 'signedIn', subjectKind: 'person', subjectId: account.id });
    session.signIn(account.id);
    return { person: person ?? null, demonstration: config.demonstration };
  });

  mount(getSession, async ({ person, config }) => ({ person, demonstration: config.demonstration }));

  mount(signOut, async ({ db, actor, person, session, config }) => {
    if (person) await recordEvent(db, actor, { action: 'signedOut', subjectKind: 'person', subjectId: person.id });
    session.signOut();
    return { person: null, demonstration: config.demonstration };
  });

  mount(listDemonstrationUsers, async ({ db, config }) => {
    if (!config.demonstration) return { password: null, users: [] };
    return { password: demonstrationPassword, users: await listDemonstrationPeople(db) };
  });
}
