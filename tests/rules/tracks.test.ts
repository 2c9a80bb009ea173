/** Visits from tracks: simulated walks under noise, gaps and slow fixes, and every refusal by its words. */
import { describe, expect, test } from 'vitest';
import { toLngLat } from '../../geo/projection.ts';
import { readGpx, type TrackFix } from '../../server/recording/trackGpx.ts';
import { trackFault, usableFixes } from '../../server/recording/trackRules.ts';
import { visitsOfTrack } from '../../server/recording/trackVisits.ts';
import { gpxOf, type Receiver, recorded, startMs, usualRules, walkThrough } from '../support/tracks.ts';

const rules = usualRules;
const shift = { fromMs: startMs - 3_600_000, toMs: startMs + 7 * 3_600_000 };

function found(walk: ReturnType<typeof walkThrough>, seed: number, receiver: Receiver) {
  const fixes = recorded(walk, seed, receiver);
  const usable = usableFixes(fixes, rules);
  return { visits: visitsOfTrack(usable, [walk.hotspot], rules), fault: trackFault(fixes, usable, { shift, onFoot: true }, rules) };
}

/** Every other track has noise that wanders over 40 s, every other pair of tracks loses the signal twice. */
const receiverOf = (seed: number, noiseMetres: number, every: number): Receiver => ({ noiseMetres, every, memorySeconds: seed % 2 ? 40 : 0, gaps: seed % 4 < 2 ? 2 : 0 });

function figures(noiseMetres: number, every: number, tracks = 100) {
  const errors: number[] = [];
  let faults = 0;
  for (let seed = 1; seed <= tracks; seed++) {
    const walk = walkThrough(`dwell ${seed}`, 7 + (seed % 20));
    const { visits, fault } = found(walk, seed, receiverOf(seed, noiseMetres, every));
    if (fault) faults += 1;
    if (visits.length === 1) errors.push(Math.abs((visits[0]!.toMs - visits[0]!.fromMs) / 1000 - walk.insideSeconds) / 60);
  }
  return { oneVisit: errors.length / tracks, errorMinutes: errors.sort((a, b) => a - b)[Math.floor(errors.length / 2)]!, faults };
}

describe('a simulated patrol of 7 to 26 minutes in one hotspot, walking and standing', () => {
  // Noise, seconds from fix to fix; then what was measured: the share of tracks with exactly one visit, and the median error of its time.
  test.each([
    [5, 1, 1, 0.27], [10, 1, 1, 0.27], [20, 1, 1, 0.28],
    [5, 5, 1, 0.22], [10, 5, 1, 0.2], [20, 5, 1, 0.27],
    [5, 60, 0.99, 0.09], [10, 60, 0.99, 0.15], [20, 60, 0.97, 0.28],
  ])('seen with %i m of noise every %i s: one visit in %d of the tracks, right to %d minutes', (noise, every, share, minutes) => {
    const { oneVisit, errorMinutes, faults } = figures(noise, every);
    expect(oneVisit).toBeGreaterThanOrEqual(0.97);
    expect(errorMinutes).toBeLessThanOrEqual(0.5);
    expect({ share: oneVisit, minutes: Number(errorMinutes.toFixed(2)), faults }).toEqual({ share, minutes, faults: 0 });
  });

  test.each([5, 10, 20])('walked straight through gives none, %i m of noise', (noise) => {
    const visits = [1, 5, 60].flatMap((every) => Array.from({ length: 60 }, (_, seed) => found(walkThrough(`through ${seed}`, 0), seed, receiverOf(seed, noise, every)).visits).flat());
    expect(visits).toEqual([]);
  });
});

/** Fixes on the grid, 60 s apart unless told: metres east of the south-west corner of a square of 200 m. */
function along(easts: readonly number[], { every = 60, error = 5 } = {}): TrackFix[] {
  return easts.map((east, at) => {
    const [lng, lat] = toLngLat(450_000 + east, 520_100);
    return { atMs: startMs + at * every * 1000, lng, lat, errorMetres: error };
  });
}
const square = { id: 'sq', name: 'Square', rings: [[[450_000, 520_000], [450_200, 520_000], [450_200, 520_200], [450_000, 520_200], [450_000, 520_000]]] as const };
const minutes = (fixes: readonly TrackFix[], hotspots = [square]): number[][] => visitsOfTrack(usableFixes(fixes, rules), hotspots, rules).map(({ fromMs, toMs }) => [(fromMs - startMs) / 60_000, (toMs - startMs) / 60_000]);

describe('a visit', () => {
  test('is timed where the outline was crossed', () => expect(minutes(along([-60, 20, 100, 100, 100, 100, 100, 180, 260]))).toEqual([[0.75, 7.25].map((at) => expect.closeTo(at, 2))]));
  test('goes on while the error circle touches 25 m from the outline, and over a minute outside', () => {
    // 240 is 40 m out with an error of 20: not surely gone. 300 is, but for a single fix.
    expect(minutes(along([100, 100, 240, 240, 100, 300, 100, 100], { error: 20 }))).toEqual([[0, 7]]);
  });
  test('ends when the circle stays out, and two with more than three minutes between are two', () => {
    expect(minutes(along([...Array(7).fill(100), ...Array(8).fill(400), ...Array(7).fill(100)])).length).toBe(2);
    expect(minutes(along([...Array(4).fill(100), 400, 400, ...Array(4).fill(100)])).length).toBe(1);
  });
  test('bridges three minutes without signal and no more', () => {
    const silent = (seconds: number): TrackFix[] => {
      const before = along(Array(40).fill(100), { every: 10 });
      return [...before, ...before.map((fix) => ({ ...fix, atMs: fix.atMs + 390_000 + seconds * 1000 }))];
    };
    expect(minutes(silent(180)).length).toBe(1);
    expect(minutes(silent(240)).length).toBe(2);
  });
  test('is none under five minutes, and none on fixes worse than 50 m', () => {
    expect(minutes(along([-100, 100, 100, 100, 100, 300]))).toEqual([]);
    expect(minutes(along(Array(10).fill(100), { error: 51 }))).toEqual([]);
  });
  test('is in one of two hotspots that touch, never in both', () => {
    const next = { ...square, id: 'next', rings: [square.rings[0].map(([x, y]) => [x + 200, y] as const)] };
    const both = visitsOfTrack(along([...Array(8).fill(150), 205, ...Array(8).fill(250)]), [square, next], rules);
    expect(both.map(({ hotspotId }) => hotspotId)).toEqual(['sq', 'next']);
    expect(both[1]!.fromMs).toBeGreaterThanOrEqual(both[0]!.toMs);
  });
});

describe('a track is refused by name', () => {
  const fixes = along(Array(20).fill(100));
  const file = (text: string): TrackFix[] => readGpx('a.gpx', Buffer.from(text), rules);
  const fault = (track: readonly TrackFix[], onFoot = true): string | undefined => trackFault(track, usableFixes(track, rules), { shift, onFoot }, rules);

  test('but not a sound one: times, places and error circles are read', () => {
    expect(file(gpxOf(fixes))).toEqual(fixes.map((fix) => ({ ...fix, lng: expect.closeTo(fix.lng, 6), lat: expect.closeTo(fix.lat, 6) })));
    const extended = gpxOf(fixes).replaceAll(/<hdop>1<\/hdop>/g, '<hdop>9</hdop><extensions><x:accuracy xmlns:x="urn:recorder">4.5</x:accuracy></extensions>');
    expect(new Set(file(extended).map(({ errorMetres }) => errorMetres))).toEqual(new Set([4.5]));
    expect(fault(fixes)).toBeUndefined();
  });
  test.each([
    ['no times', gpxOf(fixes).replaceAll(/<time>.*?<\/time>/g, ''), 'a.gpx: its 20 points have no times, so it cannot show when anybody was where.'],
    ['some times', gpxOf(fixes).replace(/<time>.*?<\/time>/, ''), 'a.gpx: 1 of its 20 points have no time.'],
    ['a time nobody can read', gpxOf(fixes).replace(/<time>.*?<\/time>/, '<time>yesterday</time>'), 'point 1 has "yesterday" for a time.'],
    ['a place nobody can read', gpxOf(fixes).replace(/lat="[^"]*"/, 'lat="1e9"'), 'point 1 has no latitude and longitude in degrees.'],
    ['no track', '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="54" lon="-1"/></gpx>', 'there is no track in it'],
    ['GPX 1.0', gpxOf(fixes).replaceAll('1.1', '1.0').replace('GPX/1/1', 'GPX/1/0'), 'it is GPX 1.0, and only 1.1 is read.'],
    ['another language', '<kml/>', 'it starts with <kml>, so it is not GPX.'],
    ['broken XML', gpxOf(fixes).slice(0, 900), 'the XML is broken (line '],
    ['tags crossed', gpxOf(fixes).replace('</trkseg></trk>', '</trk></trkseg>'), 'the XML is broken'],
    ['an entity nobody declared', gpxOf(fixes).replace('Patrol', '&evil;'), 'the XML is broken (line 2: undefined entity'],
    ['a document type', gpxOf(fixes, '<!DOCTYPE gpx>'), 'it has a document type (<!DOCTYPE>)'],
    ['entities that read a file', gpxOf(fixes, '<!DOCTYPE gpx [<!ENTITY e SYSTEM "file:///etc/passwd">]>').replace('Patrol', '&e;'), 'it has a document type'],
    ['a billion laughs', gpxOf(fixes, `<!DOCTYPE gpx [<!ENTITY a "ha">${'bcdefghij'.split('').map((name, at) => `<!ENTITY ${name} "${`&${'abcdefghi'[at]};`.repeat(10)}">`).join('')}]>`).replace('Patrol', '&j;'), 'it has a document type'],
    ['nesting without end', `<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">${'<a>'.repeat(100_000)}`, 'its elements are nested more than 32 deep'],
    ['another encoding', gpxOf(fixes).replace('UTF-8', 'UTF-16'), 'it says its text is UTF-16; only UTF-8 is read.'],
    ['nothing', '', 'the file is empty.'],
    ['a zip', 'PK\u0003\u0004', 'this is a zip file'],
  ])('with %s', (_, text, words) => expect(() => file(text)).toThrow(words));
  test('too many bytes or points, or text that is not UTF-8', () => {
    expect(() => readGpx('a.gpx', Buffer.from(gpxOf(fixes)), { ...rules, mostBytes: 1000 })).toThrow('too much for one outing');
    expect(() => readGpx('a.gpx', Buffer.from(gpxOf(fixes)), { ...rules, mostPoints: 19 })).toThrow('it has over 19 points');
    expect(() => readGpx('a.gpx', Buffer.from([0xff, 0xfe, 0x3c]), rules)).toThrow('the text is not UTF-8');
  });
  test.each([
    ['26 hours', along(Array(27).fill(100), { every: 3600 }), 'it lasts 26.0 hours, from 2023-10-02 18:00 to 2023-10-03 20:00; at most 24 are one outing.'],
    ['before the shift', fixes.map((fix) => ({ ...fix, atMs: fix.atMs - 2 * 3_600_000 })), 'it runs from 2023-10-02 16:00 to 2023-10-02 16:19, and the shift from 2023-10-02 17:00 to 2023-10-03 01:00: only 30 minutes before and after belong to it.'],
    ['90 km/h', along(Array.from({ length: 600 }, (_, at) => at * 25), { every: 1 }), 'it moves at 89 km/h, and a patrol on foot at most at 60.'],
    ['90 km/h, seen once a minute', along(Array.from({ length: 10 }, (_, at) => at * 1500)), 'it moves at 89 km/h'],
    ['another country', fixes.map((fix) => ({ ...fix, lng: fix.lat, lat: fix.lng })), 'outside Great Britain'],
    ['no good fix', along(Array(9).fill(100), { error: 80 }), 'of its 9 points fewer than two are right to 50 metres'],
  ])('of %s', (_, track, words) => expect(fault(track)).toContain(words));
  test('but 29 minutes before the shift, a vehicle at 90 km/h and one wild fix are let by', () => {
    expect(fault(fixes.map((fix) => ({ ...fix, atMs: fix.atMs - 89 * 60_000 })))).toBeUndefined();
    expect(fault(along(Array.from({ length: 600 }, (_, at) => at * 25), { every: 1 }), false)).toBeUndefined();
    expect(fault(along(Array.from({ length: 30 }, (_, at) => (at === 15 ? 5000 : 100))))).toBeUndefined();
  });
});
