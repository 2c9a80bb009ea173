/** Preparer, certifier, funder: the way of a month's return, each step with its event. */
import { recordEvent } from '../audit.ts';
import { AppError, invalid, notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import { refuseUnexplained } from './consolidateWork.ts';
import { monthlyDefinition, type ReturnStepKind } from './contract.ts';
import * as contract from './signOffContract.ts';
import { findDefinitionVersion } from './queries.ts';
import { findJourney, insertStep, type Journey } from './signOffQueries.ts';
import { findReturnId, listVersions } from './versionQueries.ts';

interface Asked {
  readonly month: string;
  readonly definition?: string | undefined;
  readonly version: number;
  readonly step: ReturnStepKind;
  readonly reason: string;
  readonly sections?: readonly string[];
}

export function signOffRoutes(mount: Mount): void {
  mount(contract.askReturnSignOff, (call) => take(call));
  mount(contract.certifyReturn, (call) => take(call));
  mount(contract.answerReturn, (call) => take(call));
}

const needReason: readonly ReturnStepKind[] = ['signOffTakenBack', 'sentBack', 'changesRequested'];

async function take({ db, actor, person, now, input }: Pick<Call<Asked>, 'db' | 'actor' | 'person' | 'now' | 'input'>): Promise<Journey> {
  const { month, version, step, reason, sections = [], definition = monthlyDefinition } = input;
  if (needReason.includes(step) && reason === '') throw invalid([{ field: 'reason', message: 'Say why.' }]);
  const returnId = await findReturnId(db, definition, month);
  if (!returnId || !person) throw notFound('return');
  if (step === 'certified') await refuseOtherSignatory(db, { definition, month, version, roles: person.roles });
  const before = await findJourney(db, definition, month);
  await insertStep(db, { returnId, step, version, takenBy: person.id, takenAt: now, reason, sections });
  // Only the monthly return is put together from what councils say. Refused here, the step is not taken either.
  if (step === 'certified' && definition === monthlyDefinition) await refuseUnexplained(db, { month, councils: ['*'], now });
  const after = await findJourney(db, definition, month);
  await recordEvent(db, actor, {
    action: `return${step.charAt(0).toUpperCase()}${step.slice(1)}`, subjectKind: 'monitoring_return', subjectId: returnId,
    before: { state: before.state }, after: { definition, month, version, state: after.state, sections }, reason,
  });
  return after;
}

/** A definition may say which role signs: the Chief Finance Officer's, for money. */
async function refuseOtherSignatory(db: Call<Asked>['db'], { definition, month, version, roles }: { definition: string; month: string; version: number; roles: readonly string[] }): Promise<void> {
  const kept = (await listVersions(db, definition, month)).find((each) => each.version === version);
  const made = kept && (await findDefinitionVersion(db, definition, kept.definitionVersion));
  const signs = made?.signatories.filter(({ role }) => role !== null) ?? [];
  if (signs.length > 0 && !signs.some(({ role }) => role !== null && roles.includes(role))) {
    throw new AppError(403, 'not_signatory', `This return is signed by: ${signs.map(({ title }) => title).join(', ')}. Ask somebody in that role to certify it.`);
  }
}
