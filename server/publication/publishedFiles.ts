/** The files of a published version: CSV with its metadata (W3C, CSV on the Web), 360Giving JSON, and the licence. The same content gives the same bytes. Pure. */
import { csvFile, type CsvValue } from '../csv.ts';
import { type GrantsContent, isWards, prefixFault, type PublicationContent, type SpendingContent, type WardsContent } from './contract.ts';
import { openGovernmentLicence, threeSixtyPackage } from './threeSixty.ts';

export interface PublishedFile {
  readonly name: string;
  readonly type: string;
  readonly body: Buffer;
}

interface CsvColumn {
  readonly name: string;
  readonly title: string;
  readonly datatype: 'string' | 'date' | 'decimal' | 'integer';
  readonly describes: string;
}

interface CsvTable {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly CsvColumn[];
  readonly rows: readonly (readonly CsvValue[])[];
}

/** Pounds and pence with a point, whole pence in. */
export const poundsText = (pence: number): string => `${pence < 0 ? '-' : ''}${Math.trunc(Math.abs(pence) / 100)}.${String(Math.abs(pence) % 100).padStart(2, '0')}`;

/** Every file of a version; `issued` is the day it was made. */
export function filesOf(content: PublicationContent, { sha256, issued }: { sha256: string; issued: string }): PublishedFile[] {
  const table = tableOf(content);
  const json = (name: string, type: string, value: object): PublishedFile => ({ name, type, body: Buffer.from(`${JSON.stringify(value, null, 2)}\n`) });
  return [
    { name: table.name, type: 'text/csv; charset=utf-8', body: csvFile([table.columns.map(({ title }) => title), ...table.rows]) },
    json(`${table.name}-metadata.json`, 'application/csvm+json', metadataOf(table, content, { sha256, issued })),
    ...(content.kind === 'grants' && content.rows.length > 0 ? [json(table.name.replace('.csv', '-360giving.json'), 'application/json', threeSixtyPackage(content, issued))] : []),
    ...(isWards(content) && content.outlines.length > 0 ? [json(`hotspots-${content.month}.geojson`, 'application/geo+json', outlinesOf(content))] : []),
    { name: 'licence.txt', type: 'text/plain; charset=utf-8', body: Buffer.from(licenceText(content.publisher)) },
  ];
}

export const licenceText = (publisher: string): string => `© ${publisher}. You may use and re-use this information free of charge under the terms of the Open Government Licence version 3.0: ${openGovernmentLicence}. Say that it contains public sector information licensed under the Open Government Licence v3.0.\n`;

function metadataOf(table: CsvTable, content: PublicationContent, { sha256, issued }: { sha256: string; issued: string }): object {
  const { publisher, month, demonstration } = content;
  const unregistered = content.kind === 'grants' ? prefixFault(content.prefix) : null;
  const withheld = isWards(content) ? (content.withheld ?? []).map(({ says }) => ` ${says}`).join('') : '';
  return {
    '@context': ['http://www.w3.org/ns/csvw', { '@language': 'en' }],
    url: table.name, 'dc:title': table.title, 'dc:publisher': publisher, 'dc:license': openGovernmentLicence, 'dc:issued': issued, 'dc:temporal': month,
    'dc:description': `${demonstration ? 'Demonstration: invented figures. ' : ''}SHA-256 of the figures: ${sha256}${withheld}${unregistered === null ? '' : ` 360Giving file: ${unregistered}`}`,
    dialect: { header: true, encoding: 'utf-8', lineTerminators: ['\r\n'] },
    tableSchema: { columns: table.columns.map(({ name, title, datatype, describes }) => ({ name, titles: title, datatype, 'dc:description': describes })) },
  };
}

function tableOf(content: PublicationContent): CsvTable {
  if (content.kind === 'grants') return grantsTable(content);
  return content.kind === 'spending' ? spendingTable(content) : wardsTable(content);
}

const column = (name: string, title: string, datatype: CsvColumn['datatype'], describes: string): CsvColumn => ({ name, title, datatype, describes });

function grantsTable({ month, rows }: GrantsContent): CsvTable {
  return {
    name: `grants-${month}.csv`, title: `Crime and disorder reduction grants in force in ${month}`,
    columns: [
      column('reference', 'Reference', 'string', 'The agreement’s reference'), column('recipient', 'Recipient', 'string', 'Who receives the grant'),
      column('amount', 'Amount in pounds', 'decimal', 'The most the agreement pays, in pounds'), column('award_date', 'Awarded on', 'date', 'The day the last party signed, or the agreement’s first day'),
      column('starts_on', 'First day', 'date', 'First day of the agreement'), column('ends_on', 'Last day', 'date', 'Last day of the agreement'),
      column('purpose', 'Purpose', 'string', 'What the grant is for'), column('conditions', 'Conditions', 'string', 'Conditions of the grant, parted by semicolons'), column('reasons', 'Reasons', 'string', 'Why the grant was made'),
    ],
    rows: rows.map((row) => [row.reference, row.recipient, poundsText(row.amountPence), row.awardDate, row.startsOn, row.endsOn, row.purpose, row.conditions.join('; '), row.reasons]),
  };
}

function spendingTable({ month, overPence, rows }: SpendingContent): CsvTable {
  return {
    name: `spending-${month}.csv`, title: `Items over £${poundsText(overPence).replace('.00', '')} paid in ${month}`,
    columns: [
      column('reference', 'Reference', 'string', 'The payment’s reference'), column('recipient', 'Recipient', 'string', 'Who was paid'), column('paid_on', 'Paid on', 'date', 'The day of the payment'),
      column('amount', 'Amount in pounds', 'decimal', 'What was paid, in pounds'), column('purpose', 'Purpose', 'string', 'What it was for'), column('value_for_money', 'Value for money', 'string', 'Why it is good value for money'),
    ],
    rows: rows.map((row) => [row.reference, row.recipient, row.paidOn, poundsText(row.amountPence), row.purpose, row.valueForMoney]),
  };
}

function wardsTable({ kind, month, threshold, sources, actions, councils, wards, layers }: WardsContent): CsvTable {
  const patrols = layers.includes('ward_patrols');
  const hidden = `<${threshold}: 1 to ${threshold - 1}; [c]: hidden so that no small count can be worked out`;
  const councilName = new Map(councils.map(({ code, name }) => [code, name]));
  return {
    name: `${kind === 'partners page' ? 'partners-' : ''}wards-${month}.csv`, title: `Hotspot patrols by ward in ${month}${kind === 'partners page' ? ', for partners: not to be passed on' : ''}`,
    columns: [
      column('council', 'Council', 'string', 'Local authority'), column('ward_code', 'Ward code', 'string', 'ONS code of the ward in force on the month’s first day'), column('ward', 'Ward', 'string', 'Name of the ward'),
      ...(patrols ? [column('hotspots', 'Hotspots', 'integer', 'Agreed hotspots live in the month that lie mostly in the ward'), column('visits', 'Visits', 'integer', 'Visits to those hotspots'), column('person_minutes', 'Person-minutes', 'integer', 'Whole minutes of those visits times the persons on them')] : []),
      ...sources.map(({ code, name }) => column(`incidents_${code}`, `Incidents: ${name}`, 'string', `Anti-social behaviour incidents of the source in the ward; ${hidden}`)),
      ...actions.map(({ code, name }) => column(`actions_${code}`, name, 'string', `On visits to hotspots in the ward; ${hidden}`)),
    ],
    rows: wards.map((row) => [councilName.get(row.councilCode) ?? '', row.code, row.name, ...(patrols ? [row.hotspots, row.visits, row.personMinutes] : []), ...sources.map(({ code }) => row.incidents[code] ?? '0'), ...actions.map(({ code }) => row.actions[code] ?? '0')]),
  };
}

const outlinesOf = ({ outlines }: WardsContent): object => ({ type: 'FeatureCollection', features: outlines.map(({ name, councilCode, geometry }) => ({ type: 'Feature', properties: { name, council: councilCode }, geometry })) });
