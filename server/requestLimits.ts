/** How many requests a person and a network may make in a minute, counted in the database so that every process counts alike. */
import { isIPv6 } from 'node:net';
import type { Knex } from 'knex';
import { AppError } from './errors.ts';

/** What an address counts under: itself, or the /64 of an IPv6 address, all of which one line or phone has to itself. */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped || !isIPv6(plain)) return mapped ?? plain;
  const [before = '', after = ''] = plain.split('::');
  const parts = (text: string): string[] => text.split(':').filter(Boolean);
  const [head, tail] = [parts(before), parts(after)];
  const written = head.length + tail.length + (plain.includes('.') ? 1 : 0);
  const groups = [...head, ...Array.from({ length: 8 - written }, () => '0'), ...tail];
  return `${groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/**
 * Counts one request and answers the seconds to wait when the person or the network made more than its setting allows within
 * a minute of the first. The network's row comes first for everybody, so that two requests never wait for each other.
 */
export async function countRequest(trx: Knex.Transaction, { personId, address }: { personId: string | null; address: string }): Promise<number | undefined> {
  const { rows } = await trx.raw(
    `with counted as (
       insert into request_count as c (key, window_started_at, requests)
       select key, now(), 1 from (values (1, 'address ' || :network::text), (2, 'person ' || :personId::text)) as given (place, key) where key is not null order by place
       on conflict (key) do update set
         requests = case when c.window_started_at <= now() - interval '1 minute' then 1 else c.requests + 1 end,
         window_started_at = case when c.window_started_at <= now() - interval '1 minute' then now() else c.window_started_at end
       returning key, requests, window_started_at)
     select greatest(1, ceil(extract(epoch from max(window_started_at) + interval '1 minute' - now())))::int as seconds
     from counted join setting on setting.name = 'requests_per_minute_' || split_part(key, ' ', 1) and daterange(valid_from, valid_to) @> current_date
     -- A setting mistyped too low must still let somebody in to correct it.
     where requests > greatest(30, (value #>> '{}')::numeric)
     having count(*) > 0`,
    { network: networkOf(address), personId },
  );
  return rows[0]?.seconds as number | undefined;
}

export const tooManyRequests = (seconds: number): AppError =>
  new AppError(429, 'too_many_requests', `There were too many requests within a minute. Wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then go on.`).after(seconds);

/** Takes out counts whose time is over; addresses are kept no longer than they are needed. */
export async function forgetCounts(db: Knex): Promise<void> {
  await db.raw(`delete from request_count where window_started_at < now() - interval '5 minutes'`);
  await db.raw(`delete from sign_in_try where window_started_at < now() - interval '1 hour'`);
}
