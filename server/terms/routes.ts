/** An agreement's terms over HTTP: its ledger opened on them. */
import { openLedger } from '../ledger/contract.ts';
import { agreementOf, ledgerOf } from '../ledger/routes.ts';
import type { Mount } from '../mount.ts';
import { openOnTerms } from './openingWork.ts';

export function termsRoutes(mount: Mount): void {
  mount(openLedger, async (call) => {
    const { idempotencyKey, cut, heads } = call.input;
    await openOnTerms(call, await agreementOf(call), { key: idempotencyKey, cut, heads });
    return ledgerOf(call);
  });
}
