/** Funds, agreements, rates, commitments and bank holidays. Balances are added up by the database; nothing here writes one. */
import type { Knex } from 'knex';
import type { Agreement, AgreementState, BankHoliday, Commitment, Fund, Rate, RateBand } from './contract.ts';

export interface FundRow {
  readonly id: string;
  readonly name: string;
  readonly funder: string;
  readonly purpose: string;
  readonly awardPence: number;
  readonly startsOn: string;
  readonly endsOn: string;
}

/** Adds a fund, or changes the one with this id. */
export async function saveFund(db: Knex, row: FundRow): Promise<void> {
  const values = { id: row.id, name: row.name, funder: row.funder, purpose: row.purpose, award_pence: row.awardPence, starts_on: row.startsOn, ends_on: row.endsOn };
  await db('fund').insert(values).onConflict('id').merge();
}

/** Funds; what is agreed under them in all only for a scope of all councils. */
export async function listFunds(db: Knex, councils: readonly string[]): Promise<Fund[]> {
  const rows: (FundRow & { agreedPence: number })[] = await db('fund')
    .select('id', 'name', 'funder', 'purpose', 'award_pence as awardPence', 'starts_on as startsOn', 'ends_on as endsOn', 'agreed_pence as agreedPence')
    .orderBy(['starts_on', 'name']);
  const sees = councils.includes('*');
  return rows.map((row) => ({ ...row, agreedPence: sees ? row.agreedPence : null, unagreedPence: sees ? row.awardPence - row.agreedPence : null }));
}

export async function findFund(db: Knex, councils: readonly string[], id: string): Promise<Fund | undefined> {
  return (await listFunds(db, councils)).find((fund) => fund.id === id);
}

export interface AgreementRow {
  readonly id: string;
  readonly fundId: string;
  readonly councilCode: string;
  readonly reference: string;
  readonly ceilingPence: number;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly state: AgreementState;
  readonly productiveRatio: number;
}

/** Adds an agreement, or changes the one with this id. The fund's balance follows; past its award the database refuses. */
export async function saveAgreement(db: Knex, row: AgreementRow): Promise<void> {
  const values = {
    id: row.id, fund_id: row.fundId, council_code: row.councilCode, reference: row.reference, ceiling_pence: row.ceilingPence,
    starts_on: row.startsOn, ends_on: row.endsOn, state: row.state, productive_ratio: row.productiveRatio,
  };
  await db('agreement').insert(values).onConflict('id').merge();
}

/** The agreement's own row, locked for the change that follows. */
export async function lockAgreement(db: Knex, id: string): Promise<void> {
  await db('agreement').select('id').where({ id }).forNoKeyUpdate();
}

const agreementSelect = `
  select a.id, a.fund_id as "fundId", f.name as fund, a.council_code as "councilCode", o.name as council, a.reference, a.ceiling_pence as "ceilingPence",
    a.committed_pence as "committedPence", a.ceiling_pence - a.committed_pence as "availablePence", a.starts_on as "startsOn", a.ends_on as "endsOn", a.state,
    a.productive_ratio as "productiveRatio",
    coalesce((select jsonb_agg(jsonb_build_object('band', r.band, 'pencePerHour', r.pence_per_hour, 'validFrom', r.valid_from, 'validTo', r.valid_to) order by r.band, r.valid_from)
      from agreement_rate r where r.agreement_id = a.id), '[]') as rates
  from agreement a join fund f on f.id = a.fund_id join organisation o on o.council_code = a.council_code
  where (:all or a.council_code = any(cast(:councils as text[])))`;

const scoped = (councils: readonly string[]) => ({ all: councils.includes('*'), councils: [...councils] });

/** Agreements of a scope with their rates, by council and date. */
export async function listAgreements(db: Knex, councils: readonly string[]): Promise<Agreement[]> {
  const { rows } = await db.raw(`${agreementSelect} order by a.council_code, a.starts_on`, scoped(councils));
  return rows as Agreement[];
}

export async function findAgreement(db: Knex, councils: readonly string[], id: string): Promise<Agreement | undefined> {
  const { rows } = await db.raw(`${agreementSelect} and a.id = cast(:id as uuid)`, { ...scoped(councils), id });
  return rows[0] as Agreement | undefined;
}

/** Gives a band a rate from a day on; the rate in force that day ends there, a later one stays. */
export async function saveRate(db: Knex, agreementId: string, rate: Omit<Rate, 'validTo'>): Promise<void> {
  const same = { agreement_id: agreementId, band: rate.band };
  const later = await db('agreement_rate').min('valid_from as from').where(same).where('valid_from', '>', rate.validFrom).first<{ from: string | null }>();
  await db('agreement_rate').where({ ...same, valid_from: rate.validFrom }).delete();
  await db('agreement_rate').where(same).whereRaw('daterange(valid_from, valid_to) @> ?::date', [rate.validFrom]).update({ valid_to: rate.validFrom });
  await db('agreement_rate').insert({ ...same, pence_per_hour: rate.pencePerHour, valid_from: rate.validFrom, valid_to: later?.from ?? null });
}

/** The six bands at once, from one day on: what a council's table of enhancements is. */
export async function saveRates(db: Knex, agreementId: string, validFrom: string, pencePerHour: Readonly<Record<RateBand, number>>): Promise<void> {
  for (const [band, pence] of Object.entries(pencePerHour)) await saveRate(db, agreementId, { band: band as RateBand, pencePerHour: pence, validFrom });
}

export interface CommitmentRow {
  readonly id: string;
  readonly agreementId: string;
  readonly amountPence: number;
  readonly effectiveOn: string;
  readonly what: string;
  readonly madeBy: string | null;
}

/** Adds a commitment; the agreement's balance follows, and past the ceiling the database refuses. */
export async function saveCommitment(db: Knex, row: CommitmentRow): Promise<void> {
  await db('commitment').insert({ id: row.id, agreement_id: row.agreementId, amount_pence: row.amountPence, effective_on: row.effectiveOn, what: row.what, made_by: row.madeBy });
}

const commitmentColumns = ['id', 'agreement_id as agreementId', 'amount_pence as amountPence', 'effective_on as effectiveOn', 'what', 'recorded_at as recordedAt'];
const toCommitment = (row: Omit<Commitment, 'recordedAt'> & { recordedAt: Date }): Commitment => ({ ...row, recordedAt: row.recordedAt.toISOString() });

export async function listCommitments(db: Knex, agreementId: string): Promise<Commitment[]> {
  const rows = await db('commitment').select(commitmentColumns).where({ agreement_id: agreementId }).orderBy('recorded_at', 'desc');
  return rows.map(toCommitment);
}

export async function findCommitment(db: Knex, id: string): Promise<Commitment | undefined> {
  const row = await db('commitment').select(commitmentColumns).where({ id }).first();
  return row && toCommitment(row);
}

export async function listBankHolidays(db: Knex): Promise<BankHoliday[]> {
  return db('bank_holiday').select('held_on as heldOn', 'name').orderBy('held_on');
}

export async function saveBankHoliday(db: Knex, day: BankHoliday): Promise<void> {
  await db('bank_holiday').insert({ held_on: day.heldOn, name: day.name }).onConflict('held_on').merge();
}

/** Takes a bank holiday out and returns it, or undefined when there is none on that day. */
export async function removeBankHoliday(db: Knex, heldOn: string): Promise<BankHoliday | undefined> {
  const [row] = await db('bank_holiday').where({ held_on: heldOn }).delete().returning(['held_on as heldOn', 'name']);
  return row;
}
