/** One visit: what is recorded and on what it stands, everything that was corrected, and for the lead the forms that correct or withdraw it. */
import { correctRecordedVisit, getVisitHistory, withdrawRecordedVisit } from '../../server/recording/changeContract.ts';
import { staffCategoryNames, wayRecordedNames, type Visit } from '../../server/patrols/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { clockTime, hoursMinutes, instant, shortInstant } from '../format.ts';
import { details, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { changesList } from './visitChanges.ts';
import { correctionChoices, correctionFields, type CorrectionChoices, toCorrection } from './visitCorrectFields.ts';

type History = Awaited<ReturnType<typeof fetchHistory>>;
const fetchHistory = (id: string) => call(getVisitHistory, { id });

export const visitCorrectPage: Page = (root, { id = '' }) => {
  let state: Loadable<{ history: History; choices: CorrectionChoices | undefined }> = loading;
  let done = '';

  const draw = (): void => {
    const visit = state.at === 'ready' ? state.value.history.visit : undefined;
    render(frame({ title: visit ? `Visit, ${instant(visit.startedAt)}` : 'Visit', ...(visit ? { caption: visit.hotspot } : {}), breadcrumbs: [{ label: 'Visits', href: '/visits' }] },
      html`${done ? note('good', done, { live: true }) : nothing}${shown(state, body, { what: 'the visit', retry: start })}`), root);
  };
  const again = async (words: string): Promise<void> => {
    const history = await fetchHistory(id);
    done = words;
    if (state.at === 'ready') state = { at: 'ready', value: { ...state.value, history } };
    draw();
    document.querySelector('.note--good')?.scrollIntoView({ block: 'center' });
  };
  const correcting = createForm({
    layout: 'grid', submit: 'Correct the visit', redraw: draw,
    fields: () => (state.at === 'ready' && state.value.choices ? correctionFields(state.value.history.visit, state.value.choices) : []),
    action: async (values) => {
      if (state.at !== 'ready' || !state.value.choices) return;
      await call(correctRecordedVisit, toCorrection(state.value.history.visit, values, state.value.choices));
      await again('Corrected. What the visit was before is kept below.');
      correcting.reset();
    },
  });
  const withdrawing = createForm({
    submit: 'Withdraw the visit', redraw: draw, fields: [{ kind: 'textarea', name: 'reason', label: 'Why it is withdrawn', hint: 'It leaves every total; what it was is kept. Nothing about individuals', required: true }],
    action: async ({ reason }) => {
      await call(withdrawRecordedVisit, { id, reason: String(reason) });
      await again('Withdrawn. A phone or a file that sends it again does not bring it back.');
    },
  });
  const body = ({ history, choices }: { history: History; choices: CorrectionChoices | undefined }): Content => html`
    ${when(history.withdrawn, () => note('warning', 'This visit was withdrawn. It counts nowhere; this is what it was.'))}
    ${facts(history)}
    ${section('What was corrected', history.changes.length > 0 ? changesList(history.changes) : html`<p>Nothing. The visit is as it was recorded.</p>`)}
    ${when(choices && !history.withdrawn, () => html`${section('Correct it', correcting.view(), { lead: 'Judged like a new visit. A place or a time that is corrected stands on your word (class D) from then on.' })}
      ${section('Withdraw it', withdrawing.view())}`)}`;
  const start = (): (() => void) => load(Promise.all([fetchHistory(id), mayDo('correctVisits') ? correctionChoices() : undefined]).then(([history, choices]) => ({ history, choices })), (next) => {
    state = next;
    draw();
  });
  return start();
};

const found = { inside: 'in the hotspot', near: 'beside the hotspot', outside: 'outside the hotspot', none: 'no fix' } as const;

function facts({ visit, withdrawn, recordedAt, fixes }: History): Content {
  return details([
    ['State', withdrawn ? tag('Withdrawn', 'danger') : tag('Recorded', 'good')],
    ['Hotspot', withdrawn ? visit.hotspot : html`<a href=${`/hotspots/${visit.hotspotId}`}>${visit.hotspot}</a>`],
    ['Time', `${instant(visit.startedAt)} to ${clockTime(visit.endedAt)}, ${visit.minutes} minutes`],
    ['Person-hours', `${hoursMinutes(visit.personMinutes)} (${visit.persons} persons)`],
    ['Staff', `${staffCategoryNames[visit.staffCategory]}${visit.wardens.length > 0 ? `: ${visit.wardens.join(', ')}` : ''}`],
    ['Police', policeWords(visit)],
    ['Actions', visit.actions.map(({ code, n }) => `${code.replaceAll('_', ' ')} ${n}`).join(', ') || 'none'],
    ['Stands on', `Class ${visit.evidenceClass}: ${wayRecordedNames[visit.recordedHow].toLowerCase()}`],
    ...fixes.map(({ moment, found: where, accuracyMetres }): [string, string] => [moment === 'arrived' ? 'Fix on arriving' : 'Fix on leaving', `${found[where]}${accuracyMetres === null ? '' : `, sure to ${accuracyMetres} m`}`]),
    ['Patrol', visit.patrolReference === visit.id ? 'its own' : visit.patrolReference],
    ['Note', visit.note || 'none'],
    ...(recordedAt ? [['Recorded', shortInstant(recordedAt)] as [string, string]] : []),
  ]);
}

const policeWords = (visit: Visit): string => (visit.jointWithPolice ? `joint with ${visit.jointForceName ?? 'the police'}` : 'not joint');
