/** Changing one hotspot: move, split, merge, rename, pause, agree, retire; each from a day on, with a reason. */
import { z } from 'zod';
import { getMapHotspots } from '../../server/hotspots/contract.ts';
import { getHotspot, type HotspotDetail } from '../../server/hotspots/hotspotContract.ts';
import { call } from '../api.ts';
import type { Form } from '../form.ts';
import { count } from '../format.ts';
import { frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { type Info, serviceInfo } from '../info.ts';
import { createMap, type MapHandle } from '../map/create.ts';
import { legend, mapFrame } from '../map/frame.ts';
import { hotspotsLayer } from '../map/hotspots.ts';
import { type Page, readAddress, writeAddress } from '../router.ts';
import { load, note, shown } from '../states.ts';
import type { ChangeForm, ChangeName } from './hotspotFields.ts';
import { changesOf } from './hotspotForms.ts';
import { boxOf, liveWords, stateTag } from './hotspots.ts';
import type { Hotspots } from './map/layers.ts';

const address = z.object({ do: z.string().optional().catch(undefined) });

interface Found {
  readonly hotspot: HotspotDetail;
  readonly others: Hotspots;
  readonly info: Info;
}

export const hotspotChangePage: Page = (root, { id = '' }) => {
  let leaveMap = (): void => undefined;
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leave = load(find(id), (next) => {
      if (next.at === 'ready') leaveMap = open(root, next.value);
      else render(frame({ title: 'Change a hotspot', breadcrumbs: [{ label: 'Hotspots', href: '/hotspots' }] }, shown(next, () => nothing, { what: 'the hotspot', retry: start })), root);
    });
  };
  start();
  return () => {
    leave();
    leaveMap();
  };
};

async function find(id: string): Promise<Found> {
  const hotspot = await call(getHotspot, { id });
  const [all, info] = await Promise.all([call(getMapHotspots, { council: hotspot.councilCode, all: 'true' }), serviceInfo()]);
  const features = all.features.filter((feature) => feature.id !== id && feature.properties.state !== 'retired');
  return { hotspot, others: { ...all, features }, info };
}

interface Parts {
  readonly map: MapHandle;
  readonly changes: readonly ChangeForm[];
  chosen: ChangeForm | undefined;
  form: Form | undefined;
}

function open(root: HTMLElement, found: Found): () => void {
  const { hotspot, others, info } = found;
  const feature = { type: 'Feature' as const, id: hotspot.id, geometry: hotspot.outline, properties: hotspot };
  const box = boxOf({ features: [feature] }) ?? [-1.46, 54.44, -0.76, 54.74];
  const margin = 0.004;
  const map = createMap({ label: `the outline of ${hotspot.name}`, tiles: info.tiles, whole: [box[0] - 2 * margin, box[1] - margin, box[2] + 2 * margin, box[3] + margin] });
  const draw = (): void => render(view(found, parts, choose), root);
  const choose = (name: ChangeName): void => {
    parts.chosen?.leave?.();
    parts.chosen = parts.changes.find((one) => one.name === name) ?? parts.changes[0];
    writeAddress({ do: parts.chosen?.name ?? null }, { replace: true });
    parts.form = parts.chosen?.form({ map, draw, root });
    draw();
  };
  const parts: Parts = { map, changes: changesOf(hotspot, others), chosen: undefined, form: undefined };
  // Its own name stands in the heading, and on the map it would lie over the handle.
  map.set('hotspots', hotspotsLayer([{ id: hotspot.id, label: hotspot.name, name: hotspot.name, geometry: hotspot.outline }]));
  map.set('wards', hotspotsLayer(others.features.map((one) => ({ id: one.id, label: one.properties.name, name: one.properties.name, geometry: one.geometry })), { names: true }));
  choose((readAddress(address).do ?? 'move') as ChangeName);
  return () => {
    parts.chosen?.leave?.();
    map.remove();
  };
}

function view({ hotspot }: Found, { map, changes, chosen, form }: Parts, choose: (name: ChangeName) => void): Content {
  return frame({
    title: `Change ${hotspot.name}`, caption: [hotspot.council, hotspot.ward].filter(Boolean).join(', '), width: 'wide', lead: html`${stateTag(hotspot)} ${liveWords(hotspot)}`,
    breadcrumbs: [{ label: 'Hotspots', href: '/hotspots' }, { label: hotspot.name, href: `/hotspots/${hotspot.id}` }],
  }, chosen === undefined ? note('info', 'A retired hotspot is not changed any more: only its history is left.') : html`
    <div class="choices" role="group" aria-label="What to change">${changes.map((one) => html`
      <button type="button" class="choices__one" aria-pressed=${one === chosen ? 'true' : 'false'} @click=${() => choose(one.name)}>${one.label}</button>`)}</div>
    ${mapFrame({
      map, legend: legend('Lines', [], [{ kind: 'hotspot', label: 'Agreed outline' }, ...(chosen.name === 'move' ? [{ kind: 'selected' as const, label: 'Where it will be' }] : []), ...(chosen.name === 'split' ? [{ kind: 'ward' as const, label: 'Where it is cut' }] : [])]),
      table: section(chosen.label, html`${chosen.about ? html`<p>${chosen.about}</p>` : nothing}${chosen.beside?.() ?? nothing}${form?.view() ?? nothing}`),
      note: html`<p>${count(hotspot.acrossMetres)} m across. Visits and counts of a day keep to the outline of that day, and no baseline ever changes.</p>`,
    })}`);
}
