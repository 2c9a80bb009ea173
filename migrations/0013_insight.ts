import type { Knex } from 'knex';

/** What concentration, back-tests and lists of repeat locations go by. */
export async function up(db: Knex): Promise<void> {
  await db('setting').insert(settings.map(([name, value, unit, describes, source]) => ({ name, value: JSON.stringify(value), unit, describes, source, valid_from: '2020-01-01' })));
}

/** Name, value, unit, what it is, and where it comes from. */
const settings: readonly [string, number | string, string, string, string][] = [
  ['back_test_train_months', 12, 'months', 'Months a back-test learns from before each month it is tested on', 'The window of an analysis: every season once'],
  ['back_test_area_share', 0.01, 'share', 'Share of the area a back-test marks, unless told', 'Office policy: about what patrols can cover'],
  ['repeat_location_fewest', 5, 'incidents', 'Incidents in the period that make a place a repeat location, unless told', 'Office policy: smaller numbers are not listed'],
  ['geocode_default_names', 'Police Station;Hospital;Council Office;Civic Centre;Prison;Fire Station', 'names', 'Place names where incidents are put when nobody knows where they happened: flagged in lists of places', 'Snap point types of data.police.uk, and the usual default addresses of control rooms'],
];
