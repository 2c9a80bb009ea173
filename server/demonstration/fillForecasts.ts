/** Posts the demonstration's agreements pay for, and forecasts as they would have been made: one a month, by what had happened by then, with the alerts they raised. */
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { forecastAsKnown } from '../forecast/forecastWork.ts';
import { savePlan } from '../forecast/keptQueries.ts';
import { knownAt } from '../forecast/queries.ts';
import { demonstrationActor } from './actor.ts';
import { agreementId } from './fillGrant.ts';
import { demonstrationAgreements, demonstrationFund, wardensOf } from './grant.ts';
import { monthsFrom } from './times.ts';

/** Each agreement pays for the wardens it came to have; patrols were to begin with the fund. */
export async function fillStaffPlans(trx: Knex.Transaction, seed: number): Promise<void> {
  for (const agreement of demonstrationAgreements) {
    const wardens = wardensOf(agreement);
    const row = {
      agreementId: agreementId(seed, agreement.councilCode), startsOn: demonstrationFund.startsOn, posts: wardens.length, filledOn: null, madeBy: null,
      contractMinutesPerWeek: Math.round(wardens.reduce((sum, { contractMinutesPerWeek }) => sum + contractMinutesPerWeek, 0) / wardens.length), reason: 'Posts of the demonstration',
    };
    await savePlan(trx, row);
    await recordEvent(trx, demonstrationActor, { action: 'staffPlanSet', subjectKind: 'agreement', subjectId: row.agreementId, councilCode: agreement.councilCode, after: row, reason: row.reason });
  }
}

/** On the 14th of each month: in November that is the day the October return is due. */
export async function fillForecasts(trx: Knex.Transaction, now: Date): Promise<void> {
  for (const month of monthsFrom(demonstrationFund.startsOn, `${demonstrationFund.endsOn.slice(0, 7)}-01`)) {
    await forecastAsKnown(trx, demonstrationActor, knownAt(`${month.slice(0, 7)}-14`, 'happened', now));
  }
}
