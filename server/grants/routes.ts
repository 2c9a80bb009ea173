/** The agreed money and the allocation over HTTP. A council sees its own agreement only. */
import { randomUUID } from 'node:crypto';
import { recordEvent } from '../audit.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import { councilCodes, findBody, listBodies } from '../patrols/councilQueries.ts';
import { listRuns, listRunVisits } from './allocationQueries.ts';
import { allocationRoutes as askMoreRoutes } from './allocationRoutes.ts';
import { checkMonday } from '../patrols/weeks.ts';
import { penceOf } from './amounts.ts';
import * as contract from './contract.ts';
import * as queries from './queries.ts';

export function grantRoutes(mount: Mount): void {
  fundRoutes(mount);
  agreementRoutes(mount);
  commitmentRoutes(mount);
  bankHolidayRoutes(mount);
  allocationRoutes(mount);
  askMoreRoutes(mount);
}

function fundRoutes(mount: Mount): void {
  mount(contract.listFunds, async ({ db, scope }) => ({ funds: await queries.listFunds(db, scope.councils) }));

  mount(contract.addFund, async ({ db, scope, input, actor }) => {
    const { award, awardPence, ...rest } = input;
    const row = { id: randomUUID(), ...rest, awardPence: penceOf('award', awardPence, award) };
    await queries.saveFund(db, row);
    await recordEvent(db, actor, { action: 'fundAdded', subjectKind: 'fund', subjectId: row.id, after: row });
    return await queries.findFund(db, scope.councils, row.id) ?? missing('fund');
  });

  mount(contract.changeFund, async ({ db, scope, input, actor }) => {
    const { award, awardPence, reason, ...rest } = input;
    const before = await queries.findFund(db, scope.councils, input.id) ?? missing('fund');
    const row = { ...rest, awardPence: penceOf('award', awardPence, award) };
    await queries.saveFund(db, row);
    const after = await queries.findFund(db, scope.councils, input.id) ?? missing('fund');
    await recordEvent(db, actor, { action: 'fundChanged', subjectKind: 'fund', subjectId: row.id, before, after, reason });
    return after;
  });
}

function missing(what: string): never {
  throw notFound(what);
}

type Asked = Pick<Call<unknown>, 'db' | 'scope'>;
const getAgreement = async ({ db, scope }: Asked, id: string): Promise<contract.Agreement> => await queries.findAgreement(db, scope.councils, id) ?? missing('agreement');

function agreementRoutes(mount: Mount): void {
  mount(contract.listAgreements, async ({ db, scope, input }) => {
    const asked = input.council === undefined ? undefined : (await findBody(db, scope.councils, input.council) ?? missing(`council or police force as ${input.council}`));
    return { agreements: await queries.listAgreements(db, asked ? [asked.code] : scope.councils) };
  });

  mount(contract.listBodies, async ({ db, scope }) => ({ bodies: await listBodies(db, scope.councils) }));

  mount(contract.getAgreement, async (call) => getAgreement(call, call.input.id));

  mount(contract.addAgreement, async (call) => {
    const { db, scope, actor } = call;
    const { ceiling, ceilingPence, councilCode, ...rest } = call.input;
    if (!(await queries.findFund(db, scope.councils, rest.fundId))) throw notFound('fund');
    const council = await findBody(db, scope.councils, councilCode) ?? missing('council or police force');
    const row = { id: randomUUID(), ...rest, councilCode: council.code, ceilingPence: penceOf('ceiling', ceilingPence, ceiling) };
    await queries.saveAgreement(db, row);
    await recordEvent(db, actor, { action: 'agreementAdded', subjectKind: 'agreement', subjectId: row.id, councilCode: row.councilCode, after: row });
    return getAgreement(call, row.id);
  });

  mount(contract.changeAgreement, async (call) => {
    const { db, actor } = call;
    const { ceiling, ceilingPence, reason, ...rest } = call.input;
    await queries.lockAgreement(db, rest.id);
    const before = await getAgreement(call, rest.id);
    const row = { ...rest, state: rest.state ?? before.state, fundId: before.fundId, councilCode: before.councilCode, ceilingPence: penceOf('ceiling', ceilingPence, ceiling) };
    refuseSignedChange(before, row);
    await queries.saveAgreement(db, row);
    const after = await getAgreement(call, rest.id);
    await recordEvent(db, actor, { action: 'agreementChanged', subjectKind: 'agreement', subjectId: rest.id, councilCode: after.councilCode, before, after, reason });
    return after;
  });

  mount(contract.setRate, async (call) => {
    const { db, actor } = call;
    const { id, band, validFrom, perHour, perHourPence } = call.input;
    await queries.lockAgreement(db, id);
    const before = await getAgreement(call, id);
    await queries.saveRate(db, id, { band, validFrom, pencePerHour: penceOf('perHour', perHourPence, perHour) });
    const after = await getAgreement(call, id);
    await recordEvent(db, actor, { action: 'rateSet', subjectKind: 'agreement', subjectId: id, councilCode: after.councilCode, before: before.rates, after: after.rates });
    return after;
  });
}

/** What both sides signed changes by a variation with two persons, not by a form. */
function refuseSignedChange(before: contract.Agreement, row: queries.AgreementRow): void {
  if (row.state !== before.state) throw invalid([{ field: 'state', message: `The agreement is ${before.state}. Its state moves by its own steps, on the agreement’s page.` }]);
  const signed = !['draft', 'in legal', 'sent'].includes(before.state);
  const changes = (['ceilingPence', 'startsOn', 'endsOn', 'productiveRatio'] as const).some((field) => row[field] !== before[field]);
  if (signed && changes) throw conflict('agreement_terms_are_signed', `${before.reference} is ${before.state}: its amount, dates and productive ratio are signed. Propose a variation.`);
}

function commitmentRoutes(mount: Mount): void {
  mount(contract.listCommitments, async (call) => {
    await getAgreement(call, call.input.id);
    return { commitments: await queries.listCommitments(call.db, call.input.id) };
  });

  mount(contract.addCommitment, async (call) => {
    const { db, actor, person } = call;
    const { id, commitmentId, amount, amountPence, effectiveOn, what } = call.input;
    await queries.lockAgreement(db, id);
    const agreement = await getAgreement(call, id);
    const row = { id: commitmentId, agreementId: id, amountPence: penceOf('amount', amountPence, amount), effectiveOn, what, madeBy: person?.id ?? null };
    const sent = await queries.findCommitment(db, commitmentId);
    if (sent && !sameCommitment(sent, row)) throw conflict('commitment_id_taken', 'Another commitment was entered under this id. Enter this one under a new id.');
    if (sent) return { commitment: sent, agreement };
    if (effectiveOn < agreement.startsOn || effectiveOn > agreement.endsOn) {
      throw invalid([{ field: 'effectiveOn', message: `${effectiveOn} is outside the agreement, ${agreement.startsOn} to ${agreement.endsOn}. Give a day within it.` }]);
    }
    await queries.saveCommitment(db, row);
    await recordEvent(db, actor, { action: 'commitmentMade', subjectKind: 'agreement', subjectId: id, councilCode: agreement.councilCode, after: row });
    return { commitment: await queries.findCommitment(db, commitmentId) ?? missing('commitment'), agreement: await getAgreement(call, id) };
  });
}

function sameCommitment(sent: contract.Commitment, row: queries.CommitmentRow): boolean {
  return sent.agreementId === row.agreementId && sent.amountPence === row.amountPence && sent.effectiveOn === row.effectiveOn && sent.what === row.what;
}

function bankHolidayRoutes(mount: Mount): void {
  mount(contract.listBankHolidays, async ({ db }) => ({ bankHolidays: await queries.listBankHolidays(db) }));

  mount(contract.setBankHoliday, async ({ db, input, actor }) => {
    await queries.saveBankHoliday(db, input);
    await recordEvent(db, actor, { action: 'bankHolidaySet', subjectKind: 'bankHoliday', subjectId: input.heldOn, after: input });
    return input;
  });

  mount(contract.removeBankHoliday, async ({ db, input, actor }) => {
    const before = await queries.removeBankHoliday(db, input.heldOn) ?? missing('bank holiday');
    await recordEvent(db, actor, { action: 'bankHolidayRemoved', subjectKind: 'bankHoliday', subjectId: input.heldOn, before });
    return before;
  });
}

function allocationRoutes(mount: Mount): void {
  mount(contract.startAllocation, async ({ db, scope, input, actor, jobs }) => {
    checkMonday('week', input.week);
    const councils = await councilCodes(db, scope.councils, input.council);
    const jobId = await jobs.enqueue(db, 'allocate', { week: input.week, councils }, actor, councils.length === 1 ? councils[0] : null);
    return { jobId };
  });

  mount(contract.listAllocations, async ({ db, scope, input }) => {
    if (input.week !== undefined) checkMonday('week', input.week);
    return { allocations: await listRuns(db, await councilCodes(db, scope.councils), { week: input.week }) };
  });

  mount(contract.getAllocation, async ({ db, scope, input }) => {
    const [run] = await listRuns(db, await councilCodes(db, scope.councils), { id: input.id });
    const settings = (run?.settings ?? {}) as { minimumVisitsPerWeek?: number; seed?: number };
    return run ? { ...run, agreements: [...run.agreements], minimumVisits: settings.minimumVisitsPerWeek ?? 0, seed: settings.seed ?? 0 } : missing('allocation');
  });

  mount(contract.listAllocatedVisits, async ({ db, scope, input }) => {
    const councils = await councilCodes(db, scope.councils);
    if ((await listRuns(db, councils, { id: input.id })).length === 0) throw notFound('allocation');
    return { visits: await listRunVisits(db, councils, input) };
  });
}
