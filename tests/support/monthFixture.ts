/** October 2023 in four councils, small enough to count by hand. Every row says what it is there to show. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';

export const ids = {
  burnValley: '00000000-0000-4000-8000-00000000000a',
  townCentre: '00000000-0000-4000-8000-00000000000b',
  esplanade: '00000000-0000-4000-8000-00000000000c',
  highStreet: '00000000-0000-4000-8000-00000000000d',
  park: '00000000-0000-4000-8000-00000000000e',
  oldPlace: '00000000-0000-4000-8000-00000000000f',
};

const councils = { hartlepool: 'E06000001', middlesbrough: 'E06000002', redcar: 'E06000003', stockton: 'E06000004' };

/** West, south, east and north edge in metres of the National Grid. */
type Square = [number, number, number, number];

const hotspots: [id: string, name: string, council: string, liveFrom: string, liveTo: string | null, square: Square][] = [
  [ids.burnValley, 'Burn Valley', councils.hartlepool, '2023-08-01', null, [450_000, 532_000, 450_200, 532_200]],
  // Retired in the middle of the month: 15 October is its last live day.
  [ids.townCentre, 'Town Centre', councils.middlesbrough, '2023-08-01', '2023-10-16', [449_000, 520_000, 449_200, 520_200]],
  // Its council starts in December.
  [ids.esplanade, 'Esplanade', councils.redcar, '2023-08-01', null, [460_000, 525_000, 460_200, 525_200]],
  // Goes live in the month; a name a spreadsheet would run and XML must escape.
  [ids.highStreet, '=High <Street> & "Lane"', councils.stockton, '2023-10-10', null, [444_000, 519_000, 444_200, 519_200]],
  // Shares ground with the High Street.
  [ids.park, 'Park', councils.stockton, '2023-08-01', null, [444_100, 519_000, 444_300, 519_200]],
  // Over before the month began.
  [ids.oldPlace, 'Old Place', councils.stockton, '2023-05-01', '2023-10-01', [443_000, 519_000, 443_200, 519_200]],
];

interface Visit {
  hotspot: string;
  council: string;
  from: string;
  to: string;
  persons: number;
  patrol: string;
  staff?: string;
  extended?: boolean;
  joint?: boolean;
  actions?: Record<string, number>;
}

const { hartlepool, middlesbrough, stockton } = councils;
export const visits: readonly Visit[] = [
  // 30 minutes by two: 60 person-minutes.
  { hotspot: ids.burnValley, council: hartlepool, from: '2023-10-05T14:00+01', to: '2023-10-05T14:30+01', persons: 2, patrol: 'P1', actions: { informal_warning: 3 } },
  // 14 minutes and 59 seconds: 14 whole minutes, too short, 28 person-minutes.
  { hotspot: ids.burnValley, council: hartlepool, from: '2023-10-05T15:00+01', to: '2023-10-05T15:14:59+01', persons: 2, patrol: 'P1' },
  // Over the change of the clocks: the wall shows one hour, two pass. Extended activity.
  { hotspot: ids.burnValley, council: hartlepool, from: '2023-10-29T00:30+01', to: '2023-10-29T01:30+00', persons: 1, patrol: 'P2', extended: true },
  // Begins in October, ends in November: October's.
  { hotspot: ids.burnValley, council: hartlepool, from: '2023-10-31T23:50+00', to: '2023-11-01T00:20+00', persons: 2, patrol: 'P3', staff: 'police_officer', actions: { arrest: 1 } },
  // Half past midnight on 1 October in Britain is September by UTC; the council starts on the 5th, so it is left out.
  { hotspot: ids.burnValley, council: hartlepool, from: '2023-09-30T23:30+00', to: '2023-10-01T00:00+00', persons: 2, patrol: 'P0', actions: { informal_warning: 9 } },
  // Half past eleven on 30 September in Britain: no part of the month.
  { hotspot: ids.burnValley, council: hartlepool, from: '2023-09-30T22:30+00', to: '2023-09-30T23:00+00', persons: 2, patrol: 'P00' },
  // The last live evening; another council's patrol P1.
  { hotspot: ids.townCentre, council: middlesbrough, from: '2023-10-15T23:00+01', to: '2023-10-15T23:15+01', persons: 1, patrol: 'P1', staff: 'pcso' },
  // Ten minutes past midnight, the day after: left out.
  { hotspot: ids.townCentre, council: middlesbrough, from: '2023-10-16T00:10+01', to: '2023-10-16T00:40+01', persons: 1, patrol: 'P1', staff: 'pcso', actions: { informal_warning: 5 } },
  { hotspot: ids.highStreet, council: stockton, from: '2023-10-10T10:00+01', to: '2023-10-10T11:00+01', persons: 3, patrol: 'S1',
    actions: { community_protection_warning: 2, community_protection_notice: 1, fixed_penalty_litter: 1 } },
  // The day before it went live: left out.
  { hotspot: ids.highStreet, council: stockton, from: '2023-10-09T10:00+01', to: '2023-10-09T11:00+01', persons: 3, patrol: 'S0' },
  // The same patrol again: still one. The dispersal loses its police below, and is left out.
  { hotspot: ids.highStreet, council: stockton, from: '2023-10-20T11:00+01', to: '2023-10-20T11:20+01', persons: 3, patrol: 'S1', joint: true, actions: { dispersal: 1 } },
  // One patrol in two hotspots; 10 minutes by one of the other staff.
  { hotspot: ids.park, council: stockton, from: '2023-10-20T12:00+01', to: '2023-10-20T12:10+01', persons: 1, patrol: 'S1', staff: 'other' },
];

type Incident = [source: 'test-police' | 'test-street', category: 'test-asb' | 'test-burglary', at: [number, number], month: string, occurred: string | null];
const inBurnValley: [number, number] = [450_100, 532_100];
const inTownCentre: [number, number] = [449_100, 520_100];
const inEsplanade: [number, number] = [460_100, 525_100];
const inBoth: [number, number] = [444_150, 519_100];
const inPark: [number, number] = [444_250, 519_100];

const incidents: readonly Incident[] = [
  ['test-police', 'test-asb', inBurnValley, '2023-10', '2023-10-01T00:10+01'],
  ['test-police', 'test-asb', inBurnValley, '2023-10', '2023-10-12T20:00+01'],
  // On the outline's corner: inside.
  ['test-police', 'test-asb', [450_000, 532_000], '2023-10', '2023-10-31T23:59+00'],
  ['test-police', 'test-burglary', inBurnValley, '2023-10', '2023-10-12T20:00+01'],
  // A metre outside.
  ['test-police', 'test-asb', [450_201, 532_100], '2023-10', '2023-10-12T20:00+01'],
  ['test-street', 'test-asb', inBurnValley, '2023-10', null],
  ['test-street', 'test-asb', inBurnValley, '2023-10', null],
  // Counted now they would be 1; the frozen baseline of 5 stands.
  ['test-police', 'test-asb', inBurnValley, '2022-10', '2022-10-12T20:00+01'],
  ['test-police', 'test-asb', inTownCentre, '2023-10', '2023-10-10T20:00+01'],
  ['test-police', 'test-asb', inTownCentre, '2023-10', '2023-10-15T23:30+01'],
  ['test-police', 'test-asb', inTownCentre, '2023-10', '2023-10-16T00:10+01'],
  ['test-street', 'test-asb', inTownCentre, '2023-10', null],
  ['test-police', 'test-asb', inTownCentre, '2022-10', '2022-10-14T20:00+01'],
  ['test-police', 'test-asb', inTownCentre, '2022-10', '2022-10-20T20:00+01'],
  ['test-police', 'test-asb', inEsplanade, '2023-10', '2023-10-12T20:00+01'],
  ['test-police', 'test-asb', inBoth, '2023-10', '2023-10-12T20:00+01'],
  ['test-police', 'test-asb', inPark, '2023-10', '2023-10-03T20:00+01'],
];

const baselines: [id: string, source: string, n: number][] = [
  [ids.burnValley, 'test-police', 5], [ids.burnValley, 'test-street', 2],
  // Whole months: not comparable with half of one, but with a source that gives whole months.
  [ids.townCentre, 'test-police', 9], [ids.townCentre, 'test-street', 3],
];

/** Writes the month into a database that holds none of it. */
export async function fillMonth(db: Knex, options: { demonstration?: boolean } = {}): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('patrol_start').insert([
      { council_code: councils.hartlepool, started_on: '2023-10-05' }, { council_code: councils.middlesbrough, started_on: '2023-08-14' },
      { council_code: councils.redcar, started_on: '2023-12-04' }, { council_code: councils.stockton, started_on: '2023-08-14' },
    ]);
    await fillSources(trx, options.demonstration ?? false);
    for (const [id, name, council, from, to, square] of hotspots) await addHotspot(trx, { id, name, council, from, to, square });
    for (const visit of visits) await addVisit(trx, visit);
    await trx.raw(`update visit set joint_with_police = false where patrol_reference = 'S1'`);
    for (const incident of incidents) await addIncident(trx, incident);
    for (const [hotspot_id, source_code, n] of baselines) await trx('hotspot_baseline').insert({ hotspot_id, source_code, month: '2022-10-01', n });
  });
}

async function fillSources(trx: Knex, demonstration: boolean): Promise<void> {
  const shared = { publisher: 'Test', licence: 'None', attribution: 'Test', location_precision: 'exact' };
  await trx('source').insert([
    { code: 'test-police', name: 'Police log', time_precision: 'minute', demonstration, ...shared },
    { code: 'test-street', name: 'Street files', time_precision: 'month', demonstration: false, ...shared },
  ]);
  await trx('category').insert([{ code: 'test-asb', name: 'Nuisance', asb: true }, { code: 'test-burglary', name: 'Burglary', asb: false }]);
  for (const month of ['2022-10-01', '2023-10-01']) await trx.raw('select make_incident_partition(?)', [month]);
  const held = { rows: 1, import_id: randomUUID() };
  await trx('source_month').insert([
    { source_code: 'test-police', month: '2022-10-01', ...held }, { source_code: 'test-police', month: '2023-10-01', ...held },
    // A year before, this source was not imported.
    { source_code: 'test-street', month: '2023-10-01', ...held },
  ]);
  const count = { month: '2023-10-01', category_code: 'test-asb', resolution: 8, cell: '', council_code: '', n: 1 };
  await trx('incident_count').insert([{ source_code: 'test-police', ...count }, { source_code: 'test-street', ...count }]);
}

async function addHotspot(trx: Knex, row: { id: string; name: string; council: string; from: string; to: string | null; square: Square }): Promise<void> {
  await trx.raw(
    `insert into hotspot (id, name, council_code, reason, state, live_from, live_to, outline, outline_27700)
     select :id, :name, :council, 'test', case when :to::date is null then 'live' else 'retired' end, :from, :to::date, st_transform(shape, 4326), shape
     from st_multi(st_makeenvelope(:west, :south, :east, :north, 27700)) as shape`,
    { ...row, square: null, west: row.square[0], south: row.square[1], east: row.square[2], north: row.square[3] },
  );
}

async function addVisit(trx: Knex, visit: Visit): Promise<void> {
  const id = randomUUID();
  await trx('visit').insert({
    id, hotspot_id: visit.hotspot, council_code: visit.council, started_at: visit.from, ended_at: visit.to, staff_category: visit.staff ?? 'warden', persons: visit.persons,
    extended: visit.extended ?? false, joint_with_police: visit.joint ?? false, recorded_how: 'self_report', patrol_reference: visit.patrol, note: 'a note that must not leave',
  });
  for (const [action_code, n] of Object.entries(visit.actions ?? {})) await trx('visit_action').insert({ visit_id: id, action_code, n });
}

async function addIncident(trx: Knex, [source, category, [easting, northing], month, occurred]: Incident): Promise<void> {
  await trx.raw(
    `insert into location (easting, northing, lng, lat, cell8, cell9, cell10)
     select :easting, :northing, st_x(point), st_y(point), '', '', '' from st_transform(st_setsrid(st_makepoint(:easting, :northing), 27700), 4326) as point
     on conflict do nothing`, { easting, northing });
  await trx.raw(
    `insert into incident (month, source_code, category_code, location_id, occurred_from, place_name, import_id)
     select :month, :source, :category, id, :occurred::timestamptz, 'On or near', :import from location where easting = :easting and northing = :northing`,
    { month: `${month}-01`, source, category, occurred, easting, northing, import: randomUUID() });
}
