/** Preparer, certifier, funder: the way of a month's return, each step with its event. */
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import * as contract from './contract.ts';
import { monthlyDefinition } from './returnWork.ts';
import { findJourney, insertStep, type Journey } from './signOffQueries.ts';
import { findReturnId } from './versionQueries.ts';

interface Asked {
  readonly month: string;
  readonly version: number;
  readonly step: contract.ReturnStepKind;
  readonly reason: string;
  readonly sections?: readonly string[];
}

export function signOffRoutes(mount: Mount): void {
  mount(contract.askReturnSignOff, (call) => take(call));
  mount(contract.certifyReturn, (call) => take(call));
  mount(contract.answerReturn, (call) => take(call));
}

const needReason: readonly contract.ReturnStepKind[] = ['signOffTakenBack', 'sentBack', 'changesRequested'];

async function take({ db, actor, person, now, input }: Pick<Call<Asked>, 'db' | 'actor' | 'person' | 'now' | 'input'>): Promise<Journey> {
  const { month, version, step, reason, sections = [] } = input;
  if (needReason.includes(step) && reason === '') throw invalid([{ field: 'reason', message: 'Say why.' }]);
  const returnId = await findReturnId(db, monthlyDefinition, month);
  if (!returnId || !person) throw notFound('return');
  const before = await findJourney(db, monthlyDefinition, month);
  await insertStep(db, { returnId, step, version, takenBy: person.id, takenAt: now, reason, sections });
  const after = await findJourney(db, monthlyDefinition, month);
  await recordEvent(db, actor, {
    action: `return${step.charAt(0).toUpperCase()}${step.slice(1)}`, subjectKind: 'monitoring_return', subjectId: returnId,
    before: { state: before.state }, after: { month, version, state: after.state, sections }, reason,
  });
  return after;
}
