/** What is drafted for the public and what was released: what is due first, then every version, and packs for information requests. */
import { listAgreements } from '../../server/grants/contract.ts';
import { listHotspots } from '../../server/hotspots/contract.ts';
import { informationPack, listPublications, makePublication, publicationKindNames, publicationKinds, type PublicationHead } from '../../server/publication/contract.ts';
import { call, download } from '../api.ts';
import { createForm } from '../form.ts';
import { month, shortInstant } from '../format.ts';
import { action, frame, section } from '../frame.ts';
import { html, render, when, type Content } from '../html.ts';
import { navigate, type Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';

type Listed = Awaited<ReturnType<typeof loadAll>>;

async function loadAll() {
  const [listed, { agreements }, { hotspots }] = await Promise.all([call(listPublications, {}), call(listAgreements, {}), call(listHotspots, {})]);
  return { ...listed, agreements, hotspots };
}

const looks: Record<PublicationHead['state'], 'plain' | 'good' | 'warning'> = { draft: 'warning', released: 'good', withdrawn: 'plain', replaced: 'plain' };
export const stateTag = (head: Pick<PublicationHead, 'state' | 'faults'>): Content => (head.state === 'draft' && head.faults.length > 0 ? tag(`draft, ${head.faults.length} missing`, 'warning') : tag(head.state, looks[head.state]));

export const publicationsPage: Page = (root) => {
  let state: Loadable<Listed> = loading;
  const draw = (): void => render(frame({
    title: 'Publication', width: 'wide', actions: [html`<a class="govuk-button govuk-button--secondary" href="/public" target="_self">See the public page</a>`, action('How far layers may go', '/publications/layers'), action('Press register', '/press-figures')],
    lead: 'The statutory monthly files and the public page, made from the same rows as the returns. A draft is released by another person than prepared it, and what was released never changes.',
  }, shown(state, body, { what: 'publications', retry: () => void start() })), root);
  const table = createTable<PublicationHead>({
    caption: 'Versions', rowId: (row) => row.id, redraw: draw,
    columns: [
      { key: 'kind', label: 'What', value: (row) => publicationKindNames[row.kind], show: (row) => html`<a href="/publications/${row.id}">${publicationKindNames[row.kind]}</a>` },
      { key: 'month', label: 'Month', kind: 'month', value: (row) => row.month }, { key: 'version', label: 'Version', kind: 'count', value: (row) => row.version },
      { key: 'state', label: 'State', value: (row) => row.state, show: stateTag },
      { key: 'made', label: 'Made', value: (row) => `${shortInstant(row.madeAt)} by ${row.madeBy ?? 'the monthly job'}` },
      { key: 'released', label: 'Released', value: (row) => (row.releasedAt ? `${shortInstant(row.releasedAt)} by ${row.releasedBy ?? 'somebody'}` : null), missing: 'not yet' },
    ],
  });
  const making = createForm({
    layout: 'row', submit: 'Make a draft', redraw: draw,
    fields: [
      { kind: 'select', name: 'kind', label: 'What', required: true, options: publicationKinds.map((kind) => ({ value: kind, label: publicationKindNames[kind] })) },
      { kind: 'month', name: 'month', label: 'Month', required: true },
    ],
    action: async (values) => {
      const made = await call(makePublication, makePublication.input.parse({ publicationId: crypto.randomUUID(), ...values }));
      await navigate(`/publications/${made.id}`);
    },
  });
  const packing = createForm({
    layout: 'row', submit: 'Download the pack', redraw: draw,
    fields: () => [{
      kind: 'select', name: 'subject', label: 'Of', required: true,
      options: state.at !== 'ready' ? [] : [
        ...state.value.agreements.map((each) => ({ value: `agreement ${each.id}`, label: `Agreement ${each.reference} (${each.council})` })),
        ...state.value.returns.map(({ code, name }) => ({ value: `return ${code}`, label: `Return ${name}` })),
        ...state.value.hotspots.map((each) => ({ value: `hotspot ${each.id}`, label: `Hotspot ${each.name} (${each.council})` })),
      ],
    }],
    action: async ({ subject }) => {
      const [subjectKind, id = ''] = String(subject).split(' ');
      await download(informationPack, informationPack.input.parse({ subjectKind, id }), 'information-pack.zip');
    },
  });
  const body = ({ publications, due }: Listed): Content => html`
    ${when(due.length > 0, () => note('warning', html`<ul class="reasons">${due.map((each) => html`<li>${publicationKindNames[each.kind]}, ${month(each.month)}: ${each.says}</li>`)}</ul>`))}
    ${when(mayDo('preparePublications'), () => section('Make a draft', making.view(), { lead: 'Of a month that has ended. What is already the latest version is opened, not made twice.' }))}
    ${publications.length > 0 ? table.view(publications) : emptyView('Nothing was drafted yet')}
    ${when(mayDo('makeInformationPacks'), () => section('Freedom of information', packing.view(), { lead: 'All versions and the timeline of an agreement, a return or a hotspot as one archive, officers named by role. Read its README before it is sent.' }))}`;
  const start = (): (() => void) => load(loadAll(), (next) => {
    state = next;
    draw();
  });
  return start();
};
