/** What the allocation rule is asked about one week: money, rates, hotspots and what is expected there. Pure. */
import { type AllocationInput, type AllocationSettings, defaultAllocationSettings } from '../patrols/allocation.ts';
import { addDays, daysBetween } from '../patrols/calendar.ts';
import { expectedIncidents, personMinutesPerVisit } from '../patrols/gain.ts';
import { type DatedRate, ratesOfWeek, rollingMoneyPence } from '../patrols/weekMoney.ts';
import type { Agreement, AgreementState, RateBand } from './contract.ts';

/** A hotspot with the incidents inside its outline over the months looked at. */
export interface HotspotOfWeek {
  readonly id: string;
  readonly name: string;
  readonly councilCode: string;
  readonly liveFrom: string;
  /** The first day no longer live. */
  readonly liveTo: string | null;
  readonly lastVisitOn: string | null;
  /** Incidents a week: over each source's months with data, added up. */
  readonly weekly: number;
  /** Incidents with a time by band of the week (42), or null when none has one. */
  readonly timed: readonly number[] | null;
}

export interface WeekFacts {
  readonly week: string;
  readonly agreements: readonly Agreement[];
  readonly hotspots: readonly HotspotOfWeek[];
  /** Incidents with a time by band (42), of each council; '' for all of them. */
  readonly profiles: ReadonlyMap<string, readonly number[]>;
  /** Weeks of the sources that give times. */
  readonly timedWeeks: number;
  readonly bankHolidays: readonly string[];
  /** Minutes of wardens on published shifts by band (42), of each council whose rota covers the whole week. */
  readonly rotaMinutes?: ReadonlyMap<string, readonly number[]>;
  readonly settings: ReadonlyMap<string, number | string | boolean>;
}

/** A hotspot's expectation in words and a number, for the screen. */
export interface Expectation {
  readonly weekly: number;
  readonly says: string;
}

export interface WeekQuestion {
  readonly input: AllocationInput;
  /** Agreements that pay for no hours whatever their money, and why. */
  readonly refused: ReadonlyMap<string, { readonly code: string; readonly text: string }>;
  readonly expectations: ReadonlyMap<string, Expectation>;
  readonly notes: readonly string[];
}

/** Everything the rule is asked. Hotspots go to their council's agreement of the week. */
export function questionOf(facts: WeekFacts): WeekQuestion {
  const settings = settingsFrom(facts.settings);
  const { chosen, notes } = chooseAgreements(facts);
  const refused = new Map(chosen.flatMap((agreement) => refusal(agreement)));
  const byCouncil = new Map(chosen.map((agreement) => [agreement.councilCode, agreement.id]));
  const expectations = new Map<string, Expectation>();
  const hotspots = facts.hotspots.flatMap((hotspot) => {
    const agreementId = byCouncil.get(hotspot.councilCode);
    if (agreementId === undefined) return [];
    const { expected, says } = expect(hotspot, facts);
    expectations.set(hotspot.id, { weekly: hotspot.weekly, says });
    return [{
      id: hotspot.id, agreementId, liveFrom: hotspot.liveFrom, liveTo: hotspot.liveTo === null ? null : addDays(hotspot.liveTo, -1),
      expected, personMinutesPerVisit: personMinutesPerVisit(settings), lastVisitOn: hotspot.lastVisitOn,
    }];
  });
  const agreements = chosen.map((agreement) => ({
    id: agreement.id, councilCode: agreement.councilCode, startsOn: agreement.startsOn, endsOn: agreement.endsOn, productiveRatio: agreement.productiveRatio,
    moneyPence: refused.has(agreement.id) ? 0 : rollingMoneyPence(agreement.availablePence, facts.week, agreement.startsOn, agreement.endsOn),
    ratesPencePerHour: ratesOfWeek(facts.week, agreement.rates.map(datedRate), facts.bankHolidays),
    // Until a rota says who is on, only money and the rules of a visit limit the hours. Of an hour on the rota the productive part is spent on visits, as in what a visit costs.
    personMinutesAvailable: facts.rotaMinutes?.get(agreement.councilCode)?.map((minutes) => Math.floor(minutes * agreement.productiveRatio)) ?? null,
  }));
  // No council by name: every council of the run reads its notes.
  const limited = chosen.some(({ councilCode }) => facts.rotaMinutes?.has(councilCode)) ? ['A rota published for the whole week limits a council’s hours: each band has the wardens who are on shift in it, and the productive part of their time.'] : [];
  return { input: { weekStart: facts.week, agreements, hotspots, settings }, refused, expectations, notes: [...notes, ...limited] };
}

const paying: readonly AgreementState[] = ['signed', 'live', 'live at risk', 'closing'];

function refusal(agreement: Agreement): [string, { code: string; text: string }][] {
  if (paying.includes(agreement.state)) return [];
  if (agreement.state === 'closed') return [[agreement.id, { code: 'agreement-closed', text: 'The agreement is closed: it pays for no more hours.' }]];
  return [[agreement.id, { code: 'agreement-not-signed', text: `The agreement is in state "${agreement.state}". Hours are allocated once it is signed.` }]];
}

/** One agreement for each council: the one of the week, else the next to start, else the last that ended; a signed one before the others. */
function chooseAgreements(facts: WeekFacts): { chosen: Agreement[]; notes: string[] } {
  const sunday = addDays(facts.week, 6);
  const rank = (agreement: Agreement): [number, number, number] => {
    const inForce = agreement.startsOn <= sunday && agreement.endsOn >= facts.week;
    return [inForce ? 0 : 1, paying.includes(agreement.state) ? 0 : 1, Math.abs(daysBetween(facts.week, agreement.startsOn))];
  };
  const notes: string[] = [];
  const chosen = [...new Set(facts.agreements.map((agreement) => agreement.councilCode))].flatMap((code) => {
    const own = facts.agreements.filter((agreement) => agreement.councilCode === code).toSorted((a, b) => compareRanks(rank(a), rank(b)) || (a.id < b.id ? -1 : 1));
    const others = own.slice(1).filter((agreement) => rank(agreement)[0] === 0);
    for (const other of others) notes.push(`${other.council} has another agreement in this week, ${other.reference}: the hours are allocated against ${own[0]?.reference}.`);
    return own.slice(0, 1);
  });
  return { chosen, notes };
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum || value - (b[index] ?? 0), 0);
}

/** The plain rate holds at every hour; an enhancement is paid where it applies and is higher. */
export const bandsOfRate: Record<RateBand, Partial<DatedRate>> = {
  day: {},
  evening: { bands: [4, 5] },
  night: { bands: [0, 1] },
  saturday: { weekdays: [5] },
  sunday: { weekdays: [6] },
  bank_holiday: { bankHolidays: true },
};

function datedRate(rate: Agreement['rates'][number]): DatedRate {
  return { pencePerHour: rate.pencePerHour, validFrom: rate.validFrom, validTo: rate.validTo === null ? null : addDays(rate.validTo, -1), ...bandsOfRate[rate.band] };
}

/** λ by band: the hotspot's own hours drawn towards its council's, or towards the whole area's where the council has none. */
function expect(hotspot: HotspotOfWeek, facts: WeekFacts): { expected: readonly number[]; says: string } {
  const council = facts.profiles.get(hotspot.councilCode);
  const area = facts.profiles.get('');
  const { expected, says } = expectedIncidents(hotspot.weekly, hotspot.timed, council ?? area ?? null, facts.timedWeeks);
  return { expected, says: council || !area ? says : `${says} This council has no incidents with times, so the hours of the whole area stand in for its own.` };
}

/** The settings in force, over what the rule begins with. */
function settingsFrom(values: WeekFacts['settings']): AllocationSettings {
  const number = (name: string, usual: number): number => {
    const value = values.get(`allocation_${name}`);
    return typeof value === 'number' ? value : usual;
  };
  const usual = defaultAllocationSettings;
  return {
    ...usual,
    effect: { low: number('effect_low', usual.effect.low), central: number('effect_central', usual.effect.central), high: number('effect_high', usual.effect.high) },
    visitMinutes: number('visit_minutes', usual.visitMinutes),
    overheadMinutes: number('overhead_minutes', usual.overheadMinutes),
    crew: number('crew', usual.crew),
    residualHours: number('residual_hours', usual.residualHours),
    minimumVisitsPerWeek: number('minimum_visits', usual.minimumVisitsPerWeek),
    maxGapDays: number('max_gap_days', usual.maxGapDays),
    maxShare: number('max_share', usual.maxShare),
  };
}
