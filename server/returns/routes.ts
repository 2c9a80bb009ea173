/** Monitoring returns over HTTP. */
import { recordEvent } from '../audit.ts';
import { notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { writeWorkbook } from '../spreadsheet.ts';
import { getReturn, getReturnRows, getReturnVersion, getReturnWorkbook, keepReturnVersion, listReturns, monthlyDefinition } from './contract.ts';
import { deadlineOf, lastDayOf, localMonth, periodOf } from './deadline.ts';
import { definitionRoutes } from './definitionRoutes.ts';
import { exportRoutes } from './exportRoutes.ts';
import { findDefinition, findLiveSpan, listBankHolidays } from './queries.ts';
import { findReturn, makeReturn, openMonth, openVersion, packRows } from './returnWork.ts';
import { rowsOf } from './rows.ts';
import { findJourney } from './signOffQueries.ts';
import { signOffRoutes } from './signOffRoutes.ts';
import { findVersionFigures, listBoard, listVersions, lockReturn, saveVersion } from './versionQueries.ts';
import { versionRoutes } from './versionRoutes.ts';
import { returnBook, workbookName } from './workbook.ts';

export function returnRoutes(mount: Mount): void {
  signOffRoutes(mount);
  definitionRoutes(mount);
  versionRoutes(mount);
  exportRoutes(mount);

  mount(listReturns, async ({ db, input, scope, now }) => {
    const code = input.definition ?? monthlyDefinition;
    const current = localMonth(now);
    const latest = await findDefinition(db, code, input.month ?? current);
    if (!latest) throw notFound(`definition ${code}`);
    const which = { code, name: latest.name, frequency: latest.frequency };
    const live = await findLiveSpan(db, scope.councils);
    const last = live?.last && live.last < current ? live.last : current;
    if (!live || live.first > last || (input.month && (input.month < live.first || input.month > last))) return { months: [], definition: which };
    const { months: step } = periodOf(current, latest.frequency);
    const first = (month: string): string => periodOf(month, latest.frequency).month;
    const span = input.month ? { first: first(input.month), last: first(input.month) } : { first: first(live.first), last: first(last) };
    const rows = await listBoard(db, { ...span, months: step }, scope.councils, code);
    const holidays = await listBankHolidays(db);
    const months = [];
    for (const row of rows) {
      const definition = await findDefinition(db, code, row.month);
      const period = periodOf(row.month, latest.frequency);
      const due = definition ? deadlineOf(definition.deadline, { first: `${row.month}-01`, last: lastDayOf(period.lastMonth) }, holidays) : null;
      months.push({ ...row, monthEnded: period.lastMonth < current, dueOn: due });
    }
    return { months, definition: which };
  });

  mount(getReturn, async ({ db, input, scope, now }) => {
    const { figures, sha256, definition, monthEnded, loaded } = await makeReturn(db, { ...input, councils: scope.councils, now });
    const dueOn = deadlineOf(definition.deadline, { first: loaded.firstDay, last: loaded.lastDay }, await listBankHolidays(db));
    const { frequency, signatories } = definition;
    return { figures, sha256, monthEnded, dueOn, frequency, signatories, versions: await listVersions(db, definition.code, input.month), ...(await findJourney(db, definition.code, input.month)) };
  });

  mount(getReturnRows, async ({ db, input, scope, now }) => {
    const { month, definition: code = monthlyDefinition, version } = input;
    const opened = version === undefined ? await openMonth(db, { month, definition: code, councils: scope.councils, now })
      : scope.councils.includes('*') ? await openVersion(db, { month, definition: code, version }) : undefined;
    if (!opened) throw notFound('kept version of that month with its rows');
    const rows = rowsOf(opened.loaded, opened.definition, input);
    if (typeof rows === 'string') throw notFound(rows);
    return rows;
  });

  mount(getReturnWorkbook, async ({ db, input, scope, now }) => {
    const found = await findReturn(db, { ...input, councils: scope.councils, now });
    if (!found) throw notFound('kept version of that month');
    const { version } = found;
    const earlier = version !== null && version > 1 ? await findReturn(db, { ...input, version: version - 1, councils: scope.councils, now }) : undefined;
    const before = earlier && { version: (version ?? 0) - 1, figures: earlier.figures };
    const body = await writeWorkbook(returnBook(found.figures, { ...found, before }));
    return { fileName: workbookName(found.figures, found.version), body };
  });

  mount(keepReturnVersion, async ({ db, input, actor, person, now }) => {
    const code = input.definition ?? monthlyDefinition;
    const { figures, sha256, definition, loaded } = await makeReturn(db, { ...input, councils: ['*'], now });
    const returnId = await lockReturn(db, code, input.month);
    const before = (await listVersions(db, code, input.month)).at(-1);
    if (before?.sha256 === sha256) return { ...before, isNew: false };
    const version = (before?.version ?? 0) + 1;
    await saveVersion(db, { returnId, version, definitionVersion: definition.version, figures, sha256, madeBy: person?.id ?? null, madeAt: now, rows: packRows(loaded) });
    await recordEvent(db, actor, {
      action: 'returnVersionKept', subjectKind: 'monitoring_return', subjectId: returnId,
      before: before ? { version: before.version, sha256: before.sha256 } : null, after: { definition: code, month: input.month, version, sha256 },
    });
    return { version, definitionVersion: definition.version, sha256, madeAt: now.toISOString(), madeBy: person?.name ?? null, isNew: true };
  });

  mount(getReturnVersion, async ({ db, input, scope }) => {
    const code = input.definition ?? monthlyDefinition;
    // A kept version covers every council, so only those who see every council see it whole.
    const kept = scope.councils.includes('*') ? (await listVersions(db, code, input.month)).find(({ version }) => version === input.version) : undefined;
    const figures = kept && (await findVersionFigures(db, code, input.month, kept.version));
    if (!kept || !figures) throw notFound('kept version of that month');
    return { ...kept, figures };
  });
}
