/** Reports over HTTP: on the screen, as CSV, as a workbook. */
import type { z } from 'zod';
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import { findChromium, printToPdf } from '../returns/pdfWork.ts';
import { findOrganisationName } from '../returns/queries.ts';
import { sayMonth } from '../returns/words.ts';
import { lastDayOf } from '../returns/deadline.ts';
import { addMonths } from '../hotspots/months.ts';
import type { Call, Mount } from '../mount.ts';
import { loadSolver } from '../patrols/solver.ts';
import { localDay } from '../patrols/visits.ts';
import { settingsOn } from '../settings/queries.ts';
import { writeWorkbook } from '../spreadsheet.ts';
import * as contract from './contract.ts';
import { equalityReport } from './equality.ts';
import { loadEquality } from './equalityQueries.ts';
import { partnershipReport } from './partnership.ts';
import { reportBook, reportCsv } from './reportFiles.ts';
import { reportPage } from './reportPdf.ts';
import * as load from './reportQueries.ts';
import { scrutinyReport } from './scrutiny.ts';
import { taskingReport } from './tasking.ts';
import { wardReport } from './wardReport.ts';
import * as work from './workQueries.ts';

type Input = z.output<typeof contract.getReport.input>;
type Asked = Pick<Call<Input>, 'db' | 'input' | 'scope' | 'now'>;

const mostMonths = 12;

export function evaluationRoutes(mount: Mount): void {
  mount(contract.listReportChoices, async ({ db, scope }) => ({ councils: await load.listCouncils(db, scope.councils), sources: await load.listSources(db), ...(await load.findMonths(db)), hotspots: await work.listHotspotNames(db), pdf: findChromium() !== undefined }));

  mount(contract.getReport, (call) => make(call));

  mount(contract.getReportCsv, async (call) => ({ fileName: `${nameOf(call.input)}.csv`, body: reportCsv(await make(call)) }));

  mount(contract.getReportWorkbook, async (call) => ({ fileName: `${nameOf(call.input)}.xlsx`, body: await writeWorkbook(reportBook(await make(call), { author: 'Hotspot Patrols', made: call.now })) }));

  // The printing takes seconds, and no transaction waits for it.
  mount.open(contract.getReportPdf, async (call) => {
    const { report, author } = await call.transaction(async (db) => ({ report: await make({ ...call, db }), author: await findOrganisationName(db) }));
    return { fileName: `${nameOf(call.input)}.pdf`, body: await printToPdf(reportPage(report, { author, made: call.now })) };
  });

  mount(contract.enterTasking, async ({ db, actor, person, scope, input: { entryId, ...given } }) => {
    const councilCode = await work.findHotspotCouncil(db, scope.councils, given.hotspotId);
    if (!councilCode) throw notFound('hotspot');
    await work.insertTasking(db, { id: entryId, ...given, by: person?.id ?? null });
    await recordEvent(db, actor, { action: 'taskingEntered', subjectKind: 'hotspot', subjectId: given.hotspotId, councilCode, after: given });
    return { entered: true as const };
  });
}

const nameOf = ({ kind, council, from, to }: Input): string => `${kind}-${council.replace(/[^A-Za-z0-9-]+/g, '-')}-${from}${from === to ? '' : `-${to}`}`;

async function make({ db, input, scope, now }: Asked): Promise<contract.Report> {
  const { kind, council, from, to } = input;
  if (to < from) throw invalid([{ field: 'to', message: `${to} is before ${from}. Give the first month and then the last.` }]);
  if (addMonths(from, mostMonths) <= to) throw invalid([{ field: 'to', message: `A report covers at most ${mostMonths} months. Choose a shorter period.` }]);
  const councils = await load.listCouncils(db, scope.councils);
  const own = councils.find(({ code }) => code === council);
  if (!own) throw notFound('council');
  const known = await load.listSources(db);
  const unknown = input.source?.find((code) => !known.some((each) => each.code === code));
  if (unknown !== undefined) throw invalid([{ field: 'source', message: `No source “${unknown}” holds anything. Choose one from the list.` }]);
  // Where hotspots are tasked by incidents, fires and the like count only when they are asked for.
  const usual = known.filter(({ asb }) => kind === 'partnership' || asb).map(({ code }) => code);
  const settings = await settingsOn(db, localDay(now.toISOString()));
  const number = (name: string, otherwise: number): number => Number(settings.get(name) ?? otherwise);
  const threshold = number('disclosure_threshold', 10);
  const asked = { council, from, to, sources: input.source ?? usual, boundariesOn: input.boundariesOn ?? `${from}-01` };
  const period = from === to ? sayMonth(from) : `${sayMonth(from)} to ${sayMonth(to)}`;
  if (kind === 'partnership') return partnershipReport(await load.loadPartnership(db, asked, councils, threshold), await loadSolver());
  const demonstration = await load.isDemonstration(db);
  if (kind === 'ward') return wardReport({ councilName: own.name, period, boundariesOn: asked.boundariesOn, demonstration, threshold, wards: await work.listWardWork(db, asked) }, await loadSolver());
  if (kind === 'equality') return equalityReport({ councilName: own.name, period, demonstration, ...(await loadEquality(db, asked)) });
  if (kind === 'scrutiny') return scrutinyReport({ period, demonstration, until: lastDayOf(to), rows: await work.listScrutiny(db, asked) });
  const rule = { redChange: number('tasking_red_change', 0.2), amberDelivered: number('tasking_amber_delivered', 0.8), maxGapDays: number('allocation_max_gap_days', 4) };
  return taskingReport({ councilName: own.name, period: sayMonth(to), demonstration, rule, hotspots: await work.listTasking(db, { ...asked, from: to }, asked.sources) });
}
