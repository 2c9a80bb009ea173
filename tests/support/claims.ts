/** Claims to test with, entered as people enter them. */
import { randomUUID } from 'node:crypto';
import type supertest from 'supertest';
import type { Claim } from '../../server/claims/contract.ts';
import type { TestService } from './database.ts';
import { addLedger, type OpenLedger } from './ledger.ts';

type Client = ReturnType<typeof supertest.agent>;

/** The people who have a part in a claim of Hartlepool, each signed in. */
export interface ClaimPeople {
  readonly lead: Client;
  readonly officer: Client;
  readonly manager: Client;
  readonly approver: Client;
}

export async function claimPeople(service: TestService): Promise<ClaimPeople> {
  const [lead, officer, manager, approver] = await Promise.all(['lead@hartlepool.demo', 'finance@hartlepool.demo', 'manager@opcc.demo', 'finance@opcc.demo'].map((email) => service.client(email)));
  return { lead: lead!, officer: officer!, manager: manager!, approver: approver! };
}

/** £5,000 for wardens, £3,000 for vehicles and £2,000 for equipment, from 3 July 2023, the first quarter open. */
export const threeHeads = [{ head: 'Wardens', budgetPence: 500_000, tolerancePence: 0 }, { head: 'Vehicles', budgetPence: 300_000, tolerancePence: 0 }, { head: 'Equipment', budgetPence: 200_000, tolerancePence: 0 }];

export const addClaimable = (service: TestService, given: Parameters<typeof addLedger>[1] = {}): Promise<OpenLedger> =>
  addLedger(service.database.db, { ceilingPence: 1_000_000, rate: 2000, ...given }, { heads: threeHeads });

export interface LineSent {
  readonly head?: string;
  readonly what?: string;
  readonly amount?: string;
  readonly recoverableVat?: string;
  readonly minutes?: number;
  readonly perHour?: string;
}

/** A draft for the first period with its lines; gives the claim as it is answered. */
export async function draft(client: Client, { agreement, periods }: OpenLedger, lines: readonly LineSent[] = [{ amount: '£100.00' }]): Promise<Claim> {
  const claimId = randomUUID();
  let { body } = await client.post(`/api/agreements/${agreement.id}/claims`).send({ claimId, periodId: periods[0]?.id }).expect(200);
  for (const line of lines) ({ body } = await client.put(`/api/claims/${claimId}/lines/${randomUUID()}`).send({ head: 'Wardens', what: 'Pay of wardens', ...line }).expect(200));
  return body as Claim;
}

export const step = (client: Client, id: string, name: string, body: object = {}): supertest.Test => client.post(`/api/claims/${id}/${name}`).send({ idempotencyKey: randomUUID(), ...body });
export const submission = { declared: true };

/** A claim that is submitted in time, by the council's finance officer. */
export async function submitted(people: ClaimPeople, ledger: OpenLedger, lines?: readonly LineSent[]): Promise<Claim> {
  const { id } = await draft(people.lead, ledger, lines);
  return (await step(people.officer, id, 'submission', submission).expect(200)).body as Claim;
}
