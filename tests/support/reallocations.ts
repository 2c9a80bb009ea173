/** A fund with four councils' agreements and one with the police force that waits for its first money, and the steps people take with it. */
import { randomUUID } from 'node:crypto';
import type supertest from 'supertest';
import { findAgreement, saveAgreement } from '../../server/grants/queries.ts';
import { openOnTerms } from '../../server/terms/openingWork.ts';
import type { TestService } from './database.ts';
import { asOffice } from './ledger.ts';
import { addAgreement, addFund } from './patrols.ts';

export type Client = ReturnType<typeof supertest.agent>;

/** The councils' shares of the pilot's £1,000,000 are invented; the award is published. */
export const councils = [
  { code: 'E06000001', email: 'finance@hartlepool.demo', ceilingPence: 20_500_000, committedPence: 1_850_000 },
  { code: 'E06000002', email: 'finance@middlesbrough.demo', ceilingPence: 31_500_000, committedPence: 2_900_000 },
  { code: 'E06000003', email: 'finance@redcar.demo', ceilingPence: 21_500_000, committedPence: 1_700_000 },
  { code: 'E06000004', email: 'finance@stockton.demo', ceilingPence: 26_500_000, committedPence: 2_300_000 },
] as const;
export const police = { code: 'E23000013', email: 'finance@police.demo' };

export interface Pilot {
  readonly fundId: string;
  /** By area code. */
  readonly agreements: Record<string, string>;
}

/** A tenth of each amount is for equipment, the rest for wardens; the police force's agreement has no money. */
export async function addPilot(db: TestService['database']['db']): Promise<Pilot> {
  const fundId = await addFund(db);
  const agreements: Record<string, string> = {};
  for (const { code, ceilingPence, committedPence } of councils) {
    const id = await addAgreement(db, fundId, { councilCode: code, ceilingPence, committedPence });
    agreements[code] = id;
    const agreement = (await findAgreement(db, ['*'], id))!;
    const equipment = ceilingPence / 10;
    await asOffice(db, (context) => openOnTerms(context, agreement, { key: randomUUID(), cut: 'quarter', heads: [{ head: 'Wardens', budgetPence: ceilingPence - equipment, tolerancePence: 0 }, { head: 'Equipment', budgetPence: equipment, tolerancePence: 0 }] }));
  }
  const id = randomUUID();
  agreements[police.code] = id;
  await saveAgreement(db, { id, fundId, councilCode: police.code, reference: `POLICE-${id.slice(0, 8)}`, ceilingPence: 0, startsOn: '2023-11-01', endsOn: '2024-03-31', state: 'signed', productiveRatio: 1 });
  return { fundId, agreements };
}

export interface Line {
  readonly agreementId: string;
  readonly head: string;
  readonly amountPence: number;
}

export const proposalOf = (lines: readonly Line[], given: Record<string, unknown> = {}): Record<string, unknown> => ({
  idempotencyKey: randomUUID(), kind: new Set(lines.map(({ agreementId }) => agreementId)).size === 1 ? 'virement' : 'reallocation', effectiveFrom: '2023-11-20', reason: 'Recruiting was slow: money for wardens not yet in post', lines, ...given,
});

export const decision = { decisionReference: 'TEST 2023/24-1', funderConsent: 'Home Office, by letter', funderConsentOn: '2023-11-17' };
