/**
 * E-mail: a message is queued in the transaction of what it tells of, and leaves afterwards. By SMTP where SMTP_URL names a server, else
 * as a file in the outbox under the data directory, for somebody to send or to look at.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { createTransport } from 'nodemailer';
import type { Config } from './config.ts';
import type { Role } from './permissions.ts';

export interface NewMail {
  /** What kind of message, and of what and for whom: the same is queued once. */
  readonly kind: string;
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
}

interface QueuedMail extends NewMail {
  readonly id: string;
  readonly queuedAt: Date;
}

const mostAttempts = 6;
const stuckMinutes = 15;
const mostAtOnce = 200;

/** Queues a message; the id of it, or undefined when the same was queued before. */
export async function queueMail(trx: Knex.Transaction, { kind, key, to, subject, body }: NewMail, now: Date): Promise<string | undefined> {
  const rows: { id: string }[] = await trx('mail_message')
    .insert({ id: randomUUID(), kind, key, to_address: to, subject: oneLine(subject), body, queued_at: now }).onConflict(['kind', 'key']).ignore().returning('id');
  return rows[0]?.id;
}

/** Queues a message to everybody of a council, or of the office without one, who holds one of the roles on the day; each gets it once. */
export async function queueToRoles(trx: Knex.Transaction, { roles, councilCode, key, ...mail }: Omit<NewMail, 'to'> & { readonly roles: readonly Role[]; readonly councilCode?: string }, now: Date): Promise<void> {
  const { rows } = await trx.raw(
    `select distinct p.id, p.email from person p join organisation o on o.id = p.organisation_id and case when cast(:councilCode as text) is null then o.kind = 'opcc' else o.council_code = :councilCode end
     join role_grant g on g.person_id = p.id and g.role = any(:roles) and g.state = 'approved' and daterange(g.valid_from, g.valid_to) @> cast(:day as date)
     where p.disabled_at is null order by p.email`, { roles: [...roles], councilCode: councilCode ?? null, day: now.toISOString().slice(0, 10) });
  for (const { id, email } of rows as { id: string; email: string }[]) await queueMail(trx, { ...mail, key: `${key} ${id}`, to: email }, now);
}

/** A line end in a subject would begin another header. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/**
 * Sends what waits, each message claimed first so that two processes never send the same; one that fails waits for the next run, six times.
 * A process that dies between sending and noting it leaves a message that goes out again under the same Message-ID.
 */
export async function sendQueued(db: Knex, config: Pick<Config, 'mail' | 'dataDir' | 'production'>, now: Date): Promise<{ sent: number; failed: number }> {
  const deliver = config.mail.smtpUrl === undefined ? toFolder(join(config.dataDir, 'outbox'), config.mail.from) : toServer(config.mail.smtpUrl, config.mail.from, config.production);
  const done = { sent: 0, failed: 0 };
  try {
    for (let count = 0; count < mostAtOnce; count++) {
      const mail = await claim(db, now);
      if (!mail) break;
      const failure = await deliver.send(mail).then((delivered) => noteSent(db, mail.id, delivered, now), (error: unknown) => error);
      if (failure !== undefined) await noteFailed(db, mail.id, failure);
      done[failure === undefined ? 'sent' : 'failed'] += 1;
    }
  } finally {
    deliver.close();
  }
  return done;
}

/** A failed one waits ten minutes, so that one run tries it once. */
async function claim(db: Knex, now: Date): Promise<QueuedMail | undefined> {
  const { rows } = await db.raw(
    `update mail_message set state = 'sending', attempts = attempts + 1, claimed_at = :now
     where id = (select id from mail_message
       where (state = 'queued' and (claimed_at is null or claimed_at < cast(:now as timestamptz) - interval '10 minutes'))
         or (state = 'sending' and claimed_at < cast(:now as timestamptz) - make_interval(mins => :stuck))
       order by queued_at, id limit 1 for update skip locked)
     returning id, kind, key, to_address as "to", subject, body, queued_at as "queuedAt"`,
    { now: now.toISOString(), stuck: stuckMinutes },
  );
  return (rows as QueuedMail[])[0];
}

async function noteSent(db: Knex, id: string, delivered: string, now: Date): Promise<undefined> {
  await db('mail_message').where({ id }).update({ state: 'sent', sent_at: now, delivered: delivered.slice(0, 500), last_error: null });
}

async function noteFailed(db: Knex, id: string, error: unknown): Promise<void> {
  const words = error instanceof Error ? error.message : String(error);
  await db('mail_message').where({ id }).update({ state: db.raw(`case when attempts >= ? then 'failed' else 'queued' end`, [mostAttempts]), last_error: words.slice(0, 500) });
}

interface Delivery {
  /** Resolves to where it went. */
  readonly send: (mail: QueuedMail) => Promise<string>;
  readonly close: () => void;
}

/** Everything a message holds; its id is its own, so that a second copy shows as one. */
function envelope(mail: QueuedMail, from: string) {
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost';
  return { from, to: { name: '', address: mail.to }, subject: mail.subject, text: mail.body, date: mail.queuedAt, messageId: `<${mail.id}@${domain}>`, headers: { 'Auto-Submitted': 'auto-generated' } };
}

function toServer(url: string, from: string, production: boolean): Delivery {
  const encrypted = url.startsWith('smtps:') || /^smtp:\/\/(?:[^@/]*@)?(?:127\.0\.0\.1|localhost|\[::1\])(?=[:/?]|$)/.test(url);
  const transport = createTransport({ url, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000, ...(production && !encrypted ? { requireTLS: true } : {}), disableFileAccess: true, disableUrlAccess: true });
  return { send: async (mail) => (await transport.sendMail(envelope(mail, from))).response, close: () => transport.close() };
}

function toFolder(folder: string, from: string): Delivery {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return {
    async send(mail) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const { message } = await transport.sendMail(envelope(mail, from));
      const file = join(folder, `${mail.queuedAt.toISOString().slice(0, 10)}-${mail.kind.replace(/\W+/g, '-')}-${mail.id}.eml`);
      // Whoever watches the folder sees whole files only.
      await writeFile(`${file}.part`, message, { mode: 0o600 });
      await rename(`${file}.part`, file);
      return file;
    },
    close: () => undefined,
  };
}
