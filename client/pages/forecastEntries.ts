/** What people enter beside a forecast: a cause, the plan of posts, the council's own forecast, an override of the rating. Each folded until wanted. */
import { causes, enterCause, enterCouncilForecast, overrideRating, ratings, setStaffPlan, type ForecastOfAgreement } from '../../server/forecast/contract.ts';
import { call } from '../api.ts';
import { createForm, type Form } from '../form.ts';
import { html, type Content } from '../html.ts';
import { money } from '../format.ts';
import { addDays, today } from '../weeks.ts';

interface Host {
  readonly id: string;
  readonly redraw: () => void;
  /** Called with what to say once something was kept. */
  readonly kept: (words: string) => Promise<void>;
  readonly of: () => ForecastOfAgreement | undefined;
}

type Entry = (of: ForecastOfAgreement) => Content;

export function createEntries(host: Host): Record<'cause' | 'plan' | 'councilForecast' | 'rating', Entry> {
  return { cause: folded('Enter a cause', causeForm(host)), plan: folded('Change the posts', planForm(host)), councilForecast: folded('Enter a quarter', councilForm(host)), rating: folded('Override the rating', ratingForm(host)) };
}

const folded = (title: string, form: Form): Entry => () => html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">${title}</span></summary><div class="govuk-details__text">${form.view()}</div></details>`;

function causeForm({ id, redraw, kept, of }: Host): Form {
  const form = createForm({
    submit: 'Keep the cause', redraw, fields: () => [
      { kind: 'select', name: 'cause', label: 'Cause', required: true, options: causes.map((value) => ({ value, label: value })) },
      { kind: 'date', name: 'fromOn', label: 'First day', required: true, value: of()?.startsOn },
      { kind: 'date', name: 'toOn', label: 'Last day', required: true, value: of()?.knownOn },
      { kind: 'money', name: 'amountPence', label: 'Money not spent because of it', hint: '£0.00 takes back the entry it replaces', required: true },
      { kind: 'text', name: 'reason', label: 'Reason', hint: 'What happened, without naming anybody', required: true },
      { kind: 'select', name: 'replaces', label: 'In the place of', blank: 'nothing: it is new', options: (of()?.causes ?? []).map((one) => ({ value: one.id, label: `${one.cause}, ${money(one.amountPence)}` })) },
    ],
    action: async (values) => {
      await call(enterCause, enterCause.input.parse({ id, ...values }));
      form.reset();
      await kept('The cause is kept.');
    },
  });
  return form;
}

function planForm({ id, redraw, kept, of }: Host): Form {
  return createForm({
    submit: 'Keep the posts', redraw, fields: () => {
      const plan = of()?.plan;
      return [
        { kind: 'number', name: 'posts', label: 'Posts the agreement pays for', value: plan?.posts ?? of()?.posts, required: true },
        { kind: 'number', name: 'contractHours', label: 'Contract hours a week of one post', value: (plan?.contractMinutesPerWeek ?? 2220) / 60, whole: false, unit: 'hours', required: true },
        { kind: 'date', name: 'startsOn', label: 'Patrols were to begin on', value: plan?.startsOn ?? of()?.startsOn, required: true },
        { kind: 'date', name: 'filledOn', label: 'Empty posts are filled on', hint: 'Leave it out where nobody can say', value: plan?.filledOn ?? undefined },
        { kind: 'text', name: 'reason', label: 'Where this comes from', required: true },
      ];
    },
    action: async ({ contractHours, ...values }) => {
      await call(setStaffPlan, setStaffPlan.input.parse({ id, ...values, contractMinutesPerWeek: Math.round(Number(contractHours) * 60) }));
      await kept('The posts are kept; the forecast goes by them.');
    },
  });
}

function councilForm({ id, redraw, kept }: Host): Form {
  const form = createForm({
    submit: 'Keep the quarter', redraw, fields: () => [
      { kind: 'date', name: 'quarterEndsOn', label: 'Quarter’s last day', value: lastQuarterEnd(today()), required: true },
      { kind: 'money', name: 'actualPence', label: 'Actual: spent so far', required: true },
      { kind: 'money', name: 'outturnPence', label: 'Forecast outturn', hint: 'What will be spent by the end of the agreement, what is spent already included', required: true },
      { kind: 'text', name: 'signedBy', label: 'Signed by', hint: 'The title, not the name', value: 'Chief finance officer', required: true },
      { kind: 'date', name: 'receivedOn', label: 'Received on', value: today(), required: true },
      { kind: 'text', name: 'reason', label: 'Why it differs from ours', hint: 'Asked for when it differs by over the share in settings' },
    ],
    action: async (values) => {
      const answer = await call(enterCouncilForecast, enterCouncilForecast.input.parse({ id, ...values, reason: values['reason'] ?? '' }));
      form.reset();
      await kept(`Kept as version ${answer.version}; it is ${money(Math.abs(answer.ours.differencePence))} ${answer.ours.differencePence < 0 ? 'under' : 'over'} ours.`);
    },
  });
  return form;
}

function lastQuarterEnd(on: string): string {
  const month = Math.floor((Number(on.slice(5, 7)) - 1) / 3) * 3 + 1;
  return addDays(`${on.slice(0, 4)}-${String(month).padStart(2, '0')}-01`, -1);
}

function ratingForm({ id, redraw, kept }: Host): Form {
  return createForm({
    submit: 'Keep', redraw, fields: () => [
      { kind: 'select', name: 'rating', label: 'Show as', blank: 'the computed rating: end the override', options: ratings.map((value) => ({ value, label: value })) },
      { kind: 'date', name: 'untilOn', label: 'Until', value: addDays(today(), 31), required: true },
      { kind: 'text', name: 'reason', label: 'Why', required: true },
    ],
    action: async (values) => {
      const { override } = await call(overrideRating, overrideRating.input.parse({ id, ...values }));
      await kept(override ? 'It is shown beside the computed rating.' : 'The computed rating stands alone again.');
    },
  });
}
