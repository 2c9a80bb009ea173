/** Alerts of patrols that lag behind their plan, with a form to say what is done about each. */
import { acknowledgeDeliveryAlert, type DeliveryAlert } from '../../server/delivery/contract.ts';
import { call } from '../api.ts';
import { createForm, type Form } from '../form.ts';
import { date } from '../format.ts';
import { html, nothing, when, type Content, type TemplateResult } from '../html.ts';
import { mayDo } from '../session.ts';
import { note } from '../states.ts';

export interface DeliveryAlerts {
  readonly view: (alerts: readonly DeliveryAlert[]) => Content;
}

const ends: Record<string, string> = { visit: 'the visit came', 'caught up': 'the hours were made up', 'week over': 'the week was over', 'not live': 'no visit was owed any more' };

export function createDeliveryAlerts(redraw: () => void, done: () => void): DeliveryAlerts {
  const forms = new Map<string, Form>();
  const formOf = (alertId: string): Form => {
    const known = forms.get(alertId) ?? createForm({
      layout: 'row', submit: 'Acknowledge', redraw, fields: [{ kind: 'text', name: 'reason', label: 'What is done about it', required: true }],
      action: async ({ reason }) => {
        await call(acknowledgeDeliveryAlert, acknowledgeDeliveryAlert.input.parse({ alertId, reason }));
        done();
      },
    });
    forms.set(alertId, known);
    return known;
  };
  const one = (alert: DeliveryAlert): TemplateResult => html`<li class="alert alert--even">${note(alert.acknowledged || alert.endedOn ? 'info' : 'warning', html`
    <strong>${alert.hotspotId ? html`<a href="/hotspots/${alert.hotspotId}">${alert.hotspot}</a>` : alert.council}</strong>
    <span class="alert__about">${alert.says} Raised on ${date(alert.raisedOn)}.${alert.endedOn ? ` Ended on ${date(alert.endedOn)}: ${ends[alert.endedBy ?? ''] ?? ''}.` : ''}</span>
    ${alert.acknowledged ? html`<span class="alert__about">Acknowledged${alert.acknowledged.by ? ` by ${alert.acknowledged.by}` : ''}: ${alert.acknowledged.reason}</span>` : nothing}
    ${when(!alert.acknowledged && !alert.endedOn && mayDo('acknowledgeDeliveryAlerts'), () => html`<details class="govuk-details alert__act"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Acknowledge</span></summary><div class="govuk-details__text">${formOf(alert.id).view()}</div></details>`)}`)}</li>`;
  return { view: (alerts) => (alerts.length === 0 ? nothing : html`<ul class="alerts">${alerts.map(one)}</ul>`) };
}

/** Alerts in one box, for a page that has more to say; they are acknowledged on the week board. */
export function deliveryAlertsInBrief(alerts: readonly DeliveryAlert[]): Content {
  const open = alerts.filter(({ acknowledged }) => acknowledged === null);
  if (open.length === 0) return nothing;
  return note('warning', html`<strong>${open.length === 1 ? 'Patrols lag behind their plan' : `Patrols lag behind their plan: ${open.length} alerts`}</strong>
    <ul class="alert__list">${open.slice(0, 6).map(({ says }) => html`<li>${says}</li>`)}</ul>${open.length > 6 ? html`<p>${open.length - 6} more.</p>` : nothing}<a href="/week-board">Say what is done about them on the week board</a>`);
}
