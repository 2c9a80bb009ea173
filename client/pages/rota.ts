/** A rota's draft: the week grid with every breach named, changed by dragging or by keys, and published as a version. */
import { allowBreach, changeDraft, getDraft, previewDraft, publishRota, type DraftBreach, type RotaDraft, type RotaRun, solveRota, takeRun } from '../../server/rota/draftContract.ts';
import { getJob } from '../../server/work/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { date, hoursMinutes, period } from '../format.ts';
import { action, button, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { navigate, type Page } from '../router.ts';
import { emptyView, failureText, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { mondayOf } from '../weeks.ts';
import { rotaGrid, shiftsOn, shiftTimes } from './rotaGrid.ts';
import { boardActions, breachColumns, breachesAt, draftFacts, penaltyColumns, runColumns, wardenColumns, weekButtons } from './rotaLists.ts';
import { createPreview } from './rotaPreview.ts';
import { type Change, codesAt, move, type Place, setShift, undone, weeksOf } from './rotaMoves.ts';

const pauseMs = 700;

export const rotaPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<RotaDraft> = loading;
  let week = '';
  let chosen: Place | null = null;
  let carried: Place | null = null;
  let at: Place | null = null;
  let explained: DraftBreach | null = null;
  let said = '';
  let failed = '';
  let working = false;
  let left = false;
  let done: Change[][] = [];
  let queue: Promise<void> = Promise.resolve();

  const preview = createPreview({
    ask: (changes) => call(previewDraft, { id, changes: [...changes] }), redraw: () => draw(),
    where: ({ wardenId, day }) => `${state.at === 'ready' ? (state.value.wardens.find((each) => each.id === wardenId)?.reference ?? '') : ''}, ${date(day)}`,
  });
  const draw = (): void => {
    const head = state.at === 'ready' ? { title: `Rota ${period(state.value.rota.startsOn, state.value.rota.endsOn)}`, caption: state.value.rota.council } : { title: 'Rota' };
    render(frame({ ...head, width: 'wide', breadcrumbs: [{ label: 'Rotas', href: '/rotas' }], lead: 'The draft. Nobody but the lead sees it until it is published.', actions: [action('Published', `/rotas/${id}/published`)] },
      html`<div aria-live="polite">${said ? note('good', said) : nothing}${failed ? note('danger', failed) : nothing}${working ? note('info', 'A better rota is being worked out. It takes the draft’s place unless you change it first.') : nothing}</div>${shown(state, body, { what: 'the rota', retry: start })}`), root);
  };
  const show = (draft: RotaDraft): void => {
    state = { at: 'ready', value: draft };
    week ||= mondayOf(draft.rota.startsOn);
    draw();
  };
  /** One change after the other, each on the draft that the one before answered. */
  const send = (make: (draft: RotaDraft) => Promise<RotaDraft | undefined>, words = ''): void => {
    queue = queue.then(async () => {
      if (state.at !== 'ready') return;
      failed = '';
      said = '';
      const next = await make(state.value).catch((error: unknown) => {
        failed = failureText(error);
        return call(getDraft, { id });
      });
      if (next && !failed && words) said = words;
      if (next && !left) show(next);
    });
  };
  const change = (draft: RotaDraft, changes: readonly Change[]): Promise<RotaDraft> => call(changeDraft, { id, draftNumber: draft.draftNumber, changes: [...changes] });
  const apply = (changesFor: (draft: RotaDraft) => Change[], at: Place): void => {
    chosen = at;
    carried = null;
    preview.clear();
    send(async (draft) => {
      const changes = changesFor(draft);
      const next = changes.length === 0 ? draft : await change(draft, changes);
      if (changes.length > 0) done = [...done, changes];
      said = wordsFor(next, at);
      return next;
    });
  };
  const wordsFor = (draft: RotaDraft, { wardenId, day }: Place): string => {
    const warden = draft.wardens.find((each) => each.id === wardenId)?.reference ?? '';
    const shift = codesAt(draft, { wardenId, day }).map((code) => draft.shifts.find((each) => each.code === code)?.name ?? code).join(' and ');
    return `${warden}: ${shift || 'no shift'} on ${date(day)}. ${draft.breaches.length === 0 ? 'No rule is broken.' : `${draft.breaches.length} ${draft.breaches.length === 1 ? 'rule is' : 'rules are'} broken.`}`;
  };
  const undo = (): void => {
    const last = done.at(-1);
    done = done.slice(0, -1);
    if (last) send((draft) => change(draft, undone(last)), 'Taken back.');
  };
  const solve = (): void => send(async (draft) => {
    const { jobId } = await call(solveRota, { id });
    void follow(jobId);
    return draft;
  });
  const follow = async (jobId: string): Promise<void> => {
    for (working = true; working && !left; await new Promise((resolve) => setTimeout(resolve, pauseMs))) {
      const job = await call(getJob, { id: jobId }).catch(() => null);
      working = job?.state === 'queued' || job?.state === 'running';
      if (working) draw();
      if (job?.problem) failed = job.problem.detail;
    }
    if (!left) show(await call(getDraft, { id }));
  };

  const board = (draft: RotaDraft): Content => html`${weekButtons(weeksOf(draft.shifts.map(({ day }) => day), mondayOf), week, (next) => {
    week = next;
    draw();
  })}
    ${rotaGrid({
      draft, week, chosen, carried, at,
      visit: (place) => {
        at = place;
        draw();
      },
      choose: (place) => {
        chosen = place;
        draw();
      },
      put: (place, code) => apply((now) => setShift(now, place, code), place),
      pickUp: (place) => {
        carried = place;
        said = 'Picked up. Go to another cell: what putting it down there would break is said. M puts it down, Escape lets go.';
        draw();
      },
      drop: (from, to) => apply((now) => move(now, from, to), to),
      over: (from, to) => (from ? preview.ask(to, move(draft, from, to)) : undefined),
      letGo: () => {
        if (carried) said = 'Let go. Nothing has moved.';
        carried = null;
        preview.clear();
        draw();
      },
    })}
    ${preview.view()}
    <p class="rota__help">Drag a shift to another cell: what is there comes back in exchange. By finger: touch a cell, then choose its shift below. By keyboard: Tab reaches the grid, arrows go from cell to cell, 1 to 9 put the day’s first, second… shift, Delete takes off, M picks up and puts down, Escape lets go. What letting go of a shift would break and cost is said first, below the week.</p>
    ${chosen ? picker(draft, chosen) : nothing}${boardActions(done.length > 0 ? undo : null, solve)}`;
  const picker = (draft: RotaDraft, place: Place): Content => html`<div class="rota__picker" role="group" aria-label="Shift of the chosen cell">
    <p><strong>${draft.wardens.find(({ id: each }) => each === place.wardenId)?.reference ?? ''}</strong>, ${date(place.day)}</p>
    ${shiftsOn(draft, place.day).map((shift) => html`<button type="button" class="rota__week" aria-pressed=${codesAt(draft, place).includes(shift.code) ? 'true' : 'false'} @focus=${() => preview.ask(place, setShift(draft, place, shift.code))} @pointerenter=${() => preview.ask(place, setShift(draft, place, shift.code))} @click=${() => apply((now) => setShift(now, place, shift.code), place)}>${shift.name} ${shiftTimes(shift)} (${hoursMinutes(shift.minutes)})</button>`)}
    <button type="button" class="rota__week" aria-pressed=${codesAt(draft, place).length === 0 ? 'true' : 'false'} @focus=${() => preview.ask(place, setShift(draft, place, null))} @pointerenter=${() => preview.ask(place, setShift(draft, place, null))} @click=${() => apply((now) => setShift(now, place, null), place)}>No shift</button>
    ${breachesAt(draft, place.wardenId, place.day)}</div>`;
  const body = (draft: RotaDraft): Content => (draft.shifts.length === 0
    ? html`${emptyView('The council works no shifts on these days', 'Enter its shifts on the rotas page, then work the rota out again.')}${button('Work it out again', solve)}`
    : html`${draftFacts(draft)}${section('Week by week', board(draft))}
    ${section('Breaches', html`${draft.breaches.length === 0 ? emptyView('No rule is broken', 'Every limit of the law and of the rota agreement is kept.') : breaches.view(draft.breaches)}${when(explained, () => html`<div id="explain"><p>${explained?.sentence} <em>${explained?.regulation}</em></p>${reasonForm.view()}</div>`)}`,
      { lead: 'A breach is never let stand in silence: change the rota, or say why. The reason is published with it.' })}
    ${section('Publish', html`${when(draft.asPublished, () => note('info', 'The draft is what is published.'))}${publishForm.view()}`, { lead: 'A version never changes once it is published; a change is a new version, with who was told.' })}
    ${section('Hours', wardens.view(draft.wardens))}
    ${section('What it costs', penalties.view(draft.penalties.map((each, row) => ({ ...each, row }))), { lead: 'Wishes, cover and contracts, weighed by the settings. The points of a rota are the sum of this list.' })}
    ${section('Rosters worked out', runs.view(draft.runs))}
    ${draft.notes.map(({ sentence, regulation }) => note('warning', `${sentence} (${regulation})`))}`);

  const breaches = createTable<DraftBreach>({ caption: 'Breaches', rowId: (row) => row.key, redraw: draw, source: 'the rota’s draft', columns: breachColumns((row) => {
    explained = row;
    draw();
    reasonForm.reset();
    requestAnimationFrame(() => document.querySelector<HTMLElement>('#explain input')?.focus());
  }) });
  const penalties = createTable({ caption: 'Points of the rota', rowId: (row) => String(row.row), redraw: draw, source: 'the rota’s draft', columns: penaltyColumns, limit: 20 });
  const wardens = createTable({ caption: 'Hours by warden', rowId: (row) => row.id, redraw: draw, source: 'the rota’s draft and published rotas', columns: wardenColumns });
  const runs = createTable<RotaRun>({ caption: 'Rosters', rowId: (row) => row.id, redraw: draw, tools: false, columns: runColumns((run) => send((draft) => call(takeRun, { id, runId: run.id, draftNumber: draft.draftNumber }), 'Taken as the draft.')) });
  const reasonForm = createForm({
    layout: 'row', submit: 'Let it stand', redraw: draw, fields: () => [{ kind: 'text', name: 'reason', label: 'Why it stands', value: explained?.reason ?? undefined, required: true, size: 'long' }],
    action: async ({ reason }) => {
      if (!explained) return;
      const next = await call(allowBreach, { id, breach: explained.key, reason: String(reason) });
      explained = null;
      said = 'The reason is kept and will be published with the breach.';
      show(next);
    },
  });
  const publishForm = createForm({
    layout: 'row', submit: 'Publish', redraw: draw, fields: [{ kind: 'text', name: 'note', label: 'What changed, for those who read it', size: 'long' }],
    action: async (values) => {
      if (state.at !== 'ready') return;
      await call(publishRota, { id, draftNumber: state.value.draftNumber, note: String(values['note'] ?? '') });
      await navigate(`/rotas/${id}/published`);
    },
  });
  const start = (): (() => void) => load(call(getDraft, { id }), (next) => {
    state = next;
    if (next.at === 'ready') {
      week = mondayOf(next.value.rota.startsOn);
      if (next.value.jobId && next.value.draftFrom !== 'hand') void follow(next.value.jobId);
    }
    draw();
  });
  const stop = start();
  return () => {
    left = true;
    preview.clear();
    stop();
  };
};
