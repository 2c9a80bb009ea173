/** The councils' months in one, over HTTP: conflicts explained, the office's own words. */
import { recordEvent } from '../audit.ts';
import { notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import * as contract from './collectContract.ts';
import { insertExplanation, insertText, listExplanations, listTexts } from './collectQueries.ts';
import { textNames } from './collectSections.ts';
import { loadMonths } from './collectWork.ts';
import { consolidatedFigures, flagsOf } from './consolidate.ts';
import { claimedMinutes } from './consolidateQueries.ts';

export function consolidateRoutes(mount: Mount): void {
  mount(contract.getConsolidation, (call) => consolidate(call, call.input.month));

  mount(contract.explainFlag, async (call) => {
    const { db, input, actor, now } = call;
    const flag = (await consolidate(call, input.month)).flags.find(({ key }) => key === input.key);
    if (!flag) throw notFound('conflict in this month');
    await insertExplanation(db, { month: input.month, councilCode: flag.councilCode, flag: input.key, explanation: input.explanation, by: actor.personId, at: now });
    await recordEvent(db, actor, { action: 'returnConflictExplained', subjectKind: 'monitoring_return', subjectId: `${input.month} ${input.key}`, councilCode: flag.councilCode, before: { explanation: flag.explanation }, after: { explanation: input.explanation, one: flag.one, other: flag.other } });
    return consolidate(call, input.month);
  });

  mount(contract.writeReturnWords, async (call) => {
    const { db, input, actor, now } = call;
    await insertText(db, { ...input, councilCode: null, by: actor.personId, at: now });
    await recordEvent(db, actor, { action: 'returnWordsWritten', subjectKind: 'monitoring_return', subjectId: input.month, after: { kind: input.kind, text: input.text } });
    return consolidate(call, input.month);
  });
}

async function consolidate({ db, scope, now }: Pick<Call<unknown>, 'db' | 'scope' | 'now'>, month: string): Promise<contract.Consolidation> {
  const { figures, months } = await loadMonths(db, { month, councils: scope.councils, now });
  const given = { figures, months, claimedMinutes: await claimedMinutes(db, month, scope.councils) };
  const explained = new Map((await listExplanations(db, month)).map((row) => [row.flag, row]));
  const texts = await listTexts(db, month, scope.councils);
  const office = (['narrative', 'risks', 'issues'] as const).map((kind) => {
    const row = texts.find((text) => text.councilCode === null && text.kind === kind);
    return { kind, name: textNames[kind], text: row?.text ?? '', by: row?.by ?? null, at: row?.at ?? null };
  });
  return {
    month,
    councils: months.map(({ councilCode, council, started, sections }) => ({ code: councilCode, name: council, started, sections: sections.map(({ code, state }) => ({ code, state })) })),
    sections: (months[0]?.sections ?? []).map(({ code, name }) => ({ code, name })),
    figures: consolidatedFigures(given),
    flags: flagsOf(given).map((flag) => ({ ...flag, explanation: explained.get(flag.key)?.explanation ?? '', explainedBy: explained.get(flag.key)?.by ?? null })),
    texts: office,
    councilTexts: texts.flatMap((text) => {
      const council = months.find(({ councilCode }) => councilCode === text.councilCode)?.council;
      return council && text.text !== '' ? [{ council, kind: text.kind, name: textNames[text.kind], text: text.text }] : [];
    }),
  };
}
