/** Published shifts of a week and their rounds: drawn here, opened from here. */
import { z } from 'zod';
import { listPatrolStarts, type PatrolStart } from '../../server/patrols/contract.ts';
import { listRoundBases, listRounds, planRoundsOfShift, type RoundShift } from '../../server/rounds/contract.ts';
import { ApiError, call } from '../api.ts';
import { createForm, type Field } from '../form.ts';
import { clockTime, count, date, period, shortDate } from '../format.ts';
import { action, button, facts, frame } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { onAddress, readAddress, writeAddress, type Page } from '../router.ts';
import { mayDo, session } from '../session.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { addDays, mondayOf, today } from '../weeks.ts';

const filters = z.object({ week: z.iso.date().optional().catch(undefined), council: z.string().optional().catch(undefined) });

interface Answer {
  week: string;
  shifts: readonly RoundShift[];
  lastDay: string | null;
  councils: readonly PatrolStart[];
  hasBase: boolean;
}

export const roundsPage: Page = (root) => {
  let state: Loadable<Answer> = loading;
  let leave = (): void => undefined;
  let [said, refused, busy] = ['', '', ''];

  const draw = (): void => render(frame({
    title: 'Rounds', lead: mayDo('planPatrols')
      ? 'The visits of the plan in an order nobody can foretell, for each crew of a published shift, from base to base.'
      : 'The visits of a shift in their order, from base to base.',
    actions: mayDo('planPatrols') ? [action('Bases and road times', '/rounds/bases')] : [],
  }, html`${form.view()}${said ? note('good', said, { live: true }) : nothing}${refused ? note('danger', refused, { live: true }) : nothing}${busy ? note('info', busy, { live: true }) : nothing}
    ${shown(state, body, { what: 'rounds', retry: start })}`), root);
  const form = createForm({
    layout: 'row', submit: 'Show', redraw: () => draw(), fields: () => (state.at === 'ready' ? filterFields(state.value) : []),
    action: async ({ week, council }) => {
      writeAddress({ week: mondayOf(String(week)), council: council === undefined ? null : String(council) });
      [said, refused] = ['', ''];
      start();
    },
  });
  const plan = async (shifts: readonly RoundShift[]): Promise<void> => {
    [said, refused] = ['', ''];
    let drawn = 0;
    try {
      for (const shift of shifts) {
        busy = `Drawing the rounds of ${shift.name}, ${shortDate(shift.day)} (${drawn + 1} of ${shifts.length}).`;
        draw();
        await call(planRoundsOfShift, { shift: shift.shift });
        drawn += 1;
      }
    } catch (error) {
      refused = error instanceof ApiError ? [error.problem.detail, ...(error.problem.errors ?? []).map(({ message }) => message)].join(' ') : 'Something in this page went wrong. Reload it and try again.';
    }
    busy = '';
    said = drawn > 0 ? `Rounds drawn for ${count(drawn)} ${drawn === 1 ? 'shift' : 'shifts'}.` : '';
    state = { at: 'ready', value: await ask() };
    draw();
  };
  const table = createTable<RoundShift>({
    caption: 'Shifts', rowId: (row) => row.shift, redraw: () => draw(), source: 'published rotas and the plan in force',
    period: () => (state.at === 'ready' ? period(state.value.week, addDays(state.value.week, 6)) : ''), columns: columnsWith((shift) => void plan([shift])),
  });
  const body = (answer: Answer): Content => {
    const waiting = answer.shifts.filter(({ rounds, planned }) => rounds === null && planned > 0);
    if (answer.shifts.length === 0) return emptyView('No published shift in this week', answer.lastDay ? html`The last one is on ${date(answer.lastDay)}. <a href="/rounds?week=${mondayOf(answer.lastDay)}">Show that week</a>` : 'Rounds are drawn for the shifts of a published rota.');
    return html`${mayDo('planPatrols') && !answer.hasBase ? note('warning', html`No base is entered yet. <a href="/rounds/bases">Enter where rounds start and end</a> first.`) : nothing}
      ${mayDo('planPatrols') && answer.shifts.every(({ planned }) => planned === 0) ? note('warning', html`No visit is planned in the hours of these shifts, so there is nothing to go round. <a href="/allocation">Allocate hours for the week</a> first.`) : nothing}
      ${totals(answer)}${mayDo('planPatrols') && waiting.length > 0 ? html`<p>${button(`Draw rounds for ${waiting.length === 1 ? 'the shift' : `all ${waiting.length} shifts`} without`, () => void plan(waiting), { kind: 'main', disabled: busy !== '' || !answer.hasBase })}</p>` : nothing}
      ${table.view(answer.shifts)}`;
  };
  const start = (): void => {
    leave();
    leave = load(ask(), (next) => {
      state = next;
      draw();
    });
  };
  const stop = onAddress(start);
  start();
  return () => {
    leave();
    stop();
  };
};

async function ask(): Promise<Answer> {
  const { week, council } = readAddress(filters);
  const own = council ? { council } : {};
  const monday = mondayOf(week ?? today());
  const of = (first: string) => call(listRounds, { ...own, from: first, to: addDays(first, 6) });
  const [now, { councils }, { bases }] = await Promise.all([of(monday), call(listPatrolStarts, {}), call(listRoundBases, own)]);
  // Without a week asked for, the last one there is: a page of nothing helps nobody.
  const shownWeek = week === undefined && now.shifts.length === 0 && now.lastDay ? mondayOf(now.lastDay) : monday;
  const answer = shownWeek === monday ? now : await of(shownWeek);
  return { week: shownWeek, ...answer, councils, hasBase: bases.length > 0 };
}

function filterFields({ week, councils }: Answer): Field[] {
  const { council } = readAddress(filters);
  return [
    { kind: 'date', name: 'week', label: 'Week of', value: week, required: true },
    ...(session().person?.councilCode ? [] : [{ kind: 'select' as const, name: 'council', label: 'Council', value: council, blank: 'All councils', options: councils.map((one) => ({ value: one.councilCode, label: one.council })) }]),
  ];
}

function totals({ shifts, week }: Answer): Content {
  const sum = (of: (shift: RoundShift) => number): number => shifts.reduce((total, shift) => total + of(shift), 0);
  return facts([
    { label: 'Shifts published', value: count(shifts.length), note: `${count(shifts.filter(({ rounds }) => rounds !== null).length)} with rounds, ${period(week, addDays(week, 6))}` },
    { label: 'Stops in rounds', value: count(sum(({ rounds }) => rounds?.stops ?? 0)), note: 'visits of the plan with a time' },
    { label: 'Left out', value: count(sum(({ rounds }) => rounds?.leftOut ?? 0)), note: 'of shifts with rounds; each has its reason' },
  ]);
}

function columnsWith(plan: (shift: RoundShift) => void): readonly Column<RoundShift>[] {
  return [
    { key: 'day', label: 'Day', kind: 'date', value: (row) => row.day },
    { key: 'shift', label: 'Shift', value: (row) => `${row.name}, ${clockTime(row.startsAt)} to ${clockTime(row.endsAt)}`, show: (row) => (row.rounds ? html`<a href="/rounds/${row.rounds.id}">${row.name}, ${clockTime(row.startsAt)} to ${clockTime(row.endsAt)}</a>` : `${row.name}, ${clockTime(row.startsAt)} to ${clockTime(row.endsAt)}`) },
    ...(session().person?.councilCode ? [] : [{ key: 'council', label: 'Council', value: (row: RoundShift) => row.council }]),
    { key: 'wardens', label: 'Wardens', value: (row) => row.wardens.join(', '), missing: 'nobody' },
    { key: 'planned', label: 'Visits planned in its hours', kind: 'count', value: (row) => row.planned },
    { key: 'stops', label: 'Stops in rounds', kind: 'count', value: (row) => row.rounds?.stops ?? null, missing: 'not drawn' },
    { key: 'left', label: 'Left out', kind: 'count', value: (row) => row.rounds?.leftOut ?? null, missing: 'not drawn' },
    ...(mayDo('planPatrols') ? [{
      key: 'draw', label: 'Draw', bare: true, value: () => '', show: (row: RoundShift) => (row.rounds === null && row.planned > 0
        ? html`<button type="button" class="table__choose" aria-label="Draw the rounds of ${row.name} on ${date(row.day)}, ${row.council}" @click=${() => plan(row)}>Draw</button>` : nothing),
    }] : []),
  ];
}
