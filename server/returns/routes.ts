/** Monitoring returns over HTTP. */
import { recordEvent } from '../audit.ts';
import { notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { writeWorkbook } from '../spreadsheet.ts';
import { getReturn, getReturnRows, getReturnVersion, getReturnWorkbook, keepReturnVersion, listReturns } from './contract.ts';
import { dueOn, localMonth } from './deadline.ts';
import { findDefinition, findLiveSpan, listBankHolidays } from './queries.ts';
import { makeReturn, monthlyDefinition, openMonth } from './returnWork.ts';
import { rowsOf } from './rows.ts';
import { findVersionFigures, listBoard, listVersions, lockReturn, saveVersion } from './versionQueries.ts';
import { findJourney } from './signOffQueries.ts';
import { signOffRoutes } from './signOffRoutes.ts';
import { returnBook, workbookName } from './workbook.ts';

export function returnRoutes(mount: Mount): void {
  signOffRoutes(mount);

  mount(listReturns, async ({ db, input, scope, now }) => {
    const live = await findLiveSpan(db, scope.councils);
    const current = localMonth(now);
    const last = live?.last && live.last < current ? live.last : current;
    if (!live || live.first > last || (input.month && (input.month < live.first || input.month > last))) return { months: [] };
    const span = input.month ? { first: input.month, last: input.month } : { first: live.first, last };
    const rows = await listBoard(db, span, scope.councils, monthlyDefinition);
    const holidays = await listBankHolidays(db);
    const months = [];
    for (const row of rows) {
      const definition = await findDefinition(db, monthlyDefinition, row.month);
      months.push({ ...row, monthEnded: row.month < current, dueOn: definition ? dueOn(row.month, definition.deadline.workingDay, holidays) : null });
    }
    return { months };
  });

  mount(getReturn, async ({ db, input, scope, now }) => {
    const { figures, sha256, definition, monthEnded } = await makeReturn(db, { month: input.month, councils: scope.councils, now });
    const due = dueOn(input.month, definition.deadline.workingDay, await listBankHolidays(db));
    return { figures, sha256, monthEnded, dueOn: due, versions: await listVersions(db, definition.code, input.month), ...(await findJourney(db, definition.code, input.month)) };
  });

  mount(getReturnRows, async ({ db, input, scope, now }) => {
    const { loaded, definition } = await openMonth(db, { month: input.month, councils: scope.councils, now });
    const rows = rowsOf(loaded, definition, input);
    if (typeof rows === 'string') throw notFound(rows);
    return rows;
  });

  mount(getReturnWorkbook, async ({ db, input, scope, now }) => {
    const made = await makeReturn(db, { month: input.month, councils: scope.councils, now });
    const body = await writeWorkbook(returnBook(made.figures, { ...made, made: now }));
    return { fileName: workbookName(made.figures), body };
  });

  mount(keepReturnVersion, async ({ db, input, actor, person, now }) => {
    const returnId = await lockReturn(db, monthlyDefinition, input.month);
    const { figures, sha256, definition } = await makeReturn(db, { month: input.month, councils: ['*'], now });
    const before = (await listVersions(db, definition.code, input.month)).at(-1);
    if (before?.sha256 === sha256) return { ...before, isNew: false };
    const version = (before?.version ?? 0) + 1;
    await saveVersion(db, { returnId, version, definitionVersion: definition.version, figures, sha256, madeBy: person?.id ?? null, madeAt: now });
    await recordEvent(db, actor, {
      action: 'returnVersionKept', subjectKind: 'monitoring_return', subjectId: returnId,
      before: before ? { version: before.version, sha256: before.sha256 } : null, after: { month: input.month, version, sha256 },
    });
    return { version, definitionVersion: definition.version, sha256, madeAt: now.toISOString(), madeBy: person?.name ?? null, isNew: true };
  });

  mount(getReturnVersion, async ({ db, input, scope }) => {
    // A kept version covers every council, so only those who see every council see it whole.
    const kept = scope.councils.includes('*') ? (await listVersions(db, monthlyDefinition, input.month)).find(({ version }) => version === input.version) : undefined;
    const figures = kept && (await findVersionFigures(db, monthlyDefinition, input.month, kept.version));
    if (!kept || !figures) throw notFound('kept version of that month');
    return { ...kept, figures };
  });
}
