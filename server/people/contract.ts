/** Who may do what: sign-in and the person signed in. */
import { z } from 'zod';
import { endpoint, id } from '../endpoint.ts';
import { roles } from '../permissions.ts';

export const person = z.object({
  id,
  name: z.string(),
  email: z.string(),
  organisation: z.string(),
  councilCode: z.string().nullable(),
  roles: z.array(z.enum(roles)),
});
export type Person = z.infer<typeof person>;

export const sessionState = z.object({ person: person.nullable(), demonstration: z.boolean() });

export const signIn = endpoint({
  method: 'POST',
  path: '/api/session',
  allow: 'anyone',
  summary: 'Sign in with an e-mail address and a password',
  input: z.strictObject({
    email: z.string().trim().min(1, 'Enter your e-mail address.').max(254),
    password: z.string().min(1, 'Enter your password.').max(1024),
  }),
  output: sessionState,
});

export const getSession = endpoint({
  method: 'GET',
  path: '/api/session',
  allow: 'anyone',
  summary: 'Who is signed in',
  input: z.strictObject({}),
  output: sessionState,
});

export const signOut = endpoint({
  method: 'DELETE',
  path: '/api/session',
  allow: 'anyone',
  summary: 'Sign out',
  input: z.strictObject({}),
  output: sessionState,
});

export const listDemonstrationUsers = endpoint({
  method: 'GET',
  path: '/api/demonstration-users',
  allow: 'anyone',
  summary: 'The demonstration users, offered only with demonstration data',
  input: z.strictObject({}),
  output: z.object({ password: z.string().nullable(), users: z.array(z.object({ email: z.string(), name: z.string() })) }),
});
