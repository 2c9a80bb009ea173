/** What can be laid over or under the incidents, kept in the address: sources, an area layer, interventions; and how cells are coloured. */
import { z } from 'zod';
import { type Intervention, listInterventions } from '../../../server/places/interventionContract.ts';
import { call } from '../../api.ts';
import { fieldView } from '../../fieldView.ts';
import { section } from '../../frame.ts';
import { html, nothing, type Content } from '../../html.ts';
import { interventionsLayer } from '../../map/interventions.ts';
import { layerToggles, legend } from '../../map/frame.ts';
import type { MapHandle } from '../../map/create.ts';
import { readAddress, writeAddress } from '../../router.ts';
import { createTable } from '../../table.ts';
import { type AreaLayerName, areaLayerNames, createAreaLayers, isAreaLayer } from './areaLayers.ts';
import { askedOf, type Choices, type Filters } from './filters.ts';
import { isNear } from './layers.ts';
import { createSourceLayers } from './sourceLayers.ts';
import { interventionColumns } from './interventionColumns.ts';

const address = z.object({
  over: z.string().default('').catch(''), area: z.string().default('none').catch('none'),
  colour: z.enum(['count', 'weighted', 'none']).default('count').catch('count'), other: z.string().default('').catch(''),
});
type Address = z.output<typeof address>;
type Colour = Address['colour'];

export interface ExtraLayers {
  /** Loads everything for the filters; call it when they change. */
  changed(): void;
  /** Loads what depends on the view; call it when the map moved. */
  moved(): void;
  colour(): Colour;
  fields(): readonly Content[];
  toggles(): Content;
  legend(): Content;
  tables(): Content;
  select(id: string | null): void;
  leave(): void;
}

export interface ExtraOptions {
  readonly map: MapHandle;
  readonly choices: Choices;
  filters(): Filters;
  redraw(): void;
  /** Called when cells are to be drawn in another way. */
  recolour(): void;
  choose(id: string | null): void;
}

const listOf = (text: string): string[] => text.split(',').filter(Boolean);

export function createExtraLayers({ map, choices, filters, redraw, recolour, choose }: ExtraOptions): ExtraLayers {
  const areas = createAreaLayers({ map, redraw, choose });
  const sources = createSourceLayers({ map, sources: choices.sources, redraw });
  const table = createTable<Intervention>({ caption: 'Interventions in the period', rowId: (row) => row.id, redraw, columns: interventionColumns, tools: false, empty: 'None is logged for these months.' });
  let interventions: z.output<typeof listInterventions.output>['interventions'] = [];
  let left = false;
  const now = (): Address => readAddress(address);
  const area = (): AreaLayerName => (isAreaLayer(now().area) ? (now().area as AreaLayerName) : 'none');
  const on = (): string[] => listOf(now().over).filter((code) => choices.sources.some((source) => source.code === code));

  const loadSources = (): void => {
    const { box, zoom } = map.view();
    const { source: _, ...asked } = askedOf(filters());
    sources.load(on(), { ...asked, zoom, bbox: box.map((degrees) => degrees.toFixed(4)).join(',') });
  };
  /** From afar names would cover each other; the table has them. */
  const drawInterventions = (): void => map.set('interventions', interventionsLayer(interventions.flatMap(({ id, name, outline }) => (outline ? [{ id, label: name, geometry: outline }] : [])), { names: isNear(map) }));
  const loadInterventions = (): void => {
    const { from = choices.from, to = choices.to, council } = filters();
    const shown = now().other === 'interventions' && from && to;
    if (!shown) {
      interventions = [];
      map.set('interventions', null);
      return redraw();
    }
    call(listInterventions, { from: `${from}-01`, to: `${to}-${lastDay(to)}`, ...(council ? { council } : {}) }).then((found) => {
      if (left) return;
      interventions = found.interventions;
      drawInterventions();
      redraw();
    }, () => undefined);
  };
  const set = (change: Partial<Record<keyof Address, string>>, plain: Partial<Record<keyof Address, string>>): void => {
    writeAddress(Object.fromEntries(Object.entries(change).map(([key, value]) => [key, value === (plain[key as keyof Address] ?? '') ? null : value])), { replace: true });
  };
  const chooseArea = (name: string): void => {
    set({ area: name }, { area: 'none' });
    areas.load(area(), filters().council);
    redraw();
  };
  const chooseColour = (name: string): void => {
    set({ colour: name }, { colour: 'count' });
    recolour();
    redraw();
  };
  const select = (name: string, label: string, value: string, options: readonly { value: string; label: string }[], onChange: (value: string) => void): Content =>
    fieldView({ kind: 'select', name, label, required: true, value, options }, { formId: 'filters', onChange });
  return {
    changed() {
      areas.load(area(), filters().council);
      loadSources();
      loadInterventions();
    },
    moved() {
      loadSources();
      if (interventions.length > 0) drawInterventions();
    },
    colour: () => now().colour,
    fields: () => [
      select('colour', 'Colour cells by', now().colour, [{ value: 'count', label: 'Plain count' }, { value: 'weighted', label: 'Weighted count' }, { value: 'none', label: 'No cells' }], chooseColour),
      select('area', 'Area layer', area(), Object.entries(areaLayerNames).map(([value, label]) => ({ value, label })), chooseArea),
    ],
    toggles: () => html`${layerToggles([{ name: 'interventions', label: 'Interventions', on: now().other === 'interventions' }], (name, isOn) => {
      set({ other: isOn ? name : '' }, {});
      loadInterventions();
    }, 'Also')}${sources.toggles(on(), (code, isOn) => {
      set({ over: [...on().filter((one) => one !== code), ...(isOn ? [code] : [])].join(',') }, {});
      loadSources();
      redraw();
    })}`,
    legend: () => html`${areas.legend()}${sources.legend(on())}${interventions.length > 0 ? legend('Interventions', [], [{ kind: 'intervention', label: 'Outline' }]) : nothing}`,
    tables: () => html`${sources.table(on())}${areas.table()}${now().other === 'interventions' ? section('Interventions', table.view(interventions), { lead: 'What else was done or happened. Without an outline: everywhere.' }) : nothing}`,
    select: (id) => areas.select(id),
    leave() {
      left = true;
      areas.leave();
      sources.leave();
    },
  };
}

function lastDay(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return String(new Date(Date.UTC(year, number, 0)).getUTCDate());
}
