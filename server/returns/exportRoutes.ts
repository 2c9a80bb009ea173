/** Returns as files over HTTP. */
import { canonicalJson } from '../canonical.ts';
import { AppError, invalid, notFound } from '../errors.ts';
import { monthsBetween } from '../hotspots/months.ts';
import type { Call, Mount } from '../mount.ts';
import { monthlyDefinition } from './contract.ts';
import { findTemplate, findTemplateMap } from './definitionQueries.ts';
import { getReturnCsv, getReturnJson, getReturnMonths, getReturnPdf, getReturnTemplate, returnForms } from './exportContract.ts';
import { csvFiles } from './exportCsv.ts';
import { monthsBook } from './exportMonthsWork.ts';
import { pdfPage } from './exportPdf.ts';
import { findChromium, printToPdf } from './pdfWork.ts';
import { findDefinition } from './queries.ts';
import { findReturn } from './returnWork.ts';
import { fillTemplate, openTemplate } from './template.ts';
import { fillingsOf } from './templateValues.ts';
import { fileStem } from './workbook.ts';
import { writeLongBook } from './workbookWriter.ts';
import { writeParts } from './workbookZip.ts';

interface Which {
  readonly month: string;
  readonly definition?: string | undefined;
  readonly version?: number | undefined;
}

export function exportRoutes(mount: Mount): void {
  mount(getReturnTemplate, async (call) => {
    const found = await asked(call);
    const { code, version } = found.definition;
    const map = await findTemplateMap(call.db, code, version);
    const template = map && (await findTemplate(call.db, map.templateId));
    if (!map || !template) throw new AppError(404, 'no_template', `The definition “${found.definition.name}” fills no template. Add the funder’s template to it and map its cells, under Returns, Definitions.`);
    const { fillings, faults } = fillingsOf(found.figures, map, found);
    const filled = faults.length === 0 ? await fillTemplate(await openTemplate(template.content), fillings) : { body: Buffer.alloc(0), faults: [] };
    const wrong = [...faults, ...filled.faults];
    if (wrong.length > 0) throw invalid(wrong.map(({ place, value, message }) => ({ field: place, message: `${place}${value === '' ? '' : ` (“${value}”)`}: ${message}` })));
    return { fileName: `${fileStem(found.figures, found.version)}-${template.fileName}`, body: filled.body };
  });

  mount(getReturnCsv, async (call) => {
    const found = await asked(call);
    const files = [...csvFiles(found.figures, found)].map(([name, content]) => ({ name, content, changedOn: found.made }));
    return { fileName: `${fileStem(found.figures, found.version)}-csv.zip`, body: await writeParts(files) };
  });

  mount(getReturnJson, async (call) => {
    const { figures, sha256, version } = await asked(call);
    return { fileName: `${fileStem(figures, version)}.json`, body: Buffer.from(`{"figures":${canonicalJson(figures)},"sha256":"${sha256}","version":${version}}`) };
  });

  // The printing takes seconds, and no transaction waits for it.
  mount.open(getReturnPdf, async (call) => {
    const found = await call.transaction((db) => asked({ ...call, db }));
    return { fileName: `${fileStem(found.figures, found.version)}.pdf`, body: await printToPdf(pdfPage(found.figures, found)) };
  });

  mount(returnForms, async ({ db, input: { month, definition = monthlyDefinition } }) => {
    const inForce = await findDefinition(db, definition, month);
    const map = inForce && (await findTemplateMap(db, definition, inForce.version));
    return { template: (map && (await findTemplate(db, map.templateId))?.title) ?? null, pdf: findChromium() !== undefined };
  });

  mount(getReturnMonths, async ({ db, scope, now, input: { from, to } }) => {
    const months = monthsBetween(from, to);
    if (months.length === 0 || months.length > 60) throw invalid([{ field: 'to', message: months.length === 0 ? 'The last month stands before the first. Exchange them.' : `${months.length} months are too many for one workbook. Ask for up to 60.` }]);
    const book = await monthsBook(db, { from, to, councils: scope.councils, now });
    return { fileName: `monitoring-returns-${from}-to-${to}${book.mark === undefined ? '' : '-demonstration-data'}.xlsx`, body: writeLongBook(book) };
  });
}

async function asked({ db, input, scope, now }: Pick<Call<Which>, 'db' | 'input' | 'scope' | 'now'>): Promise<NonNullable<Awaited<ReturnType<typeof findReturn>>>> {
  const found = await findReturn(db, { ...input, councils: scope.councils, now });
  if (!found) throw notFound('kept version of that month');
  return found;
}
