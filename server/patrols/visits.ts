/** What makes a visit one that may be counted. Pure: what is known is handed in, what is wrong is handed back by field. */
import { freeTextFault } from '../freeText.ts';
import type { ActionKind, StaffCategory, WayRecorded } from './contract.ts';
import { staffCategoryNames } from './contract.ts';
import { localTime } from './calendar.ts';
import { type PowerFact, powerProblems } from './powers.ts';
import { checkOverlaps, type BusySpan } from './visitOverlaps.ts';

/** A visit ready to be kept: instants as ISO text in UTC, wardens by reference. */
export interface NewVisit {
  readonly id: string;
  readonly hotspotId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly staffCategory: StaffCategory;
  readonly persons: number;
  readonly onFoot: boolean;
  readonly extended: boolean;
  readonly jointWithPolice: boolean;
  /** Area code of the police force. */
  readonly jointForce?: string | null | undefined;
  readonly recordedHow: WayRecorded;
  readonly patrolReference: string;
  readonly note: string;
  readonly wardens: readonly string[];
  readonly actions: readonly { readonly code: string; readonly n: number }[];
}

export interface HotspotFact {
  readonly id: string;
  readonly name: string;
  readonly councilCode: string;
  readonly state: string;
  readonly liveFrom: string;
  /** The first day no longer live. */
  readonly liveTo: string | null;
}

export interface WardenFact {
  readonly id: string;
  readonly councilCode: string;
  readonly reference: string;
  readonly staffCategory: StaffCategory;
  readonly employedFrom: string;
  /** The first day no longer employed. */
  readonly employedTo: string | null;
  /** Contracts over time; between two of them nobody is employed. */
  readonly contracts?: readonly { readonly from: string; readonly to: string | null }[];
}

/** What a batch of visits is judged by, loaded once. */
export interface VisitFacts {
  readonly hotspots: ReadonlyMap<string, HotspotFact>;
  /** By `wardenKey`. */
  readonly wardens: ReadonlyMap<string, WardenFact>;
  readonly kinds: ReadonlyMap<string, ActionKind & { readonly validFrom: string; readonly validTo: string | null }>;
  /** Council code -> the day its patrols start. */
  readonly starts: ReadonlyMap<string, string>;
  /** Powers of wardens, whenever they hold. */
  readonly powers?: readonly PowerFact[];
  /** Area codes of police forces. */
  readonly forces?: ReadonlySet<string>;
  /** Where the same wardens and crews already were. */
  readonly busy: readonly BusySpan[];
  readonly nowMs: number;
}

/** One thing wrong with one visit of a batch: which, which field, what was given, and what to do. */
export interface VisitProblem {
  readonly index: number;
  readonly field: string;
  readonly value: string;
  readonly message: string;
}

export const wardenKey = (councilCode: string, reference: string): string => `${councilCode} ${reference.toLowerCase()}`;

/** A clock may run ahead of ours by this much before a visit counts as not yet over. */
const clockToleranceMs = 5 * 60_000;

/** Everything wrong with a batch of visits, in their order; an empty list when all may be kept. */
export function checkVisits(visits: readonly NewVisit[], facts: VisitFacts): VisitProblem[] {
  const own = visits.flatMap((visit, index) => checkVisit(visit, facts).map((problem) => ({ index, ...problem })));
  const faulty = new Set(own.map(({ index }) => index));
  // A visit with a wrong time or warden overlaps by that mistake; what it overlaps is worth saying once it is right.
  return [...own, ...checkOverlaps(visits, facts).filter(({ index }) => !faulty.has(index))].sort((a, b) => a.index - b.index);
}

type FieldProblem = Omit<VisitProblem, 'index'>;

function checkVisit(visit: NewVisit, facts: VisitFacts): FieldProblem[] {
  const hotspot = facts.hotspots.get(visit.hotspotId);
  if (!hotspot) return [{ field: 'hotspotId', value: visit.hotspotId, message: `There is no hotspot ${visit.hotspotId}, or it is not yours. Choose one from the list of hotspots.` }];
  const times = checkTimes(visit, facts.nowMs);
  if (times.length > 0) return times;
  const day = localDay(visit.startedAt);
  return [...checkPlace(visit, hotspot, day, facts), ...checkNote(visit), ...checkForce(visit, facts), ...checkWardens(visit, hotspot, day, facts), ...checkActions(visit, day, facts), ...checkPowers(visit, hotspot, day, facts)];
}

function checkTimes(visit: NewVisit, nowMs: number): FieldProblem[] {
  const from = Date.parse(visit.startedAt);
  const to = Date.parse(visit.endedAt);
  const at = (message: string): FieldProblem[] => [{ field: 'endedAt', value: visit.endedAt, message }];
  if (to <= from) return at('The visit must end after it starts. Check both times.');
  if (to - from > 24 * 3_600_000) return at('A visit cannot last over 24 hours. Check the dates.');
  if (to - from < 60_000) return at('The visit lasts less than a minute. Check both times.');
  if (to > nowMs + clockToleranceMs) return at('The visit ends in the future. Record it once it is over.');
  return [];
}

function checkPlace(visit: NewVisit, hotspot: HotspotFact, day: string, facts: VisitFacts): FieldProblem[] {
  const value = day;
  const lastDay = localDay(visit.endedAt);
  const at = (message: string): FieldProblem[] => [{ field: 'startedAt', value, message }];
  if (hotspot.state === 'proposed') return at(`${hotspot.name} is proposed, not yet agreed. Adopt it first.`);
  if (day < hotspot.liveFrom) return at(`${hotspot.name} is live from ${hotspot.liveFrom}; this visit is on ${day}. Check the date, or the hotspot.`);
  if (hotspot.liveTo !== null && lastDay >= hotspot.liveTo) return at(`${hotspot.name} was live until the end of the day before ${hotspot.liveTo}; this visit is on ${day}. Check the date, or the hotspot.`);
  const start = facts.starts.get(hotspot.councilCode);
  if (start === undefined) return at('The council has not said when its patrols start. Enter the first day on the wardens page, then record visits.');
  if (day < start) return at(`The council’s patrols start on ${start}; this visit is on ${day}. Check the date, or change the first day of patrols.`);
  return [];
}

function checkNote({ note }: NewVisit): FieldProblem[] {
  const fault = freeTextFault(note);
  return fault ? [{ field: 'note', value: fault.found, message: fault.message }] : [];
}

function checkForce({ jointForce, jointWithPolice }: NewVisit, { forces }: VisitFacts): FieldProblem[] {
  if (!jointForce) return [];
  const at = (message: string): FieldProblem[] => [{ field: 'jointForce', value: jointForce, message }];
  if (!jointWithPolice) return at('A police force is named and the visit is not joint with the police. Mark it as joint, or take the force out.');
  return forces?.has(jointForce) ? [] : at(`${jointForce} is not a police force of this service. Choose one of the list.`);
}

function checkWardens(visit: NewVisit, hotspot: HotspotFact, day: string, facts: VisitFacts): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const add = (value: string, message: string): number => problems.push({ field: 'wardens', value, message });
  const known = visit.wardens.map((reference) => reference.toLowerCase());
  if (new Set(known).size < known.length) add(visit.wardens.join(' '), 'A warden is given twice. Give each once.');
  if (visit.wardens.length > visit.persons) add(visit.wardens.join(' '), `${visit.wardens.length} wardens are given and ${visit.persons} persons. Correct one of the two.`);
  for (const reference of visit.wardens) {
    const warden = facts.wardens.get(wardenKey(hotspot.councilCode, reference));
    if (!warden) add(reference, `${reference} is not a warden of this council. Add the reference on the wardens page, or correct it.`);
    else if (day < warden.employedFrom || (warden.employedTo !== null && day >= warden.employedTo)) add(reference, `${reference} is not employed on ${day}. Check the date, or the warden’s dates.`);
    else if (warden.contracts?.every(({ from, to }) => day < from || (to !== null && day >= to))) add(reference, `${reference} has no contract on ${day}, which lies between two. Check the date, or the warden’s contracts.`);
    else if (warden.staffCategory !== visit.staffCategory) {
      add(reference, `${reference} is entered as ${staffCategoryNames[warden.staffCategory]}, the visit as ${staffCategoryNames[visit.staffCategory]}. Record each staff category as a visit of its own with the same patrol reference.`);
    }
  }
  return problems;
}

function checkActions(visit: NewVisit, day: string, facts: VisitFacts): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const seen = new Set<string>();
  for (const { code } of visit.actions) {
    const kind = facts.kinds.get(code);
    const add = (message: string): number => problems.push({ field: 'actions', value: code, message });
    if (seen.has(code)) add(`${kind?.name ?? code} is given twice. Give each kind once with its count.`);
    seen.add(code);
    if (!kind) add(`"${code}" is not a kind of action. Use one of: ${[...facts.kinds.keys()].join(', ')}.`);
    else if (day < kind.validFrom || (kind.validTo !== null && day >= kind.validTo)) add(`${kind.name} was not a kind of action on ${day}. Use a kind in force that day.`);
    else if (kind.policeOnly && !visit.jointWithPolice && !hasPower(kind, visit.staffCategory)) {
      add(`${kind.name}: ${staffCategoryNames[visit.staffCategory]} has no such power. If the police were there, mark the visit as joint with the police; otherwise take it out.`);
    }
  }
  return problems;
}

/** Wardens who are wrong themselves are told first: what they may do is worth saying once they are right. */
function checkPowers(visit: NewVisit, { councilCode }: HotspotFact, day: string, facts: VisitFacts): FieldProblem[] {
  if (visit.actions.length === 0 || visit.wardens.some((reference) => !facts.wardens.has(wardenKey(councilCode, reference)))) return [];
  const own = (facts.powers ?? []).filter((power) => power.councilCode === councilCode);
  return powerProblems(visit, day, (code) => facts.kinds.get(code), own).map(({ code, message }) => ({ field: 'actions', value: code, message }));
}

/** Wardens have no police power of arrest, stop and search or dispersal; support officers may be given dispersal. */
function hasPower(kind: ActionKind, staff: StaffCategory): boolean {
  return staff === 'police_officer' || staff === 'special' || (kind.pcsoMay && staff === 'pcso');
}

/** The day in Britain of an instant given as ISO text. */
export function localDay(instant: string): string {
  return localTime(Date.parse(instant)).date;
}

/** True when two records of one id say the same: what was sent again, not something else under its id. */
export function sameVisit(a: NewVisit, b: NewVisit): boolean {
  return fingerprint(a) === fingerprint(b);
}

function fingerprint(visit: NewVisit): string {
  return JSON.stringify([
    visit.hotspotId, Date.parse(visit.startedAt), Date.parse(visit.endedAt), visit.staffCategory, visit.persons, visit.onFoot, visit.extended,
    visit.jointWithPolice, visit.jointForce ?? null, visit.recordedHow, visit.patrolReference, visit.note,
    visit.wardens.map((reference) => reference.toLowerCase()).toSorted(),
    visit.actions.map(({ code, n }) => `${code} ${n}`).toSorted(),
  ]);
}
