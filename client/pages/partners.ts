/** What was released to partners: read behind the sign-in, and not to be passed on. */
import type { z } from 'zod';
import { getPartnersFiles, getPartnersPage } from '../../server/publication/contract.ts';
import { call, download } from '../api.ts';
import { month as sayMonth, shortDate } from '../format.ts';
import { button, details, frame, section } from '../frame.ts';
import { html, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { emptyView, load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { contentView } from './publication.ts';

type Shown = z.infer<typeof getPartnersPage.output>;

export const partnersPage: Page = (root) => {
  const asked = new URLSearchParams(location.search).get('month');
  const which = asked === null ? {} : { month: asked };
  let state: Loadable<Shown> = loading;
  const draw = (): void => render(frame({ title: 'For partners', width: 'wide', lead: 'What the office released to its partners. It may be used in partners’ own work; it is not public and is not to be passed on.' }, shown(state, body, { what: 'what was released', retry: () => void start() })), root);
  const body = ({ months, page }: Shown): Content => html`
    ${when(months.length > 1, () => html`<p>Months: ${months.map((month) => html`<a class="govuk-link" href="/partners?month=${month}">${sayMonth(month)}</a> `)}</p>`)}
    ${page === null ? emptyView('Nothing was released to partners yet', 'It appears here once two people in the office release it.') : released(page)}`;
  const released = ({ content, version, releasedOn, levels }: NonNullable<Shown['page']>): Content => html`
    ${content.demonstration ? note('info', 'Demonstration data: every figure is invented.') : ''}
    ${details([['Month', sayMonth(content.month)], ['Version', `${version}, released on ${shortDate(releasedOn)}`], ['Layers', html`${Object.entries(levels).map(([layer, level]) => html`${layer.replaceAll('_', ' ')} ${tag(level, level === 'public' ? 'good' : 'info')} `)}`]])}
    <div class="govuk-button-group">${button('Download the files', () => void download(getPartnersFiles, which, 'partners.zip'), { kind: 'plain' })}</div>
    ${section('Figures', contentView(content))}`;
  const start = (): (() => void) => load(call(getPartnersPage, which), (next) => {
    state = next;
    draw();
  });
  return start();
};
