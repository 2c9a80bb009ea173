/** How far each layer may go: internal, partners or public, from a day on, proposed by one person and approved by another. */
import type { z } from 'zod';
import { approveLevel, listLayers, proposeLevel, releaseLevels, type PublishedLayer } from '../../server/publication/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { month as sayMonth, shortDate, shortInstant } from '../format.ts';
import { button, frame, section } from '../frame.ts';
import { html, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { plainTable } from './plainTable.ts';
import { failureText, load, loading, note, shown, tag, type Loadable } from '../states.ts';

const looks = { internal: 'plain', partners: 'info', public: 'good' } as const;

export const publicationLayersPage: Page = (root) => {
  let state: Loadable<readonly PublishedLayer[]> = loading;
  let releases: z.infer<typeof listLayers.output>['releases'] = [];
  let failed = '';
  const draw = (): void => render(frame({
    title: 'How far layers may go', breadcrumbs: [{ label: 'Publication', href: '/publications' }],
    lead: 'Internal: the office alone. Partners: their accounts too, behind the sign-in, on the page For partners. Public: anybody. What is opened appears in the drafts made from then on; what is taken back is gone at once.',
  }, shown(state, body, { what: 'layers', retry: () => void start() })), root);
  const taken = (layer: PublishedLayer): void => {
    if (state.at === 'ready') state = { at: 'ready', value: state.value.map((each) => (each.code === layer.code ? layer : each)) };
    draw();
  };
  const approve = async (code: string, levelId: string): Promise<void> => {
    failed = '';
    await call(approveLevel, { code, levelId }).then(taken, (error: unknown) => {
      failed = failureText(error);
      draw();
    });
  };
  const proposing = createForm({
    submit: 'Propose', redraw: draw,
    fields: () => [
      { kind: 'select', name: 'code', label: 'Layer', required: true, options: state.at === 'ready' ? state.value.map(({ code, name }) => ({ value: code, label: name })) : [] },
      { kind: 'radios', name: 'level', label: 'May go to', required: true, options: releaseLevels.map((level) => ({ value: level, label: level })) },
      { kind: 'date', name: 'validFrom', label: 'From', required: true }, { kind: 'text', name: 'reason', label: 'Why', required: true },
    ],
    action: async (values) => {
      taken(await call(proposeLevel, proposeLevel.input.parse({ levelId: crypto.randomUUID(), ...values })));
      proposing.reset();
    },
  });
  const step = (layer: PublishedLayer, { id, level, validFrom, reason, proposedBy, approvedBy, mine }: PublishedLayer['steps'][number]): Content => html`<li>${tag(level, looks[level])} from ${shortDate(validFrom)}: ${reason}. Proposed by ${proposedBy ?? 'somebody'}, ${approvedBy ? `approved by ${approvedBy}` : html`not approved yet ${when(mayDo('releasePublications') && !mine, () => button(`Approve for ${layer.name}`, () => void approve(layer.code, id), { kind: 'plain' }))}`}</li>`;
  const body = (layers: readonly PublishedLayer[]): Content => html`${when(failed, () => note('danger', failed, { live: true }))}
    ${layers.map((layer) => section(layer.name, html`<p>${tag(layer.level, looks[layer.level])} today. ${layer.describes}.</p>${when(layer.steps.length > 0, () => html`<ul class="reasons">${layer.steps.map((each) => step(layer, each))}</ul>`)}`))}
    ${section('What was released to whom', releases.length === 0 ? html`<p>Nothing yet.</p>` : plainTable('Releases', ['Month', 'To', 'Layers', 'Version', 'Released', 'Taken back'], releases.map((each) => [sayMonth(each.month), each.audience, each.layers.map((layer) => layer.replaceAll('_', ' ')).join(', ') || 'none', String(each.version), `${shortInstant(each.releasedAt)} by ${each.releasedBy ?? 'somebody'}`, each.withdrawnAt ? shortInstant(each.withdrawnAt) : ''])))}
    ${when(mayDo('preparePublications'), () => section('Propose a level', proposing.view()))}`;
  const start = (): (() => void) => load(call(listLayers, {}).then((found) => {
    releases = found.releases;
    return found.layers;
  }), (next) => {
    state = next;
    draw();
  });
  return start();
};
