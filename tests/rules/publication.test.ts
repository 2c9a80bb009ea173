/** The files of what is published, and the pages anybody reads. */
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { GrantsContent, WardsContent } from '../../server/publication/contract.ts';
import { packFiles } from '../../server/publication/pack.ts';
import { withConflicts } from '../../server/publication/press.ts';
import { html } from '../../server/publication/publicHtml.ts';
import { councilPage, easyReadPage, frontPage, type PublicFacts } from '../../server/publication/publicPages.ts';
import { filesOf } from '../../server/publication/publishedFiles.ts';
import { draftGrants, draftSpending } from '../../server/publication/statutory.ts';
import { threeSixtyPackage } from '../../server/publication/threeSixty.ts';
import { threeSixtyRules } from '../../server/publication/threeSixtyRules.ts';
import { limitTo } from '../../server/publication/wardFigures.ts';

const id = '00000000-0000-4000-8000-000000000001';
const row = {
  agreementId: id, reference: 'ASB-H', recipient: 'Hartlepool', recipientCode: 'E06000001', programme: 'Hotspot response pilot', amountPence: 25_000_009, awardDate: '2023-07-12',
  startsOn: '2023-07-01', endsOn: '2024-03-31', conditions: ['Training of every patrol officer', 'Briefing pack'], purpose: 'Patrols in agreed hotspots', reasons: '=cmd|Highest number of incidents',
};
const grants: GrantsContent = { kind: 'grants', month: '2023-10', publisher: 'The office', demonstration: false, prefix: '360G-example', funder: 'The office', rows: [row] };

describe('360Giving', () => {
  // ajv is CommonJS; its named export and the plugin's default meet here.
  const ajv = new Ajv({ strict: false, allErrors: true });
  (addFormats as unknown as (to: Ajv) => void)(ajv);
  const valid = ajv.compile(threeSixtyRules);

  test('the package holds to the rules of the published schema', () => {
    const made = threeSixtyPackage(grants, '2023-11-05');
    expect(valid(made), JSON.stringify(valid.errors)).toBe(true);
    expect(made).toMatchObject({ version: '1.1', grants: [{ id: '360G-example-ASB-H', currency: 'GBP', amountAwarded: 250000.09, awardDate: '2023-07-12', recipientOrganization: [{ id: '360G-example-ORG:E06000001', name: 'Hartlepool' }] }] });
  });

  test.each(['id', 'title', 'description', 'currency', 'amountAwarded', 'awardDate', 'recipientOrganization', 'fundingOrganization'])('and the rules do refuse a grant without %s', (field) => {
    const made = structuredClone(threeSixtyPackage(grants, '2023-11-05')) as { grants: Record<string, unknown>[] };
    delete made.grants[0]?.[field];
    expect(valid(made)).toBe(false);
  });

  test.each(['360G-hotspotpatrols', '', 'hotspots', '360G-'])('with the prefix “%s” it says loudly that it is not registered and how to get one, and passes nothing off as registered', (prefix) => {
    const made = threeSixtyPackage({ ...grants, prefix }, '2023-11-05') as { title: string; description: string };
    expect(valid(made), JSON.stringify(valid.errors)).toBe(true);
    expect(made).toMatchObject({ title: expect.stringMatching(/^NOT REGISTERED: /), description: expect.stringContaining('Ask the 360Giving helpdesk'), identifier: 'NOT-REGISTERED-grants-2023-10', grants: [{ id: 'NOT-REGISTERED-ASB-H' }] });
    expect(JSON.stringify(made)).not.toContain('360G-hotspotpatrols');
    expect(filesOf({ ...grants, prefix }, { sha256: 'x', issued: '2023-11-05' })[1]?.body.toString()).toContain('360Giving file: NOT REGISTERED');
    expect(filesOf(grants, { sha256: 'x', issued: '2023-11-05' })[1]?.body.toString()).not.toContain('NOT REGISTERED');
  });

  test('and a date that is none, an amount as text and no grant at all', () => {
    const bad = (change: object): boolean => valid({ ...threeSixtyPackage(grants, '2023-11-05'), ...change });
    const [grant] = (threeSixtyPackage(grants, '2023-11-05') as { grants: object[] }).grants;
    expect([bad({ grants: [{ ...grant, awardDate: '12 July 2023' }] }), bad({ grants: [{ ...grant, amountAwarded: '250000.09' }] }), bad({ grants: [] })]).toEqual([false, false, false]);
  });
});

describe('the statutory files', () => {
  test('grants: recipient, amount, conditions, purpose and reasons, with formulas inert', () => {
    const files = filesOf(grants, { sha256: 'x', issued: '2023-11-05' });
    expect(files.map(({ name }) => name)).toEqual(['grants-2023-10.csv', 'grants-2023-10.csv-metadata.json', 'grants-2023-10-360giving.json', 'licence.txt']);
    const text = files[0]?.body.toString() ?? '';
    expect(parse(text.replace('\uFEFF', ''))[1]).toEqual(['ASB-H', 'Hartlepool', '250000.09', '2023-07-12', '2023-07-01', '2024-03-31', 'Patrols in agreed hotspots', 'Training of every patrol officer; Briefing pack', `'=cmd|Highest number of incidents`]);
    const metadata = JSON.parse(files[1]?.body.toString() ?? '{}');
    expect(metadata).toMatchObject({ url: 'grants-2023-10.csv', 'dc:license': 'http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/' });
    expect(metadata.tableSchema.columns.map(({ titles }: { titles: string }) => titles)).toEqual(parse(text.replace('\uFEFF', ''))[0]);
    expect(files[3]?.body.toString()).toContain('Open Government Licence version 3.0');
  });

  test('a grant without conditions or reasons is named', () => {
    const { purpose, reasons, ...fact } = row;
    const { rows, ...about } = grants;
    const drafted = draftGrants([{ ...fact, conditions: [], termsPurpose: purpose, written: null }, { ...fact, termsPurpose: '', written: { purpose: 'p', reason: reasons, enteredBy: id } }], about);
    expect(drafted.faults.map(({ says }) => says)).toEqual([
      'ASB-H, Hartlepool: the reasons it was made are missing. Enter purpose and reasons below, then make the draft again.',
      'ASB-H, Hartlepool: its conditions are missing. Enter them on the agreement’s terms page, then make the draft again.',
    ]);
    expect([drafted.content.rows[0]?.purpose, drafted.writers, rows.length]).toEqual(['Patrols in agreed hotspots', [id], 1]);
  });

  test('items: £500.00 itself is not over £500', () => {
    const payment = { paymentId: id, agreementId: id, reference: 'B1', recipient: 'Hartlepool', paidOn: '2023-11-21', written: { purpose: 'p', reason: 'r', enteredBy: null } };
    const { content } = draftSpending([{ ...payment, amountPence: 50_000 }, { ...payment, amountPence: 50_001 }], { kind: 'spending', month: '2023-11', publisher: 'The office', demonstration: false, overPence: 50_000 });
    expect(content.rows.map(({ amountPence }) => amountPence)).toEqual([50_001]);
  });
});

const wards: WardsContent = {
  kind: 'public page', month: '2023-10', publisher: 'The office', demonstration: false, threshold: 10, layers: ['ward_actions', 'ward_incidents', 'ward_patrols'],
  sources: [{ code: 'police', name: 'Police', attribution: 'Source: the police.' }], actions: [{ code: 'enforcement', name: 'Enforcement actions' }],
  councils: [{ code: 'E1', name: 'Hart & Sons', hotspots: 2, visits: 31, personMinutes: 1385, started: '2023-10-02', incidents: { police: '120' }, actions: { enforcement: '<10' } },
    { code: 'E2', name: 'Later', hotspots: 1, visits: 0, personMinutes: 0, started: '2023-12-04', incidents: { police: '0' }, actions: { enforcement: '0' } }],
  wards: [{ code: 'W1', name: '<b>Throston</b>', councilCode: 'E1', hotspots: 2, visits: 31, personMinutes: 1385, incidents: { police: '[c]' }, actions: { enforcement: '<10' } }],
  totals: { incidents: {}, withoutWard: {}, actions: {} }, hotspots: [{ name: 'Station Square', ward: 'Throston', councilCode: 'E1', liveFrom: '2023-07-01' }], outlines: [],
};
const facts: PublicFacts = { publisher: 'The office', wards, files: [], words: { easyRead: 'Ask for easy read.', translation: 'Ask for your language.', report: 'Ring 101.' } };

describe('the public pages', () => {
  test('say in plain words what was done, and who had not started', () => {
    expect(frontPage(facts)).toContain('Wardens looked after 2 places, made 31 visits and spent 23 hours there in all; two wardens for one hour count as two. Incidents recorded: Police: 120.');
    expect(frontPage(facts)).toContain('Patrols had not started.');
    expect(easyReadPage(facts)).toContain('<li>In Later the wardens had not started.</li>');
    expect(councilPage(facts, 'E1')).toContain('<td class="govuk-table__cell govuk-table__cell--numeric">23 h 5 min</td>');
    expect(councilPage(facts, 'E9')).toBeUndefined();
  });

  test('say in plain words what a hidden number is, right under the table or in the sentence it stands in', () => {
    const page = councilPage(facts, 'E1') ?? '';
    const [incidents = '', actions = ''] = page.split('Incidents by ward, October 2023</caption>')[1]?.split('What wardens did by ward, October 2023</caption>') ?? [];
    expect(incidents).toContain('</table></div><p class="govuk-body-s signs">[c] means that a number is kept back, small or large,');
    expect(incidents).not.toContain('&lt;10 means');
    expect(actions).toContain('</table></div><p class="govuk-body-s signs">&lt;10 means that there were some, but fewer than 10:');
    const [first] = wards.councils;
    const hidden = frontPage({ ...facts, wards: { ...wards, sources: [...wards.sources, { code: 'council', name: 'Council', attribution: '' }], councils: [{ ...first!, incidents: { police: '[c]', council: '<10' } }] } });
    expect(hidden).toContain('Police: not shown, because with it somebody could work out a small number. Council: some, but fewer than 10.');
    expect(hidden).not.toContain('[c]');
  });

  test('markup in a name is text', () => {
    expect(councilPage(facts, 'E1')).toContain('&lt;b&gt;Throston&lt;/b&gt;');
    expect(html`<p title="${'"x"'}">${['<i>', html`<b>${'&'}</b>`]}</p>`.markup).toBe('<p title="&quot;x&quot;">&lt;i&gt;<b>&amp;</b></p>');
  });

  test('show nothing of a layer that is not public any more', () => {
    const limited = limitTo({ ...wards, layers: [...wards.layers, 'hotspot_names'] }, new Set(['ward_patrols']));
    expect([limited.sources, limited.actions, limited.hotspots, limited.layers]).toEqual([[], [], [], ['ward_patrols']]);
    const page = frontPage({ ...facts, wards: limited });
    expect(page).not.toContain('Station Square');
    expect(page).not.toContain('Incidents recorded');
  });
});

test('two press figures of one measure and period that differ are laid beside each other, others are not', () => {
  const figure = (changes: object) => ({ id, toldOn: '2025-06-01', toldTo: 'A', measure: 'Patrols', said: 's', value: 8670, unit: 'patrols', definition: 'd', periodFrom: '2024-04-01', periodTo: '2025-03-31', source: 's', snapshotSha256: null, enteredBy: null, ...changes });
  const found = withConflicts([figure({}), figure({ id: 'b', measure: ' patrols ', value: 12402, toldTo: 'B', definition: 'e' }), figure({ id: 'c', periodFrom: '2023-04-01', periodTo: '2024-03-31', value: 1 }), figure({ id: 'd', measure: 'Hours', value: 2 })]);
  expect(found.map(({ conflicts }) => conflicts.length)).toEqual([1, 1, 0, 0]);
  expect(found[0]?.conflicts[0]).toBe('12,402 patrols told to B on 2025-06-01 for the same period (3,732 apart), on another definition.');
});

test('an information pack hides small counts of what was done and says what to check before it is sent', () => {
  const files = packFiles({ subject: 'Station Square', publisher: 'The office', made: '2024-07-01', threshold: 10, events: [{ at: '2023-07-01T09:00:00Z', role: 'analyst', action: 'hotspotAdopted', reason: null, before: null, after: { state: 'live' } }], tables: { hotspot: [{ name: 'Station Square', live_from: '2023-07-01' }], actions: [{ year: '2023', action: 'Informal warnings', n: 4 }, { year: '2023', action: 'People spoken to', n: 40 }], patrols: [] } });
  expect(files.map(({ name }) => name)).toEqual(['README.txt', 'timeline.csv', 'hotspot.csv', 'actions.csv']);
  expect(files[3]?.body.toString()).toBe('\uFEFFyear,action,n\r\n2023,Informal warnings,<10\r\n2023,People spoken to,40\r\n');
  expect(files[0]?.body.toString()).toContain('section 31');
});
