/**
 * A GPX 1.1 file -> its fixes (topografix.com/GPX/1/1). Entities are never expanded and nothing outside the file is ever read: a document
 * type is refused where it stands. Waypoints, routes, names and everything else about a person or a device are passed over. Pure.
 */
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { AppError } from '../errors.ts';

/** One fix of a track. */
export interface TrackFix {
  /** Milliseconds of UTC. */
  readonly atMs: number;
  readonly lng: number;
  readonly lat: number;
  /** Radius in metres of the circle the fix is probably in. */
  readonly errorMetres: number;
}

export interface GpxRules {
  readonly mostBytes: number;
  readonly mostPoints: number;
  /** Where the file gives a dilution of precision and no accuracy. */
  readonly metresPerHdop: number;
  /** Where it gives neither. */
  readonly assumedErrorMetres: number;
}

const space = 'http://www.topografix.com/GPX/1/1';
/** GPX with every extension known nests to about 8. */
const deepest = 32;
const cure = 'Export the track again as GPX 1.1 with times and send that.';

/** A refusal that names the file, what is wrong with it and the cure. */
export const refuseTrack = (fileName: string, why: string, code = 'track_refused'): AppError => new AppError(422, code, `${fileName}: ${why}`);

/** The fixes of a file in the order of their times; throws an AppError (422, `track_refused`) in words for what is no usable GPX 1.1 track. */
export function readGpx(fileName: string, bytes: Uint8Array, rules: GpxRules): TrackFix[] {
  const refuse = (why: string): AppError => refuseTrack(fileName, why);
  const text = textOf(bytes, rules, refuse);
  const reading: Reading = { path: [], fixes: [], points: 0, timeless: 0, point: undefined, words: '', rules, refuse };
  parse(text, reading);
  if (reading.points === 0) throw refuse(`there is no track in it: no point of a <trkpt>. ${cure}`);
  if (reading.timeless === reading.points) throw refuse(`its ${reading.points} points have no times, so it cannot show when anybody was where. ${cure}`);
  if (reading.timeless > 0) throw refuse(`${reading.timeless} of its ${reading.points} points have no time. ${cure}`);
  return reading.fixes.toSorted((a, b) => a.atMs - b.atMs);
}

type Refuse = (why: string) => AppError;

function textOf(bytes: Uint8Array, { mostBytes }: GpxRules, refuse: Refuse): string {
  if (bytes.length === 0) throw refuse(`the file is empty. ${cure}`);
  if (bytes.length > mostBytes) throw refuse(`the file has over ${Math.round(mostBytes / 1_000_000)} MB, too much for one outing. Send the outing alone.`);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) throw refuse(`this is a zip file (perhaps KMZ), not GPX. ${cure}`);
  if (bytes.includes(0)) throw refuse(`the text is not UTF-8. ${cure}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse(`the text is not UTF-8. ${cure}`);
  }
}

interface Point {
  readonly lng: number;
  readonly lat: number;
  time?: string;
  hdop?: number;
  accuracy?: number;
}

interface Reading {
  /** Local names from the root to where the parser is; `''` for an element of another namespace. */
  readonly path: string[];
  readonly fixes: TrackFix[];
  points: number;
  timeless: number;
  point: Point | undefined;
  words: string;
  readonly rules: GpxRules;
  readonly refuse: Refuse;
}

/** In pieces, so that a hostile file is refused where it starts to be one and not at its end. */
const piece = 65_536;

function parse(text: string, reading: Reading): void {
  const { refuse } = reading;
  const parser = new SaxesParser({ xmlns: true, position: true });
  parser.on('error', (error) => {
    throw refuse(`the XML is broken (line ${parser.line}: ${error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '')}). ${cure}`);
  });
  parser.on('doctype', () => {
    throw refuse(`it has a document type (<!DOCTYPE>), with which a file can be made to do harm; GPX needs none. ${cure}`);
  });
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding)) throw refuse(`it says its text is ${encoding.slice(0, 20)}; only UTF-8 is read. ${cure}`);
  });
  parser.on('opentag', (tag) => open(reading, tag));
  parser.on('text', (words) => {
    reading.words += words;
  });
  parser.on('closetag', () => close(reading));
  for (let at = 0; at < text.length; at += piece) parser.write(text.slice(at, at + piece));
  parser.close();
}

function open(reading: Reading, tag: SaxesTagNS): void {
  const { path, refuse, rules } = reading;
  if (path.length === 0) checkRoot(tag, refuse);
  if (path.length >= deepest) throw refuse(`its elements are nested more than ${deepest} deep, which no GPX file is. ${cure}`);
  path.push(tag.local);
  reading.words = '';
  if (tag.uri !== space || tag.local !== 'trkpt' || path.join('/') !== 'gpx/trk/trkseg/trkpt') return;
  reading.points += 1;
  if (reading.points > rules.mostPoints) throw refuse(`it has over ${rules.mostPoints.toLocaleString('en-GB')} points, too many for one outing. Send the outing alone.`);
  const [lat, lng] = [coordinate(tag, 'lat', 90), coordinate(tag, 'lon', 180)];
  if (lat === undefined || lng === undefined) throw refuse(`point ${reading.points} has no latitude and longitude in degrees. ${cure}`);
  reading.point = { lat, lng };
}

function checkRoot({ local, uri, attributes }: SaxesTagNS, refuse: Refuse): void {
  if (local !== 'gpx') throw refuse(`it starts with <${local.slice(0, 40)}>, so it is not GPX. ${cure}`);
  const version = attributes['version']?.value ?? '';
  if (uri !== space || version !== '1.1') throw refuse(`it is GPX ${version.slice(0, 10) || 'of no version'}, and only 1.1 is read. ${cure}`);
}

function coordinate(tag: SaxesTagNS, name: string, most: number): number | undefined {
  const text = tag.attributes[name]?.value.trim() ?? '';
  const value = /^[+-]?\d{1,3}(\.\d{1,20})?$/.test(text) ? Number(text) : Number.NaN;
  return Math.abs(value) <= most ? value : undefined;
}

function close(reading: Reading): void {
  const { path, point, words } = reading;
  const name = path.pop() ?? '';
  reading.words = '';
  if (!point) return;
  if (name === 'trkpt' && path.at(-1) === 'trkseg') {
    keep(reading, point);
    reading.point = undefined;
  } else if (path.at(-1) === 'trkpt' && name === 'time') point.time = words.trim();
  else if (path.at(-1) === 'trkpt' && name === 'hdop') point.hdop = metres(words) ?? NaN;
  // No part of GPX 1.1, but what recorders on phones write into its extensions.
  else if (/^(h?accuracy|hacc|horizontal_?accuracy)$/i.test(name)) point.accuracy = metres(words) ?? NaN;
}

const metres = (words: string): number | undefined => {
  const value = Number(words.trim());
  return words.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : undefined;
};

function keep(reading: Reading, { lng, lat, time, hdop, accuracy }: Point): void {
  const { fixes, rules, refuse, points } = reading;
  if (!time) {
    reading.timeless += 1;
    return;
  }
  const atMs = instantOf(time);
  if (atMs === undefined) throw refuse(`point ${points} has "${time.slice(0, 40)}" for a time. Times are written as 2023-10-02T18:05:00Z. ${cure}`);
  const given = [accuracy, hdop === undefined ? undefined : hdop * rules.metresPerHdop].find((value) => value !== undefined && !Number.isNaN(value));
  fixes.push({ atMs, lng, lat, errorMetres: given ?? rules.assumedErrorMetres });
}

/** GPX times are in UTC; a few recorders leave the Z out. */
function instantOf(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/.test(text)) return undefined;
  const ms = Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}
