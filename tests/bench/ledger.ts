/** Posting to one ledger and to forty, and a report as at a moment over a million entries: on the server of DATABASE_URL, smaller on the embedded database. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { type Database, inScope, migrate, openDatabase } from '../../server/database.ts';
import { findAgreement, saveAgreement, saveFund } from '../../server/grants/queries.ts';
import type { Agreement } from '../../server/grants/contract.ts';
import { accrualLegs, claimLegs } from '../../server/ledger/ledger.ts';
import { open, post } from '../../server/ledger/ledgerWork.ts';
import { countFaults, listAccounts } from '../../server/ledger/reportQueries.ts';
import { describeServer, onServer } from '../support/server.ts';

type Figures = Record<string, number>;
const actor = { personId: null, role: 'bench' };
const office = { personId: null, roles: ['grant_manager'], councils: ['*'] };

/** Journals a second on one agreement and on forty, and milliseconds of a report as at a moment and a day: medians. */
export async function benchLedger(): Promise<Figures> {
  const url = process.env['DATABASE_URL'];
  const name = `hotspots_bench_${randomUUID().slice(0, 8)}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'hotspots-bench-'));
  if (url) await onServer(url, `create database ${name}`);
  const database = await openDatabase({ databaseUrl: url && describeServer(url, name), dataDir }, { mustOwn: true });
  try {
    await migrate(database.db);
    return await measure(database);
  } finally {
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
    if (url) await onServer(url, `drop database if exists ${name} with (force)`);
  }
}

async function measure({ db, kind }: Database): Promise<Figures> {
  const entries = kind === 'server' ? 1_000_000 : 20_000;
  const agreements = await addAgreements(db, 41);
  const [filled, ...forty] = agreements;
  if (!filled) throw new Error('No agreement was made.');
  await fill(db, filled, entries / 2);
  const asAtMs = await medianOf(5, async () => {
    const started = performance.now();
    await inScope(db, office, (trx) => listAccounts(trx, filled.id, { asAt: new Date().toISOString(), on: '2023-12-15' }));
    return performance.now() - started;
  });
  const one = await medianOf(3, () => journalsPerSecond(db, [filled], kind === 'server' ? 600 : 100));
  const many = await medianOf(3, () => journalsPerSecond(db, forty, kind === 'server' ? 600 : 100));
  const broken = (await countFaults(db)).filter(({ found }) => found > 0);
  if (broken.length > 0) throw new Error(`The ledger measured is not sound: ${JSON.stringify(broken)}`);
  const figures = { ledgerJournalsPerSecond: one, ledgerFortyAgreementsPerSecond: many };
  return kind === 'server' ? { ...figures, ledgerAsAtMs: asAtMs } : { ...figures, ledgerAsAtEmbedded20000Ms: asAtMs };
}

async function medianOf(rounds: number, work: () => Promise<number>): Promise<number> {
  const found: number[] = [];
  for (let round = 0; round < rounds; round++) found.push(await work());
  return found.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? NaN;
}

async function addAgreements(db: Knex, wanted: number): Promise<Agreement[]> {
  await db('organisation').insert({ id: randomUUID(), kind: 'council', name: 'Bench', council_code: 'E06000001' }).onConflict().ignore();
  const [{ council_code: councilCode } = { council_code: '' }] = await db('organisation').whereNotNull('council_code').limit(1);
  const made: Agreement[] = [];
  for (let nth = 0; nth < wanted; nth++) {
    const [fundId, id] = [randomUUID(), randomUUID()];
    const dates = { startsOn: '2023-07-03', endsOn: '2024-03-31' };
    await saveFund(db, { id: fundId, name: `Bench ${nth}`, funder: 'Bench', purpose: 'Bench', awardPence: 1_000_000_000_000, ...dates });
    await saveAgreement(db, { id, fundId, councilCode, reference: `BENCH-${nth}`, ceilingPence: 1_000_000_000_000, state: 'live', productiveRatio: 0.5, ...dates });
    const agreement = await findAgreement(db, ['*'], id);
    if (!agreement) throw new Error('The agreement was not kept.');
    await inScope(db, office, (trx) => open({ db: trx, actor }, agreement, { key: 'opening', cut: 'quarter', heads: [] }));
    await db.transaction(async (trx) => {
      for (const row of await trx('ledger_period').where({ agreement_id: id, state: 'scheduled' }).orderBy('starts_on')) await trx.raw(`select move_period(:id, :period, 'open')`, { id, period: row.id });
    });
    made.push(agreement);
  }
  return made;
}

/** Claims posted as requests post them: each in its own transaction under the application's role with its audit event, eight at a time. */
async function journalsPerSecond(db: Knex, agreements: readonly Agreement[], journals: number): Promise<number> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let nth = next++; nth < journals; nth = next++) {
      const agreement = agreements[nth % agreements.length];
      if (agreement) await inScope(db, office, (trx) => post({ db: trx, actor }, agreement, { kind: 'claim', legs: claimLegs(100), effectiveOn: '2023-08-15', reason: 'Bench', key: randomUUID() }));
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: 8 }, worker));
  return (journals * 1000) / (performance.now() - started);
}

/**
 * Claims and accruals over the agreement's days, as posting would have left them, in one statement: the triggers that make each row
 * are off for it, and the invariant query says afterwards whether the rows are as theirs.
 */
async function fill(db: Knex, agreement: Agreement, journals: number): Promise<void> {
  const [claim, accrual] = [claimLegs(1)[1]?.kind, accrualLegs(1)[1]?.kind];
  await db.transaction(async (trx) => {
    for (const table of ['journal', 'journal_entry', 'ledger', 'ledger_account']) await trx.raw(`alter table ${table} disable trigger user`);
    await trx.raw(
      `with made as (
         select gen_random_uuid() as id, n, date '2023-07-03' + (n % 273)::int as day, l.last_recorded_at + n * interval '1 microsecond' as at
         from generate_series(1, :journals::int) n, ledger l where l.agreement_id = :id)
       insert into journal (id, agreement_id, number, period_id, kind, reason, effective_on, recorded_at, idempotency_key, content_sha256)
       select m.id, :id, m.n + 1, p.id, 'claim', 'Bench', m.day, m.at, 'bench ' || m.n, 'x' from made m join ledger_period p on p.agreement_id = :id and m.day between p.starts_on and p.ends_on`,
      { id: agreement.id, journals });
    await trx.raw(
      `insert into journal_entry (agreement_id, journal_id, account_id, version, amount_pence, balance_pence, effective_on, recorded_at, day_balance_pence)
       select :id, j.id, a.id, a.version + row_number() over own, leg.pence, a.balance_pence + sum(leg.pence) over own, j.effective_on, j.recorded_at,
         sum(leg.pence) over day + case when j.effective_on = '2023-07-03' then a.balance_pence else 0 end
       from journal j cross join lateral (values ('available', -100::bigint), (case when j.number % 3 = 0 then :accrual else :claim end, 100::bigint)) leg (kind, pence)
       join ledger_account a on a.agreement_id = :id and a.kind = leg.kind
       where j.agreement_id = :id and j.number > 1
       window own as (partition by a.id order by j.number), day as (partition by a.id, j.effective_on order by j.number)`,
      { id: agreement.id, claim: claim ?? '', accrual: accrual ?? '' });
    await trx.raw(
      `update ledger_account a set balance_pence = e.balance_pence, version = e.version
       from (select distinct on (account_id) account_id, balance_pence, version from journal_entry where agreement_id = :id order by account_id, version desc) e
       where e.account_id = a.id`, { id: agreement.id });
    await trx.raw(
      `update ledger set journals = :journals::int + 1, last_recorded_at = (select max(recorded_at) from journal where agreement_id = :id),
         available_pence = (select balance_pence from ledger_account where agreement_id = :id and kind = 'available') where agreement_id = :id`, { id: agreement.id, journals });
    for (const table of ['journal', 'journal_entry', 'ledger', 'ledger_account']) await trx.raw(`alter table ${table} enable trigger user`);
  });
  await db.raw('vacuum analyze journal');
  await db.raw('vacuum analyze journal_entry');
}
