/** Wardens' terms and published rotas of the demonstration: four weeks around each night on which the clocks change. Invented. */
import type { Knex } from 'knex';
import { createRandom } from '../../geo/random.ts';
import { addDays } from '../patrols/calendar.ts';
import { insertTerm } from '../patrols/wardenTermsQueries.ts';
import type { TermEntry } from '../patrols/wardenTermsContract.ts';
import { insertClearance } from '../patrols/wardenClearanceQueries.ts';
import { draftGreedily, getRota } from '../rota/draftWork.ts';
import { publishDraft } from '../rota/publishWork.ts';
import { insertRota, saveShiftType } from '../rota/queries.ts';
import { wardensPowers } from './actions.ts';
import { demonstrationActor } from './actor.ts';
import { type DemonstrationAgreement, demonstrationAgreements, demonstrationFund, wardensOf } from './grant.ts';
import { repeatableId } from './repeatableId.ts';

/** First days of the rotas, each of four weeks. */
export const rotaStarts = ['2023-10-02', '2023-10-30', '2024-03-04'] as const;
const rotaDays = 28;
const lateOn = { startMinute: 14 * 60, endMinute: 22 * 60, crewSize: 2, breakMinutes: 30, bankHolidayCrews: 1 };

export async function fillRotas(trx: Knex.Transaction, seed: number): Promise<void> {
  const idOf = (what: string): string => repeatableId(createRandom(`${seed} ${what}`));
  for (const agreement of demonstrationAgreements) {
    await fillTerms(trx, agreement, idOf);
    await fillShifts(trx, agreement, idOf);
    for (const startsOn of rotaStarts.filter((day) => addDays(day, rotaDays) > agreement.patrolsFrom)) await fillRota(trx, agreement, startsOn, idOf);
  }
  await linkWarden(trx, idOf);
}

type MakeId = (what: string) => string;

/** Powers for all, and for some a fixed term's end, leave, a wish, a limit, a pair: one of each kind in every council. */
async function fillTerms(trx: Knex.Transaction, agreement: DemonstrationAgreement, idOf: MakeId): Promise<void> {
  const { councilCode } = agreement;
  const wardens = wardensOf(agreement).map(({ reference, employedFrom }) => ({ id: idOf(`warden ${reference}`), reference, employedFrom }));
  const keep = (owner: { id: string; reference: string }, entry: TermEntry): Promise<void> => insertTerm(trx, idOf(`${entry.term} ${owner.reference} ${JSON.stringify(entry)}`), { id: owner.id, councilCode }, entry, null);
  for (const [index, warden] of wardens.entries()) {
    for (const actionCode of wardensPowers) await keep(warden, { term: 'power', actionCode, validFrom: warden.employedFrom, validTo: null });
    if (index % 3 !== 1) await insertClearance(trx, { id: idOf(`driving ${warden.reference}`), wardenId: warden.id, kind: 'driving', validFrom: warden.employedFrom, validTo: null }, null);
    if (index % 3 !== 2) await insertClearance(trx, { id: idOf(`accreditation ${warden.reference}`), wardenId: warden.id, kind: 'accreditation', validFrom: warden.employedFrom, validTo: null }, null);
  }
  const [first, second, third, fourth] = wardens;
  if (!first || !second || !third || !fourth) return;
  await trx('warden_contract').where({ warden_id: fourth.id }).update({ kind: 'fixed_term', valid_to: addDays(demonstrationFund.endsOn, 1) });
  await keep(first, { term: 'absence', absenceKind: 'annual_leave', firstDay: '2023-10-23', lastDay: '2023-10-27', fromMinute: null, untilMinute: null });
  await keep(third, { term: 'absence', absenceKind: 'training', firstDay: '2024-03-12', lastDay: '2024-03-13', fromMinute: null, untilMinute: null });
  await keep(second, { term: 'wish', wanted: false, weekday: 7, shiftCode: null, validFrom: '2023-09-01', validTo: null });
  await keep(third, { term: 'flag', flag: 'no_nights', signedOn: null, validFrom: '2023-09-01', validTo: null });
  await keep(second, { term: 'pair', otherWardenId: fourth.id, pairRule: 'should_not', validFrom: '2023-09-01', validTo: null });
}

/** A late shift every day; a second crew from Thursday to Saturday where there are wardens enough. */
async function fillShifts(trx: Knex.Transaction, { councilCode, wardens }: DemonstrationAgreement, idOf: MakeId): Promise<void> {
  const crews = wardens >= 8 ? [1, 1, 1, 2, 2, 2, 1] : wardens >= 5 ? [1, 1, 1, 1, 1, 1, 1] : [0, 1, 0, 1, 1, 1, 1];
  await saveShiftType(trx, { id: idOf(`shift late ${councilCode}`), councilCode, code: 'late', name: 'Late', ...lateOn, crews, validFrom: demonstrationFund.startsOn, validTo: null });
}

async function fillRota(trx: Knex.Transaction, { councilCode }: DemonstrationAgreement, startsOn: string, idOf: MakeId): Promise<void> {
  const id = idOf(`rota ${councilCode} ${startsOn}`);
  await insertRota(trx, { id, councilCode, startsOn, endsOn: addDays(startsOn, rotaDays - 1), seed: '2023' }, null);
  await draftGreedily(trx, await getRota(trx, [councilCode], id));
  await publishDraft(trx, demonstrationActor, { councils: [councilCode], id, draftNumber: 1, note: 'Demonstration rota' });
}

/** The demonstration's warden user is the first warden of the council it belongs to. */
async function linkWarden(trx: Knex.Transaction, idOf: MakeId): Promise<void> {
  const user: { id: string; councilCode: string } | undefined = await trx('person as p').join('organisation as o', 'o.id', 'p.organisation_id').where('p.email', 'like', 'warden@%.demo').first('p.id', 'o.council_code as councilCode');
  const agreement = demonstrationAgreements.find(({ councilCode }) => councilCode === user?.councilCode);
  const [warden] = agreement ? wardensOf(agreement) : [];
  if (user && warden) await trx('warden_account').insert({ warden_id: idOf(`warden ${warden.reference}`), council_code: user.councilCode, person_id: user.id });
}
