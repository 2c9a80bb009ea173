/** A claim as a council lead, its finance officer, the grant manager and the finance approver see it, on a desk and on a phone. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { firstVersion, lockForTerms, makeVersion } from '../../server/terms/versionWork.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addClaimable, threeHeads } from '../support/claims.ts';
import { addLedger, asOffice } from '../support/ledger.ts';
import { addHotspot, addWarden, hartlepool, startPatrols, visitOf } from '../support/patrols.ts';
import { faultsOf, openScreens, press, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
let agreementId: string;
let path: string;
beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes(), now: () => new Date('2023-11-07T10:00:00Z') });
  agreementId = (await addClaimable(service)).agreement.id;
  screens = await openScreens(service);
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

/** An agreement of Hartlepool that pays verified hours, with one of them recorded. */
async function addHours(): Promise<string> {
  const { db } = service.database;
  const made = await addLedger(db, { ceilingPence: 1_000_000, rate: 2000 }, { heads: threeHeads });
  await asOffice(db, async (context) => {
    await lockForTerms(context.db, [made.agreement.id]);
    await makeVersion(context, made.agreement, firstVersion(made.agreement, { paymentBasis: 'hours', heads: threeHeads }));
  });
  const hotspotId = await addHotspot(db, { name: 'Riverside' });
  await startPatrols(db, hartlepool);
  const warden = await addWarden(db, 'W1');
  for (const kind of ['vetting', 'training']) await db('warden_clearance').insert({ id: randomUUID(), warden_id: warden, kind, valid_from: '2023-07-01' });
  const lead = await service.client('lead@hartlepool.demo');
  await lead.post('/api/visits').send(visitOf(hotspotId, { startedAt: '2023-08-08 10:00', endedAt: '2023-08-08 10:31', persons: 1, wardens: ['W1'] })).expect(200);
  return made.agreement.id;
}

const has = (page: Page, words: string): Promise<void> => page.getByText(words).first().waitFor();

test('a lead prepares a claim from the agreement’s page, line by line, with evidence', async () => {
  const lead = await screens.own('lead@hartlepool.demo');
  await screens.open(lead, `/agreements/${agreementId}/claims`);
  expect(await faultsOf(lead, 'claims-none')).toEqual([]);
  await press(lead, 'Prepare a claim');
  await lead.waitForURL(/\/claims\/[0-9a-f-]+$/);
  path = new URL(lead.url()).pathname;
  await lead.getByLabel('Budget head').selectOption('Wardens');
  await lead.getByLabel('What it is for').fill('Pay of four wardens');
  await lead.getByLabel('Amount paid, with VAT').fill('1,23');
  await press(lead, 'Keep the line');
  await has(lead, 'has a comma in an unusual place');
  await lead.getByLabel('Amount paid, with VAT').fill('-12');
  await press(lead, 'Keep the line');
  await has(lead, 'A line is over £0.00.');
  expect(await faultsOf(lead, 'claim-error')).toEqual([]);
  await lead.getByLabel('Amount paid, with VAT').fill('£1,234.56');
  await press(lead, 'Keep the line');
  await has(lead, 'The line is kept.');
  await lead.getByLabel('Budget head').selectOption('Vehicles');
  await lead.getByLabel('What it is for').fill('Hire of a van');
  await lead.getByLabel('Amount paid, with VAT').fill(' 600 ');
  await lead.getByLabel('VAT in it that the council can recover').fill('100');
  await press(lead, 'Keep the line');
  await lead.getByRole('row', { name: 'Hire of a van' }).waitFor();
  expect(await lead.getByRole('row', { name: 'Hire of a van' }).textContent()).toContain('£500.00');
  await lead.getByRole('row', { name: 'Hire of a van' }).getByRole('button', { name: 'Evidence: none of Hire of a van' }).click();
  await lead.getByText('Add evidence').first().click();
  await lead.getByLabel('What it shows').fill('Invoice of the van');
  await lead.getByLabel('File').setInputFiles({ name: 'invoice.txt', mimeType: 'text/plain', buffer: Buffer.from('Van, ten weeks') });
  await press(lead, 'Add evidence');
  await lead.getByRole('button', { name: 'Evidence: 1 of Hire of a van' }).waitFor();
  expect(await faultsOf(lead, 'claim-draft')).toEqual([]);
  expect(await lead.getByRole('button', { name: 'Submit the claim' }).count()).toBe(0);
});

test('the finance officer confirms what grant never pays for, says why it is late, and submits', async () => {
  const officer = await screens.own('finance@hartlepool.demo');
  await screens.open(officer, path);
  await has(officer, 'Entertaining and hospitality');
  await press(officer, 'Submit the claim');
  await has(officer, 'There is a problem');
  await officer.getByLabel('Why it is 7 days late').fill('Payroll closed late');
  await officer.getByLabel('None of this is in the claim').check();
  expect(await faultsOf(officer, 'claim-submit')).toEqual([]);
  await press(officer, 'Submit the claim');
  await has(officer, 'The claim is submitted, and its money is held.');
  await has(officer, '7 days late');
});

test('the grant manager asks and the council replies', async () => {
  const manager = await screens.own('manager@opcc.demo');
  await screens.open(manager, path);
  await manager.getByText('Ask the council about it').click();
  await manager.getByLabel('Query').fill('Which weeks was the van hired for?');
  await press(manager, 'Send the query');
  await has(manager, 'The query is sent.');
  const lead = await screens.own('lead@hartlepool.demo');
  await screens.open(lead, path);
  await lead.getByLabel('Reply').fill('Ten weeks from 24 July');
  await press(lead, 'Send the reply');
  await has(lead, 'The reply is sent.');
  expect(await faultsOf(lead, 'claim-replied')).toEqual([]);
});

test('the finance approver cuts a line, approves, pays in parts and recovers; every figure opens to its entries', async () => {
  const approver = await screens.own('finance@opcc.demo');
  await screens.open(approver, '/claims?next=office');
  await approver.getByRole('link', { name: 'Claim 1' }).click();
  await approver.getByLabel('Approve of “Hire of a van”').fill('450');
  await approver.getByLabel('Why it is cut').nth(1).fill('Two days were for other work');
  expect(await faultsOf(approver, 'claim-decide')).toEqual([]);
  await press(approver, 'Approve');
  await has(approver, 'The claim is approved.');
  await approver.getByLabel('Amount paid', { exact: true }).fill('1000');
  await approver.getByLabel('Paid on').fill('2023-11-07');
  await approver.getByLabel('Payment reference').fill('BACS 4711');
  await press(approver, 'Record the payment');
  await has(approver, 'The payment is recorded.');
  await has(approver, '£684.56 is left to pay');
  await approver.getByLabel('Amount paid', { exact: true }).fill('684.56');
  await approver.getByLabel('Paid on').fill('2023-11-07');
  await approver.getByLabel('Payment reference').fill('BACS 4712');
  await press(approver, 'Record the payment');
  await has(approver, 'at most what is approved');
  await approver.getByText('Recover what was paid too much').click();
  await approver.getByLabel('Amount recovered').fill('20');
  await approver.getByLabel('Recovered on').fill('2023-11-07');
  await approver.getByLabel('Reference', { exact: true }).fill('CN 1');
  await approver.getByLabel('Why', { exact: true }).first().fill('A shift was paid twice');
  await press(approver, 'Record the recovery');
  await has(approver, 'The recovery is recorded.');
  expect(await faultsOf(approver, 'claim-recovered')).toEqual([]);
  await approver.getByRole('link', { name: '£1,684.56' }).last().click();
  await has(approver, 'Only entries on “Paid”.');
  await approver.emulateMedia({ media: 'print' });
  expect(await approver.getByRole('button', { name: 'Record the recovery' }).count()).toBe(0);
  await approver.getByRole('heading', { name: 'Ledger entries of this claim' }).waitFor();
  await approver.emulateMedia({ media: 'screen' });
  await screens.open(approver, '/claims');
  expect(await approver.getByRole('row', { name: 'Claim 1' }).textContent()).toContain('£1,664.56');
  expect(await faultsOf(approver, 'claims-list')).toEqual([]);
  expect(screens.complaints.filter((said) => !said.includes('422'))).toEqual([]);
});

test('a claim on hours is filled from the check, and leads to it', async () => {
  const id = await addHours();
  const lead = await screens.own('lead@hartlepool.demo');
  await screens.open(lead, `/agreements/${id}/claims`);
  await press(lead, 'Prepare a claim');
  await press(lead, 'Fill from verified hours');
  await has(lead, 'Filled with 0 h 31 min of verified hours');
  expect(await lead.getByRole('row', { name: 'Day hours verified' }).textContent()).toContain('£10.33');
  expect(await faultsOf(lead, 'claim-hours')).toEqual([]);
  await lead.getByRole('link', { name: 'the check of these days' }).click();
  await lead.getByRole('heading', { name: /^Hours of/ }).waitFor();
});
