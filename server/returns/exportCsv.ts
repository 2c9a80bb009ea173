/** A return's figures as tidy CSV, one figure a row, with the metadata that says what each column is (CSV on the Web, W3C). Pure. */
import { csvFile, type CsvValue } from '../csv.ts';
import type { Figure, MonthlyFigures } from './contract.ts';
import { lastDayOf } from './deadline.ts';

interface CsvColumn {
  readonly name: string;
  readonly title: string;
  readonly datatype: string;
  readonly says: string;
}

const columns: readonly CsvColumn[] = [
  { name: 'period_from', title: 'Period from', datatype: 'date', says: 'First day of the period.' },
  { name: 'period_to', title: 'Period to', datatype: 'date', says: 'Last day of the period.' },
  { name: 'area_kind', title: 'Kind of area', datatype: 'string', says: 'hotspot, council or all.' },
  { name: 'area_id', title: 'Area id', datatype: 'string', says: 'Id of the hotspot, ONS code of the council, or all.' },
  { name: 'area', title: 'Area', datatype: 'string', says: 'Its name.' },
  { name: 'council_code', title: 'Council code', datatype: 'string', says: 'ONS code of the council; empty for all together.' },
  { name: 'figure', title: 'Figure', datatype: 'string', says: 'Code of the figure; definitions.csv says what it counts.' },
  { name: 'part', title: 'Part', datatype: 'string', says: 'Part of its breakdown; empty for all of them.' },
  { name: 'unit', title: 'Unit', datatype: 'string', says: 'count, person-minutes, per cent (to one decimal) or pence.' },
  { name: 'value', title: 'Value', datatype: 'decimal', says: 'Empty where there is none; 0 is a count of none.' },
  { name: 'status', title: 'Status', datatype: 'string', says: 'counted, or why there is no value: not started, not available, not applicable.' },
  { name: 'why', title: 'Why', datatype: 'string', says: 'Why there is no value, in words.' },
  { name: 'counted_from', title: 'Counted from', datatype: 'string', says: 'What was counted, or the formula.' },
  { name: 'rows', title: 'Rows', datatype: 'anyURI', says: 'Where the rows behind the figure are served.' },
];

const definitionColumns: readonly CsvColumn[] = [
  { name: 'figure', title: 'Figure', datatype: 'string', says: 'Code of the figure.' },
  { name: 'name', title: 'Name', datatype: 'string', says: 'Its name.' },
  { name: 'unit', title: 'Unit', datatype: 'string', says: 'Its unit.' },
  { name: 'breakdown', title: 'Breakdown', datatype: 'string', says: 'What its parts are.' },
  { name: 'definition', title: 'Definition', datatype: 'string', says: 'What is counted.' },
  { name: 'formula', title: 'Formula', datatype: 'string', says: 'What it is worked from; empty for what is counted.' },
  { name: 'basis', title: 'Basis', datatype: 'string', says: 'Where the field comes from; inferred is this office’s reading.' },
  { name: 'collected', title: 'Collected', datatype: 'boolean', says: 'Whether this service counts it.' },
];

export interface CsvAbout {
  readonly sha256: string;
  readonly version: number | null;
  readonly made: Date;
}

/** The files of a return as CSV, by name. */
export function csvFiles(figures: MonthlyFigures, about: CsvAbout): Map<string, Buffer> {
  const head = (list: readonly CsvColumn[]): string[] => list.map(({ name }) => name);
  return new Map([
    ['figures.csv', csvFile([head(columns), ...figureRows(figures)])],
    ['definitions.csv', csvFile([head(definitionColumns), ...definitionRows(figures)])],
    ['csv-metadata.json', Buffer.from(`${JSON.stringify(metadata(figures, about), null, 2)}\n`)],
  ]);
}

function figureRows(figures: MonthlyFigures): CsvValue[][] {
  const period = [`${figures.month}-01`, lastDayOf(figures.lastMonth ?? figures.month)];
  const unitOf = new Map(figures.fields.map(({ code, unit }) => [code, unit]));
  const line = (area: readonly CsvValue[], { field, breakdown, value, status, why, from, rows }: Figure): CsvValue[] => [...period, ...area, field, breakdown, unitOf.get(field), value, status, why, from, rows];
  return [
    ...figures.areas.flatMap((area) => area.figures.map((figure) => line(area.councilCode === null ? ['all', 'all', area.name, null] : ['council', area.councilCode, area.name, area.councilCode], figure))),
    ...figures.hotspots.flatMap((hotspot) => hotspot.figures.map((figure) => line(['hotspot', hotspot.id, hotspot.name, hotspot.councilCode], figure))),
  ];
}

function definitionRows({ fields }: MonthlyFigures): CsvValue[][] {
  return fields.map(({ code, name, unit, breakdown, definition, formula, basis, measure }) => [code, name, unit, breakdown, definition, formula ?? null, basis, measure !== null || formula !== undefined]);
}

/** W3C Recommendation, Metadata Vocabulary for Tabular Data, 17 December 2015. */
function metadata(figures: MonthlyFigures, { sha256, version, made }: CsvAbout): object {
  const { definition } = figures;
  const schema = (list: readonly CsvColumn[], key: readonly string[]): object => ({
    columns: list.map(({ name, title, datatype, says }) => ({ name, titles: name, datatype, 'dc:title': title, 'dc:description': says, ...(datatype === 'decimal' ? { null: '' } : {}) })), primaryKey: key,
  });
  return {
    '@context': ['http://www.w3.org/ns/csvw', { '@language': 'en' }],
    'dc:title': `${definition.name}, ${figures.month}${figures.lastMonth ? ` to ${figures.lastMonth}` : ''}${figures.demonstration ? ' (demonstration data)' : ''}`,
    'dc:creator': figures.organisation,
    'dc:issued': { '@value': made.toISOString().slice(0, 10), '@type': 'xsd:date' },
    'dc:description': `Definition ${definition.code}, version ${definition.version}. ${definition.basis} ${version === null ? 'Made now and not kept.' : `Version ${version} of the return.`} SHA-256 of the canonical JSON of the figures: ${sha256}.`,
    'dc:source': figures.sources.map(({ name, publisher, licence }) => `${name}, ${publisher}, ${licence}`),
    dialect: { encoding: 'utf-8', lineTerminators: ['\r\n'], delimiter: ',', quoteChar: '"', header: true },
    'dc:format': 'A text that a spreadsheet would run as a formula is led by an apostrophe.',
    tables: [
      { url: 'figures.csv', tableSchema: schema(columns, ['area_kind', 'area_id', 'figure', 'part']) },
      { url: 'definitions.csv', tableSchema: schema(definitionColumns, ['figure']) },
    ],
  };
}
