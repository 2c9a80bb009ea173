/** The equality record over HTTP: actions with their steps, training by warden's reference. */
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import { localDay } from '../patrols/visits.ts';
import * as contract from './actionsContract.ts';
import * as queries from './actionsQueries.ts';

const todayOf = ({ now }: Pick<Call<unknown>, 'now'>): string => localDay(now.toISOString());

async function actionOf(call: Pick<Call<unknown>, 'db' | 'now'>, id: string): Promise<contract.EqualityAction> {
  const [found] = await queries.listActions(call.db, todayOf(call), id);
  if (!found) throw notFound('action');
  return found;
}

export function actionsRoutes(mount: Mount): void {
  mount(contract.getEquality, async (call) => {
    const { db, scope, input } = call;
    const on = input.on ?? todayOf(call);
    // Single wardens are their own council's; the office reads how many.
    const own = scope.councils.includes('*') ? [] : scope.councils;
    return { on, actions: await queries.listActions(db, on), training: await queries.listTraining(db, on, scope.councils), topics: await queries.listTopics(db), wardens: await queries.listTrained(db, on, own) };
  });

  mount(contract.addEqualityAction, async (call) => {
    const { db, actor, input: { actionId, title, basis, characteristic, owner, dueOn } } = call;
    await queries.insertAction(db, { id: actionId, title, basis, characteristic, by: actor.personId });
    await queries.insertStep(db, { id: actionId, actionId, state: 'open', owner, dueOn, evidence: '', reason: '', by: actor.personId });
    await recordEvent(db, actor, { action: 'equalityActionAdded', subjectKind: 'equality action', subjectId: actionId, after: { title, basis, characteristic, owner, dueOn } });
    return actionOf(call, actionId);
  });

  mount(contract.stepEqualityAction, async (call) => {
    const { db, actor, input: { id, stepId, ...given } } = call;
    const before = await actionOf(call, id);
    if (given.state === 'done' && given.evidence === '') throw invalid([{ field: 'evidence', message: 'Say what shows that it is done: being written in an agreement is not.' }]);
    if (given.state === 'not needed' && given.reason === '') throw invalid([{ field: 'reason', message: 'Say why it is not needed.' }]);
    await queries.insertStep(db, { id: stepId, actionId: id, ...given, by: actor.personId });
    await recordEvent(db, actor, {
      action: 'equalityActionMoved', subjectKind: 'equality action', subjectId: id, before: { state: before.state, owner: before.owner, dueOn: before.dueOn, evidence: before.evidence }, after: given,
      ...(given.reason === '' ? {} : { reason: given.reason }),
    });
    return actionOf(call, id);
  });

  mount(contract.recordTraining, async (call) => {
    const { db, actor, scope, input: { trainingId, wardenId, topic, trainedOn } } = call;
    const councilCode = await queries.findWardenCouncil(db, wardenId, scope.councils);
    if (!councilCode) throw notFound('warden');
    if (trainedOn !== null && trainedOn > todayOf(call)) throw invalid([{ field: 'trainedOn', message: 'This day is to come. Record training once it was given.' }]);
    await queries.insertTraining(db, { id: trainingId, wardenId, topic, trainedOn, by: actor.personId });
    await recordEvent(db, actor, { action: 'wardenTrained', subjectKind: 'warden', subjectId: wardenId, councilCode, after: { topic, trainedOn } });
    return { recorded: true as const };
  });
}
