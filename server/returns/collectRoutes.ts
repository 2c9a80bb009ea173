/** Collecting a month from the councils, over HTTP. */
import type { Call, Mount } from '../mount.ts';
import * as contract from './collectContract.ts';
import { listBoardCounts } from './collectQueries.ts';
import { openConflicts } from './consolidateWork.ts';
import { boardOf, type CollectContext, confirm, datesOf, loadCouncilMonth, loadMonths, step, writeWords } from './collectWork.ts';

const contextOf = ({ db, actor, scope, now }: Pick<Call<unknown>, 'db' | 'actor' | 'scope' | 'now'>): CollectContext => ({ db, actor, councils: scope.councils, now });

export function collectRoutes(mount: Mount): void {
  mount(contract.getCollectingBoard, async ({ db, input, scope, now }) => {
    const asked = { month: input.month, councils: scope.councils, now };
    const loaded = await loadMonths(db, asked);
    const dates = await datesOf(db, loaded.definition, { month: input.month, now });
    return boardOf(input.month, loaded.months, { counts: await listBoardCounts(db, input.month, scope.councils), conflicts: await openConflicts(db, asked, loaded), dates, now });
  });

  mount(contract.getCouncilMonth, async (call) => (await loadCouncilMonth(contextOf(call), call.input)).own);
  mount(contract.confirmFigures, (call) => confirm(contextOf(call), call.input));
  mount(contract.writeCouncilWords, (call) => writeWords(contextOf(call), call.input));
  mount(contract.sendSection, (call) => step(contextOf(call), call.input));
  mount(contract.answerSection, (call) => step(contextOf(call), call.input));
}
