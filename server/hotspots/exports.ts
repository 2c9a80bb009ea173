/** A run as files. Whatever leaves the service says what it is made from, how, and under which hash. Pure. */
import { cellRing } from '../../geo/cells.ts';
import { csvFile, type CsvValue } from '../csv.ts';
import type { Analysis, Candidate, HotCell, MultiPolygon, Provenance } from './contract.ts';
import type { GpkgContent, GpkgLayer, GpkgValue } from './geopackage.ts';

export interface RunToExport {
  readonly run: Analysis;
  readonly provenance: Provenance;
  readonly cells: readonly HotCell[];
  readonly candidates: readonly Candidate[];
}

export type Exported = 'cells' | 'candidates';
type Type = 'TEXT' | 'INTEGER' | 'DOUBLE' | 'BOOLEAN';
type ExportColumn<Row> = readonly [name: string, type: Type, value: (row: Row) => string | number | boolean | null];

const cellColumns: readonly ExportColumn<HotCell>[] = [
  ['rank', 'INTEGER', (row) => row.rank], ['rank_low', 'INTEGER', (row) => row.rankLow], ['rank_high', 'INTEGER', (row) => row.rankHigh],
  ['cell', 'TEXT', (row) => row.cell], ['place', 'TEXT', (row) => row.place], ['council_code', 'TEXT', (row) => row.councilCode], ['council', 'TEXT', (row) => row.council],
  ['ward_code', 'TEXT', (row) => row.wardCode], ['ward', 'TEXT', (row) => row.ward],
  ['incidents', 'INTEGER', (row) => row.n], ['weighted_incidents', 'DOUBLE', (row) => row.weighted], ['area_km2', 'DOUBLE', (row) => row.areaKm2],
  ['rate_per_km2_a_year', 'DOUBLE', (row) => row.rate], ['rate_low', 'DOUBLE', (row) => row.rateLow], ['rate_high', 'DOUBLE', (row) => row.rateHigh], ['smoothed_rate', 'DOUBLE', (row) => row.smoothedRate],
  ['gi_star_z', 'DOUBLE', (row) => row.z], ['p', 'DOUBLE', (row) => row.p],
  ['hot', 'BOOLEAN', (row) => row.falseDiscovery], ['hot_by_neighbours_only', 'BOOLEAN', (row) => row.neighbourOnly], ['candidate', 'BOOLEAN', (row) => row.candidate], ['points', 'INTEGER', (row) => row.points],
];

const candidateColumns: readonly ExportColumn<Candidate>[] = [
  ['rank', 'INTEGER', (row) => row.rank], ['name', 'TEXT', (row) => row.suggestedName], ['council_code', 'TEXT', (row) => row.councilCode], ['council', 'TEXT', (row) => row.council], ['ward', 'TEXT', (row) => row.ward],
  ['incidents', 'INTEGER', (row) => row.n], ['weighted_incidents', 'DOUBLE', (row) => row.weighted], ['area_km2', 'DOUBLE', (row) => row.areaKm2], ['across_metres', 'DOUBLE', (row) => row.acrossMetres],
  ['rate_per_km2_a_year', 'DOUBLE', (row) => row.rate], ['smoothed_rate', 'DOUBLE', (row) => row.smoothedRate], ['points', 'INTEGER', (row) => row.points],
  ['tags', 'TEXT', (row) => row.tags.join('; ')], ['why', 'TEXT', (row) => row.why], ['cells', 'TEXT', (row) => row.cells.join(' ')], ['hotspot', 'TEXT', (row) => row.hotspotName],
];

/** What every export says of itself, as names and values. */
export function statedOf({ run, provenance }: Pick<RunToExport, 'run' | 'provenance'>): [name: string, value: string][] {
  const { figures, parameters } = run;
  return [
    ['from', parameters.from], ['to', parameters.to], ['months_with_data', String(figures.months)],
    ['incidents', String(figures.in)], ['incidents_mapped', String(figures.mapped)], ['incidents_outside', String(figures.outside)], ['incidents_without_place', String(figures.withoutPlace)], ['incidents_at_excluded_geocodes', String(figures.excluded)],
    ['sources', provenance.sources.map((source) => `${source.name} (place ${source.locationPrecision}, time to the ${source.timePrecision})`).join('; ')],
    ['categories', provenance.categories.map((one) => one.name).join('; ')], ['councils', provenance.councils.map((one) => one.name).join('; ')],
    ['weights', provenance.weights.map(({ source, weight, validFrom, validTo, reason }) => `${source} ${weight} from ${validFrom}${validTo ? ` until before ${validTo}` : ''} (${reason})`).join('; ') || 'every source counts 1'],
    ['recording_changes_and_gaps', provenance.crossings.map(({ says }) => says).join(' ') || 'none noted within the period'],
    ['unit', provenance.unit], ['method', provenance.method], ['method_version', run.methodVersion], ['parameters', JSON.stringify(parameters)], ['seed', String(parameters.seed ?? 'none')],
    ['hash', run.hash], ['run', run.id], ['run_at', run.createdAt], ['data_months', run.dataVintage.months.map(({ source, month, importId }) => `${source} ${month} ${importId}`).join('; ')],
    ['attribution', provenance.attribution.join(' · ')],
  ];
}

/** In CSV the list of imports would stand in every row: it is left to the other formats. */
const notInRows = new Set(['data_months']);

/** `analysis-2023-04-to-2024-03-1a2b3c4d.csv`: the hash begins the file's name too. */
export function exportName({ parameters, hash }: Analysis, what: Exported | 'all', ending: string): string {
  return `analysis-${parameters.from}-to-${parameters.to}-${what === 'all' ? '' : `${what}-`}${hash.slice(0, 8)}.${ending}`;
}

export function runCsv(exported: RunToExport, what: Exported): Buffer {
  const stated = statedOf(exported).filter(([name]) => !notInRows.has(name));
  const tail = stated.map(([, value]) => value);
  const table = <Row>(columns: readonly ExportColumn<Row>[], rows: readonly Row[]): CsvValue[][] => [
    [...columns.map(([name]) => name), ...stated.map(([name]) => `run_${name}`)], ...rows.map((row) => [...columns.map(([, , value]) => value(row)), ...tail]),
  ];
  return csvFile(what === 'cells' ? table(cellColumns, exported.cells) : table(candidateColumns, exported.candidates));
}

const shapeOfCell = (cell: HotCell): MultiPolygon => ({ type: 'MultiPolygon', coordinates: [[cellRing(cell.cell)]] });

export function runGeoJson(exported: RunToExport, what: Exported): Buffer {
  const features = <Row>(columns: readonly ExportColumn<Row>[], rows: readonly Row[], shape: (row: Row) => MultiPolygon): unknown[] => rows.map((row) => ({
    type: 'Feature', geometry: shape(row), properties: Object.fromEntries(columns.map(([name, , value]) => [name, value(row)])),
  }));
  return Buffer.from(JSON.stringify({
    type: 'FeatureCollection', name: `${what} of run ${exported.run.id}`, provenance: Object.fromEntries(statedOf(exported)),
    features: what === 'cells' ? features(cellColumns, exported.cells, shapeOfCell) : features(candidateColumns, exported.candidates, ({ shape }) => shape),
  }));
}

export function runGeoPackage(exported: RunToExport): GpkgContent {
  const layer = <Row>(name: string, title: string, columns: readonly ExportColumn<Row>[], rows: readonly Row[], shape: (row: Row) => MultiPolygon): GpkgLayer => ({
    name, title, columns: columns.map(([column, type]) => [column, type] as const),
    rows: rows.map((row) => ({ shape: shape(row), values: columns.map(([, , value]) => plain(value(row))) })),
  });
  return {
    layers: [
      layer('ranked_cells', `Ranked cells, ${exported.run.parameters.from} to ${exported.run.parameters.to}`, cellColumns, exported.cells, shapeOfCell),
      layer('candidates', 'Candidate hotspots', candidateColumns, exported.candidates, ({ shape }) => shape),
    ],
    provenance: statedOf(exported), madeAt: exported.run.createdAt,
  };
}

const plain = (value: string | number | boolean | null): GpkgValue => (typeof value === 'boolean' ? Number(value) : value);
