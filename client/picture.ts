/**
 * A map as a picture to keep or print: areas, outlines, legend, scale, the first rows of its table, and what it is made from. Drawn by the
 * browser itself, without background tiles, so that it works everywhere and owes nobody a licence.
 *
 *   const canvas = drawPicture({ title: 'Hot cells', …, areas: [{ geometry, fill }] });
 *   await keepPicture(canvas, 'hot-cells.png');
 */
import { keepFile } from './api.ts';
import { decimal } from './format.ts';
import type { MapClass } from './map/classes.ts';
import type { Area } from './map/rows.ts';

export interface PictureArea {
  readonly geometry: Area;
  readonly fill?: string | undefined;
  readonly line?: string;
  readonly width?: number;
}

export interface Picture {
  readonly title: string;
  /** Under the title: period, n, what is counted. */
  readonly lines: readonly string[];
  /** From bottom to top. */
  readonly areas: readonly PictureArea[];
  readonly legend: { readonly title: string; readonly classes: readonly MapClass[]; readonly lines?: readonly { label: string; line: string; width: number }[] };
  readonly table?: { readonly headings: readonly string[]; readonly rows: readonly (readonly string[])[] };
  /** Under the map: sources, method, hash. */
  readonly notes: readonly string[];
}

const size = { width: 1600, margin: 40, map: 1000, mapHeight: 900 };
const font = (px: number, weight = 400): string => `${weight} ${px}px system-ui, "Liberation Sans", Arial, sans-serif`;
const ink = '#14201d';
const soft = '#45534e';

/** Draws the picture on a canvas of its own, 1,600 points wide and as high as its words need. */
export function drawPicture(picture: Picture): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const probe = canvas.getContext('2d');
  if (!probe) throw new Error('This browser cannot draw pictures.');
  probe.font = font(18);
  const notes = picture.notes.flatMap((words) => wrapped(probe, words, size.width - 2 * size.margin));
  probe.font = font(20);
  const lines = picture.lines.flatMap((words) => wrapped(probe, words, size.width - 2 * size.margin));
  const top = 110 + lines.length * 26;
  canvas.width = size.width;
  canvas.height = top + size.mapHeight + 40 + notes.length * 25 + size.margin;
  const to = canvas.getContext('2d');
  if (!to) throw new Error('This browser cannot draw pictures.');
  to.fillStyle = '#ffffff';
  to.fillRect(0, 0, canvas.width, canvas.height);
  write(to, picture.title, size.margin, 70, font(36, 700));
  lines.forEach((line, at) => write(to, line, size.margin, 108 + at * 26, font(20), soft));
  drawMap(to, picture, top);
  drawBeside(to, picture, top);
  notes.forEach((line, at) => write(to, line, size.margin, top + size.mapHeight + 50 + at * 25, font(18), soft));
  return canvas;
}

function write(to: CanvasRenderingContext2D, words: string, x: number, y: number, face: string, colour = ink, align: CanvasTextAlign = 'left'): void {
  to.font = face;
  to.fillStyle = colour;
  to.textAlign = align;
  to.fillText(words, x, y);
}

function wrapped(to: CanvasRenderingContext2D, words: string, width: number): string[] {
  const lines = [''];
  for (const word of words.split(' ')) {
    const last = lines.at(-1) ?? '';
    const next = last === '' ? word : `${last} ${word}`;
    if (last !== '' && to.measureText(next).width > width) lines.push(word);
    else lines[lines.length - 1] = next;
  }
  return lines;
}

const ringsOf = (geometry: Area): readonly (readonly (readonly number[])[])[] => (geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat());

/** Degrees to points of the map's frame: true to scale at its middle latitude. */
function placing(areas: readonly PictureArea[], top: number): { place: (lng: number, lat: number) => [number, number]; metresAPoint: number } {
  const box = [Infinity, Infinity, -Infinity, -Infinity] as [number, number, number, number];
  for (const { geometry } of areas) {
    for (const [lng = NaN, lat = NaN] of ringsOf(geometry).flat()) {
      box[0] = Math.min(box[0], lng);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lng);
      box[3] = Math.max(box[3], lat);
    }
  }
  const [west, south, east, north] = Number.isFinite(box[0]) ? box : [-1.46, 54.44, -0.76, 54.74];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min((size.map - 40) / Math.max(1e-6, (east - west) * squeeze), (size.mapHeight - 90) / Math.max(1e-6, north - south));
  const [left, up] = [size.margin + (size.map - (east - west) * squeeze * scale) / 2, top + (size.mapHeight - 50 - (north - south) * scale) / 2];
  return { place: (lng, lat) => [left + (lng - west) * squeeze * scale, up + (north - lat) * scale], metresAPoint: 111_320 / scale };
}

function drawMap(to: CanvasRenderingContext2D, { areas }: Picture, top: number): void {
  const { place, metresAPoint } = placing(areas, top);
  to.save();
  to.beginPath();
  to.rect(size.margin, top, size.map, size.mapHeight);
  to.fillStyle = '#f3f6f5';
  to.fill();
  to.clip();
  for (const area of areas) drawArea(to, area, place);
  to.restore();
  to.strokeStyle = '#7b8783';
  to.lineWidth = 1;
  to.strokeRect(size.margin, top, size.map, size.mapHeight);
  const metres = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000].findLast((one) => one / metresAPoint <= 220) ?? 100;
  const [x, y] = [size.margin + 20, top + size.mapHeight - 20];
  to.fillStyle = ink;
  to.fillRect(x, y - 6, metres / metresAPoint, 6);
  write(to, metres >= 1000 ? `${metres / 1000} km` : `${metres} m`, x, y - 14, font(18, 600));
  write(to, '▲ N', size.margin + size.map - 60, y - 4, font(20, 600));
}

function drawArea(to: CanvasRenderingContext2D, { geometry, fill, line, width = 1 }: PictureArea, place: (lng: number, lat: number) => [number, number]): void {
  to.beginPath();
  for (const ring of ringsOf(geometry)) {
    ring.forEach(([lng = NaN, lat = NaN], at) => {
      const [x, y] = place(lng, lat);
      if (at === 0) to.moveTo(x, y);
      else to.lineTo(x, y);
    });
    to.closePath();
  }
  if (fill) {
    to.fillStyle = fill;
    to.fill('evenodd');
  }
  if (line) {
    to.strokeStyle = line;
    to.lineWidth = width;
    to.stroke();
  }
}

/** Legend and table, right of the map. */
function drawBeside(to: CanvasRenderingContext2D, { legend, table }: Picture, top: number): void {
  const left = size.margin + size.map + 30;
  let y = top + 22;
  write(to, legend.title, left, y, font(20, 700));
  for (const one of legend.classes) {
    y += 30;
    to.fillStyle = one.colour;
    to.fillRect(left, y - 16, 30, 20);
    to.strokeStyle = '#55635e';
    to.lineWidth = 1;
    to.strokeRect(left, y - 16, 30, 20);
    write(to, one.range, left + 42, y, font(19));
  }
  for (const { label, line, width } of legend.lines ?? []) {
    y += 30;
    to.fillStyle = line;
    to.fillRect(left, y - 6 - width / 2, 30, width);
    write(to, label, left + 42, y, font(19));
  }
  if (table) drawTable(to, table, left, y + 56);
}

function drawTable(to: CanvasRenderingContext2D, { headings, rows }: NonNullable<Picture['table']>, left: number, top: number): void {
  const width = size.width - size.margin - left;
  // The second column holds names and takes what the others leave; the rest are figures, set to the right.
  const narrow = 82;
  const nameWidth = width - narrow * (headings.length - 2) - 44;
  const ends = headings.map((_, at) => (at === 0 ? left + 34 : at === 1 ? left + 44 : left + 44 + nameWidth + narrow * (at - 1)));
  const line = (cells: readonly string[], y: number, weight: number): void => cells.forEach((words, at) => {
    const face = font(17, weight);
    if (at === 1) write(to, fitted(to, words, nameWidth - 8, face), left + 44, y, face);
    else write(to, words, ends[at] ?? left, y, face, ink, 'right');
  });
  line(headings, top, 700);
  to.fillStyle = '#7b8783';
  to.fillRect(left, top + 8, width, 1);
  rows.forEach((row, at) => line(row, top + 34 + at * 26, 400));
}

function fitted(to: CanvasRenderingContext2D, words: string, width: number, face: string): string {
  to.font = face;
  if (to.measureText(words).width <= width) return words;
  let short = words;
  while (short.length > 1 && to.measureText(`${short}…`).width > width) short = short.slice(0, -1);
  return `${short.trimEnd()}…`;
}

/** A figure for the picture's table. */
export const pictureFigure = (value: number, digits = 0): string => decimal(value, digits);

/** Hands the picture to the browser as a PNG file. */
export function keepPicture(canvas: HTMLCanvasElement, fileName: string): Promise<void> {
  return new Promise((resolve, reject) => canvas.toBlob((blob) => {
    if (!blob) return reject(new Error('The picture could not be written.'));
    keepFile(blob, fileName);
    resolve();
  }, 'image/png'));
}
