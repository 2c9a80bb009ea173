/** The first page over HTTP: each role's part is loaded only for that role. */
import { workingDaysAfter } from '../claims/days.ts';
import { invalid } from '../errors.ts';
import { listBankHolidays, listFunds } from '../grants/queries.ts';
import type { Call, Mount } from '../mount.ts';
import { localTime, mondayOf } from '../patrols/calendar.ts';
import { may, type Permission } from '../permissions.ts';
import { settingsOn } from '../settings/queries.ts';
import type { FundForecast } from './contract.ts';
import { lastQuarterEnd } from './councilForecast.ts';
import { analystFigures, analystTasks, auditorFigures, chaseTasks, fundFigures, gapTasks, signTasks, sortTasks, weekFigures } from './firstPage.ts';
import { type FirstFigure, type FirstPage, getFirstPage, type Task } from './firstPageContract.ts';
import * as facts from './firstPageQueries.ts';
import { makeForecasts, sumFunds } from './forecastWork.ts';
import { listAlerts } from './keptQueries.ts';
import { sayDay } from './outturnWords.ts';
import { type Known, knownAt, ratingRuleOn } from './queries.ts';

type Asked = Pick<Call<{ readonly on?: string | undefined }>, 'db' | 'scope' | 'person'> & { readonly known: Known; readonly numbers: (name: string) => number };
type Part = Partial<Pick<FirstPage, 'figures' | 'tasks' | 'funds' | 'alerts' | 'week'>>;

const holds = ({ person }: Asked, permission: Permission): boolean => may(person?.roles ?? [], permission);
const isCouncil = ({ scope }: Asked): boolean => !scope.councils.includes('*');

export function firstPageRoutes(mount: Mount): void {
  mount(getFirstPage, async (call) => {
    const today = localTime(call.now.getTime()).date;
    const on = call.input.on;
    if (on !== undefined && on > today) throw invalid([{ field: 'on', message: `${on} is still to come. Give today or a day before.` }]);
    // A day gone by is shown as it had happened: that is what whoever looks back wants to see.
    const known = knownAt(on, on === undefined || on === today ? 'recorded' : 'happened', call.now);
    const values = await settingsOn(call.db, known.on);
    const asked: Asked = { db: call.db, scope: call.scope, person: call.person, known, numbers: (name) => Number(values.get(name) ?? 0) };
    const parts = [await moneyPart(asked), await signPart(asked), await owedPart(asked), await weekPart(asked), await analystPart(asked), await auditorPart(asked)];
    return {
      on: known.on, knowledge: known.knowledge,
      figures: parts.flatMap(({ figures = [] }) => figures), tasks: sortTasks(parts.flatMap(({ tasks = [] }) => tasks)),
      funds: parts.flatMap(({ funds = [] }) => funds), alerts: parts.flatMap(({ alerts = [] }) => alerts), week: parts.find(({ week }) => week)?.week ?? null,
      lastFund: await lastFund(call.db, known.on),
    };
  });
}

/** Funds that run, or ended within a year: what is long over is on the forecast page. */
const recent = (on: string) => (fund: Pick<FundForecast, 'startsOn' | 'endsOn'>): boolean => fund.startsOn <= on && Date.parse(on) - Date.parse(fund.endsOn) < 366 * 86_400_000;

/** What is over, for a day on which nothing runs. */
async function lastFund(db: Asked['db'], on: string): Promise<FirstPage['lastFund']> {
  const begun = (await listFunds(db, [])).filter(({ startsOn }) => startsOn <= on);
  const last = begun.sort((a, b) => (a.endsOn < b.endsOn ? 1 : -1))[0];
  return last && !begun.some(recent(on)) ? { name: last.name, startsOn: last.startsOn, endsOn: last.endsOn } : null;
}

async function moneyPart(asked: Asked): Promise<Part> {
  if (!holds(asked, 'seeForecast') || (asked.person?.roles.length === 1 && asked.person.roles[0] === 'analyst')) return {};
  const { db, scope, known } = asked;
  const all = await sumFunds(db, scope.councils, await makeForecasts(db, scope.councils, known), known);
  const funds = all.filter(recent(known.on));

  const { alertShare } = await ratingRuleOn(db, known.on);
  const alerts = (await listAlerts(db, { known })).filter(({ fundId, endedOn, acknowledged }) => funds.some(({ id }) => id === fundId) && endedOn === null && (acknowledged === null || !holds(asked, 'acknowledgeAlerts')));
  return { funds, figures: fundFigures(funds, { on: known.on, alertShare, ownCouncil: isCouncil(asked) }), alerts };
}

async function signPart(asked: Asked): Promise<Part> {
  const signing: readonly Permission[] = ['approveClaims', 'payClaims', 'acceptHours', 'approveVariations', 'agreeVariations', 'approveReallocations', 'agreeReallocations', 'approveClosure', 'keepLedger', 'managePeople'];
  if (!asked.person || !signing.some((permission) => holds(asked, permission))) return {};
  const found = await facts.listToSign(asked.db, asked.person.id);
  const holidays = new Set((await listBankHolidays(asked.db)).map(({ heldOn }) => heldOn));
  const dated = found.map((fact) => (fact.kind === 'payment' ? { ...fact, dueOn: workingDaysAfter(fact.since.slice(0, 10), asked.numbers('claim_payment_working_days'), holidays) } : fact));
  const tasks = signTasks(dated, asked.person.roles, asked.known.on);
  return { tasks, figures: [count('sign', 'To sign', tasks, 'Waits for a signature you may give. What you had a hand in is for somebody else.', asked.known.on)] };
}

async function owedPart(asked: Asked): Promise<Part> {
  const chases = holds(asked, 'queryClaims') || holds(asked, 'prepareClaims') || holds(asked, 'makeReturns');
  if (!chases) return {};
  const { db, known, numbers } = asked;
  const deadlines = { on: known.on, quarterEndsOn: lastQuarterEnd(known.on), forecastDays: numbers('forecast_return_due_days'), claimDays: numbers('claim_deadline_days'), quietDays: numbers('first_page_quiet_days') };
  const tasks = chaseTasks(await facts.listChaseFacts(db, { on: known.on, quarterEndsOn: deadlines.quarterEndsOn, conditionDays: numbers('first_page_conditions_days') }), deadlines, isCouncil(asked));
  const late = tasks.filter((task) => task.late);
  return { tasks, figures: [{ ...count('late', 'Late', late, isCouncil(asked) ? 'What you owe whose day is over, and patrols that stand still.' : 'What councils owe whose day is over, and patrols that stand still.', known.on), tone: late.length > 0 ? 'danger' : 'good' }] };
}

const count = (key: string, label: string, tasks: readonly Task[], definition: string, on: string): FirstFigure => (
  { key, label, value: tasks.length, missing: '', unit: 'count', tone: tasks.length > 0 ? 'warning' : 'plain', definition, period: `As at ${sayDay(on)}`, href: key === 'sign' ? '#sign' : '#owed' });

async function weekPart(asked: Asked): Promise<Part> {
  if (!holds(asked, 'recordVisits')) return {};
  const { db, known } = asked;
  const monday = mondayOf(known.on);
  const week = await facts.listWeek(db, { monday, on: known.on });
  const hours = week.map(({ hotspotId, hotspot, started, plannedMinutes, deliveredMinutes }) => ({ hotspotId, hotspot, plannedMinutes, deliveredMinutes: started ? deliveredMinutes : null }));
  return { figures: weekFigures(week, { monday, on: known.on }), tasks: gapTasks(week, monday), week: { monday, hours } };
}

async function analystPart(asked: Asked): Promise<Part> {
  if (!asked.person?.roles.includes('analyst')) return {};
  const found = await facts.loadAnalystFacts(asked.db, asked.known.at);
  return { figures: analystFigures(found, asked.known.on), tasks: analystTasks(found, { on: asked.known.on, analysisDays: asked.numbers('first_page_analysis_days') }) };
}

async function auditorPart(asked: Asked): Promise<Part> {
  if (!asked.person?.roles.includes('auditor')) return {};
  return { figures: auditorFigures(await facts.loadAuditorFacts(asked.db, asked.known.at, asked.known.on), asked.known.on) };
}
