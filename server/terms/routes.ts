/** An agreement's terms over HTTP: drafted, signed, moved, its conditions and signatories; its ledger opened on them. */
import { notFound } from '../errors.ts';
import type { Agreement } from '../grants/contract.ts';
import { findFund } from '../grants/queries.ts';
import { openLedger } from '../ledger/contract.ts';
import { agreementOf, type Asked, ledgerOf } from '../ledger/routes.ts';
import type { Call, Mount } from '../mount.ts';
import * as contract from './contract.ts';
import { openOnTerms } from './openingWork.ts';
import * as queries from './termsQueries.ts';
import * as work from './termsWork.ts';
import { variationRoutes } from './variationRoutes.ts';
import { dayOf } from './variationWork.ts';

export function termsRoutes(mount: Mount): void {
  versionRoutes(mount);
  signatoryRoutes(mount);
  conditionRoutes(mount);
  moneyRoutes(mount);
  variationRoutes(mount);
}

type On = Asked & Pick<Call<unknown>, 'now'>;
const shown = async (call: On, agreement?: Agreement): Promise<contract.Terms> => work.termsOf(call.db, agreement ?? (await agreementOf(call)), dayOf(call.now));

function versionRoutes(mount: Mount): void {
  mount(contract.getTerms, (call) => shown(call));

  mount(contract.saveTerms, async (call) => {
    const { id: _, ...draft } = call.input;
    await work.keepDraft(call, await agreementOf(call), draft);
    return shown(call);
  });

  mount(contract.signTerms, async (call) => {
    await work.signOnPaper(call, await agreementOf(call), call.input.reason);
    return shown(call);
  });

  mount(contract.moveAgreement, async (call) => {
    const { state, reason } = call.input;
    await work.moveState(call, await agreementOf(call), state, reason, () => agreementOf(call));
    return shown(call);
  });
}

function signatoryRoutes(mount: Mount): void {
  const own = async (call: Asked & { input: { signatoryId: string } }, agreement: Agreement): Promise<contract.Signatory> => {
    const found = (await queries.listSignatories(call.db, agreement.id)).find(({ id }) => id === call.input.signatoryId);
    if (!found) throw notFound('signatory');
    return found;
  };

  mount(contract.addSignatory, async (call) => {
    const { signatoryId, party, title } = call.input;
    const agreement = await agreementOf(call);
    await work.refuseSigned(call.db, agreement);
    await queries.insertSignatory(call.db, agreement.id, { id: signatoryId, party, title });
    await work.tell(call, agreement, 'signatoryAdded', { after: { party, title } });
    return shown(call, agreement);
  });

  mount(contract.changeSignatory, async (call) => {
    const agreement = await agreementOf(call);
    const { party, title, signedOn } = await own(call, agreement);
    if (signedOn !== null) await work.refuseSigned(call.db, agreement);
    await queries.updateSignatory(call.db, call.input.signatoryId, call.input.signedOn);
    await work.tell(call, agreement, 'agreementSigned', { before: { signedOn }, after: { party, title, signedOn: call.input.signedOn } });
    return shown(call, agreement);
  });

  mount(contract.removeSignatory, async (call) => {
    const agreement = await agreementOf(call);
    const { party, title } = await own(call, agreement);
    await work.refuseSigned(call.db, agreement);
    await queries.deleteSignatory(call.db, call.input.signatoryId);
    await work.tell(call, agreement, 'signatoryRemoved', { before: { party, title } });
    return shown(call, agreement);
  });
}

function conditionRoutes(mount: Mount): void {
  mount(contract.addCondition, async (call) => {
    const { conditionId, kind, what, owedBy, dueOn } = call.input;
    const agreement = await agreementOf(call);
    await work.refuseSigned(call.db, agreement);
    await queries.insertCondition(call.db, agreement.id, { id: conditionId, kind, what, owedBy, dueOn }, null);
    await work.tell(call, agreement, 'conditionAdded', { after: { kind, what, owedBy, dueOn } });
    return shown(call, agreement);
  });

  mount(contract.removeCondition, async (call) => {
    const agreement = await agreementOf(call);
    const { kind, what } = await work.conditionOf(call.db, agreement, call.input.conditionId, dayOf(call.now));
    await queries.deleteCondition(call.db, call.input.conditionId);
    await work.tell(call, agreement, 'conditionRemoved', { before: { kind, what } });
    return shown(call, agreement);
  });

  mount(contract.reportCondition, async (call) => {
    const { conditionId, doneOn, evidence } = call.input;
    const agreement = await agreementOf(call);
    await work.report(call, agreement, await work.conditionOf(call.db, agreement, conditionId, dayOf(call.now)), { on: doneOn, evidence });
    return shown(call, agreement);
  });

  mount(contract.decideCondition, async (call) => {
    const agreement = await agreementOf(call);
    await work.decide(call, agreement, await work.conditionOf(call.db, agreement, call.input.conditionId, dayOf(call.now)), call.input);
    return shown(call, agreement);
  });
}

function moneyRoutes(mount: Mount): void {
  mount(openLedger, async (call) => {
    const { idempotencyKey, cut, heads } = call.input;
    await openOnTerms(call, await agreementOf(call), { key: idempotencyKey, cut, heads });
    return ledgerOf(call);
  });

  mount(contract.getFundStanding, async ({ db, scope, input }) => {
    if (!(await findFund(db, scope.councils, input.id))) throw notFound('fund');
    return { agreements: await queries.listStandings(db, scope.councils, input.id) };
  });

  mount(contract.listBudgetHeads, async ({ db }) => ({ heads: await queries.listHeads(db) }));

  mount(contract.saveBudgetHead, async ({ db, actor, input }) => {
    const before = (await queries.listHeads(db)).find(({ name }) => name === input.name);
    await queries.saveHead(db, input);
    await work.tellHead({ db, actor }, before ?? null, input);
    return { heads: await queries.listHeads(db) };
  });
}
