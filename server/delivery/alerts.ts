/** When an alert is raised, and when it ends by itself. Pure. */
import { daysBetween, mondayOf, sayDate, weekdayOf } from '../patrols/calendar.ts';
import type { DeliveryAlert } from './contract.ts';
import { dayBefore } from './gaps.ts';

export interface AlertRules {
  readonly gapDays: number;
  readonly weekShare: number;
  /** 1 is Monday. */
  readonly weekDay: number;
  readonly silentDays: number;
}

/** A council whose agreement runs on the day, as it stood at the end of it. */
export interface CouncilFacts {
  readonly councilCode: string;
  /** Null until patrols have begun. */
  readonly startedOn: string | null;
  readonly lastVisitOn: string | null;
  /** Of the day's week; null where no plan was made. */
  readonly plannedMinutes: number | null;
  readonly deliveredMinutes: number;
  /** Live on the day and not paused. */
  readonly hotspots: readonly { readonly id: string; readonly liveFrom: string; readonly lastVisitOn: string | null }[];
}

export interface DueAlert {
  readonly councilCode: string;
  readonly hotspotId: string | null;
  readonly kind: DeliveryAlert['kind'];
  readonly sinceOn: string;
  readonly found: number;
  readonly threshold: number;
}

/** What should be alerted at the end of a day: hotspots left too long, the week behind its plan from the set day on, and a council that records nothing, which says it once instead of hotspot by hotspot. */
export function alertsDue(facts: readonly CouncilFacts[], rules: AlertRules, on: string): DueAlert[] {
  return facts.flatMap((council): DueAlert[] => {
    const { councilCode, startedOn } = council;
    if (startedOn === null || startedOn > on) return [];
    const silentSince = council.lastVisitOn ?? dayBefore(startedOn);
    const silent = daysBetween(silentSince, on);
    const week = weekAlert(council, rules, on);
    if (silent > rules.silentDays) return [{ councilCode, hotspotId: null, kind: 'silent', sinceOn: silentSince, found: silent, threshold: rules.silentDays }, ...week];
    const gaps = council.hotspots.flatMap(({ id, liveFrom, lastVisitOn }): DueAlert[] => {
      const sinceOn = lastVisitOn ?? dayBefore(liveFrom > startedOn ? liveFrom : startedOn);
      const found = daysBetween(sinceOn, on);
      return found > rules.gapDays ? [{ councilCode, hotspotId: id, kind: 'gap', sinceOn, found, threshold: rules.gapDays }] : [];
    });
    return [...gaps, ...week];
  });
}

function weekAlert({ councilCode, plannedMinutes, deliveredMinutes }: CouncilFacts, rules: AlertRules, on: string): DueAlert[] {
  if (!plannedMinutes || weekdayOf(on) + 1 < rules.weekDay) return [];
  const found = deliveredMinutes / plannedMinutes;
  return found < rules.weekShare ? [{ councilCode, hotspotId: null, kind: 'week', sinceOn: mondayOf(on), found: Math.round(found * 1000) / 1000, threshold: rules.weekShare }] : [];
}

export interface StandingAlert {
  readonly id: string;
  readonly councilCode: string;
  readonly hotspotId: string | null;
  readonly kind: DeliveryAlert['kind'];
  readonly sinceOn: string;
}

/** Alerts that stand and are no longer due, each with why it ends. */
export function alertsOver(standing: readonly StandingAlert[], due: readonly DueAlert[], facts: readonly CouncilFacts[], on: string): { id: string; endedBy: NonNullable<DeliveryAlert['endedBy']> }[] {
  return standing.flatMap((alert) => {
    if (due.some((one) => one.kind === alert.kind && one.councilCode === alert.councilCode && one.hotspotId === alert.hotspotId && one.sinceOn === alert.sinceOn)) return [];
    return [{ id: alert.id, endedBy: whyOver(alert, facts.find(({ councilCode }) => councilCode === alert.councilCode), on) }];
  });
}

function whyOver({ kind, hotspotId, sinceOn }: StandingAlert, council: CouncilFacts | undefined, on: string): string {
  if (!council) return 'not live';
  if (kind === 'week') return mondayOf(on) > sinceOn ? 'week over' : 'caught up';
  if (kind === 'gap' && !council.hotspots.some(({ id }) => id === hotspotId)) return 'not live';
  return 'visit';
}

/** An alert in a sentence. */
export function sayAlert({ kind, council, hotspot, sinceOn, found, threshold }: { kind: DeliveryAlert['kind']; council: string; hotspot: string | null; sinceOn: string; found: number; threshold: number }): string {
  if (kind === 'week') return `${council} had delivered ${Math.floor(found * 100)}% of the hours planned for the week of ${sayDate(sinceOn)}, less than ${Math.round(threshold * 100)}%.`;
  const who = kind === 'gap' ? `${hotspot} had no visit` : `${council} had recorded no visit anywhere`;
  return `${who} for ${found} days, since ${sayDate(sinceOn)}; more than ${threshold} are too many.`;
}
