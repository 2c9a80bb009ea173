/** Closing an agreement over HTTP. A council sees it and keeps the assets; the Commissioner's office decides, with two people. */
import { recordEvent } from '../audit.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { penceOf } from '../grants/amounts.ts';
import type { Agreement } from '../grants/contract.ts';
import { findAgreement } from '../grants/queries.ts';
import type { Call, Mount } from '../mount.ts';
import { localDay } from '../patrols/visits.ts';
import { approve, closureOf, except, propose, withdraw } from './closureWork.ts';
import * as contract from './contract.ts';
import { packOf } from './packWork.ts';
import * as queries from './queries.ts';
import { retentionRoutes } from './retentionRoutes.ts';

type Asked = Pick<Call<{ readonly id: string }>, 'db' | 'scope' | 'input' | 'actor' | 'person' | 'now'>;

async function agreementOf({ db, scope, input }: Asked): Promise<Agreement> {
  const agreement = await findAgreement(db, scope.councils, input.id);
  if (!agreement) throw notFound('agreement');
  return agreement;
}

const todayOf = ({ now }: Pick<Asked, 'now'>): string => localDay(now.toISOString());
const contextOf = (call: Asked) => ({ db: call.db, actor: call.actor, today: todayOf(call) });
const shown = async (call: Asked): Promise<contract.ClosureView> => closureOf(call.db, await agreementOf(call), { personId: call.person?.id ?? null, today: todayOf(call) });

export function closureRoutes(mount: Mount): void {
  retentionRoutes(mount);
  mount(contract.getClosure, (call) => shown(call));

  mount(contract.exceptItem, async (call) => {
    await except(contextOf(call), await agreementOf(call), call.input);
    return shown(call);
  });

  mount(contract.proposeClosure, async (call) => {
    const { closureId, decision, reason, variationId, carried, carriedPence } = call.input;
    const carries = carried === undefined && carriedPence === undefined ? 0 : penceOf('carried', carriedPence, carried);
    if (carries < 0) throw invalid([{ field: 'carried', message: 'What is carried over is £0.00 or more.' }]);
    await propose(contextOf(call), await agreementOf(call), { closureId, decision, reason, variationId: variationId ?? null, carriedPence: carries });
    return shown(call);
  });

  mount(contract.approveClosure, async (call) => {
    await approve(contextOf(call), await agreementOf(call), call.input.closureId, call.input.decisionReference);
    return shown(call);
  });

  mount(contract.withdrawClosure, async (call) => {
    await withdraw(contextOf(call), await agreementOf(call), call.input.closureId, call.input.reason);
    return shown(call);
  });

  mount(contract.closurePack, async (call) => {
    const agreement = await agreementOf(call);
    const { body, sha256 } = await packOf(call.db, agreement, { view: await shown(call), made: call.now });
    await recordEvent(call.db, call.actor, { action: 'closurePackMade', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: { sha256 } });
    return { fileName: `closure-pack-${agreement.reference.replace(/[^A-Za-z0-9-]+/g, '-')}.xlsx`, body };
  });
  assetRoutes(mount);
}

function assetRoutes(mount: Mount): void {
  mount(contract.addAsset, async (call) => {
    const { db, actor, input: { id: _, assetId, cost, costPence, ...rest } } = call;
    const agreement = await agreementOf(call);
    const row = { id: assetId, ...rest, costPence: penceOf('cost', costPence, cost) };
    const sent = (await queries.listAssets(db, agreement.id)).find(({ id }) => id === assetId);
    if (sent && (sent.what !== row.what || sent.costPence !== row.costPence)) throw conflict('asset_pkey', 'This id stands for another asset. Enter this one under a new id.');
    if (sent) return sent;
    await queries.insertAsset(db, agreement.id, row, actor.personId);
    await recordEvent(db, actor, { action: 'assetEntered', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: row });
    return assetOf(call, agreement, assetId);
  });

  mount(contract.disposeAsset, async (call) => {
    const { db, actor, input: { assetId, disposal, disposedOn, proceeds, proceedsPence, reason } } = call;
    const agreement = await agreementOf(call);
    const before = await assetOf(call, agreement, assetId);
    const brought = proceeds === undefined && proceedsPence === undefined ? 0 : penceOf('proceeds', proceedsPence, proceeds);
    await queries.updateDisposal(db, assetId, { disposal, disposedOn, proceedsPence: brought, reason });
    const after = await assetOf(call, agreement, assetId);
    await recordEvent(db, actor, { action: 'assetDisposed', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, before, after, reason });
    return after;
  });
}

async function assetOf({ db }: Asked, agreement: Agreement, id: string): Promise<contract.Asset> {
  const found = (await queries.listAssets(db, agreement.id)).find((each) => each.id === id);
  if (!found) throw notFound('asset');
  return found;
}
