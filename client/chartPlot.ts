/** The drawing of a chart at a given width. Used by chart.ts only. */
import { bands, describe, extent, labelStep, linear, niceTicks, wholeTicks } from './chartScale.ts';
import type { ChartOptions, Series } from './chart.ts';
import { html, nothing, svg, uniqueId, type SVGTemplateResult, type TemplateResult } from './html.ts';

interface Place {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

interface Plot {
  options: ChartOptions;
  place: Place;
  ticks: readonly number[];
  y: (value: number) => number;
  x: ReturnType<typeof bands>;
  /** Unique in the page: hatches are referred to by id. */
  id: string;
}

/** Dark enough for 3:1 against paper; neighbours differ in lightness, and by dash or hatch besides. */
const looks = [
  { colour: '#0b5d57', dash: 'none', hatch: false },
  { colour: '#b4406a', dash: '6 4', hatch: true },
  { colour: '#8a6100', dash: '2 3', hatch: false },
  { colour: '#1f4f82', dash: '9 3 2 3', hatch: true },
  { colour: '#641a63', dash: '1 4', hatch: false },
  { colour: '#5b6864', dash: '12 4', hatch: true },
] as const;

const lookOf = (index: number): (typeof looks)[number] => looks[index % looks.length] ?? looks[0];

export function plot(options: ChartOptions, width: number): TemplateResult {
  const [low, high] = extent(options.series, options.kind === 'stacked');
  const ticks = (options.whole ? wholeTicks : niceTicks)(low, high);
  const widest = Math.max(...ticks.map((tick) => options.write(tick).length));
  const height = options.height ?? (width < 420 ? 210 : 260);
  const plain = 12 + widest * 7;
  const slanted = isSlanted(options, width - 12 - plain);
  const left = slanted ? Math.max(plain, (options.labels[0]?.length ?? 0) * 5.8 - (width - plain) / options.labels.length / 2) : plain;
  const place: Place = { width, height, left, right: width - (slanted ? 12 : 24), top: 14, bottom: height - (slanted ? 18 + longestLabel(options) * 4 : 26) };
  const y = linear([ticks[0] ?? 0, ticks.at(-1) ?? 1], [place.bottom, place.top]);
  const x = bands(options.labels.length, [place.left, place.right], options.kind === 'line' ? 0 : 0.28);
  const drawn: Plot = { options, place, ticks, y, x, id: uniqueId('chart') };
  return html`<svg viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="img" aria-labelledby="${drawn.id}-title ${drawn.id}-desc">
    ${svg`<title id="${drawn.id}-title">${options.title}</title><desc id="${drawn.id}-desc">${describe(options)}</desc>
      ${hatches(drawn)}${axis(drawn)}${options.kind === 'line' ? lines(drawn) : bars(drawn)}${marks(drawn)}`}
  </svg>${options.series.length > 1 ? keys(drawn) : nothing}`;
}

function hatches({ id, options }: Plot): SVGTemplateResult {
  return svg`<defs>${options.series.map((_, index) => svg`
    <pattern id="${id}-hatch-${index}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="6" height="6" fill=${lookOf(index).colour}></rect><path d="M0 0V6" stroke="#ffffff" stroke-width="3"></path></pattern>`)}</defs>`;
}

const fillOf = (id: string, index: number): string => (lookOf(index).hatch ? `url(#${id}-hatch-${index})` : lookOf(index).colour);

const longestLabel = (options: ChartOptions): number => Math.max(1, ...options.labels.map((label) => label.length));

const stepOf = (options: ChartOptions, width: number): number => labelStep(options.labels.length, width, longestLabel(options) * 6.8 + 10);

/** Names of things are slanted where they do not fit, and some left out only where they would lie on one another; of months some may be left out. */
const isSlanted = (options: ChartOptions, width: number): boolean => options.labelsAre !== undefined && stepOf(options, width) > 1;

function axis({ options, place, ticks, y, x }: Plot): SVGTemplateResult {
  const slanted = isSlanted(options, place.right - place.left);
  // Slanted lines of type lie on one another when nearer than two lines' height.
  const step = slanted ? labelStep(options.labels.length, place.right - place.left, 24) : stepOf(options, place.right - place.left);
  return svg`${ticks.map((tick) => svg`
      <line class=${tick === 0 ? 'chart__base' : 'chart__grid'} x1=${place.left} x2=${place.right} y1=${y(tick)} y2=${y(tick)}></line>
      <text class="chart__words" x=${place.left - 6} y=${y(tick) + 4} text-anchor="end">${options.write(tick)}</text>`)}
    ${options.labels.map((label, index) => (index % step === 0
      ? svg`<text class="chart__words" text-anchor=${slanted ? 'end' : 'middle'}
          transform=${`translate(${x.middle(index)} ${place.bottom + (slanted ? 14 : 18)})${slanted ? ' rotate(-32)' : ''}`}>${label}</text>`
      : nothing))}`;
}

/** Runs of known values; a null ends a run, so that a gap shows as a gap. */
function runs(series: Series, { x, y }: Plot): { path: string; points: { x: number; y: number }[] } {
  let path = '';
  let open = false;
  const points: { x: number; y: number }[] = [];
  for (const [index, value] of series.values.entries()) {
    if (value === null) {
      open = false;
      continue;
    }
    const point = { x: x.middle(index), y: y(value) };
    points.push(point);
    path += `${open ? 'L' : 'M'}${point.x.toFixed(1)} ${point.y.toFixed(1)}`;
    open = true;
  }
  return { path, points };
}

/** The space between two series where both are known. */
function shade({ options, x, y }: Plot): SVGTemplateResult | typeof nothing {
  const [low, high] = (options.band ?? []).map((index) => options.series[index]?.values ?? []);
  const known = low && high ? options.labels.flatMap((_, index) => (typeof low[index] === 'number' && typeof high[index] === 'number' ? [{ x: x.middle(index), low: y(low[index]), high: y(high[index]) }] : [])) : [];
  if (known.length < 2) return nothing;
  const corners = [...known.map((each) => `${each.x.toFixed(1)} ${each.high.toFixed(1)}`), ...known.toReversed().map((each) => `${each.x.toFixed(1)} ${each.low.toFixed(1)}`)];
  return svg`<path class="chart__band" d=${`M${corners.join('L')}Z`}></path>`;
}

function lines(drawn: Plot): SVGTemplateResult {
  return svg`${shade(drawn)}${drawn.options.series.map((series, index) => {
    const { colour, dash } = lookOf(index);
    const { path, points } = runs(series, drawn);
    return svg`<path d=${path} fill="none" stroke=${colour} stroke-width="2.25" stroke-dasharray=${dash} stroke-linejoin="round"></path>
      ${points.map((point) => mark(index, point, colour))}`;
  })}`;
}

/** Circle, square, triangle, diamond: one shape a series. */
function mark(index: number, { x, y }: { x: number; y: number }, colour: string): SVGTemplateResult {
  const shapes = [
    `M${x - 3.5} ${y}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0`,
    `M${x - 3} ${y - 3}h6v6h-6z`,
    `M${x} ${y - 4}l4 7h-8z`,
    `M${x} ${y - 4.5}l4.5 4.5l-4.5 4.5l-4.5 -4.5z`,
  ];
  return svg`<path d=${shapes[index % shapes.length] ?? ''} fill=${index % 2 === 0 ? colour : '#ffffff'} stroke=${colour} stroke-width="1.5"></path>`;
}

function bars(drawn: Plot): SVGTemplateResult {
  const { options, x, y, id } = drawn;
  const stacked = options.kind === 'stacked';
  const each = stacked ? x.width : x.width / options.series.length;
  return svg`${options.labels.map((_, group) => {
    if (options.series.every((series) => (series.values[group] ?? null) === null)) return missingBar(drawn, group);
    let base = 0;
    return options.series.map((series, index) => {
      const value = series.values[group] ?? null;
      if (value === null) return nothing;
      const from = stacked ? base : 0;
      base += value;
      const [top, bottom] = [y(Math.max(from, from + value)), y(Math.min(from, from + value))];
      return svg`<rect x=${x.left(group) + (stacked ? 0 : index * each)} y=${top} width=${Math.max(1, each - (stacked ? 0 : 1))} height=${Math.max(0, bottom - top)}
        fill=${fillOf(id, index)} stroke=${stacked ? '#ffffff' : lookOf(index).colour} stroke-width="1"></rect>`;
    });
  })}`;
}

/** A group without figures says so; an empty place would read as 0. */
function missingBar({ options, x, y }: Plot, group: number): SVGTemplateResult {
  return svg`<text class="chart__words" transform=${`translate(${x.middle(group) + 4} ${y(0) - 6}) rotate(-90)`}>${options.missing ?? 'not available'}</text>`;
}

function marks({ options, place, x }: Plot): SVGTemplateResult {
  return svg`${(options.marks ?? []).map((one) => {
    const index = options.labels.indexOf(one.at);
    if (index < 0) return nothing;
    const late = x.middle(index) > (place.left + place.right) / 2;
    return svg`<line class="chart__mark" x1=${x.middle(index)} x2=${x.middle(index)} y1=${place.top} y2=${place.bottom}></line>
      <text class="chart__words" x=${x.middle(index) + (late ? -5 : 5)} y=${place.top + 9} text-anchor=${late ? 'end' : 'start'}>${one.label}</text>`;
  })}`;
}

function keys({ options, id }: Plot): TemplateResult {
  const drawKey = (index: number): SVGTemplateResult => (options.kind === 'line'
    ? svg`<path d="M0 8H30" stroke=${lookOf(index).colour} stroke-width="2.25" stroke-dasharray=${lookOf(index).dash}></path>${mark(index, { x: 15, y: 8 }, lookOf(index).colour)}`
    : svg`<rect x="4" y="1" width="22" height="14" fill=${fillOf(id, index)} stroke=${lookOf(index).colour}></rect>`);
  return html`<ul class="chart__keys">${options.series.map((series, index) => html`<li class="chart__key"><svg width="30" height="16" aria-hidden="true">${drawKey(index)}</svg>${series.name}</li>`)}</ul>`;
}
