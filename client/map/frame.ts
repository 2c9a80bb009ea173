/**
 * A map with its table: map left and table right on a desk, stacked on a phone, each leading to the other.
 *
 *   const map = createMap({ label: 'Hot cells', tiles: (await serviceInfo()).tiles, whole: [-1.5, 54.4, -0.8, 54.8] });
 *   const choose = (id: string | null) => { map.select(id); table.select(id); };
 *   const table = createTable<Row>({ …, onSelect: (id) => map.select(id) });
 *   map.set('cells', cellsLayer(rows, { classes, onSelect: choose }));
 *   render(frame({ title: 'Map', width: 'wide' }, mapFrame({
 *     map, toggles: layerToggles(layers, (name, on) => …), legend: legend('Incidents per km²', classes), table: table.view(rows),
 *   })), root);
 *   return () => map.remove();
 */
import { html, nothing, svg, type Content, type TemplateResult } from '../html.ts';
import type { MapClass } from './classes.ts';
import type { MapHandle } from './create.ts';
import { ink } from './shapes.ts';

export interface MapFrameOptions {
  map: Pick<MapHandle, 'element'>;
  /** Filters above both map and table: the same rows on either side. */
  filters?: Content;
  /** What the filters are called where they are folded away on a phone, so that the map comes first. */
  fold?: string;
  toggles?: Content;
  legend?: Content;
  /** The same rows as on the map: the accessible version and the one that is exported. */
  table: Content;
  /** A sentence over the map, e.g. how many incidents have no place. */
  note?: Content;
}

export function mapFrame(options: MapFrameOptions): TemplateResult {
  return html`<div class="mapframe">
    ${options.filters ? (options.fold ? filterFold(options.fold, options.filters) : html`<div class="mapframe__filters">${options.filters}</div>`) : nothing}
    ${options.note ? html`<div class="mapframe__note">${options.note}</div>` : nothing}
    <div class="mapframe__map">
      ${options.map.element}
      <div class="mapframe__keys">${options.toggles ?? nothing}${options.legend ?? nothing}</div>
    </div>
    <div class="mapframe__table">${options.table}</div>
  </div>`;
}

/** On a phone the filters open on a touch; at a desk they always stand open. */
function filterFold(called: string, filters: Content): TemplateResult {
  return html`<details class="mapframe__filters" ?open=${!window.matchMedia('(max-width: 47.9375em)').matches}><summary class="mapframe__fold">${called}</summary>${filters}</details>`;
}

export interface LayerToggle {
  name: string;
  label: string;
  on: boolean;
}

/** Check boxes for the layers of a map. */
export function layerToggles(layers: readonly LayerToggle[], toggled: (name: string, on: boolean) => void, title = 'Shown on the map'): TemplateResult {
  const change = (name: string, event: Event): void => {
    if (event.target instanceof HTMLInputElement) toggled(name, event.target.checked);
  };
  return html`<fieldset class="toggles"><legend class="toggles__title">${title}</legend>
    ${layers.map((layer) => html`<label class="toggles__one"><input type="checkbox" .checked=${layer.on} @change=${(event: Event) => change(layer.name, event)}> ${layer.label}</label>`)}
  </fieldset>`;
}

export type LineKind = 'hotspot' | 'contour' | 'council' | 'ward' | 'intervention' | 'selected';

/** What the colours and lines mean, in words; the title carries the unit: `legend('Incidents per km²', classes)`. */
export function legend(title: string, classes: readonly MapClass[], lines: readonly { kind: LineKind; label: string }[] = []): TemplateResult {
  return html`<div class="legend"><p class="legend__title">${title}</p><div class="legend__lists"><ul class="legend__list">
    ${classes.map((one) => html`<li class="legend__item">${areaSwatch(one.colour)}<span>${one.range}</span></li>`)}
  </ul>${lines.length > 0 ? lineList(lines) : nothing}</div></div>`;
}

function lineList(lines: readonly { kind: LineKind; label: string }[]): TemplateResult {
  return html`<ul class="legend__list">${lines.map((line) => html`<li class="legend__item">${lineSwatch(line.kind)}<span>${line.label}</span></li>`)}</ul>`;
}

/** A class's colour as a small box, for a legend or a table cell; always beside its words. */
export function areaSwatch(colour: string): TemplateResult {
  return html`<svg class="swatch" width="22" height="14" aria-hidden="true">${svg`<rect x="0.5" y="0.5" width="21" height="13" fill=${colour} stroke="#55635e"></rect>`}</svg>`;
}

const lineStyles: Record<LineKind, { width: number; dash: string; colour: string }> = {
  hotspot: { width: 2.25, dash: '7 4', colour: ink },
  contour: { width: 1.75, dash: '', colour: '#3d1452' },
  council: { width: 1.75, dash: '', colour: '#2f3b37' },
  ward: { width: 1, dash: '2 3', colour: '#55635e' },
  intervention: { width: 2, dash: '8 4', colour: '#8a1f5c' },
  selected: { width: 3.5, dash: '', colour: ink },
};

/** A shape as a small picture; corners in units of its radius, north up. */
export function shapeSwatch(corners: readonly (readonly [number, number])[], colour: string): TemplateResult {
  const points = corners.map(([x, y]) => `${11 + x * 6},${8 - y * 6}`).join(' ');
  return html`<svg class="swatch" width="22" height="16" aria-hidden="true">${svg`<polygon points=${points} fill=${colour} fill-opacity="0.35" stroke=${colour} stroke-width="1.5"></polygon>`}</svg>`;
}

function lineSwatch(kind: LineKind): TemplateResult {
  const { width, dash, colour } = lineStyles[kind];
  return html`<svg class="swatch" width="22" height="14" aria-hidden="true">${svg`<path d="M0 7 H22" fill="none" stroke=${colour} stroke-width=${width} stroke-dasharray=${dash || 'none'}></path>`}</svg>`;
}
