/** The log of interventions: what else was done or happened, where and when, for reading any change in counts. */
import { addIntervention, type Intervention, listInterventions, withdrawIntervention } from '../../server/places/interventionContract.ts';
import { listBoundaries } from '../../server/places/contract.ts';
import { getMapHotspots } from '../../server/hotspots/contract.ts';
import { call } from '../api.ts';
import { createForm, type Field } from '../form.ts';
import { button, frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo, session } from '../session.ts';
import { load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { interventionColumns } from './map/interventionColumns.ts';

interface Held {
  readonly kinds: readonly { code: string; name: string }[];
  readonly interventions: readonly Intervention[];
  readonly councils: readonly { code: string; name: string }[];
  readonly wards: readonly { code: string; name: string }[];
  readonly hotspots: readonly { id: string; name: string; lng: number; lat: number; radius: number }[];
}

async function ask(): Promise<Held> {
  const [{ kinds, interventions }, councils, wards, hotspots] = await Promise.all([
    call(listInterventions, { withdrawn: 'true' }), call(listBoundaries, { kind: 'council', metres: 2000 }), call(listBoundaries, { kind: 'ward', metres: 2000 }), call(getMapHotspots, { all: 'true' }),
  ]);
  const named = (found: typeof councils): Held['councils'] => found.features.map(({ properties }) => ({ code: properties.code, name: properties.name }));
  return { kinds, interventions, councils: named(councils), wards: named(wards), hotspots: hotspots.features.map(({ properties, geometry }) => ({ id: properties.id, name: `${properties.name}, ${properties.council}`, ...middleOf(geometry.coordinates), radius: Math.ceil(properties.acrossMetres / 2) })) };
}

function middleOf(coordinates: readonly (readonly (readonly (readonly [number, number])[])[])[]): { lng: number; lat: number } {
  const points = coordinates.flat(2);
  const mean = (pick: (point: readonly [number, number]) => number): number => points.reduce((sum, point) => sum + pick(point), 0) / Math.max(1, points.length);
  return { lng: Number(mean(([lng]) => lng).toFixed(5)), lat: Number(mean(([, lat]) => lat).toFixed(5)) };
}

export const interventionsPage: Page = (root) => {
  let state: Loadable<Held> = loading;
  let area = 'council';
  let withdrawing: Intervention | undefined;
  let said = '';
  const held = (): Held | undefined => (state.at === 'ready' ? state.value : undefined);
  const draw = (): void => render(frame({
    title: 'Interventions', width: 'wide', lead: 'What else was done or happened: cameras, protection orders, school holidays, Bonfire Night. Shown on the map and beside every before-and-after figure of the area, so that no change is owed to patrols alone.',
  }, html`${said ? note('good', said, { live: true }) : nothing}${shown(state, view, { what: 'the interventions', retry: () => start() })}`), root);
  const done = async (words: string): Promise<void> => {
    said = words;
    withdrawing = undefined;
    state = { at: 'ready', value: await ask() };
    draw();
  };
  const adding = createForm({
    submit: 'Log the intervention', redraw: draw, layout: 'grid', fields: () => fieldsFor(held(), area),
    changed: (values) => {
      if (values['area'] === area || typeof values['area'] !== 'string') return;
      area = values['area'];
      draw();
    },
    action: async ({ hotspot, area: where, ...values }) => {
      const around = held()?.hotspots.find(({ id }) => id === hotspot);
      const place = where === 'hotspot' ? { area: 'circle', lng: around?.lng, lat: around?.lat, radiusMetres: around?.radius } : { area: where };
      const saved = await call(addIntervention, addIntervention.input.parse({ ...values, ...place }));
      adding.reset();
      await done(`${saved.name} is logged: ${saved.areaName}.`);
    },
  });
  const ending = createForm({
    submit: 'Withdraw', redraw: draw, fields: [{ kind: 'text', name: 'reason', label: 'Reason', required: true }],
    action: async (values) => {
      const saved = await call(withdrawIntervention, withdrawIntervention.input.parse({ id: withdrawing?.id, ...values }));
      await done(`${saved.name} is withdrawn and stays in the log.`);
    },
  });
  const table = createTable<Intervention>({
    caption: 'Interventions', rowId: (row) => row.id, redraw: draw, empty: 'Nothing is logged yet.', sort: { key: 'from', down: true }, columns: [
      ...interventionColumns,
      ...(mayDo('keepInterventions') ? [{
        key: 'act', label: 'Change', bare: true, value: () => null,
        show: (row: Intervention) => (row.withdrawnAt || !mine(row) ? nothing : button('Withdraw', () => {
          withdrawing = row;
          draw();
        })),
      }] : []),
    ],
  });
  const view = (value: Held): Content => html`
    ${withdrawing ? html`<div class="state"><p class="state__title">Withdraw ${withdrawing.name}</p>${ending.view()}</div>` : nothing}
    ${section('The log', table.view(value.interventions))}
    ${mayDo('keepInterventions') ? section('Log one', adding.view()) : nothing}`;
  const start = (): (() => void) => load(ask(), (next) => {
    state = next;
    draw();
  });
  return start();
};

/** A council withdraws its own; the office any. */
const mine = ({ councilCode }: Intervention): boolean => {
  const own = session().person?.councilCode ?? null;
  return own === null || own === councilCode;
};

function fieldsFor(held: Held | undefined, area: string): readonly Field[] {
  const office = (session().person?.councilCode ?? null) === null;
  const options = (rows: readonly { code: string; name: string }[] | undefined): { value: string; label: string }[] => (rows ?? []).map(({ code, name }) => ({ value: code, label: name }));
  return [
    { kind: 'select', name: 'kind', label: 'Kind', required: true, options: options(held?.kinds) },
    { kind: 'text', name: 'name', label: 'Name', required: true },
    { kind: 'date', name: 'startsOn', label: 'First day', required: true },
    { kind: 'date', name: 'endsOn', label: 'Last day', hint: 'Left blank: it goes on' },
    {
      kind: 'select', name: 'area', label: 'Where', required: true, value: area, options: [
        { value: 'council', label: 'A whole council' }, { value: 'ward', label: 'A ward' }, { value: 'hotspot', label: 'Around a hotspot' }, { value: 'circle', label: 'Around a point' },
        ...(office ? [{ value: 'everywhere', label: 'Everywhere' }] : []),
      ],
    },
    ...(area === 'council' ? [{ kind: 'select', name: 'councilCode', label: 'Council', required: true, options: options(held?.councils) } as const] : []),
    ...(area === 'ward' ? [{ kind: 'select', name: 'wardCode', label: 'Ward', required: true, options: options(held?.wards) } as const] : []),
    ...(area === 'hotspot' ? [{ kind: 'select', name: 'hotspot', label: 'Hotspot', required: true, options: (held?.hotspots ?? []).map(({ id, name }) => ({ value: id, label: name })) } as const] : []),
    ...(area === 'circle' ? [
      { kind: 'number', name: 'lat', label: 'Latitude', required: true, whole: false } as const, { kind: 'number', name: 'lng', label: 'Longitude', required: true, whole: false, hint: 'West of Greenwich with a minus' } as const,
      { kind: 'number', name: 'radiusMetres', label: 'Reach', unit: 'm', required: true, min: 10, max: 20_000 } as const,
    ] : []),
    { kind: 'textarea', name: 'about', label: 'What was done', hint: 'And where it is known from' },
  ];
}
