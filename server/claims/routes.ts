/** Claims over HTTP. A council prepares and submits its own; the Commissioner's office asks, decides, pays and corrects. */
import { invalid, notFound } from '../errors.ts';
import { penceOf } from '../grants/amounts.ts';
import type { Agreement } from '../grants/contract.ts';
import { findAgreement } from '../grants/queries.ts';
import type { Call, Mount } from '../mount.ts';
import { findBody } from '../patrols/councilQueries.ts';
import * as work from './claimWork.ts';
import * as contract from './contract.ts';
import { ineligibleRoutes } from './ineligibleRoutes.ts';
import { adjust, pay, recover } from './moneyWork.ts';
import { findClaim, listClaims } from './queries.ts';
import { type Subject, todayOf } from './stepWork.ts';
import { claimView, summaries } from './viewWork.ts';

export function claimRoutes(mount: Mount): void {
  ineligibleRoutes(mount);
  readingRoutes(mount);
  preparingRoutes(mount);
  decidingRoutes(mount);
  moneyRoutes(mount);
}

type Asked = Pick<Call<{ readonly id: string }>, 'db' | 'scope' | 'input' | 'now'>;

async function agreementOf({ db, scope, input }: Asked): Promise<Agreement> {
  const agreement = await findAgreement(db, scope.councils, input.id);
  if (!agreement) throw notFound('agreement');
  return agreement;
}

async function subjectOf({ db, scope, input }: Asked, id = input.id): Promise<Subject> {
  const claim = await findClaim(db, scope.councils, id);
  const agreement = claim && (await findAgreement(db, scope.councils, claim.agreementId));
  if (!claim || !agreement) throw notFound('claim');
  return { agreement, claim };
}

/** The claim as it is after what was asked for. */
async function shown(call: Asked, id = call.input.id): Promise<contract.Claim> {
  const { agreement, claim } = await subjectOf(call, id);
  return claimView(call.db, agreement, claim, todayOf(call));
}

function readingRoutes(mount: Mount): void {
  mount(contract.listClaims, async ({ db, scope, now, input: { council, next, ...filter } }) => {
    const asked = council === undefined ? undefined : await findBody(db, scope.councils, council);
    if (council !== undefined && !asked) throw notFound(`council or police force as ${council}`);
    const rows = await listClaims(db, asked ? [asked.code] : scope.councils, filter);
    const claims = await summaries(db, rows, todayOf({ now }));
    return { claims: claims.filter(({ nextToAct }) => next === undefined || nextToAct === next) };
  });

  mount(contract.getClaim, (call) => shown(call));

  mount(contract.listClaimParts, async (call) => {
    const parts: contract.ClaimPart[] = [];
    for (const { periodEndsOn, ...part } of await work.claimParts(call, await agreementOf(call))) parts.push({ ...part, ...(await work.lateness(call, periodEndsOn, todayOf(call))) });
    return { parts };
  });
}

function preparingRoutes(mount: Mount): void {
  mount(contract.prepareClaim, async (call) => {
    const { claimId, periodId, startsOn } = call.input;
    await work.prepare(call, await agreementOf(call), { claimId, periodId, startsOn });
    return shown(call, claimId);
  });

  mount(contract.keepLine, async (call) => {
    const { lineId, head, what } = call.input;
    await work.keepLine(call, await subjectOf(call), { lineId, head, what, amount: amountOf(call.input) });
    return shown(call);
  });

  mount(contract.removeLine, async (call) => {
    await work.removeLine(call, await subjectOf(call), call.input.lineId);
    return shown(call);
  });

  mount(contract.submitClaim, async (call) => {
    await work.submit(call, await subjectOf(call), { key: call.input.idempotencyKey, lateReason: call.input.lateReason });
    return shown(call);
  });

  mount(contract.withdrawClaim, async (call) => {
    await work.withdraw(call, await subjectOf(call), { key: call.input.idempotencyKey, reason: call.input.reason });
    return shown(call);
  });
}

type LineInput = Call<typeof contract.keepLine.input._output>['input'];

/** Minutes at a rate, or an amount with the VAT in it that can be recovered. */
function amountOf(input: LineInput): work.LineGiven['amount'] {
  const { amount, amountPence, recoverableVat, recoverableVatPence, minutes, perHour, perHourPence } = input;
  const isCost = amount !== undefined || amountPence !== undefined;
  if (isCost && minutes !== undefined) throw invalid([{ field: 'minutes', message: 'A line is an amount or minutes at a rate, not both.' }]);
  if (minutes !== undefined) return { minutes, pencePerHour: penceOf('perHour', perHourPence, perHour) };
  const hasVat = (recoverableVat !== undefined && recoverableVat.trim() !== '') || recoverableVatPence !== undefined;
  return { grossPence: penceOf('amount', amountPence, amount), recoverableVatPence: hasVat ? penceOf('recoverableVat', recoverableVatPence, recoverableVat) : 0 };
}

function decidingRoutes(mount: Mount): void {
  mount(contract.queryClaim, async (call) => {
    await work.write(call, await subjectOf(call), 'query', call.input);
    return shown(call);
  });

  mount(contract.replyToQuery, async (call) => {
    await work.write(call, await subjectOf(call), 'reply', call.input);
    return shown(call);
  });

  mount(contract.approveClaim, async (call) => {
    const { idempotencyKey, lines } = call.input;
    const decisions = lines.map(({ lineId, approved, approvedPence, cutReason }) => ({ lineId, approvedPence: penceOf('approved', approvedPence, approved), cutReason }));
    await work.approve(call, await subjectOf(call), { key: idempotencyKey, decisions });
    return shown(call);
  });

  mount(contract.refuseClaim, async (call) => {
    await work.refuse(call, await subjectOf(call), { key: call.input.idempotencyKey, reason: call.input.reason });
    return shown(call);
  });
}

function moneyRoutes(mount: Mount): void {
  mount(contract.payClaim, async (call) => {
    const { idempotencyKey: key, amount, amountPence, paidOn, reference } = call.input;
    await pay(call, await subjectOf(call), { key, pence: penceOf('amount', amountPence, amount), paidOn, reference });
    return shown(call);
  });

  mount(contract.recoverClaim, async (call) => {
    const { id: _, idempotencyKey: key, amount, amountPence, ...rest } = call.input;
    await recover(call, await subjectOf(call), { key, pence: penceOf('amount', amountPence, amount), ...rest });
    return shown(call);
  });

  mount(contract.adjustClaim, async (call) => {
    const { id: _, idempotencyKey: key, amount, amountPence, ...rest } = call.input;
    await adjust(call, await subjectOf(call), { key, pence: penceOf('amount', amountPence, amount), ...rest });
    return shown(call);
  });
}
