/** Where rounds start and end, set on a map or by its degrees, and the road times that were loaded. */
import { listPatrolStarts, type PatrolStart } from '../../server/patrols/contract.ts';
import { getMapHotspots } from '../../server/hotspots/contract.ts';
import { addRoundBase, endRoundBase, listRoundBases, loadRoadTimes, travelBy, travelNames, type RoundBase } from '../../server/rounds/contract.ts';
import { call, upload } from '../api.ts';
import { createForm, type Field } from '../form.ts';
import { count, instant } from '../format.ts';
import { frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { serviceInfo } from '../info.ts';
import { createMap } from '../map/create.ts';
import { legend, mapFrame } from '../map/frame.ts';
import { routeLayer } from '../map/route.ts';
import type { Page } from '../router.ts';
import { session } from '../session.ts';
import { load, note, shown } from '../states.ts';
import { createTable } from '../table.ts';
import { today } from '../weeks.ts';
import { boxOf } from './hotspots.ts';
import { drawHotspots, type Hotspots } from './map/layers.ts';

interface Answer {
  bases: readonly RoundBase[];
  roads: readonly { councilCode: string; travel: (typeof travelBy)[number]; ways: number; loadedAt: string }[];
  councils: readonly PatrolStart[];
}

export const roundBasesPage: Page = (root) => {
  let [leave, leaveMap] = [(): void => undefined, (): void => undefined];
  const start = (): void => {
    leave();
    const own = session().person?.councilCode;
    leave = load(Promise.all([ask(), call(getMapHotspots, own ? { council: own } : {}), serviceInfo()]), (next) => {
      if (next.at === 'ready') leaveMap = open(root, ...next.value);
      else render(frame({ title: 'Bases and road times', breadcrumbs }, shown(next, () => nothing, { what: 'bases', retry: start })), root);
    });
  };
  start();
  return () => {
    leave();
    leaveMap();
  };
};

const breadcrumbs = [{ label: 'Rounds', href: '/rounds' }];

async function ask(): Promise<Answer> {
  const [{ bases, roads }, { councils }] = await Promise.all([call(listRoundBases, {}), call(listPatrolStarts, {})]);
  return { bases, roads, councils };
}

function open(root: HTMLElement, first: Answer, hotspots: Hotspots, { tiles }: Awaited<ReturnType<typeof serviceInfo>>): () => void {
  let [answer, said] = [first, ''];
  let place: { lng: number; lat: number } | undefined;
  const councilName = (code: string): string => answer.councils.find((one) => one.councilCode === code)?.council ?? code;
  const map = createMap({ label: 'bases of rounds among the agreed hotspots; a click sets the place of a new base', tiles, whole: boxOf(hotspots) ?? [-1.46, 54.44, -0.76, 54.74] });
  const mark = (): void => map.set('marks', routeLayer(inForce(answer.bases).map(({ lng, lat, name }) => ({ lng, lat, mark: 'B', label: name }))));
  map.map.on('click', ({ latlng }) => {
    place = { lng: Number(latlng.lng.toFixed(6)), lat: Number(latlng.lat.toFixed(6)) };
    baseForm.reset();
    draw();
  });
  const refresh = async (words: string): Promise<void> => {
    [answer, said, place] = [await ask(), words, undefined];
    mark();
    draw();
  };
  const table = createTable<RoundBase>({
    caption: 'Bases', rowId: (row) => row.id, redraw: () => draw(), tools: false, empty: 'No base is entered yet.', columns: [
      { key: 'name', label: 'Base', value: (row) => row.name }, { key: 'council', label: 'Council', value: (row) => councilName(row.councilCode) }, { key: 'travel', label: 'Crews go', value: (row) => travelNames[row.travel] },
      { key: 'from', label: 'From', kind: 'date', value: (row) => row.validFrom }, { key: 'to', label: 'Until the day before', kind: 'date', value: (row) => row.validTo, missing: 'no end set' },
      { key: 'end', label: 'End', bare: true, value: () => '', show: (row) => (row.validTo === null ? html`<button type="button" class="table__choose" aria-label="End today: ${row.name}" @click=${() => void end(row)}>End today</button>` : nothing) },
    ],
  });
  const end = async (row: RoundBase): Promise<void> => {
    await call(endRoundBase, { id: row.id, validTo: today() > row.validFrom ? today() : nextDay(row.validFrom) });
    await refresh(`${row.name} is no longer used.`);
  };
  const baseForm = createForm({
    submit: 'Keep base', redraw: () => draw(), layout: 'grid', fields: () => [...councilField(answer), ...baseFields(place)],
    action: async ({ council, name, lng, lat, travel, validFrom }) => {
      await call(addRoundBase, { ...(council ? { council: String(council) } : {}), name: String(name), lng: Number(lng), lat: Number(lat), travel: travel === 'vehicle' ? 'vehicle' : 'walk', validFrom: String(validFrom) });
      await refresh(`Kept the base ${String(name)}.`);
      baseForm.reset();
    },
  });
  const roadForm = createForm({
    submit: 'Load road times', redraw: () => draw(),
    fields: () => [...councilField(answer), { kind: 'file', name: 'file', label: 'Road times', hint: 'CSV with the columns from, to and minutes; names of hotspots and bases', accept: '.csv,text/csv', required: true }, travelField],
    action: async ({ council, file, travel }) => {
      if (!(file instanceof File)) return;
      const { ways } = await upload(loadRoadTimes, { ...(council ? { council: String(council) } : {}), travel: travel === 'vehicle' ? 'vehicle' : 'walk' }, file);
      await refresh(`Loaded ${count(ways)} ways from ${file.name}.`);
      roadForm.reset();
    },
  });
  const draw = (): void => render(frame({ title: 'Bases and road times', breadcrumbs, width: 'wide', lead: 'Rounds start and end at a base. Ways are estimated by the straight line until road times are loaded.' }, html`
    ${said ? note('good', said, { live: true }) : nothing}
    ${mapFrame({ map, table: html`${table.view(answer.bases)}${section('Enter a base', baseForm.view(), { lead: 'Click on the map to set its place, or type its degrees. A base of the same name ends when the new one begins.' })}`, legend: legend('Lines', [], [{ kind: 'hotspot', label: 'Agreed hotspot' }]), note: html`<p>B marks bases in use.</p>` })}
    ${section('Road times', html`${roadList(answer, councilName)}${roadForm.view()}`, { lead: 'A load takes the place of the one before. Ways that it does not have stay estimated.' })}`), root);
  drawHotspots(map, hotspots, () => undefined);
  mark();
  draw();
  return () => map.remove();
}

const nextDay = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
const inForce = (bases: readonly RoundBase[]): RoundBase[] => bases.filter(({ validFrom, validTo }) => validFrom <= today() && (validTo === null || validTo > today()));

function councilField({ councils }: Answer): Field[] {
  return session().person?.councilCode ? [] : [{ kind: 'select', name: 'council', label: 'Council', required: true, blank: 'Choose a council', options: councils.map((one) => ({ value: one.councilCode, label: one.council })) }];
}

const travelField: Field = { kind: 'select', name: 'travel', label: 'Crews go', value: 'walk', required: true, options: travelBy.map((value) => ({ value, label: travelNames[value] })) };

function baseFields(place: { lng: number; lat: number } | undefined): Field[] {
  return [
    { kind: 'text', name: 'name', label: 'Name', required: true, size: 'medium' },
    { kind: 'number', name: 'lat', label: 'Latitude', value: place?.lat, min: 49, max: 61.5, whole: false, required: true },
    { kind: 'number', name: 'lng', label: 'Longitude', value: place?.lng, min: -9, max: 2.5, whole: false, required: true },
    travelField, { kind: 'date', name: 'validFrom', label: 'Used from', value: today(), required: true },
  ];
}

function roadList({ roads }: Answer, councilName: (code: string) => string): Content {
  return roads.length === 0 ? html`<p>None are loaded.</p>` : html`<ul class="reasons">${roads.map((road) => html`<li>${councilName(road.councilCode)}, ${travelNames[road.travel].toLowerCase()}: ${count(road.ways)} ways, loaded ${instant(road.loadedAt)}</li>`)}</ul>`;
}
