/** The councils' months in one, over HTTP: conflicts explained, the office's own words. */
import { recordEvent } from '../audit.ts';
import { notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import * as contract from './collectContract.ts';
import { insertExplanation, insertText } from './collectQueries.ts';
import { pairOf } from './consolidate.ts';
import { consolidate } from './consolidateWork.ts';

const together = ({ db, input, scope, now }: Pick<Call<{ month: string }>, 'db' | 'input' | 'scope' | 'now'>): Promise<contract.Consolidation> => consolidate(db, { month: input.month, councils: scope.councils, now });

export function consolidateRoutes(mount: Mount): void {
  mount(contract.getConsolidation, (call) => together(call));

  mount(contract.explainFlag, async (call) => {
    const { db, input, actor, now } = call;
    const flag = (await together(call)).flags.find(({ key }) => key === input.key);
    if (!flag) throw notFound('conflict in this month');
    await insertExplanation(db, { month: input.month, councilCode: flag.councilCode, flag: input.key, explanation: input.explanation, pair: pairOf(flag), by: actor.personId, at: now });
    await recordEvent(db, actor, { action: 'returnConflictExplained', subjectKind: 'monitoring_return', subjectId: `${input.month} ${input.key}`, councilCode: flag.councilCode, before: { explanation: flag.explanation }, after: { explanation: input.explanation, one: flag.one, other: flag.other } });
    return together(call);
  });

  mount(contract.writeReturnWords, async (call) => {
    const { db, input, actor, now } = call;
    await insertText(db, { ...input, councilCode: null, by: actor.personId, at: now });
    await recordEvent(db, actor, { action: 'returnWordsWritten', subjectKind: 'monitoring_return', subjectId: input.month, after: { kind: input.kind, text: input.text } });
    return together(call);
  });
}
