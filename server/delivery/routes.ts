/** What was delivered over HTTP. A council sees its own; money is for those who see money. */
import { randomUUID } from 'node:crypto';
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import { addDays, localTime, mondayOf } from '../patrols/calendar.ts';
import { councilCodes } from '../patrols/councilQueries.ts';
import { dosageRow } from '../patrols/dosage.ts';
import { listDosage } from '../patrols/dosageQueries.ts';
import { checkMonday, checkWeekSpan } from '../patrols/weeks.ts';
import { may } from '../permissions.ts';
import { numberSetting } from '../settings/queries.ts';
import { acknowledge, listAlerts } from './alertQueries.ts';
import { boardHotspot, boardMoney, moneyDefinition } from './board.ts';
import { listBoard, listDays, listMoney, listPlannedWeeks } from './boardQueries.ts';
import * as contract from './contract.ts';
import { costDefinition, costOf, costSource } from './cost.ts';
import { gapsOf } from './gaps.ts';
import * as place from './hotspotQueries.ts';
import { listBands, listClaimedAndPatrolled, listMissed, listVisitedPlaces, sumDelivery } from './queries.ts';

export function deliveryRoutes(mount: Mount): void {
  deliveredRoutes(mount);
  alertRoutes(mount);
  hotspotRoutes(mount);
}

const todayOf = ({ now }: Pick<Call<unknown>, 'now'>): string => localTime(now.getTime()).date;
const seesMoney = ({ person }: Pick<Call<unknown>, 'person'>): boolean => may(person?.roles ?? [], 'seeMoney');
const earlier = (one: string, other: string): string => (one < other ? one : other);

function deliveredRoutes(mount: Mount): void {
  mount(contract.getDelivery, async (call) => {
    const { db, scope, input } = call;
    const weeks = checkWeekSpan(input.from, input.to);
    const span = { councils: await councilCodes(db, scope.councils, input.council), from: input.from, to: addDays(input.to, 6), hotspot: input.hotspot };
    const qualifyingMinutes = await numberSetting(db, 'qualifying_visit_minutes', input.to);
    const gapDays = await numberSetting(db, 'delivery_alert_gap_days', input.to);
    const { plannedWeeks, a, b, c, d, ...totals } = await sumDelivery(db, span, qualifyingMinutes);
    const places = await listVisitedPlaces(db, span);
    const agreements = seesMoney(call) ? (await listClaimedAndPatrolled(db, span)).map(costOf) : null;
    return {
      from: span.from, to: span.to, weeks: weeks.length, plannedWeeks,
      totals: { ...totals, qualifyingMinutes, personMinutesByClass: { A: a, B: b, C: c, D: d } },
      hotspots: places.map(({ hotspotId, hotspot, councilCode }) => ({ id: hotspotId, name: hotspot, councilCode })),
      bands: await listBands(db, span, plannedWeeks > 0), gapDays, gaps: gapsOf(places, { from: span.from, on: earlier(span.to, todayOf(call)) }, gapDays), missed: await listMissed(db, span),
      cost: agreements && { definition: costDefinition, source: costSource, agreements },
    };
  });

  mount(contract.getWeekBoard, async (call) => {
    const { db, scope, input, now } = call;
    const { date: today, minuteOfDay } = localTime(now.getTime());
    const week = input.week ?? mondayOf(today);
    checkMonday('week', week);
    const councils = await councilCodes(db, scope.councils, input.council);
    const sunday = addDays(week, 6);
    const on = today < week ? week : earlier(sunday, today);
    const clock = today > sunday ? { day: 8, band: 0 } : today < week ? { day: 1, band: 0 } : { day: (Date.parse(today) - Date.parse(week)) / 86_400_000 + 1, band: Math.floor(minuteOfDay / 240) };
    const facts = await listBoard(db, { councils, week, on, ...clock });
    return {
      week, on, gapLimitDays: await numberSetting(db, 'delivery_alert_gap_days', on), hotspots: facts.map((fact) => boardHotspot(fact, on)),
      days: (await listDays(db, { councils, week })).map((one) => ({ ...one, deliveredMinutes: one.date > today ? null : one.deliveredMinutes })),
      money: seesMoney(call) ? (await listMoney(db, { councils, week })).map(boardMoney) : [], moneyDefinition,
      plannedWeeks: await listPlannedWeeks(db, councils),
    };
  });
}

function alertRoutes(mount: Mount): void {
  mount(contract.listDeliveryAlerts, async (call) => {
    const { db, scope, input } = call;
    const on = input.on ?? todayOf(call);
    const councils = await councilCodes(db, scope.councils, input.council);
    return { on, alerts: await listAlerts(db, { councils, ...(input.all ? {} : { standingOn: on }) }) };
  });

  mount(contract.acknowledgeDeliveryAlert, async ({ db, scope, actor, person, input }) => {
    const councils = await councilCodes(db, scope.councils);
    const [alert] = await listAlerts(db, { councils, id: input.alertId });
    if (!alert || !person) throw notFound('alert');
    await acknowledge(db, alert.id, person.id, input.reason);
    await recordEvent(db, actor, { action: 'deliveryAlertAcknowledged', subjectKind: 'deliveryAlert', subjectId: alert.id, councilCode: alert.councilCode, after: { says: alert.says }, reason: input.reason });
    const [after] = await listAlerts(db, { councils, id: alert.id });
    return after ?? alert;
  });
}

const weeksShown = 12;

function hotspotRoutes(mount: Mount): void {
  mount(contract.getHotspotDelivery, async (call) => {
    const { db, scope, input, now } = call;
    const councils = await councilCodes(db, scope.councils);
    const found = await place.findPlace(db, councils, input.id);
    if (!found) throw notFound('hotspot');
    const today = todayOf(call);
    const on = input.on === undefined ? today : earlier(input.on, today);
    const priorities = await place.listPriorities(db, found.id);
    const holds = ({ fromOn, untilOn }: contract.Priority): boolean => fromOn <= on && (untilOn === null || untilOn > on);
    const lastVisits = await place.listLastVisits(db, found.id, on);
    const plan = await place.findPlan(db, found, on);
    // Where patrols are over, the weeks shown are their last ones.
    const lastDay = [plan?.week, lastVisits[0] && localTime(Date.parse(lastVisits[0].startedAt)).date].filter((day) => day !== undefined).toSorted().at(-1) ?? on;
    const to = lastDay < addDays(on, -7 * weeksShown) ? mondayOf(lastDay) : mondayOf(on);
    const facts = await listDosage(db, { councils: [found.councilCode], from: addDays(to, -7 * (weeksShown - 1)), to, hotspot: found.id }, 15);
    return {
      on, priorities: priorities.filter(holds), formerPriorities: priorities.filter((one) => !holds(one)), lastVisits, plan,
      notes: await place.listNotes(db, found, on === today ? now : new Date(`${on}T22:00:00Z`)), peak: await place.findPeak(db, found.id, on),
      weeks: facts.map(dosageRow).map(({ week, plannedPersonMinutes, deliveredPersonMinutes }) => ({ week, plannedMinutes: plannedPersonMinutes, deliveredMinutes: deliveredPersonMinutes })),
      alerts: await listAlerts(db, { councils, hotspotId: found.id, standingOn: on }),
    };
  });

  mount(contract.setPriority, async ({ db, scope, actor, person, input }) => {
    const found = await place.findPlace(db, await councilCodes(db, scope.councils), input.id);
    if (!found) throw notFound('hotspot');
    if (input.untilOn !== undefined && input.untilOn < input.fromOn) throw invalid([{ field: 'untilOn', message: `${input.untilOn} is before ${input.fromOn}. Give a later day, or leave it out.` }]);
    const at = { hotspotId: found.id, position: input.position, fromOn: input.fromOn };
    const before = await place.listPriorities(db, found.id);
    await place.endPriority(db, at);
    const row = { ...at, id: randomUUID(), words: input.words, untilOn: input.untilOn === undefined ? null : addDays(input.untilOn, 1), setBy: person?.id ?? null };
    if (input.words !== '') await place.savePriority(db, row);
    const priorities = await place.listPriorities(db, found.id);
    await recordEvent(db, actor, { action: 'hotspotPrioritySet', subjectKind: 'hotspot', subjectId: found.id, councilCode: found.councilCode, before: before.filter(({ position }) => position === input.position), after: row });
    return { priorities };
  });
}
