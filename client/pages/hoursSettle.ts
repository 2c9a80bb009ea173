/** What can be done about refused minutes: see their rows, explain them, accept or decline them, or correct the visit. */
import { correctVisit, decideHours, explainHours, type CheckedVisit, type HoursCheck, type Refusal } from '../../server/claims/hoursContract.ts';
import { staffCategories, staffCategoryNames } from '../../server/patrols/contract.ts';
import { call } from '../api.ts';
import { createForm, type Field } from '../form.ts';
import { clockTime, date, hoursMinutes } from '../format.ts';
import { details } from '../frame.ts';
import { html, when, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { note } from '../states.ts';
import { createTable } from '../table.ts';
import { clashColumns, decisionTag } from './hoursRows.ts';

export interface SettlingOptions {
  /** The agreement. */
  readonly id: string;
  readonly redraw: () => void;
  readonly days: () => { from?: string | undefined; to?: string | undefined };
  /** Shows the check again, with words of what was done. */
  readonly done: (words: string) => Promise<void>;
}

/** `settling({…}).view(refusal, answer)`: one refusal with its rows and the forms this person may use. */
export function settling({ id, redraw, days, done }: SettlingOptions): { view: (refusal: Refusal, answer: HoursCheck) => Content } {
  let refusal: Refusal | undefined;
  let visit: CheckedVisit | undefined;
  let decisionId = crypto.randomUUID();
  const rows = createTable<CheckedVisit>({ caption: 'The visit, and those it clashes with', rowId: (row) => row.id, redraw, tools: false, columns: clashColumns });
  const explaining = createForm({
    submit: 'Explain', redraw, fields: [{ kind: 'textarea', name: 'explanation', label: 'Why these minutes should be paid', hint: 'A second person in the Commissioner’s office decides. Nothing about individuals', required: true }],
    action: async ({ explanation }) => {
      const { from, to } = days();
      await call(explainHours, { id, ...(from && { from }), ...(to && { to }), decisionId, key: refusal?.key ?? '', explanation: String(explanation) });
      decisionId = crypto.randomUUID();
      explaining.reset();
      await done('Explained. A second person accepts or declines it.');
    },
  });
  const deciding = createForm({
    submit: 'Decide', redraw, fields: [
      { kind: 'radios', name: 'decision', label: 'Decision', required: true, inline: true, options: [{ value: 'accepted', label: 'Accept: the minutes are paid' }, { value: 'declined', label: 'Decline: they stay refused' }] },
      { kind: 'textarea', name: 'why', label: 'Why', required: true },
    ],
    action: async ({ decision, why }) => {
      const { state } = await call(decideHours, { id, decisionId: refusal?.decision?.id ?? '', decision: decision === 'accepted' ? 'accepted' : 'declined', why: String(why) });
      deciding.reset();
      await done(state === 'accepted' ? 'Accepted. The minutes are in the lines to be claimed.' : 'Declined.');
    },
  });
  const correcting = createForm({
    layout: 'grid', submit: 'Correct the visit', redraw, fields: () => correctionFields(visit),
    action: async ({ wardens, ...values }) => {
      const references = String(wardens ?? '').split(/[\s,;]+/).filter(Boolean);
      await call(correctVisit, correctVisit.input.parse({ id, visitId: visit?.id, key: refusal?.key, hotspotId: visit?.hotspotId, ...values, wardens: references }));
      await done('Corrected, and checked anew. What the visit was before stays in its history.');
    },
  });
  const view = (next: Refusal, answer: HoursCheck): Content => {
    const fresh = next.key !== refusal?.key;
    refusal = next;
    visit = answer.visits.find((each) => each.id === next.visitId);
    if (fresh) correcting.reset();
    const clashes = answer.visits.filter((each) => each.id === next.visitId || next.rows.includes(each.id));
    const waits = next.decision?.state === 'explained';
    return html`
      ${details([['Minutes', `${clockTime(next.from)} to ${clockTime(next.to)} on ${date(next.day)}: ${hoursMinutes(next.minutes)} of ${next.persons === 1 ? 'one person' : `${next.persons} persons`}`], ['Why', next.says], ['What helps', next.cure],
        ...(next.decision ? [['State', html`${decisionTag(next.decision)} ${next.decision.explanation}${next.decision.decidedWhy ? html` – ${next.decision.decidedWhy}` : ''}`] as const] : [])])}
      ${rows.view(clashes)}
      ${when(waits && next.decision?.own, () => note('info', 'You explained it; somebody else decides.'))}
      ${when(waits && !next.decision?.own && mayDo('acceptHours'), () => html`<h3 class="govuk-heading-s">Accept or decline as a second person</h3>${deciding.view()}`)}
      ${when(next.mayBeAccepted && !waits && mayDo('explainHours'), () => html`<h3 class="govuk-heading-s">Explain</h3>${explaining.view()}`)}
      ${when(visit && mayDo('correctVisits') && next.reason !== 'claimed before', () => html`<h3 class="govuk-heading-s">Correct the visit instead</h3>${correcting.view()}`)}`;
  };
  return { view };
}

function correctionFields(visit: CheckedVisit | undefined): Field[] {
  return [
    { kind: 'text', name: 'startedAt', label: 'Started', hint: 'As 2023-10-02 18:05', value: visit && localText(visit.startedAt), required: true },
    { kind: 'text', name: 'endedAt', label: 'Ended', hint: 'As 2023-10-02 18:20', value: visit && localText(visit.endedAt), required: true },
    { kind: 'select', name: 'staffCategory', label: 'Staff', value: visit?.staffCategory ?? 'warden', required: true, options: staffCategories.map((value) => ({ value, label: staffCategoryNames[value] })) },
    { kind: 'number', name: 'persons', label: 'Persons', value: visit?.persons, min: 1, max: 20, required: true },
    { kind: 'text', name: 'wardens', label: 'Wardens', hint: 'References, with a space between', value: visit?.wardens.join(' ') },
    { kind: 'text', name: 'patrolReference', label: 'Patrol reference', value: visit?.patrolReference, required: true },
    { kind: 'text', name: 'reason', label: 'What was wrong', hint: 'Kept with the visit’s history', required: true },
  ];
}

/** An instant as it is typed: the day and the time on the clock in Britain; in the hour that comes twice, with its offset. */
function localText(iso: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London', year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(iso));
  const zone = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', timeZoneName: 'short' }).formatToParts(new Date(iso)).find(({ type }) => type === 'timeZoneName')?.value;
  return `${parts} ${clockTime(iso)}${zone === 'BST' || zone === 'GMT' ? ` ${zone}` : ''}`;
}
