/** `analyse`: the ranked hot cells of a period, from the same function as the job. */
import { runAnalysis, type AnalysisOutcome } from '../hotspots/analysisWork.ts';
import { startAnalysis } from '../hotspots/contract.ts';
import type { RankedCell } from '../hotspots/hotCells.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';

const actor = { personId: null, role: 'command line' };
const linesShown = 20;

export const analyse: Command = {
  usage: '[--from 2023-04] [--to 2024-03] [--resolution 9] [--council NAME or code,…] [--category asb, all or code,…] [--source code,…] [--top 20]',
  says: 'rank the cells where incidents gather, and keep the run',
  options: {
    from: { type: 'string' }, to: { type: 'string' }, resolution: { type: 'string' }, top: { type: 'string' },
    council: { type: 'string', multiple: true }, category: { type: 'string', multiple: true }, source: { type: 'string', multiple: true },
  },
  async run(context) {
    if (context.positionals.length > 0) throw new UsageError(`"${context.positionals.join(' ')}" is not understood. Use: hotspots analyse ${analyse.usage}`);
    const top = readTop(context.values['top']);
    const outcome = await runAnalysis(context.database.db, readAsked(context), { scope: ['*'], actor, now: new Date(), report: context.report });
    return { json: jsonOf(outcome), lines: linesOf(outcome, top) };
  },
};

function readAsked(context: CommandContext): ReturnType<typeof startAnalysis.input.parse> {
  const given = (name: string): unknown => context.values[name];
  // `--council "A,B"` and `--council A --council B` mean the same.
  const list = (name: string): string[] | undefined => [given(name) ?? []].flat().flatMap((value) => String(value).split(',')).filter(Boolean);
  const parsed = startAnalysis.input.safeParse({
    from: given('from'), to: given('to'), resolution: given('resolution'), council: list('council'), category: list('category'), source: list('source'),
  });
  if (parsed.success) return parsed.data;
  throw new UsageError(parsed.error.issues.map((issue) => `--${issue.path.join('.')} ${String(given(String(issue.path[0])))}: ${issue.message}`).join('\n'));
}

function readTop(value: unknown): number {
  const top = value === undefined ? linesShown : Number(value);
  if (!Number.isInteger(top) || top < 1) throw new UsageError(`--top ${String(value)} is not a number of rows. Give a whole number from 1.`);
  return top;
}

function jsonOf({ run, cells, provenance, warnings }: AnalysisOutcome): unknown {
  return { ...run, warnings, provenance, cells };
}

const columns: readonly [string, (cell: RankedCell, council: string) => string][] = [
  ['rank', (cell) => String(cell.rank)],
  ['cell', (cell) => cell.cell],
  ['council', (_cell, council) => council],
  ['place', (cell) => cell.place],
  ['n', (cell) => String(cell.n)],
  ['km²', (cell) => cell.areaKm2.toFixed(4)],
  ['rate', (cell) => cell.rate.toFixed(1)],
  ['95% interval', (cell) => `${cell.rateLow.toFixed(0)}-${cell.rateHigh.toFixed(0)}`],
  ['EB rate', (cell) => cell.smoothedRate.toFixed(1)],
  ['Gi* z', (cell) => cell.z.toFixed(2)],
  ['p', (cell) => (cell.p < 0.0001 ? '<0.0001' : cell.p.toFixed(4))],
  ['hot', (cell) => (cell.neighbourOnly ? 'neighbour only' : cell.falseDiscovery ? 'yes' : 'no')],
  ['candidate', (cell) => (cell.candidate ? 'yes' : 'no')],
];
const textColumns = new Set(['cell', 'council', 'place', 'hot', 'candidate']);

function linesOf({ run, cells, provenance, warnings }: AnalysisOutcome, top: number): string[] {
  const { figures } = run;
  const councils = new Map(provenance.councils.map(({ code, name }) => [code, name]));
  const names = (rows: readonly { name: string }[]): string => rows.map((row) => row.name).join(', ');
  return [
    `Hot cells, ${run.parameters.from} to ${run.parameters.to}, ${names(provenance.categories)}; ${names(provenance.councils)}; H3 resolution ${run.parameters.resolution}.`,
    '',
    ...tableOf(cells.slice(0, top), councils),
    ...(cells.length > top ? [`… and ${cells.length - top} more (--top, or --json for all).`] : []),
    '',
    `Incidents in ${figures.in} = mapped ${figures.mapped} + outside ${figures.outside} + without a place ${figures.withoutPlace}${figures.excluded > 0 ? ` + at excluded geocodes ${figures.excluded}` : ''}.`,
    `${figures.cells} cells over ${figures.areaKm2.toFixed(1)} km², ${figures.cellsWithIncidents} with incidents; the area’s rate is ${figures.meanRate.toFixed(1)} per km² a year.`,
    `${figures.hotCells} hot by Gi* under false-discovery control, ${figures.neighbourOnly} of them by their neighbours only; ${figures.candidates} candidates (at least ${figures.minimumCount} incidents and an interval above the area’s rate).`,
    'Rates are incidents per km² a year; ranked by empirical-Bayes rate (EB rate).',
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...provenance.attribution,
    `Run ${run.id}, method ${run.methodVersion}, hash ${run.hash}.`,
  ];
}

function tableOf(cells: readonly RankedCell[], councils: ReadonlyMap<string, string>): string[] {
  const rows = [columns.map(([name]) => name), ...cells.map((cell) => columns.map(([, write]) => write(cell, councils.get(cell.councilCode) ?? '')))];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  return rows.map((row) => row.map((text, column) => {
    const space = ' '.repeat((widths[column] ?? 0) - [...text].length);
    return textColumns.has(columns[column]?.[0] ?? '') ? text + space : space + text;
  }).join('  ').trimEnd());
}
