import { expect, test } from 'vitest';
import { hashPassword, passwordFits } from '../../server/people/passwords.ts';

test('a password is kept as argon2id at 19 MiB and two passes, with a salt of its own', async () => {
  const [one, two] = [await hashPassword('three random words'), await hashPassword('three random words')];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(two).not.toBe(one);
  expect(await passwordFits(one, 'three random words')).toBe(true);
  expect(await passwordFits(one, 'three random word')).toBe(false);
  expect(await passwordFits(undefined, 'nobody has this password')).toBe(false);
});
