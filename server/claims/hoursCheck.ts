/**
 * The hours check: which recorded minutes an agreement pays for, at which rate, and why it does not pay for the others.
 * A minute belongs to the local day and hour it begins in. Pure.
 */
import { localTime } from '../patrols/calendar.ts';
import type { Finding, HoursInput, HoursVisit, Minute, Slot } from './hoursCheckInput.ts';
import { fingerprintOf, grouped, minuteMs, minuteReader, personKey } from './hoursCheckInput.ts';
import { type HoursLine, linesOf, type PaidSpan, pricer, spansOf } from './hoursCheckPrice.ts';
import { testsOf } from './hoursCheckTests.ts';
import type { HoursReason } from './hoursContract.ts';
import { waivableReasons } from './hoursContract.ts';

/** Minutes refused together: one visit, one person (or all of it), one reason, without a gap. */
export interface HoursRefusal {
  /** Stays the same while the visit and the reason do. */
  readonly key: string;
  readonly visitId: string;
  readonly hotspotId: string;
  readonly day: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Empty for everybody on the visit. */
  readonly person: string;
  readonly wardenReference: string | null;
  readonly persons: number;
  /** Person-minutes. */
  readonly minutes: number;
  readonly reason: HoursReason;
  readonly says: string;
  /** Visits it clashes with. */
  readonly rows: readonly string[];
  readonly fingerprint: string;
}

export interface HoursTotals {
  readonly recordedPersonMinutes: number;
  readonly payablePersonMinutes: number;
  readonly refusedPersonMinutes: number;
  /** Of the payable, those that a second person accepted. */
  readonly acceptedPersonMinutes: number;
  /** Minutes with anybody there. */
  readonly recordedPatrolMinutes: number;
  /** Minutes with anybody there who is paid. */
  readonly payablePatrolMinutes: number;
  readonly amountPence: number;
  /** The same, capped at what is left under the agreement. */
  readonly payablePence: number;
}

export interface HoursResult {
  readonly lines: readonly HoursLine[];
  readonly refused: readonly HoursRefusal[];
  readonly spans: readonly PaidSpan[];
  readonly totals: HoursTotals;
}

/**
 * Checks and prices every recorded minute; each is either in one line or in one refusal. The order of what is given changes nothing.
 * Source: money-and-returns section 4. Throws a RangeError where no rules hold on a day.
 */
export function checkHours(input: HoursInput): HoursResult {
  const slots = slotsOf(input);
  judge(slots, input);
  const spans = spansOf(slots, pricer(input));
  const lines = linesOf(spans, input);
  return { lines, spans, refused: refusalsOf(slots), totals: totalsOf(slots, lines) };
}

/** Each person of each visit, in order of time; of visits that begin together the one recorded first. */
function slotsOf({ visits, wardens, agreement }: HoursInput): Slot[] {
  const byId = new Map(wardens.map((warden) => [warden.id, warden]));
  const minutesOf = minuteReader(localTime);
  const order = visits.toSorted((a, b) => a.startedAtMs - b.startedAtMs || a.recordedAtMs - b.recordedAtMs || (a.id < b.id ? -1 : 1));
  return order.flatMap((visit) => {
    const minutes = minutesOf(visit);
    const named = visit.wardens.flatMap((id) => byId.get(id) ?? []).toSorted((a, b) => (a.reference < b.reference ? -1 : 1));
    return Array.from({ length: visit.persons }, (_, place): Slot => {
      const warden = named[place] ?? null;
      return { visit, warden, minutes, person: personKey(agreement.councilCode, visit, warden?.id, place - named.length + 1), findings: [], waived: [] };
    });
  });
}

function judge(slots: readonly Slot[], input: HoursInput): void {
  const { inOrder, keep } = testsOf(input, slots);
  const isWaived = waiversOf(input);
  for (const slot of slots) {
    for (const [index, minute] of slot.minutes.entries()) {
      let waived = false;
      const found = inOrder.reduce<Finding | null>((before, test) => {
        const finding = before ?? test(slot, minute);
        if (before || !finding || !isWaived(slot, minute, finding)) return finding;
        waived = true;
        return null;
      }, null);
      slot.findings[index] = found;
      slot.waived[index] = waived && found === null;
      if (found === null) keep(slot, minute);
    }
  }
}

/** True where a second person accepted this very refusal and the visit is as it was then. */
function waiversOf({ waivers }: HoursInput): (slot: Slot, minute: Minute, finding: Finding) => boolean {
  const byVisit = grouped(waivers, ({ visitId }) => visitId);
  const waivable: readonly HoursReason[] = waivableReasons;
  return ({ visit, person }, { at }, { reason }) => waivable.includes(reason) && (byVisit.get(visit.id) ?? []).some((waiver) =>
    waiver.reason === reason && at >= waiver.fromMs && at < waiver.toMs && (waiver.person === '' || waiver.person === person) && waiver.fingerprint === fingerprintOf(visit));
}

/** Reasons that are about the whole visit: its persons are told together. */
const ofVisit: readonly HoursReason[] = ['outside agreement', 'hotspot not live', 'hotspot not named', 'police time', 'staff not paid', 'joint patrol', 'no rate'];

function refusalsOf(slots: readonly Slot[]): HoursRefusal[] {
  const found = new Map<string, HoursRefusal>();
  for (const slot of slots) {
    for (const run of runsOf(slot)) {
      const same = found.get(run.key);
      found.set(run.key, same ? { ...same, persons: same.persons + 1, minutes: same.minutes + run.minutes } : run);
    }
  }
  return [...found.values()];
}

/** The refused minutes of a slot, joined while day, reason and words stay the same. */
function runsOf({ visit, person, warden, minutes, findings }: Slot): HoursRefusal[] {
  const runs: HoursRefusal[] = [];
  for (const [index, { at, day }] of minutes.entries()) {
    const finding = findings[index];
    if (!finding) continue;
    const last = runs.at(-1);
    if (last && last.toMs === at && last.day === day && last.says === finding.says && last.rows.join() === finding.rows.join()) {
      runs[runs.length - 1] = { ...last, toMs: at + minuteMs, minutes: last.minutes + 1 };
      continue;
    }
    const whole = ofVisit.includes(finding.reason);
    runs.push({
      key: '', visitId: visit.id, hotspotId: visit.hotspotId, day, fromMs: at, toMs: at + minuteMs, person: whole ? '' : person,
      wardenReference: whole ? null : (warden?.reference ?? null), persons: 1, minutes: 1, ...finding, fingerprint: fingerprintOf(visit),
    });
  }
  return runs.map((run) => ({ ...run, key: keyOf(run, visit) }));
}

/** Offsets from the visit's start, so that a key says which of its minutes. */
function keyOf({ visitId, person, reason, fromMs, toMs }: HoursRefusal, { startedAtMs }: HoursVisit): string {
  return [visitId, reason, (fromMs - startedAtMs) / minuteMs, (toMs - startedAtMs) / minuteMs, person].join('/');
}

function totalsOf(slots: readonly Slot[], lines: readonly HoursLine[]): HoursTotals {
  const recorded = sum(slots.map(({ minutes }) => minutes.length));
  const payable = sum(lines.map(({ minutes }) => minutes));
  const visits = [...grouped(slots, ({ visit }) => visit).values()];
  return {
    recordedPersonMinutes: recorded, payablePersonMinutes: payable,
    refusedPersonMinutes: sum(slots.map(({ findings }) => findings.filter((each) => each !== null).length)),
    acceptedPersonMinutes: sum(slots.map(({ waived }) => waived.filter(Boolean).length)),
    recordedPatrolMinutes: sum(visits.map(([first]) => first?.minutes.length ?? 0)),
    payablePatrolMinutes: sum(visits.map((crew) => (crew[0]?.minutes ?? []).filter((_, index) => crew.some(({ findings }) => findings[index] === null)).length)),
    amountPence: sum(lines.map(({ amountPence }) => amountPence)), payablePence: sum(lines.map(({ payablePence }) => payablePence)),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
