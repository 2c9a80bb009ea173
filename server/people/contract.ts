/** Who may do what: sign-in, one's own account, people and their roles. */
import { z } from 'zod';
import { endpoint, id, isoDate } from '../endpoint.ts';
import { reasonText } from '../freeText.ts';
import { permissions, roles } from '../permissions.ts';

export const person = z.object({
  id,
  name: z.string(),
  email: z.string(),
  organisation: z.string(),
  councilCode: z.string().nullable(),
  roles: z.array(z.enum(roles)),
});
export type Person = z.infer<typeof person>;

/** `next` is what is owed before the person is in. */
export const sessionState = z.object({
  person: person.nullable(),
  next: z.enum(['none', 'second_factor', 'enrol_second_factor']),
  demonstration: z.boolean(),
});

export type SessionState = z.infer<typeof sessionState>;

const nothing = z.strictObject({});
const done = z.object({ done: z.literal(true) });
const heldRole = z.enum(roles).exclude(['public']);

export const signIn = endpoint({
  method: 'POST', path: '/api/session', allow: 'anyone', identity: 'hotspots_sign_in',
  summary: 'Sign in with an e-mail address and a password',
  input: z.strictObject({
    email: z.string().trim().min(1, 'Enter your e-mail address.').max(254),
    password: z.string().min(1, 'Enter your password.').max(1024),
  }),
  output: sessionState,
});

export const showSecondFactor = endpoint({
  method: 'POST', path: '/api/session/second-factor', allow: 'anyone', identity: 'hotspots_sign_in',
  summary: 'Finish signing in with a six-figure code or a recovery code',
  input: z.strictObject({ code: z.string().trim().min(6, 'Enter the six-figure code, or a recovery code.').max(20) }),
  output: sessionState,
});

export const listIssuers = endpoint({
  method: 'GET', path: '/api/oidc', allow: 'anyone', summary: 'The organisations whose own sign-in can be used', input: nothing,
  output: z.object({ issuers: z.array(z.object({ name: z.string(), organisation: z.string() })) }),
});

const issuerName = z.string().regex(/^[a-z0-9-]{1,40}$/);

export const startIssuerSignIn = endpoint({
  method: 'GET', path: '/api/oidc/:name/start', allow: 'anyone', summary: 'Go to the organisation’s own sign-in',
  input: z.strictObject({ name: issuerName, next: z.string().max(500).optional() }), output: z.null(), redirects: true,
});

const word = z.string().max(4000).optional();

export const finishIssuerSignIn = endpoint({
  method: 'GET', path: '/api/oidc/:name/callback', allow: 'anyone', identity: 'hotspots_sign_in', summary: 'Come back from the organisation’s own sign-in',
  input: z.strictObject({ name: issuerName, code: word, state: word, iss: word, session_state: word, error: word, error_description: word }), output: z.null(), redirects: true,
});

export const getSession = endpoint({
  method: 'GET', path: '/api/session', allow: 'anyone', summary: 'Who is signed in', input: nothing, output: sessionState,
});

export const signOut = endpoint({
  method: 'DELETE', path: '/api/session', allow: 'anyone', summary: 'Sign out', input: nothing, output: sessionState,
});

export const listDemonstrationUsers = endpoint({
  method: 'GET', path: '/api/demonstration-users', allow: 'anyone', identity: 'hotspots_sign_in',
  summary: 'The demonstration users, offered only with demonstration data',
  input: nothing,
  output: z.object({ password: z.string().nullable(), users: z.array(z.object({ email: z.string(), name: z.string() })) }),
});

export const listOwnSessions = endpoint({
  method: 'GET', path: '/api/account/sessions', allow: 'useOwnAccount', summary: 'Where the person is signed in', input: nothing,
  output: z.object({ sessions: z.array(z.object({ key: z.string(), startedAt: z.string(), address: z.string(), browser: z.string(), current: z.boolean() })) }),
});

export const endOwnSession = endpoint({
  method: 'DELETE', path: '/api/account/sessions/:key', allow: 'useOwnAccount', summary: 'End one of the person’s own sessions',
  input: z.strictObject({ key: z.string().regex(/^[0-9a-f]{32}$/, 'That is not a session of the list.') }), output: done,
});

export const changePassword = endpoint({
  method: 'POST', path: '/api/account/password', allow: 'useOwnAccount', identity: 'hotspots_sign_in', summary: 'Change one’s own password; every other session ends',
  input: z.strictObject({ current: z.string().min(1, 'Enter your present password.').max(1024), next: z.string().max(1024) }),
  output: done,
});

/** Also for somebody who has shown a password and must set up the second factor before they are in. */
export const startSecondFactor = endpoint({
  method: 'POST', path: '/api/account/second-factor', allow: 'anyone', identity: 'hotspots_sign_in', summary: 'Begin to set up a second factor',
  input: nothing, output: z.object({ secret: z.string(), picture: z.string() }),
});

export const confirmSecondFactor = endpoint({
  method: 'PUT', path: '/api/account/second-factor', allow: 'anyone', identity: 'hotspots_sign_in', summary: 'Finish setting up the second factor; gives the recovery codes once',
  input: z.strictObject({ code: z.string().trim().min(6, 'Enter the six-figure code.').max(10) }),
  output: z.object({ recoveryCodes: z.array(z.string()), session: sessionState }),
});

export const ownPermissions = endpoint({
  method: 'GET', path: '/api/account/permissions', allow: 'useOwnAccount', summary: 'What the person may do, and from which role',
  input: nothing,
  output: z.object({ permissions: z.array(z.object({ name: z.enum(Object.keys(permissions) as [string, ...string[]]), says: z.string(), may: z.boolean(), roles: z.array(z.enum(roles)) })) }),
});

const roleGrant = z.object({
  id,
  role: heldRole,
  /** Withdrawn: it never lasted a day. */
  state: z.enum(['proposed', 'approved', 'refused', 'withdrawn']),
  agreementId: id.nullable(),
  validFrom: isoDate,
  validTo: isoDate.nullable(),
  delegatedFrom: z.string().nullable(),
  grantedBy: id.nullable(),
});
export type RoleGrant = z.infer<typeof roleGrant>;

const secondFactorReset = z.object({
  id, personId: id, state: z.enum(['proposed', 'approved', 'refused']), reason: z.string(), proposedBy: id, proposedAt: z.string(), decidedBy: id.nullable(),
});
export type SecondFactorReset = z.infer<typeof secondFactorReset>;

export const listedPerson = z.object({
  id, name: z.string(), email: z.string(), organisation: z.string(), councilCode: z.string().nullable(),
  disabled: z.boolean(), secondFactor: z.boolean(), grants: z.array(roleGrant),
  /** The reset of the second factor that waits for a second administrator. */
  reset: secondFactorReset.pick({ id: true, reason: true, proposedBy: true, proposedAt: true }).nullable(),
});
export type ListedPerson = z.infer<typeof listedPerson>;

export const ownAccount = endpoint({
  method: 'GET', path: '/api/account', allow: 'useOwnAccount', summary: 'One’s own account: how it signs in, its roles with their dates, and the roles it lent', input: nothing,
  output: z.object({
    /** True when the organisation's own sign-in was used with this account. */
    linked: z.boolean(), secondFactor: z.boolean(), recoveryCodesLeft: z.number().int(),
    grants: z.array(roleGrant), lent: z.array(roleGrant.extend({ to: z.string() })),
  }),
});
export type OwnAccount = z.infer<typeof ownAccount.output>;

export const listPeople = endpoint({
  method: 'GET', path: '/api/people', allow: 'seePeople', summary: 'Every account with its roles and their dates', input: nothing,
  output: z.object({ people: z.array(listedPerson), organisations: z.array(z.object({ id, name: z.string() })) }),
});

const invitation = z.object({ personId: id, link: z.string(), expiresAt: z.string() });

export const invitePerson = endpoint({
  method: 'POST', path: '/api/people', allow: 'managePeople', summary: 'Add a person; answers the one-time link for the first password',
  input: z.strictObject({
    name: z.string().trim().min(1, 'Enter a name.').max(120),
    email: z.email('Enter an e-mail address like name@council.gov.uk.').max(254),
    organisationId: id,
  }),
  output: invitation,
});

export const inviteAgain = endpoint({
  method: 'POST', path: '/api/people/:id/invitation', allow: 'managePeople', summary: 'Make a new one-time link; earlier ones stop working',
  input: z.strictObject({ id }), output: invitation,
});

export const acceptInvitation = endpoint({
  method: 'POST', path: '/api/invitations/accept', allow: 'anyone', identity: 'hotspots_sign_in', summary: 'Set the first password by a one-time link',
  input: z.strictObject({ token: z.string().min(1).max(200), password: z.string().max(1024) }), output: done,
});

export const disablePerson = endpoint({
  method: 'POST', path: '/api/people/:id/disable', allow: 'managePeople', summary: 'Disable an account; every session ends at once',
  input: z.strictObject({ id, reason: reasonText() }), output: done,
});

export const enablePerson = endpoint({
  method: 'POST', path: '/api/people/:id/enable', allow: 'managePeople', summary: 'Let a disabled account in again',
  input: z.strictObject({ id, reason: reasonText() }), output: done,
});

const dates = { validFrom: isoDate, validTo: isoDate.nullable().default(null) };

export const proposeRole = endpoint({
  method: 'POST', path: '/api/people/:id/roles', allow: 'managePeople',
  summary: 'Give a role with dates; one that approves money or people waits for a second administrator',
  input: z.strictObject({ id, role: heldRole, agreementId: id.nullable().default(null), ...dates, reason: reasonText() }),
  output: roleGrant,
});

export const decideRole = endpoint({
  method: 'POST', path: '/api/role-grants/:id/decision', allow: 'managePeople', summary: 'Approve or refuse a proposed role, by another person than proposed it',
  input: z.strictObject({ id, approve: z.boolean(), reason: reasonText() }), output: roleGrant,
});

export const endRole = endpoint({
  method: 'POST', path: '/api/role-grants/:id/end', allow: 'managePeople', summary: 'End a role from a date on; one that has not lasted a day by then is withdrawn',
  input: z.strictObject({ id, validTo: isoDate, reason: reasonText() }), output: roleGrant,
});

export const delegateRole = endpoint({
  method: 'POST', path: '/api/account/delegations', allow: 'useOwnAccount',
  summary: 'Lend one’s own role to a colleague of the same organisation between two dates',
  input: z.strictObject({ toEmail: z.string().trim().min(1, 'Enter your colleague’s e-mail address.').max(254), role: heldRole, validFrom: isoDate, validTo: isoDate, reason: reasonText() }),
  output: roleGrant,
});

export const endDelegation = endpoint({
  method: 'DELETE', path: '/api/account/delegations/:id', allow: 'useOwnAccount', summary: 'Take back a role one lent: it ends today, or is withdrawn when it has not lasted a day',
  input: z.strictObject({ id }), output: roleGrant,
});

export const proposeSecondFactorReset = endpoint({
  method: 'POST', path: '/api/people/:id/second-factor-reset', allow: 'managePeople', summary: 'Propose to take off a lost second factor; waits for a second administrator',
  input: z.strictObject({ id, reason: reasonText() }), output: secondFactorReset,
});

export const decideSecondFactorReset = endpoint({
  method: 'POST', path: '/api/second-factor-resets/:id/decision', allow: 'managePeople',
  summary: 'Approve or refuse a reset, by another person than proposed it; approved, the second factor and its recovery codes are gone and every session ends',
  input: z.strictObject({ id, approve: z.boolean(), reason: reasonText() }), output: secondFactorReset,
});
