/** The first page, by role: how things stand, what to sign, whom to chase, and the doors to every screen. */
import { z } from 'zod';
import { isoDate } from '../../server/endpoint.ts';
import { listDeliveryAlerts, type DeliveryAlert } from '../../server/delivery/contract.ts';
import { getFirstPage, type FirstPage } from '../../server/forecast/firstPageContract.ts';
import { listReturns, type BoardMonth } from '../../server/returns/contract.ts';
import { may, permissions, roleNames, type Permission, type Role } from '../../server/permissions.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { date } from '../format.ts';
import { action, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { navigationFor, type NavSection } from '../navigation.ts';
import { onAddress, readAddress, writeAddress, type Page } from '../router.ts';
import { isDemonstration, mayDo, session } from '../session.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { addDays, today } from '../weeks.ts';
import { createBriefing } from './homeParts.ts';
import { pages } from './index.ts';

const address = z.object({ on: isoDate.optional().catch(undefined), now: z.string().optional().catch(undefined) });

export interface Morning {
  readonly page: FirstPage;
  /** The month that ended last, as it is to be reported; null for who neither makes nor certifies it, or where nothing is to report. */
  readonly board: BoardMonth | null;
  /** Of patrols that lag behind their plan, as they stood on the page’s day. */
  readonly lagging: readonly DeliveryAlert[];
}

export const home: Page = (root) => {
  const { person } = session();
  if (!person) return render(welcome(), root);
  let state: Loadable<Morning> = loading;
  const navigation = navigationFor(pages, person.roles);

  const draw = (): void => render(frame({ title: 'Your work', caption: person.organisation, width: 'wide', lead: roleWords(person.roles) }, html`
    ${person.roles.length > 0 ? shown(state, body, { what: 'your work', retry: () => void start() }) : nothing}
    ${navigation.length > 0 ? section('Every screen', html`<div class="doors">${navigation.map(door)}</div>`) : emptyView('No screens are open to your roles yet', 'Ask an administrator which role you need.')}
    ${rights(person.roles)}`), root);
  const body = (morning: Morning): Content => html`${dayNote(morning.page)}${briefing.view(morning)}${when(mayDo('seeForecast'), () => html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Show another day</span></summary><div class="govuk-details__text">${dayForm.view()}</div></details>`)}`;
  const start = (): (() => void) => load(ask(), (next) => {
    state = next;
    draw();
  });
  const briefing = createBriefing(draw);
  const dayForm = createForm({
    layout: 'row', submit: 'Show', redraw: draw, fields: () => [{ kind: 'date', name: 'on', label: 'As it had happened by', value: state.at === 'ready' ? state.value.page.on : today(), max: today(), required: true }],
    action: async ({ on }) => {
      writeAddress(on === today() ? { on: undefined, now: 'yes' } : { on: String(on), now: undefined });
      start();
    },
  });
  let stop = start();
  const off = onAddress(() => {
    stop();
    stop = start();
  });
  return () => {
    stop();
    off();
  };
};

async function ask(): Promise<Morning> {
  const { on, now } = readAddress(address);
  const page = await call(getFirstPage, { on });
  // The demonstration's grant is long over: its page opens midway through it, and says so.
  const { lastFund } = page;
  if (isDemonstration() && on === undefined && now === undefined && lastFund) return withReturn(await call(getFirstPage, { on: midway(lastFund) }));
  return withReturn(page);
}

/** Just past half way, in a week that has a plan. */
function midway({ startsOn, endsOn }: { startsOn: string; endsOn: string }): string {
  return addDays(startsOn, Math.round((Date.parse(endsOn) - Date.parse(startsOn)) / 2 / 86_400_000) + 7);
}

async function withReturn(page: FirstPage): Promise<Morning> {
  const month = addDays(`${page.on.slice(0, 7)}-01`, -1).slice(0, 7);
  const months = mayDo('certifyReturns') ? (await call(listReturns, { month })).months : [];
  const lagging = mayDo('planPatrols') ? (await call(listDeliveryAlerts, { on: page.on })).alerts : [];
  return { page, board: months[0] ?? null, lagging };
}

function dayNote({ on, lastFund }: FirstPage): Content {
  if (on !== today()) {
    return note('info', html`This is the page as it would have been on <strong>${date(on)}</strong>, from what had happened by then. What waits for a signature is of now. <a href="/?now=yes">Show today’s</a>`);
  }
  return lastFund ? note('info', html`No fund runs today: ${lastFund.name} ended on ${date(lastFund.endsOn)}. <a href="/?on=${lastFund.endsOn}">Show its last day</a>, or <a href="/forecast">the forecast page</a>.`) : nothing;
}

function welcome(): Content {
  return frame({ title: 'Hotspot Patrols', width: 'narrow', lead: 'Where anti-social behaviour gathers, who patrols there, what it costs and what is reported to the Home Office.' },
    html`${action('Sign in', '/sign-in', 'main')}`);
}

function roleWords(roles: readonly Role[]): string {
  if (roles.length === 0) return 'You have no role yet.';
  return `You are here as ${roles.map((role) => roleNames[role].toLowerCase()).join(' and ')}.`;
}

function door(part: NavSection): Content {
  return html`<section class="door"><h3 class="door__title">${part.name}</h3><ul class="door__list">
    ${part.pages.map((page) => html`<li><a href=${page.path}>${page.label}</a><span class="door__about">${page.about}</span></li>`)}
  </ul></section>`;
}

function rights(roles: readonly Role[]): Content {
  const keys: readonly Permission[] = Object.keys(permissions).filter((key): key is Permission => key in permissions);
  const held = keys.filter((key) => key !== 'anyone' && may(roles, key, true));
  return html`<details class="govuk-details rights"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">What your roles let you do</span></summary>
    <div class="govuk-details__text"><ul class="rights__list">${held.map((key) => html`<li>${permissions[key].says}</li>`)}</ul></div></details>`;
}
