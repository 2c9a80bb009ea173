/** A warden's own shifts over HTTP, what is asked about them, and the calendar that reads them. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { recordEvent } from '../audit.ts';
import { notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import { calendarFile, eventsOf } from './ics.ts';
import * as contract from './publishedContract.ts';
import { listPublished } from './publishedQueries.ts';
import { findOwnWarden, insertCalendar, listCalendars, listRequestRows, type OwnWarden, readCalendarRows, type RequestRow, revokeCalendars } from './requestQueries.ts';
import { ask, showRequests, withdraw } from './requestWork.ts';

const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex');

export function ownShiftRoutes(mount: Mount): void {
  mount(contract.listOwnShifts, async ({ db, person, now }) => {
    const warden = await findOwnWarden(db, person?.id ?? null);
    if (!warden) return { reference: null, shifts: [], requests: [], calendars: [], others: [], toCome: [] };
    const councils = [warden.councilCode];
    const all = await listPublished(db, { councils });
    const own = all.filter(({ wardenIds }) => wardenIds.includes(warden.id));
    const toCome = (shift: { readonly startsAt: string }): boolean => Date.parse(shift.startsAt) > now.getTime();
    const rows = (await listRequestRows(db, councils)).filter(({ wardenId }) => wardenId === warden.id);
    return {
      reference: warden.reference, shifts: own, toCome: own.filter(toCome).map(({ id }) => id),
      others: all.filter((shift) => toCome(shift) && !shift.wardenIds.includes(warden.id)), requests: await showRequests(db, councils, rows), calendars: await listCalendars(db, warden.id),
    };
  });

  mount(contract.askForRequest, async (call) => showOne(call, await ask(call.db, call.actor, await ownWarden(call), call.input, call.now)));

  mount(contract.withdrawRequest, async (call) => {
    const row = await ownRequest(call, call.input.id);
    await withdraw(call.db, call.actor, row);
    return showOne(call, await ownRequest(call, row.id));
  });

  mount(contract.makeCalendar, async (call) => {
    const { db, actor } = call;
    const warden = await ownWarden(call);
    const token = randomBytes(32).toString('base64url');
    const id = randomUUID();
    await insertCalendar(db, { id, tokenSha256: sha256(token) }, warden, actor.personId);
    await recordEvent(db, actor, { action: 'calendarMade', subjectKind: 'warden', subjectId: warden.id, councilCode: warden.councilCode, after: { calendarId: id } });
    const made = (await listCalendars(db, warden.id)).find((each) => each.id === id);
    return { id, madeAt: made?.madeAt ?? '', path: `/api/calendars/${token}.ics` };
  });

  mount(contract.revokeCalendar, async (call) => {
    const { db, actor, input: { id } } = call;
    const warden = await ownWarden(call);
    if ((await revokeCalendars(db, warden.id, id)) === 0) throw notFound('calendar');
    await recordEvent(db, actor, { action: 'calendarsRevoked', subjectKind: 'warden', subjectId: warden.id, councilCode: warden.councilCode, after: { calendarId: id } });
    return { done: true as const };
  });

  mount(contract.readCalendar, async ({ db, input }) => {
    const found = await readCalendarRows(db, sha256(input.token.replace(/\.ics$/, '')));
    if (!found) throw notFound('calendar');
    return { fileName: 'shifts.ics', body: Buffer.from(calendarFile(eventsOf(found.shifts, found.versions)), 'utf8') };
  });
}

type Own = Pick<Call<unknown>, 'db' | 'person'>;

async function ownWarden({ db, person }: Own): Promise<OwnWarden> {
  const found = await findOwnWarden(db, person?.id ?? null);
  if (!found) throw notFound('warden with your account. Ask the lead to link it');
  return found;
}

async function ownRequest(call: Own, id: string): Promise<RequestRow> {
  const warden = await ownWarden(call);
  const [found] = await listRequestRows(call.db, [warden.councilCode], id);
  if (found?.wardenId !== warden.id) throw notFound('request of your own');
  return found;
}

async function showOne({ db }: Own, row: RequestRow): Promise<contract.RotaRequest> {
  const [shown] = await showRequests(db, [row.councilCode], [row]);
  if (!shown) throw notFound('request');
  return shown;
}
