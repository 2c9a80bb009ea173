/** Deprivation, people by age, and the Vulnerable Localities Index under the incidents: one at a time, with its table. */
import type { AreaLayer, LayerArea } from '../../../server/places/layerContract.ts';
import { getDeprivation, getPopulation } from '../../../server/places/layerContract.ts';
import { getVulnerability } from '../../../server/incidents/vulnerabilityContract.ts';
import { call } from '../../api.ts';
import { section } from '../../frame.ts';
import { html, nothing, type Content } from '../../html.ts';
import { areaColours, areasLayer } from '../../map/areas.ts';
import { areaSwatch } from '../../map/frame.ts';
import type { MapHandle } from '../../map/create.ts';
import { failedView, loading, note, shown, type Loadable } from '../../states.ts';
import { createTable, type Column } from '../../table.ts';

export const areaLayerNames = {
  none: 'None', 'deprivation-2025': 'Deprivation 2025', 'deprivation-2019': 'Deprivation 2019', young: 'People aged 15 to 24', older: 'People aged 65 and over',
  'vli-2025': 'Vulnerable Localities Index (2025)', 'vli-2019': 'Vulnerable Localities Index (2019)',
} as const;
export type AreaLayerName = keyof typeof areaLayerNames;
export const isAreaLayer = (name: string): name is AreaLayerName => name in areaLayerNames;

type Indices = Readonly<Record<'burglary' | 'damage' | 'income' | 'employment' | 'education' | 'young', number | null>>;
interface Variable {
  readonly name: string;
  readonly source: string;
  readonly average: number | null;
  readonly missing: string | null;
}
interface Shown extends AreaLayer {
  readonly areas: (LayerArea & { indices?: Indices })[];
  readonly variables?: readonly Variable[];
}

const asked: Record<AreaLayerName, (council: { council?: string }) => Promise<Shown> | undefined> = {
  none: () => undefined,
  'deprivation-2025': (council) => call(getDeprivation, { year: 2025, ...council }),
  'deprivation-2019': (council) => call(getDeprivation, { year: 2019, ...council }),
  young: (council) => call(getPopulation, { ageFrom: 15, ageTo: 24, year: 2020, ...council }),
  older: (council) => call(getPopulation, { ageFrom: 65, ageTo: 120, year: 2020, ...council }),
  'vli-2025': () => call(getVulnerability, { year: 2025 }),
  'vli-2019': () => call(getVulnerability, { year: 2019 }),
};

export interface AreaLayers {
  load(name: AreaLayerName, council: string | undefined): void;
  legend(): Content;
  table(): Content;
  select(id: string | null): void;
  leave(): void;
}

export function createAreaLayers({ map, redraw, choose }: { map: MapHandle; redraw(): void; choose(id: string | null): void }): AreaLayers {
  let state: Loadable<Shown> | undefined;
  let wanted = 0;
  const shared = { rowId: (row: LayerArea) => row.code, redraw, onSelect: choose, limit: 25 } as const;
  const plain = createTable<Shown['areas'][number]>({ ...shared, caption: 'Areas of the layer', columns: columns(() => layerOf(state)), sort: { key: 'class', down: true } });
  const vli = createTable<Shown['areas'][number]>({ ...shared, caption: 'Areas and their indices', columns: [...columns(() => layerOf(state)), ...indexColumns], sort: { key: 'value', down: true }, narrow: 'scroll' });
  const variables = createTable<Variable>({ caption: 'The six variables', rowId: (row) => row.name, redraw, columns: variableColumns, tools: false });
  const body = (layer: Shown): Content => html`${layer.notes.map((words) => note('info', words))}
    ${layer.variables ? variables.view(layer.variables) : nothing}
    ${layer.areas.length > 0 ? (layer.variables ? vli : plain).view(layer.areas) : nothing}
    <p class="fact__note">${layer.attribution.join(' · ')}</p>`;
  return {
    load(name, council) {
      wanted += 1;
      const mine = wanted;
      const take = (next: Loadable<Shown> | undefined): void => {
        if (mine !== wanted) return;
        state = next;
        const layer = layerOf(next);
        map.set('areas', layer ? areasLayer(layer.areas.map(({ code, name: area, detail, geometry, class: shade }) => ({ id: code, class: shade, geometry, label: `${area}: ${detail}` })), { onSelect: choose }) : null);
        redraw();
      };
      const answer = asked[name](council ? { council } : {});
      take(answer && loading);
      answer?.then((value) => take({ at: 'ready', value }), (error: unknown) => take({ at: 'failed', error }));
    },
    legend() {
      const layer = layerOf(state);
      return layer && layer.areas.some(({ class: shade }) => shade !== null) ? html`<div class="legend"><p class="legend__title">${layer.title}</p><ul class="legend__list">
        ${layer.classes.map((words, index) => html`<li class="legend__item">${areaSwatch(areaColours[index] ?? areaColours[4])}<span>${words}</span></li>`)}</ul></div>` : nothing;
    },
    table() {
      if (!state) return nothing;
      if (state.at === 'failed') return failedView(state.error, { what: 'the layer' });
      return section(layerOf(state)?.title ?? 'Layer', shown(state, body, { what: 'the layer' }), { lead: 'To look at beside the incidents. It never changes the rank of a cell or of a candidate.' });
    },
    select(id) {
      plain.select(id);
      vli.select(id);
    },
    leave() {
      wanted += 1;
    },
  };
}

const layerOf = (state: Loadable<Shown> | undefined): Shown | undefined => (state?.at === 'ready' ? state.value : undefined);

function columns(layer: () => Shown | undefined): readonly Column<Shown['areas'][number]>[] {
  return [
    { key: 'name', label: 'Area', value: (row) => row.name },
    { key: 'value', label: 'Figure', value: (row) => row.value, show: (row) => html`${row.class === null ? nothing : areaSwatch(areaColours[row.class] ?? areaColours[4])} ${row.detail}` },
    { key: 'class', label: 'Class', value: (row) => row.class, missing: 'no figure', show: (row) => (row.class === null ? 'no figure' : (layer()?.classes[row.class] ?? '')) },
    { key: 'code', label: 'Code', value: (row) => row.code },
  ];
}

const indexColumns: readonly Column<Shown['areas'][number]>[] = (['burglary', 'damage', 'income', 'employment', 'education', 'young'] as const).map((key) => ({
  key, label: { burglary: 'Burglary', damage: 'Damage', income: 'Income', employment: 'Employment', education: 'Education', young: 'Young' }[key], hint: 'Index: 100 is the average of the areas',
  kind: 'decimal', digits: 0, value: (row) => row.indices?.[key] ?? null, missing: 'missing',
}));

const variableColumns: readonly Column<Variable>[] = [
  { key: 'name', label: 'Variable', value: (row) => row.name },
  { key: 'source', label: 'From', value: (row) => row.source },
  { key: 'average', label: 'Average', kind: 'decimal', digits: 3, value: (row) => row.average, missing: '–' },
  { key: 'missing', label: 'State', value: (row) => (row.missing === null ? 'there' : `missing: ${row.missing}`) },
];
