/** The first page from its facts: which figures and which tasks a person's roles bring, each with its day. Pure. */
import { may, type Permission, type Role, roleNames } from '../permissions.ts';
import { addDays, daysBetween } from '../patrols/calendar.ts';
import type { FundForecast } from './contract.ts';
import type { FirstFigure, Task } from './firstPageContract.ts';
import type { AnalystFacts, AuditorFacts, ChaseFact, SignFact, WeekFact } from './firstPageFacts.ts';
import { poundsInWords, sayDay } from './outturnWords.ts';

export interface Deadlines {
  readonly on: string;
  readonly quarterEndsOn: string;
  readonly forecastDays: number;
  readonly claimDays: number;
  readonly quietDays: number;
}

const figure = (given: Pick<FirstFigure, 'key' | 'label' | 'value' | 'unit' | 'definition' | 'period' | 'href'> & Partial<FirstFigure>): FirstFigure => ({ missing: 'not available', tone: 'plain', ...given });

/** Money and days of each fund that a person sees. */
export function fundFigures(funds: readonly FundForecast[], { on, alertShare, ownCouncil }: { on: string; alertShare: number; ownCouncil: boolean }): FirstFigure[] {
  return funds.flatMap((fund) => {
    const href = ownCouncil && fund.agreements[0] ? `/agreements/${fund.agreements[0].agreementId}/forecast` : '/forecast';
    const left = fund.ceilingPence - fund.spentPence;
    const of = funds.length > 1 ? ` (${fund.name})` : '';
    const period = `As known on ${sayDay(on)}`;
    return [
      figure({ key: `days ${fund.id}`, label: `Days left${of}`, value: fund.daysLeft, unit: 'days', definition: fund.daysLeft === 0 ? `The fund ended on ${sayDay(fund.endsOn)}.` : `To the fund’s last day, ${sayDay(fund.endsOn)}.`, period, href, tone: fund.daysLeft > 0 && fund.daysLeft <= 92 ? 'warning' : 'plain' }),
      figure({ key: `left ${fund.id}`, label: `Left to spend${of}`, value: left, unit: 'pence', definition: `Ceiling of ${poundsInWords(fund.ceilingPence)} less ${poundsInWords(fund.spentPence)} spent or committed.`, period, href }),
      figure({
        key: `underspend ${fund.id}`, label: `Forecast underspend${of}`, value: fund.underspend.central, unit: 'pence', tone: fund.underspendShare > alertShare ? 'danger' : 'good', href, period,
        definition: `Ceiling less central outturn: ${Math.round(fund.underspendShare * 1000) / 10} % of it, between ${poundsInWords(fund.underspend.high)} and ${poundsInWords(fund.underspend.low)}. Alert over ${Math.round(alertShare * 1000) / 10} %.`,
      }),
    ];
  });
}

/** What each running agreement still owes, the latest first. `ownCouncil` turns chasing into sending. */
export function chaseTasks(facts: readonly ChaseFact[], deadlines: Deadlines, ownCouncil: boolean): Task[] {
  return sortTasks(facts.flatMap((fact) => [...startTasks(fact, deadlines), ...returnTasks(fact, deadlines), ...claimTasks(fact, deadlines), ...conditionTasks(fact, deadlines)])
    .map((each): Task => ({ ...each, group: ownCouncil ? 'send' : 'chase', council: ownCouncil ? null : each.council })));
}

type Draft = Omit<Task, 'group'>;

function startTasks({ agreementId, council, endsOn, startsOn, patrolsStart, lastVisitOn }: ChaseFact, { on, quietDays }: Deadlines): Draft[] {
  if (on > endsOn) return [];
  if (patrolsStart === null) {
    return [{ what: 'Patrols have not begun and no day is set', detail: `The agreement runs since ${sayDay(startsOn)}, ${daysBetween(startsOn, on)} days.`, council, href: '/wardens', dueOn: null, late: true }];
  }
  if (patrolsStart > on) return [];
  const last = lastVisitOn ?? patrolsStart;
  const quiet = daysBetween(last, on);
  if (quiet <= quietDays) return [];
  return [{ what: `No visit recorded for ${quiet} days`, detail: lastVisitOn === null ? `Patrols began on ${sayDay(patrolsStart)} and none is recorded.` : `The last one is of ${sayDay(lastVisitOn)}.`, council, href: `/agreements/${agreementId}/forecast`, dueOn: null, late: true }];
}

function returnTasks({ agreementId, council, startsOn, endsOn, quarterSent }: ChaseFact, { on, quarterEndsOn, forecastDays }: Deadlines): Draft[] {
  const dueOn = addDays(quarterEndsOn, forecastDays);
  // A quarter counts when the agreement had days in it.
  if (quarterSent || quarterEndsOn < startsOn || addDays(quarterEndsOn, -91) > endsOn) return [];
  return [{ what: `Actual and forecast of the quarter to ${sayDay(quarterEndsOn)}`, detail: 'Signed by the council’s chief finance officer.', council, href: `/agreements/${agreementId}/forecast#council`, dueOn, late: on > dueOn }];
}

function claimTasks({ agreementId, council, unclaimed, queried }: ChaseFact, { on, claimDays }: Deadlines): Draft[] {
  return [
    ...unclaimed.map(({ startsOn, endsOn }): Draft => {
      const dueOn = addDays(endsOn, claimDays);
      return { what: `Claim of ${sayDay(startsOn)} to ${sayDay(endsOn)}`, detail: 'Nothing is submitted for this period.', council, href: `/agreements/${agreementId}/claims`, dueOn, late: on > dueOn };
    }),
    ...queried.map(({ id, number }): Draft => ({ what: `Reply to the query on claim ${number}`, detail: 'The claim waits until it is answered.', council, href: `/claims/${id}`, dueOn: null, late: false })),
  ];
}

function conditionTasks({ agreementId, council, conditions }: ChaseFact, { on }: Deadlines): Draft[] {
  return conditions.filter(({ owedBy }) => owedBy === 'council').map(({ what, dueOn }): Draft => ({ what, detail: 'A condition of the agreement.', council, href: `/agreements/${agreementId}/terms`, dueOn, late: on > dueOn }));
}

/** Late ones first, then by day, those without a day last. */
export function sortTasks(tasks: readonly Task[]): Task[] {
  const rank = ({ late, dueOn }: Task): string => `${late ? 0 : 1} ${dueOn ?? '9999'}`;
  return [...tasks].sort((a, b) => (rank(a) < rank(b) ? -1 : Number(rank(a) > rank(b))));
}

const signs: Record<SignFact['kind'], { readonly needs: Permission; readonly says: (fact: SignFact) => string; readonly href: (fact: SignFact) => string }> = {
  claim: { needs: 'approveClaims', says: ({ what, pence }) => `Claim ${what} of ${poundsInWords(pence ?? 0)}`, href: ({ id }) => `/claims/${id}` },
  payment: { needs: 'payClaims', says: ({ what, pence }) => `Payment of ${poundsInWords(pence ?? 0)} on claim ${what}`, href: ({ id }) => `/claims/${id}` },
  variation: { needs: 'approveVariations', says: ({ what }) => `Variation ${what}`, href: ({ id }) => `/variations/${id}` },
  agreeing: { needs: 'agreeVariations', says: ({ what }) => `Variation ${what}, to agree for the council`, href: ({ id }) => `/variations/${id}` },
  reallocation: { needs: 'approveReallocations', says: ({ what }) => `${capital(what)}, agreed by who gives and who takes`, href: ({ id }) => `/reallocations/${id}` },
  giving: { needs: 'agreeReallocations', says: ({ what, pence }) => `${capital(what)}, to agree: ${poundsInWords(Math.abs(pence ?? 0))} ${(pence ?? 0) < 0 ? 'given' : 'taken'}`, href: ({ id }) => `/reallocations/${id}` },
  closure: { needs: 'approveClosure', says: ({ what }) => `Year-end decision: ${what}`, href: ({ agreementId }) => `/agreements/${agreementId}/closure` },
  hours: { needs: 'acceptHours', says: ({ what }) => `Explained hours that the check refused: ${what} minutes`, href: ({ agreementId }) => `/agreements/${agreementId}/hours` },
  unlock: { needs: 'keepLedger', says: ({ what }) => `Opening the period from ${sayDay(what)} again`, href: ({ agreementId }) => `/agreements/${agreementId}/ledger` },
  role: { needs: 'managePeople', says: ({ what }) => `Role of ${(roleNames[what as Role] ?? what).toLowerCase()}`, href: () => '/people' },
};

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** What a person may sign: in their roles, and where they had no hand in it. */
export function signTasks(facts: readonly SignFact[], roles: readonly Role[], on: string): Task[] {
  return facts.filter(({ kind, own }) => !own && may(roles, signs[kind].needs)).map((fact) => ({
    group: 'sign' as const, what: signs[fact.kind].says(fact), detail: `Waits since ${sayDay(fact.since.slice(0, 10))}.`, council: fact.council, href: signs[fact.kind].href(fact), dueOn: fact.dueOn, late: fact.dueOn !== null && on > fact.dueOn,
  }));
}

/** Hours owed and made this week; what is not planned or not begun is not 0. */
export function weekFigures(week: readonly WeekFact[], { monday, on }: { monday: string; on: string }): FirstFigure[] {
  const planned = week.filter(({ plannedMinutes }) => plannedMinutes !== null);
  const owed = planned.reduce((sum, { plannedMinutes }) => sum + (plannedMinutes ?? 0), 0);
  const made = week.reduce((sum, { deliveredMinutes }) => sum + deliveredMinutes, 0);
  const period = `Week from ${sayDay(monday)}, to ${sayDay(on)}`;
  return [
    figure({ key: 'owed', label: 'Hours planned this week', value: planned.length > 0 ? owed : null, missing: 'no plan made', unit: 'minutes', definition: 'Person-hours in hotspots that the week’s allocation plans, Monday to Sunday.', period: `Week from ${sayDay(monday)}`, href: `/dosage?from=${monday}&to=${monday}` }),
    figure({ key: 'made', label: 'Hours delivered so far', value: week.some(({ started }) => started) ? made : null, missing: 'patrols have not begun', unit: 'minutes', definition: 'Whole minutes of recorded visits times the persons on them.', period, href: '/visits' }),
  ];
}

/** Hotspots without a single visit this week although hours are planned there. */
export function gapTasks(week: readonly WeekFact[], monday: string): Task[] {
  return week.filter(({ started, plannedMinutes, deliveredMinutes }) => started && (plannedMinutes ?? 0) > 0 && deliveredMinutes === 0)
    .map(({ hotspotId, hotspot, plannedMinutes }) => ({ group: 'look' as const, what: `No visit yet to ${hotspot}`, detail: `${Math.round((plannedMinutes ?? 0) / 6) / 10} person-hours are planned in the week from ${sayDay(monday)}.`, council: null, href: `/hotspots/${hotspotId}`, dueOn: addDays(monday, 6), late: false }));
}

export function analystFigures(facts: AnalystFacts, on: string): FirstFigure[] {
  const period = `As at ${sayDay(on)}`;
  return [
    figure({ key: 'month', label: 'Incidents held to', value: facts.lastMonth, missing: 'nothing imported', unit: 'date', definition: 'The latest month that any source has sent.', period, href: '/data' }),
    figure({ key: 'refused', label: 'Files refused', value: facts.lastImportAt ? facts.refusedFiles : null, missing: 'nothing imported', unit: 'count', tone: facts.refusedFiles > 0 ? 'danger' : 'plain', definition: facts.lastImportAt ? `In the latest import, of ${sayDay(facts.lastImportAt.slice(0, 10))}.` : 'In the latest import.', period, href: '/data' }),
    figure({ key: 'analysis', label: 'Latest analysis', value: facts.lastAnalysisAt?.slice(0, 10) ?? null, missing: 'none made', unit: 'date', definition: 'The day hotspots were last ranked.', period, href: '/analysis' }),
  ];
}

export function analystTasks(facts: AnalystFacts, { on, analysisDays }: { on: string; analysisDays: number }): Task[] {
  const look = (what: string, detail: string, href: string, late: boolean): Task => ({ group: 'look', what, detail, council: null, href, dueOn: null, late });
  const age = facts.lastAnalysisAt ? daysBetween(facts.lastAnalysisAt.slice(0, 10), on) : null;
  return [
    ...facts.behind.map(({ source, lastMonth }) => look(`${source} is behind`, `It is held to ${lastMonth}, others to ${facts.lastMonth ?? ''}.`, '/data', true)),
    ...(age === null || age > analysisDays ? [look('An analysis of hotspots is due', age === null ? 'None was made yet.' : `The latest is ${age} days old; one is due every ${analysisDays} days.`, '/analysis', false)] : []),
    ...(facts.failedJobs > 0 ? [look(`${facts.failedJobs} long ${facts.failedJobs === 1 ? 'job' : 'jobs'} failed`, 'In the last seven days.', '/jobs', true)] : []),
  ];
}

export function auditorFigures(facts: AuditorFacts, on: string): FirstFigure[] {
  const period = `As at ${sayDay(on)}`;
  return [
    figure({ key: 'events', label: 'Events', value: facts.events, unit: 'count', definition: 'Changes written to the audit trail in the last seven days.', period, href: '/audit' }),
    figure({ key: 'digest', label: 'Latest daily digest', value: facts.lastDigestOn, missing: 'none made yet', unit: 'date', definition: 'The last day of the trail that is sealed with a hash.', period, href: '/audit/digests' }),
    figure({ key: 'faults', label: 'Ledger faults', value: facts.ledgerAlerts, unit: 'count', tone: facts.ledgerAlerts > 0 ? 'danger' : 'good', definition: 'Alerts of the nightly check of the ledger in the last 31 days; every one is to be explained.', period, href: '/agreements' }),
    figure({ key: 'overrides', label: 'Ratings set aside', value: facts.overrides, unit: 'count', tone: facts.overrides > 0 ? 'warning' : 'plain', definition: 'Agreements shown with another rating than the rule’s, each with a reason.', period, href: '/forecast' }),
  ];
}
