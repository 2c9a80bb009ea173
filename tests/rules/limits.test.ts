/** What counts as one network, and how work waits its turn. */
import { setImmediate as tick } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { networkOf } from '../../server/requestLimits.ts';
import { turnstile } from '../../server/turnstile.ts';

test.each([
  ['198.51.100.7', '198.51.100.7'],
  ['::ffff:198.51.100.7', '198.51.100.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::198.51.100.7', '64:ff9b:0:0::/64'],
  ['unknown', 'unknown'],
])('%s counts under %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

/** Work that ends when told to. */
function piece(): { work: () => Promise<void>; started: () => boolean; end: () => void } {
  let started = false;
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { work: () => ((started = true), ended), started: () => started, end: () => end() };
}

test('so many are inside at once and the rest follow in order, after a failure too', async () => {
  const enter = turnstile(2);
  const pieces = Array.from({ length: 5 }, piece);
  const all = Promise.allSettled([enter(() => Promise.reject(new Error('failed'))), ...pieces.map((each) => enter(each.work))]);
  await tick();
  expect(pieces.map((each) => each.started())).toEqual([true, true, false, false, false]);
  pieces[1]!.end();
  await tick();
  expect(pieces.map((each) => each.started())).toEqual([true, true, true, false, false]);
  for (const each of pieces) each.end();
  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'fulfilled']);
});

test('five hundred may wait; the next is sent away with the time to come again', async () => {
  const enter = turnstile(1);
  const first = piece();
  const waiting = [enter(first.work), ...Array.from({ length: 500 }, () => enter(async () => undefined))];
  await expect(enter(async () => undefined)).rejects.toMatchObject({ status: 503, code: 'too_busy', retryAfter: 60 });
  first.end();
  await Promise.all(waiting);
  await expect(enter(async () => 'in')).resolves.toBe('in');
});
