/** Accounts looked after: a lost second factor, a role undone or taken back, somebody without a role, and who may look on. */
import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inScope } from '../../server/database.ts';
import { refuseDemonstrationPeople } from '../../server/demonstration/start.ts';
import { startTestService, type TestService } from '../support/database.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const password = 'three random words';
const opcc = 'Office of the Police and Crime Commissioner for Cleveland';
let counter = 0;
type Client = Awaited<ReturnType<TestService['client']>>;

/** Somebody with an account and a password, in the roles given since 2026-01-01. */
async function addPerson(roles: readonly string[] = [], organisation = opcc): Promise<{ id: string; email: string }> {
  const { db } = service.database;
  const administrator = await service.client('admin@opcc.demo');
  const email = `care${(counter += 1)}@council.example`;
  const organisationId = (await db('organisation').where({ name: organisation }).first()).id;
  const { body } = await administrator.post('/api/people').send({ name: 'Somebody', email, organisationId }).expect(200);
  await (await service.client()).post('/api/invitations/accept').send({ token: new URL(body.link).hash.slice(1), password }).expect(200);
  for (const role of roles) await db('role_grant').insert({ id: randomUUID(), person_id: body.personId, role, valid_from: '2026-01-01' });
  return { id: body.personId, email };
}

async function signedIn(email: string): Promise<Client> {
  const client = await service.client();
  await client.post('/api/session').send({ email, password }).expect(200);
  return client;
}

/** Another administrator, one whose second factor is not asked for. */
async function addAdministrator(): Promise<{ id: string; email: string; client: Client }> {
  const added = await addPerson(['administrator']);
  await service.database.db('person').where({ id: added.id }).update({ demonstration: true });
  return { ...added, client: await signedIn(added.email) };
}

const days = (count: number): string => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(new Date(Date.now() + count * 86_400_000));
const lastEvent = (subjectId: string): Promise<{ action: string; reason: string | null }> => service.database.db('audit_event').where({ subject_id: subjectId }).orderBy('id', 'desc').first();

describe('a lost second factor', () => {
  /** A person who is in, by password and second factor. */
  async function withSecondFactor(): Promise<{ id: string; email: string; client: Client }> {
    const added = await addPerson(['warden'], 'Hartlepool');
    const client = await signedIn(added.email);
    const { secret } = (await client.post('/api/account/second-factor').expect(200)).body;
    await client.put('/api/account/second-factor').send({ code: new TOTP({ secret: Secret.fromBase32(secret) }).generate() }).expect(200);
    await client.get('/api/account/sessions').expect(200);
    return { ...added, client };
  }
  const factorOf = async (id: string): Promise<unknown> => {
    const { db } = service.database;
    const row = await db('person').where({ id }).first();
    return { sealed: row.second_factor !== null, confirmed: row.second_factor_confirmed_at !== null, codes: (await db('recovery_code').where({ person_id: id })).length };
  };

  test('is taken off by two administrators: factor, codes and sessions are gone, and the trail says so', async () => {
    const lost = await withSecondFactor();
    const [first, second] = [await service.client('admin@opcc.demo'), await addAdministrator()];
    const proposed = (await first.post(`/api/people/${lost.id}/second-factor-reset`).send({ reason: 'Phone lost' }).expect(200)).body;
    expect(proposed).toMatchObject({ personId: lost.id, state: 'proposed', reason: 'Phone lost', decidedBy: null });
    expect(await lastEvent(lost.id)).toMatchObject({ action: 'secondFactorResetProposed', reason: 'Phone lost' });
    const { people } = (await second.client.get('/api/people').expect(200)).body;
    expect(people.find((one: { id: string }) => one.id === lost.id).reset).toMatchObject({ id: proposed.id, reason: 'Phone lost', proposedBy: proposed.proposedBy });
    expect((await second.client.post(`/api/people/${lost.id}/second-factor-reset`).send({ reason: 'Again' }).expect(409)).body.code).toBe('second_factor_reset_one_at_a_time');

    expect((await first.post(`/api/second-factor-resets/${proposed.id}/decision`).send({ approve: true, reason: 'Fine' }).expect(409)).body.code).toBe('second_factor_reset_proposer_is_not_approver');
    expect(await factorOf(lost.id)).toEqual({ sealed: true, confirmed: true, codes: 10 });
    await lost.client.get('/api/account/sessions').expect(200);

    expect((await second.client.post(`/api/second-factor-resets/${proposed.id}/decision`).send({ approve: true, reason: 'Seen in person' }).expect(200)).body).toMatchObject({ state: 'approved', decidedBy: second.id });
    expect(await factorOf(lost.id)).toEqual({ sealed: false, confirmed: false, codes: 0 });
    expect(await lastEvent(lost.id)).toMatchObject({ action: 'secondFactorReset', reason: 'Seen in person' });
    await lost.client.get('/api/account/sessions').expect(401);
    // The old password alone opens nothing any more: the person comes in again by a new one-time link.
    await (await service.client()).post('/api/session').send({ email: lost.email, password }).expect(401);
    const { link } = (await first.post(`/api/people/${lost.id}/invitation`).send({}).expect(200)).body;
    await (await service.client()).post('/api/invitations/accept').send({ token: new URL(link).hash.slice(1), password: 'four quite other words' }).expect(200);
    expect((await (await service.client()).post('/api/session').send({ email: lost.email, password: 'four quite other words' }).expect(200)).body).toMatchObject({ next: 'none', person: { id: lost.id } });
    expect((await second.client.post(`/api/second-factor-resets/${proposed.id}/decision`).send({ approve: true, reason: 'Twice' }).expect(409)).body.code).toBe('already_decided');
    expect((await first.post(`/api/people/${lost.id}/second-factor-reset`).send({ reason: 'None left' }).expect(409)).body.code).toBe('no_second_factor');
  });

  test('refused stays as it is', async () => {
    const kept = await withSecondFactor();
    const [first, second] = [await service.client('admin@opcc.demo'), await addAdministrator()];
    const { id } = (await first.post(`/api/people/${kept.id}/second-factor-reset`).send({ reason: 'Somebody rang' }).expect(200)).body;
    expect((await second.client.post(`/api/second-factor-resets/${id}/decision`).send({ approve: false, reason: 'Not the person' }).expect(200)).body.state).toBe('refused');
    expect(await factorOf(kept.id)).toEqual({ sealed: true, confirmed: true, codes: 10 });
    expect(await lastEvent(kept.id)).toMatchObject({ action: 'secondFactorResetRefused' });
    await kept.client.get('/api/account/sessions').expect(200);
  });

  test('of an administrator is neither proposed nor approved by themselves', async () => {
    const own = await addAdministrator();
    await service.database.db('person').where({ id: own.id }).update({ second_factor: 'x', second_factor_confirmed_at: new Date() });
    expect((await own.client.post(`/api/people/${own.id}/second-factor-reset`).send({ reason: 'Mine' }).expect(409)).body.code).toBe('second_factor_reset_not_for_oneself');
    const { id } = (await (await service.client('admin@opcc.demo')).post(`/api/people/${own.id}/second-factor-reset`).send({ reason: 'Theirs' }).expect(200)).body;
    expect((await own.client.post(`/api/second-factor-resets/${id}/decision`).send({ approve: true, reason: 'Mine' }).expect(409)).body.code).toBe('second_factor_reset_holder_is_not_approver');
  });

  test('is nobody else’s to touch, in another’s name or by the table itself', async () => {
    const lost = await withSecondFactor();
    const [first, second] = [await addAdministrator(), await addAdministrator()];
    const lead = await service.client('lead@hartlepool.demo');
    await lead.post(`/api/people/${lost.id}/second-factor-reset`).send({ reason: 'x' }).expect(403);
    const { id } = (await first.client.post(`/api/people/${lost.id}/second-factor-reset`).send({ reason: 'Phone lost' }).expect(200)).body;
    const approved = { state: 'approved', decided_by: second.id, decided_at: new Date(), decision_reason: 'x' };
    const as = (personId: string, role: string) => ({ personId, roles: [role], councils: ['*'] });
    const { db } = service.database;
    await expect(inScope(db, as(first.id, 'administrator'), (trx) => trx('second_factor_reset').where({ id }).update(approved))).rejects.toMatchObject({ constraint: 'second_factor_reset_in_own_name' });
    expect(await inScope(db, as(second.id, 'grant_manager'), (trx) => trx('second_factor_reset').where({ id }).update(approved))).toBe(0);
    await expect(inScope(db, as(second.id, 'administrator'), (trx) => trx('second_factor_reset').delete())).rejects.toMatchObject({ code: '42501' });
    await expect(inScope(db, as(second.id, 'administrator'), (trx) => trx('person').where({ id: lost.id }).update({ second_factor: null }))).rejects.toMatchObject({ code: '42501' });
    expect(await factorOf(lost.id)).toEqual({ sealed: true, confirmed: true, codes: 10 });
  });
});

describe('a role', () => {
  test('is not approved by the person it is for', async () => {
    const own = await addAdministrator();
    const { id } = (await (await service.client('admin@opcc.demo')).post(`/api/people/${own.id}/roles`).send({ role: 'finance_approver', validFrom: days(0), reason: 'x' }).expect(200)).body;
    const { body } = await own.client.post(`/api/role-grants/${id}/decision`).send({ approve: true, reason: 'Mine' }).expect(409);
    expect(body).toMatchObject({ code: 'role_grant_holder_is_not_approver', detail: 'Nobody approves their own role. Ask another administrator.' });
  });

  test('given today is withdrawn today, no longer counts, and can be given again', async () => {
    const { id, email } = await addPerson();
    const [administrator, person] = [await service.client('admin@opcc.demo'), await signedIn(email)];
    const give = { role: 'analyst', validFrom: days(0), reason: 'New in post' };
    const grant = (await administrator.post(`/api/people/${id}/roles`).send(give).expect(200)).body;
    await person.get('/api/jobs').expect(200);
    expect((await administrator.post(`/api/role-grants/${grant.id}/end`).send({ validTo: days(0), reason: 'Wrong person' }).expect(200)).body).toMatchObject({ state: 'withdrawn', validTo: null });
    expect((await person.get('/api/session').expect(200)).body.person.roles).toEqual([]);
    await person.get('/api/jobs').expect(403);
    expect(await lastEvent(id)).toMatchObject({ action: 'roleWithdrawn', reason: 'Wrong person' });
    expect((await administrator.post(`/api/role-grants/${grant.id}/end`).send({ validTo: days(9), reason: 'x' }).expect(409)).body.code).toBe('already_decided');
    expect((await administrator.post(`/api/people/${id}/roles`).send(give).expect(200)).body.state).toBe('approved');
  });

  test('that has lasted a day ends after its first, as before', async () => {
    const { id } = await addPerson(['analyst']);
    const administrator = await service.client('admin@opcc.demo');
    const grant = await service.database.db('role_grant').where({ person_id: id }).first();
    expect((await administrator.post(`/api/role-grants/${grant.id}/end`).send({ validTo: '2026-01-01', reason: 'x' }).expect(409)).body.code).toBe('role_grant_dates_in_order');
    expect((await administrator.post(`/api/role-grants/${grant.id}/end`).send({ validTo: days(0), reason: 'x' }).expect(200)).body).toMatchObject({ state: 'approved', validTo: days(0) });
    expect((await administrator.post(`/api/role-grants/${grant.id}/end`).send({ validTo: days(30), reason: 'x' }).expect(409)).body.code).toBe('role_cannot_be_lengthened');
  });

  test('lent is taken back by the lender and by nobody else', async () => {
    const [lender, borrower, other] = [await addPerson(['analyst']), await addPerson(), await addPerson(['analyst'])];
    const [from, to, stranger] = [await signedIn(lender.email), await signedIn(borrower.email), await signedIn(other.email)];
    const lend = { toEmail: borrower.email, role: 'analyst', validFrom: days(0), validTo: days(7), reason: 'Annual leave' };
    const { id } = (await from.post('/api/account/delegations').send(lend).expect(200)).body;
    await to.get('/api/jobs').expect(200);
    for (const client of [to, stranger, await service.client('admin@opcc.demo')]) await client.delete(`/api/account/delegations/${id}`).expect(404);
    await from.delete(`/api/account/delegations/${randomUUID()}`).expect(404);
    expect((await from.delete(`/api/account/delegations/${id}`).expect(200)).body.state).toBe('withdrawn');
    await to.get('/api/jobs').expect(403);
    expect(await lastEvent(borrower.id)).toMatchObject({ action: 'delegationEnded' });
    expect((await from.delete(`/api/account/delegations/${id}`).expect(409)).body.code).toBe('delegation_over');
    expect((await from.get('/api/account').expect(200)).body.lent).toMatchObject([{ id, state: 'withdrawn' }]);
  });

  test('lent since yesterday comes back today', async () => {
    const [lender, borrower] = [await addPerson(['analyst']), await addPerson()];
    const id = randomUUID();
    await service.database.db('role_grant').insert({ id, person_id: borrower.id, role: 'analyst', valid_from: days(-1), valid_to: days(7), granted_by: lender.id, delegated_from: lender.id });
    expect((await (await signedIn(lender.email)).delete(`/api/account/delegations/${id}`).expect(200)).body).toMatchObject({ state: 'approved', validTo: days(0) });
  });
});

describe('without any role', () => {
  test('a person reaches their own account and nothing else', async () => {
    const { email } = await addPerson();
    const client = await signedIn(email);
    expect((await client.get('/api/account').expect(200)).body.grants).toEqual([]);
    expect((await client.get('/api/account/sessions').expect(200)).body.sessions).toHaveLength(1);
    const { permissions } = (await client.get('/api/account/permissions').expect(200)).body;
    expect(permissions.filter((row: { may: boolean }) => row.may).map((row: { name: string }) => row.name)).toEqual(['anyone', 'useOwnAccount']);
    await client.post('/api/account/password').send({ current: password, next: 'four other random words' }).expect(200);
    for (const path of ['/api/people', '/api/jobs', '/api/audit']) await client.get(path).expect(403);
    await (await service.client()).get('/api/account').expect(401);
  });
});

describe('who looks on', () => {
  test('an auditor reads people and changes none', async () => {
    const auditor = await service.client('auditor@opcc.demo');
    const { people } = (await auditor.get('/api/people').expect(200)).body;
    const admin = people.find((one: { email: string }) => one.email === 'admin@opcc.demo');
    expect(admin.grants.map((grant: { role: string }) => grant.role)).toEqual(['administrator']);
    for (const path of ['disable', 'enable', 'invitation', 'second-factor-reset']) await auditor.post(`/api/people/${admin.id}/${path}`).send({ reason: 'x' }).expect(403);
    await (await service.client('manager@opcc.demo')).get('/api/people').expect(403);
  });

  test('an administrator reads a person’s timeline', async () => {
    const { id } = await addPerson();
    const { events } = (await (await service.client('admin@opcc.demo')).get(`/api/timeline/person/${id}`).expect(200)).body;
    expect(events.map((event: { action: string }) => event.action)).toEqual(['personInvited', 'invitationAccepted']);
  });
});

test('reading the list of people is written down', async () => {
  const { db } = service.database;
  const before = await db('audit_event').where({ action: 'peopleRead' }).count('* as n').first();
  await (await service.client('auditor@opcc.demo')).get('/api/people').expect(200);
  const after = await db('audit_event').where({ action: 'peopleRead' }).count('* as n').first();
  expect(Number(after?.['n'])).toBe(Number(before?.['n']) + 1);
});

test('demonstration users open nothing where the demonstration is not shown, and stop a start in production', async () => {
  const { db } = service.database;
  await expect(refuseDemonstrationPeople({ production: true }, db)).rejects.toThrow(/holds demonstration users/);
  await expect(refuseDemonstrationPeople({ production: false }, db)).resolves.toBeUndefined();
  const hidden = await startTestService({ config: () => ({ demonstration: false }) });
  const { body } = await (await hidden.client()).post('/api/session').send({ email: 'manager@opcc.demo', password: 'demonstration' }).expect(401);
  expect(body.code).toBe('wrong_sign_in');
  await hidden.close();
});
