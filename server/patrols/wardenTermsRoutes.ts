/** A warden's terms over HTTP: the council's lead keeps them, each change with its event. */
import { recordEvent } from '../audit.ts';
import { conflict, notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import { councilCodes } from './councilQueries.ts';
import { findWarden } from './wardenQueries.ts';
import * as contract from './wardenTermsContract.ts';
import { deleteTerm, findAccount, findTerm, insertTerm, listFreeAccounts, listTermChoices, listTerms, saveAccount, type TermOwner, updateTerm } from './wardenTermsQueries.ts';

export function wardenTermsRoutes(mount: Mount): void {
  mount(contract.getWardenTerms, async (call) => {
    const warden = await ownerOf(call, call.input.id);
    const account = (await findAccount(call.db, warden.id)) ?? null;
    return { warden, account, accounts: await listFreeAccounts(call.db, warden.councilCode), terms: await listTerms(call.db, warden.id), ...(await listTermChoices(call.db, warden)) };
  });

  mount(contract.addWardenTerm, async (call) => {
    const { db, actor, input: { id, termId, entry } } = call;
    const owner = await ownerOf(call, id);
    if (entry.term === 'pair') await ownerOf(call, entry.otherWardenId);
    const sent = await find(call, entry.term, termId);
    const same = sent && (await find(call, entry.term, termId, id));
    if (sent && JSON.stringify(sorted(same?.kept.entry ?? {})) !== JSON.stringify(sorted(entry))) throw conflict('warden_term_id_taken', 'This id stands for another entry. Enter this one under a new id.');
    if (same) return same.kept;
    await insertTerm(db, termId, owner, entry, actor.personId);
    await recordEvent(db, actor, { action: 'wardenTermAdded', subjectKind: 'warden', subjectId: id, councilCode: owner.councilCode, after: { termId, ...entry } });
    return { id: termId, wardenId: id, entry };
  });

  mount(contract.changeWardenTerm, async (call) => {
    const { db, actor, input: { id, wardenId, entry, reason } } = call;
    const { kept, councilCode } = await get(call, entry.term, id, wardenId);
    if (entry.term === 'pair') await ownerOf(call, entry.otherWardenId);
    await updateTerm(db, id, { id: kept.wardenId, councilCode }, entry);
    await recordEvent(db, actor, { action: 'wardenTermChanged', subjectKind: 'warden', subjectId: kept.wardenId, councilCode, before: { termId: id, ...kept.entry }, after: { termId: id, ...entry }, reason });
    return { ...kept, entry };
  });

  mount(contract.removeWardenTerm, async (call) => {
    const { db, actor, input: { id, term, reason } } = call;
    const { kept, councilCode } = await get(call, term, id);
    await deleteTerm(db, term, id);
    await recordEvent(db, actor, { action: 'wardenTermRemoved', subjectKind: 'warden', subjectId: kept.wardenId, councilCode, before: { termId: id, ...kept.entry }, reason });
    return kept;
  });

  mount(contract.linkWardenAccount, async (call) => {
    const { db, actor, input: { id, personId } } = call;
    const owner = await ownerOf(call, id);
    const before = await findAccount(db, id);
    const known = [...(await listFreeAccounts(db, owner.councilCode)), ...(before ? [before] : [])];
    if (personId !== null && !known.some((account) => account.personId === personId)) throw notFound('account');
    await saveAccount(db, owner, personId, actor.personId);
    await recordEvent(db, actor, { action: 'wardenAccountLinked', subjectKind: 'warden', subjectId: id, councilCode: owner.councilCode, before: { personId: before?.personId ?? null }, after: { personId } });
    return { account: (await findAccount(db, id)) ?? null };
  });
}

type Asked = Pick<Call<unknown>, 'db' | 'scope'>;

async function ownerOf({ db, scope }: Asked, id: string): Promise<TermOwner & { readonly reference: string }> {
  const found = await findWarden(db, await councilCodes(db, scope.councils), id);
  if (!found) throw notFound('warden');
  return found;
}

const find = async ({ db, scope }: Asked, term: contract.TermKind, id: string, seenFrom?: string) => findTerm(db, await councilCodes(db, scope.councils), term, id, seenFrom);

async function get(call: Asked, term: contract.TermKind, id: string, seenFrom?: string): Promise<{ kept: contract.KeptTerm; councilCode: string }> {
  const found = await find(call, term, id, seenFrom);
  if (!found) throw notFound('entry of this kind');
  return found;
}

const sorted = (entry: object): unknown => Object.fromEntries(Object.entries(entry).toSorted(([a], [b]) => a.localeCompare(b)));
