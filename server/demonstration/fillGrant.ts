/** The demonstration's fund, agreements, rates, wardens and first days of patrols. */
import type { Knex } from 'knex';
import { createRandom } from '../../geo/random.ts';
import { recordEvent } from '../audit.ts';
import { saveAgreement, saveCommitment, saveFund, saveRate } from '../grants/queries.ts';
import { savePatrolStart, saveWarden } from '../patrols/wardenQueries.ts';
import { demonstrationActor } from './actor.ts';
import { demonstrationAgreements, demonstrationFund, ratesOf, splitIsInvented, wardensOf } from './grant.ts';
import { repeatableId } from './repeatableId.ts';

const idOf = (seed: number, what: string): string => repeatableId(createRandom(`${seed} ${what}`));

/** The id of a council's agreement. */
export function agreementId(seed: number, councilCode: string): string {
  return idOf(seed, `agreement ${councilCode}`);
}

/** The fund with its four agreements, their dated rates and what is committed from the first day. */
export async function fillGrant(trx: Knex.Transaction, seed: number): Promise<void> {
  const fund = { id: idOf(seed, 'fund'), ...demonstrationFund };
  await saveFund(trx, fund);
  await recordEvent(trx, demonstrationActor, { action: 'fundAdded', subjectKind: 'fund', subjectId: fund.id, after: fund });
  for (const agreement of demonstrationAgreements) {
    const { councilCode, reference, ceilingPence, state, productiveRatio, committedPence } = agreement;
    const row = { id: agreementId(seed, councilCode), fundId: fund.id, councilCode, reference, ceilingPence, startsOn: fund.startsOn, endsOn: fund.endsOn, state, productiveRatio };
    await saveAgreement(trx, row);
    for (const { band, pencePerHour, validFrom } of ratesOf(agreement)) await saveRate(trx, row.id, { band, pencePerHour, validFrom });
    await saveCommitment(trx, {
      id: idOf(seed, `commitment ${councilCode}`), agreementId: row.id, amountPence: committedPence, effectiveOn: fund.startsOn, madeBy: null,
      what: 'Uniform, radios, training and supervision (demonstration figure)',
    });
    await recordEvent(trx, demonstrationActor, { action: 'agreementAdded', subjectKind: 'agreement', subjectId: row.id, councilCode, after: row, reason: `Ceiling: ${splitIsInvented}` });
  }
}

/** Wardens by reference and the day each council's patrols began. */
export async function fillWardens(trx: Knex.Transaction, seed: number): Promise<void> {
  for (const agreement of demonstrationAgreements) {
    for (const warden of wardensOf(agreement)) {
      await saveWarden(trx, { ...warden, id: idOf(seed, `warden ${warden.reference}`), staffCategory: 'warden', employedTo: null });
    }
    await savePatrolStart(trx, agreement.councilCode, agreement.patrolsFrom);
    await recordEvent(trx, demonstrationActor, {
      action: 'patrolStartSet', subjectKind: 'patrolStart', subjectId: agreement.councilCode, councilCode: agreement.councilCode, after: { startedOn: agreement.patrolsFrom },
    });
  }
}
