/** The two fields of a new password, and what must hold between them. Used by the welcome and account pages. */
import { ApiError } from '../api.ts';
import type { Field, Values } from '../form.ts';

/** A one-time link or a change cannot be tried again after a slip of the finger, so the password is typed twice. */
export function newPasswordFields(name: string, label: string): Field[] {
  return [
    { kind: 'password', name, label, hint: 'At least 12 characters, for example three random words.', required: true, autocomplete: 'new-password', size: 'medium' },
    { kind: 'password', name: `${name}Again`, label: `${label} again`, required: true, requiredMessage: 'Type the same password again', autocomplete: 'new-password', size: 'medium' },
  ];
}

/** The password when both fields hold the same; else refuses at the second field. */
export function sameTwice(values: Values, name: string): string {
  const password = String(values[name]);
  if (password === String(values[`${name}Again`])) return password;
  const message = 'The two are not the same. Type the same password again';
  throw new ApiError({ type: 'about:blank', title: 'Not the same', status: 422, code: 'not_the_same', detail: message, errors: [{ field: `${name}Again`, message }] });
}
