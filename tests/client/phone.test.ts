/** What the phone works out by itself: where a fix lies, what a crew may do, what waits and in which order. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byRound } from '../../client/phone/stops.ts';
import { firstCrew, nextPatrol, offeredKinds, patrolOver, patrolReference, sayCrew } from '../../client/phone/crew.ts';
import { inOrder, mayLeave, mended, newItem, type QueueItem, sayItems } from '../../client/phone/items.ts';
import { judgePlace, metresOutside } from '../../client/phone/place.ts';
import { waitSeconds } from '../../client/phone/queue.ts';
import { actionsOf, begin, counted, elapsed, toBody, wholeMinutes } from '../../client/phone/running.ts';

const now = new Date('2024-06-03T12:00:00Z');
/** A square of 0.002 degrees with a hole of 0.0004 in its middle. */
const square = [[[[-1.212, 54.684], [-1.21, 54.684], [-1.21, 54.686], [-1.212, 54.686], [-1.212, 54.684]], [[-1.2112, 54.6848], [-1.2108, 54.6848], [-1.2108, 54.6852], [-1.2112, 54.6852], [-1.2112, 54.6848]]]] as const;

describe('a fix', () => {
  test('inside is 0 m away, in a hole as far as its rim, outside as far as the outline', () => {
    expect(metresOutside([-1.2115, 54.685], square)).toBe(0);
    expect(metresOutside([-1.211, 54.685], square)).toBeCloseTo(0.0002 * 111_320 * Math.cos((54.685 * Math.PI) / 180), 1);
    // 0.001 degrees north of the edge.
    expect(metresOutside([-1.211, 54.687], square)).toBeCloseTo(111.3, 1);
  });

  test.each([
    [{ lng: -1.2115, lat: 54.685, accuracyMetres: 7.6 }, { found: 'inside', accuracyMetres: 8 }],
    [{ lng: -1.2115, lat: 54.6862, accuracyMetres: 12 }, { found: 'near', accuracyMetres: 12 }],
    [{ lng: -1.2115, lat: 54.6863, accuracyMetres: 12 }, { found: 'outside', accuracyMetres: 12 }],
    [{ lng: 0, lat: 0, accuracyMetres: 5_000_000 }, { found: 'outside', accuracyMetres: 100_000 }],
  ])('%j is told as %j', (position, told) => {
    expect(judgePlace(position, square, 25)).toEqual(told);
  });

  test('what is told of it never holds the place', () => {
    fc.assert(fc.property(fc.double({ min: -1.22, max: -1.2, noNaN: true }), fc.double({ min: 54.68, max: 54.69, noNaN: true }), (lng, lat) => {
      expect(Object.keys(judgePlace({ lng, lat, accuracyMetres: 10 }, square, 25))).toEqual(['found', 'accuracyMetres']);
    }));
  });
});

const kind = (code: string, given: object = {}) => ({ code, name: code, policeOnly: false, pcsoMay: false, enforcement: false, asbPower: false, common: true, describes: '', ...given });
const kinds = [kind('word'), kind('penalty', { enforcement: true }), kind('notice', { enforcement: true }), kind('arrest', { policeOnly: true, enforcement: true }), kind('dispersal', { policeOnly: true, pcsoMay: true, enforcement: true })];
const wardens = [{ reference: 'H-01', councilCode: 'E06000001', staffCategory: 'warden' as const, own: true, powers: ['penalty'] }, { reference: 'H-02', councilCode: 'E06000001', staffCategory: 'warden' as const, own: false, powers: [] }];

describe('a crew', () => {
  test.each([
    ['one with a power', { wardens: ['H-01'], staffCategory: 'warden', joint: false }, ['word', 'penalty']],
    ['one without', { wardens: ['H-02'], staffCategory: 'warden', joint: false }, ['word']],
    ['both', { wardens: ['H-01', 'H-02'], staffCategory: 'warden', joint: false }, ['word', 'penalty']],
    ['nobody named, anybody of the council', { wardens: [], staffCategory: 'warden', joint: false }, ['word', 'penalty']],
    ['the police with them', { wardens: ['H-02'], staffCategory: 'warden', joint: true }, ['word', 'penalty', 'notice', 'arrest', 'dispersal']],
    ['support officers', { wardens: [], staffCategory: 'pcso', joint: false }, ['word', 'penalty', 'notice', 'dispersal']],
  ] as const)('%s is offered what it may do', (_who, crew, offered) => {
    expect(offeredKinds({ kinds, wardens, powersKept: true }, crew).map(({ code }) => code)).toEqual(offered);
  });

  test('starts as a pair with oneself; a patrol is over after its hours, and the police are asked for anew', () => {
    const crew = firstCrew({ wardens } as Parameters<typeof firstCrew>[0], 'P-1', now);
    expect(crew).toMatchObject({ persons: 2, wardens: ['H-01'], onFoot: true, joint: false });
    expect(sayCrew({ ...crew, joint: true, force: 'E23000013' }, [{ code: 'E23000013', name: 'Cleveland Police' }])).toBe('2 on foot, H-01, with Cleveland Police');
    expect(patrolOver(crew, 12, new Date(now.getTime() + 12 * 3_600_000))).toBe(false);
    expect(patrolOver(crew, 12, new Date(now.getTime() + 12 * 3_600_000 + 1))).toBe(true);
    expect(nextPatrol({ ...crew, joint: true, force: 'E23000013' }, 'P-2', now)).toMatchObject({ patrol: 'P-2', joint: false, force: null, wardens: ['H-01'] });
    expect(patrolReference('2024-06-03', [0, 8, 31, 255])).toBe('P-240603-2A29');
  });
});

test('the next stops of one’s own round stand first, those over go back to their place', () => {
  const place = (id: string) => ({ id, name: id, councilCode: 'E06000001', polygons: [], liveFrom: '2023-07-01', liveTo: null, lastVisitAt: null, planned: [] });
  const stop = (hotspotId: string, from: string, to: string) => ({ hotspotId, arrivesAt: `2024-06-03T${from}:00Z`, leavesAt: `2024-06-03T${to}:00Z` });
  const pack = { hotspots: ['a', 'b', 'c', 'd'].map(place), stops: [stop('a', '11:00', '11:15'), stop('d', '11:50', '12:05'), stop('c', '12:20', '12:35')] };
  expect(byRound(pack, now).map(({ id }) => id)).toEqual(['d', 'c', 'a', 'b']);
});

describe('the visit under way', () => {
  const running = begin('v1', { id: 'h1', name: 'York Road' }, now);
  const crew = { ...firstCrew(undefined, 'P-1', now), joint: true, force: 'E23000013' };

  test('counts up and never under 0, and is sent with what was counted', () => {
    const twice = counted(counted(counted(running, 'word', 1), 'word', 1), 'penalty', -1);
    expect(actionsOf(twice.counts)).toEqual([{ code: 'word', n: 2 }]);
    expect(toBody({ ...twice, arrived: { found: 'inside', accuracyMetres: 8 }, note: ' Quiet ' }, crew, '2024-06-03T12:16:30.000Z')).toEqual({
      id: 'v1', hotspotId: 'h1', startedAt: '2024-06-03T12:00:00.000Z', endedAt: '2024-06-03T12:16:30.000Z', staffCategory: 'warden', persons: 2, wardens: [], onFoot: true,
      jointWithPolice: true, jointForce: 'E23000013', patrolReference: 'P-1', note: 'Quiet', actions: [{ code: 'word', n: 2 }],
      arrived: { found: 'inside', accuracyMetres: 8 }, left: { found: 'none', accuracyMetres: null },
    });
  });

  test.each([[0, '00:00'], [59_999, '00:59'], [725_000, '12:05'], [3_600_000, '1:00:00'], [-5000, '00:00']])('after %d ms shows %s', (ms, shown) => {
    expect(elapsed(running.startedAt, new Date(now.getTime() + ms))).toBe(shown);
  });

  test('lasts whole minutes', () => expect(wholeMinutes('2024-06-03T12:00:40Z', '2024-06-03T12:15:39Z')).toBe(14));
});

describe('what waits', () => {
  const item = (id: string, given: Partial<QueueItem> = {}): QueueItem =>
    ({ ...newItem('p1', id, 'York Road', now), kind: 'note', body: { id, note: 'x' }, ...given }) as QueueItem;

  test('what is refused stands on top, then the newest', () => {
    const items = [item('a', { madeAt: '2024-06-03T10:00:00Z', state: 'refused' }), item('b', { madeAt: '2024-06-03T11:00:00Z' }), item('c', { madeAt: '2024-06-03T12:00:00Z', state: 'sent' })];
    expect(inOrder(items).map(({ id }) => id)).toEqual(['a', 'c', 'b']);
  });

  test('only what was sent two days ago leaves; a mended item waits again under its id', () => {
    const sent = item('a', { state: 'sent', sentAt: '2024-06-01T12:00:00Z' });
    expect([mayLeave(sent, now), mayLeave(sent, new Date(now.getTime() + 1)), mayLeave({ ...sent, state: 'refused' }, new Date('2030-01-01'))]).toEqual([false, true, false]);
    expect(mended(item('b', { state: 'refused', says: 'No', problems: [{ field: 'x', message: 'No' }] }) as QueueItem & { kind: 'note' }, { id: 'b', note: 'y' }, 'Church Street'))
      .toMatchObject({ id: 'b', state: 'waiting', says: '', problems: [], body: { note: 'y' }, title: 'Church Street' });
  });

  test('is told in words, and tried again ever more slowly', () => {
    expect(sayItems([item('a'), item('b')])).toBe('2 hand-over notes');
    expect(sayItems([{ ...item('a'), kind: 'visit' } as QueueItem, item('b')])).toBe('1 visit and 1 hand-over note');
    expect([1, 2, 3, 4, 5, 9].map(waitSeconds)).toEqual([5, 10, 20, 40, 60, 60]);
  });
});
