/** Variations over HTTP. A council sees and agrees its own; who proposed one does not approve it. */
import { conflict, notFound } from '../errors.ts';
import type { Agreement } from '../grants/contract.ts';
import { findAgreement } from '../grants/queries.ts';
import { agreementOf } from '../ledger/routes.ts';
import type { Call, Mount } from '../mount.ts';
import * as contract from './variationContract.ts';
import { findVariation, listVariations, type VariationRow } from './variationQueries.ts';
import * as work from './variationWork.ts';

type Asked = Pick<Call<{ readonly id: string }>, 'db' | 'scope' | 'input'>;
interface Found {
  readonly variation: VariationRow;
  readonly agreement: Agreement;
}

async function found({ db, scope, input }: Asked): Promise<Found> {
  const variation = await findVariation(db, scope.councils, input.id);
  const agreement = variation && (await findAgreement(db, scope.councils, variation.agreementId));
  if (!agreement) throw notFound('variation');
  return { variation, agreement };
}

const shown = async (call: Asked): Promise<contract.Variation> => (await found(call)).variation;

export function variationRoutes(mount: Mount): void {
  draftRoutes(mount);
  stepRoutes(mount);
}

function draftRoutes(mount: Mount): void {
  mount(contract.listVariations, async (call) => {
    const { id } = await agreementOf(call);
    return { variations: await listVariations(call.db, call.scope.councils, id) };
  });

  mount(contract.getVariation, shown);

  mount(contract.addVariation, async (call) => {
    const { id, variationId, ...given } = call.input;
    const agreement = await agreementOf(call);
    const known = await findVariation(call.db, ['*'], variationId);
    if (known && (known.agreementId !== id || known.reason !== given.reason || known.effectiveFrom !== given.effectiveFrom)) throw conflict('variation_pkey', 'This id stands for another variation. Enter this one under a new id.');
    if (!known) await work.draft(call, agreement, { id: variationId, ...given }, undefined);
    return shown({ ...call, input: { id: variationId } });
  });

  mount(contract.changeVariation, async (call) => {
    const { variation, agreement } = await found(call);
    await work.draft(call, agreement, call.input, variation);
    return shown(call);
  });
}

function stepRoutes(mount: Mount): void {
  mount(contract.proposeVariation, async (call) => {
    const { variation, agreement } = await found(call);
    await work.step(call, agreement, variation, 'proposed');
    return shown(call);
  });

  mount(contract.agreeVariation, async (call) => {
    const { variation, agreement } = await found(call);
    await work.step(call, agreement, variation, 'council agreed');
    return shown(call);
  });

  mount(contract.approveVariation, async (call) => {
    const { variation, agreement } = await found(call);
    const { idempotencyKey, decisionReference } = call.input;
    await work.approve(call, agreement, variation, { key: idempotencyKey, decisionReference, today: work.dayOf(call.now) });
    return shown(call);
  });

  mount(contract.withdrawVariation, async (call) => {
    const { variation, agreement } = await found(call);
    await work.withdraw(call, agreement, variation, call.input.reason);
    return shown(call);
  });
}
