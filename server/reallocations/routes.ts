/** Reallocations over HTTP: proposed and approved by two people of the office, agreed by each body whose money changes. */
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import { knownAt, type Known } from '../forecast/queries.ts';
import type { Fund } from '../grants/contract.ts';
import { findFund } from '../grants/queries.ts';
import type { Call, Mount } from '../mount.ts';
import { localTime } from '../patrols/calendar.ts';
import * as contract from './contract.ts';
import { draftNotice, places, unknownPlaces } from './notice.ts';
import { insertTemplate, listTemplates, templateOn } from './noticeQueries.ts';
import { makeOutlook } from './outlookWork.ts';
import * as queries from './queries.ts';
import { effect, getReallocation, propose, recordForEach } from './reallocationWork.ts';

export function reallocationRoutes(mount: Mount): void {
  readRoutes(mount);
  stepRoutes(mount);
  noticeRoutes(mount);
}

type Asked<I> = Pick<Call<I>, 'db' | 'scope' | 'input' | 'now'>;
const today = (now: Date): string => localTime(now.getTime()).date;

async function fundOf({ db, scope, input }: Asked<{ readonly id: string }>): Promise<Fund> {
  const fund = await findFund(db, scope.councils, input.id);
  if (!fund) throw notFound('fund');
  return fund;
}

function knownOf(on: string | undefined, knowledge: Known['knowledge'], now: Date): Known {
  if (on !== undefined && on > today(now)) throw invalid([{ field: 'on', message: `${on} is still to come, so nothing is known of it. Give today or a day before.` }]);
  return knownAt(on, knowledge, now);
}

function readRoutes(mount: Mount): void {
  mount(contract.getOutlook, async (call) => makeOutlook(call.db, call.scope.councils, await fundOf(call), knownOf(call.input.on, call.input.knowledge, call.now)));
  mount(contract.listReallocations, async ({ db, scope, input }) => ({ reallocations: await queries.listReallocations(db, scope.councils, input) }));
  mount(contract.getReallocation, async ({ db, scope, input }) => getReallocation(db, scope.councils, input.id));
}

function stepRoutes(mount: Mount): void {
  mount(contract.proposeReallocation, async (call) => {
    const { id: fundId, idempotencyKey, knownOn, knowledge, ...row } = call.input;
    const fund = await fundOf(call);
    const outlook = await makeOutlook(call.db, call.scope.councils, fund, knownOf(knownOn, knowledge, call.now));
    return propose(call, { ...row, id: idempotencyKey, fundId, proposedBy: call.person?.id ?? null }, outlook);
  });

  mount(contract.answerReallocation, async ({ db, scope, actor, person, input: { id, agreementId, agrees, reason } }) => {
    const before = await getReallocation(db, scope.councils, id);
    const own = before.parties.find((party) => party.agreementId === agreementId);
    if (!own) throw notFound('agreement of this reallocation');
    if (!agrees && reason === '') throw invalid([{ field: 'reason', message: 'Say why it is refused.' }]);
    // The same answer sent again is the answer it was.
    if (own.answer === (agrees ? 'agreed' : 'refused')) return before;
    await queries.updateAnswer(db, id, agreementId, agrees ? { agreedBy: person?.id ?? '' } : { refusedReason: reason });
    await recordEvent(db, actor, {
      action: agrees ? 'reallocationAgreed' : 'reallocationRefused', subjectKind: 'agreement', subjectId: agreementId, councilCode: own.councilCode, after: { reallocationId: id, netPence: own.netPence, lines: own.lines }, ...(reason ? { reason } : {}),
    });
    return getReallocation(db, scope.councils, id);
  });

  mount(contract.approveReallocation, async (call) => {
    const { db, scope, now, input: { id, decisionReference, funderConsent, funderConsentOn } } = call;
    await queries.lockReallocation(db, id);
    const before = await getReallocation(db, scope.councils, id);
    if (!before.decisionReference) await queries.updateApproval(db, id, { decisionReference, funderConsent: funderConsent || null, funderConsentOn: funderConsentOn ?? null });
    else if (before.decisionReference !== decisionReference) throw invalid([{ field: 'decisionReference', message: `It is approved under ${before.decisionReference}.` }]);
    const approved = await getReallocation(db, scope.councils, id);
    if (!before.decisionReference) await recordForEach(call, approved, 'reallocationApproved', `Decision ${decisionReference}`);
    return approved.state === 'approved' && approved.effectiveFrom <= today(now) ? effect(call, id, now) : approved;
  });

  mount(contract.effectReallocation, async (call) => effect(call, (await getReallocation(call.db, call.scope.councils, call.input.id)).id, call.now));

  mount(contract.withdrawReallocation, async (call) => {
    const { db, scope, input: { id, reason } } = call;
    const before = await getReallocation(db, scope.councils, id);
    if (before.state === 'withdrawn') return before;
    await queries.updateWithdrawal(db, id, reason);
    const after = await getReallocation(db, scope.councils, id);
    await recordForEach(call, after, 'reallocationWithdrawn', reason);
    return after;
  });
}

async function noticeOf(call: Asked<{ readonly id: string }>): Promise<{ title: string; text: string; templateFrom: string; missing: string[] }> {
  const { db, scope, now } = call;
  const reallocation = await getReallocation(db, scope.councils, call.input.id);
  const fund = await findFund(db, scope.councils, reallocation.fundId);
  const template = await templateOn(db, reallocation.kind, (reallocation.approvedAt ?? now.toISOString()).slice(0, 10));
  if (!fund || !template) throw notFound(fund ? 'template of a notice in force on that day' : 'fund');
  return { ...draftNotice(template.body, { reallocation, funder: fund.funder, agreedPence: fund.agreedPence ?? 0 }), templateFrom: template.validFrom };
}

function noticeRoutes(mount: Mount): void {
  mount(contract.getNotice, noticeOf);
  mount(contract.getNoticeFile, async (call) => {
    const { title, text } = await noticeOf(call);
    return { fileName: `${title.split(':')[0]?.replace(/[^\w]+/g, '-').toLowerCase()}.txt`, body: Buffer.from(text, 'utf8') };
  });
  mount(contract.listNoticeTemplates, async ({ db }) => ({ templates: await listTemplates(db), places: Object.entries(places).map(([name, says]) => ({ name, says })) }));
  mount(contract.addNoticeTemplate, async ({ db, input: { reason, ...row }, actor, person }) => {
    const unknown = unknownPlaces(row.body);
    if (unknown.length > 0) throw invalid([{ field: 'body', message: `There is no figure for {${unknown[0]}}. Use one of: ${Object.keys(places).map((name) => `{${name}}`).join(' ')}.` }]);
    await insertTemplate(db, { ...row, source: reason, enteredBy: person?.id ?? null });
    const kept = await templateOn(db, row.kind, row.validFrom);
    if (!kept) throw new Error('The template was kept and cannot be read.');
    await recordEvent(db, actor, { action: 'noticeTemplateEntered', subjectKind: 'notice template', subjectId: kept.id, after: row, reason });
    return kept;
  });
}
