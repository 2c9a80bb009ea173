import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localInstant } from '../../server/patrols/calendar.ts';
import { dosageRow, type DosageFact } from '../../server/patrols/dosage.ts';
import { readLocalTime, writeLocalTime } from '../../server/patrols/localClock.ts';
import { checkVisits, type NewVisit, sameVisit, type VisitFacts } from '../../server/patrols/visits.ts';

const at = (iso: string) => ({ ok: true, instantMs: Date.parse(iso) });

describe('times on the clock in Britain', () => {
  test.each([
    ['2023-10-02 18:05', '2023-10-02T17:05:00Z'], ['2023-12-02T18:05', '2023-12-02T18:05:00Z'], ['02/10/2023 18:05', '2023-10-02T17:05:00Z'],
    ['2/1/2024 8:05', '2024-01-02T08:05:00Z'], ['2023-10-02 18:05:30', '2023-10-02T17:05:30Z'], ['2023-10-02T17:05:00Z', '2023-10-02T17:05:00Z'],
    ['2023-10-02T17:05:00.000Z', '2023-10-02T17:05:00Z'], ['2023-10-02T18:05:00+01:00', '2023-10-02T17:05:00Z'],
    ['2023-10-29 01:30 BST', '2023-10-29T00:30:00Z'], ['2023-10-29 01:30 GMT', '2023-10-29T01:30:00Z'], ['2023-10-29 00:59', '2023-10-28T23:59:00Z'],
    ['2023-10-29 02:00', '2023-10-29T02:00:00Z'], ['2024-03-31 00:59', '2024-03-31T00:59:00Z'], ['2024-03-31 02:00', '2024-03-31T01:00:00Z'],
  ])('%s is %s', (text, iso) => {
    expect(readLocalTime(text)).toEqual(at(iso));
  });

  test.each([
    ['2023-10-29 01:00', /happens twice/], ['2023-10-29 01:59', /happens twice.*2023-10-29 01:59 BST.*2023-10-29 01:59 GMT/],
    ['2024-03-31 01:00', /never happens/], ['2024-03-31 01:59', /never happens/], ['2023-02-29 10:00', /a day that does not exist/],
    ['2023-10-02 24:00', /a time that does not exist/], ['2023-10-02 10:60', /a time that does not exist/], ['18:05', /is not a date and time/], ['', /is not a date and time/],
    ['2023-10-02', /is not a date and time/], ['٢٠٢٣-١٠-٠٢ 18:05', /is not a date and time/],
  ])('%s is refused', (text, why) => {
    const read = readLocalTime(text);
    expect(read.ok ? 'read' : read.why).toMatch(why);
  });

  test('whatever the clock shows once is read back to the minute', () => {
    fc.assert(fc.property(fc.integer({ min: Date.UTC(2023, 0), max: Date.UTC(2027, 0) }), (ms) => {
      const minute = Math.floor(ms / 60_000) * 60_000;
      const read = readLocalTime(writeLocalTime(minute));
      expect(read.ok ? read.instantMs === minute : read.why.includes('happens twice')).toBe(true);
    }));
  });
});

const place = { id: 'h1', name: 'York Road', councilCode: 'E06000001', state: 'live', liveFrom: '2023-08-01', liveTo: '2024-01-01' };
const facts: VisitFacts = {
  hotspots: new Map([['h1', place]]),
  wardens: new Map([['E06000001 h-01', { id: 'w1', councilCode: 'E06000001', reference: 'H-01', staffCategory: 'warden', employedFrom: '2023-07-01', employedTo: null }]]),
  kinds: new Map([['arrest', { code: 'arrest', name: 'Arrests', policeOnly: true, pcsoMay: false, enforcement: true, asbPower: false, common: false, describes: '', validFrom: '2023-07-01', validTo: '2024-04-01' }]]),
  starts: new Map([['E06000001', '2023-08-01']]),
  busy: [],
  nowMs: Date.UTC(2024, 5, 1),
};
const visit = (given: Partial<NewVisit> = {}): NewVisit => ({
  id: 'v1', hotspotId: 'h1', startedAt: '2023-10-02T17:00:00Z', endedAt: '2023-10-02T17:15:00Z', staffCategory: 'warden', persons: 2, onFoot: true, extended: false,
  jointWithPolice: false, recordedHow: 'self_report', patrolReference: 'P1', note: '', wardens: [], actions: [], ...given,
});
const messages = (visits: readonly NewVisit[], known: Partial<VisitFacts> = {}) => checkVisits(visits, { ...facts, ...known }).map(({ index, field, message }) => `${index} ${field}: ${message}`);

describe('what makes a visit one that may be counted', () => {
  test('a plain visit may be', () => {
    expect(messages([visit()])).toEqual([]);
  });

  test.each([
    ['the last live evening', { startedAt: '2023-12-31T22:00:00Z', endedAt: '2023-12-31T23:00:00Z' }, []],
    ['over the end of the live dates', { startedAt: '2023-12-31T23:50:00Z', endedAt: '2024-01-01T00:10:00Z' }, [/^0 startedAt: York Road was live until the end of the day before 2024-01-01/]],
    ['the first live minute on the local clock', { startedAt: '2023-07-31T23:00:00Z', endedAt: '2023-07-31T23:15:00Z' }, []],
    ['a minute before', { startedAt: '2023-07-31T22:59:00Z', endedAt: '2023-07-31T23:15:00Z' }, [/^0 startedAt: York Road is live from 2023-08-01; this visit is on 2023-07-31/]],
    ['exactly 24 hours', { endedAt: '2023-10-03T17:00:00Z' }, []],
    ['half a minute', { endedAt: '2023-10-02T17:00:30Z' }, [/less than a minute/]],
    ['a note about a person', { note: 'Spoke to Mr Smith' }, [/^0 note: .*a name with a title/]],
    ['an unknown kind of action', { actions: [{ code: 'hug', n: 1 }] }, [/^0 actions: "hug" is not a kind of action. Use one of: arrest\.$/]],
    ['an arrest by a special', { staffCategory: 'special' as const, actions: [{ code: 'arrest', n: 1 }] }, []],
    ['an arrest by other staff', { staffCategory: 'other' as const, actions: [{ code: 'arrest', n: 1 }] }, [/no such power/]],
    ['a warden twice', { wardens: ['H-01', 'h-01'] }, [/^0 wardens: A warden is given twice/]],
  ])('%s', (_what, given, expected) => {
    const said = messages([visit(given)]);
    expect(said).toHaveLength(expected.length);
    expected.forEach((pattern, index) => expect(said[index]).toMatch(pattern));
  });

  test('a kind of action out of its dates, and a council that has not said when it starts', () => {
    expect(messages([visit({ startedAt: '2024-04-02T10:00:00Z', endedAt: '2024-04-02T10:15:00Z', jointWithPolice: true, actions: [{ code: 'arrest', n: 1 }] })], { hotspots: new Map([['h1', { ...place, liveTo: null }]]) }))
      .toEqual(['0 actions: Arrests was not a kind of action on 2024-04-02. Use a kind in force that day.']);
    expect(messages([visit()], { starts: new Map() })).toEqual(['0 startedAt: The council has not said when its patrols start. Enter the first day on the wardens page, then record visits.']);
    expect(messages([visit()], { hotspots: new Map([['h1', { ...place, state: 'proposed' }]]) })).toEqual(['0 startedAt: York Road is proposed, not yet agreed. Adopt it first.']);
  });

  test('in one batch the later of two overlapping visits is refused, a long one against each it covers', () => {
    const long = visit({ id: 'a', patrolReference: 'A', wardens: ['H-01'], endedAt: '2023-10-02T19:00:00Z' });
    const later = visit({ id: 'b', patrolReference: 'B', wardens: ['H-01'], startedAt: '2023-10-02T17:30:00Z', endedAt: '2023-10-02T17:40:00Z' });
    const last = visit({ id: 'c', patrolReference: 'C', wardens: ['H-01'], startedAt: '2023-10-02T18:50:00Z', endedAt: '2023-10-02T19:10:00Z' });
    expect(messages([later, long, last]).map((message) => message.slice(0, 20))).toEqual(['0 wardens: H-01 is i', '2 wardens: H-01 is i']);
    expect(messages([long, { ...later, wardens: [] }])).toEqual([]);
  });

  test('overlaps found are exactly those of a plain search over pairs', () => {
    const span = fc.record({ from: fc.integer({ min: 0, max: 300 }), minutes: fc.integer({ min: 1, max: 40 }) });
    fc.assert(fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
      const start = Date.parse('2023-10-02T12:00:00Z');
      const visits = spans.map(({ from, minutes }, index) => visit({
        id: `v${index}`, patrolReference: `P${index}`, wardens: ['H-01'],
        startedAt: new Date(start + from * 60_000).toISOString(), endedAt: new Date(start + (from + minutes) * 60_000).toISOString(),
      }));
      const clash = spans.some((a, i) => spans.some((b, j) => i < j && a.from < b.from + b.minutes && b.from < a.from + a.minutes));
      expect(messages(visits).length > 0).toBe(clash);
    }));
  });

  test('the same visit in another order is the same; anything else is not', () => {
    const one = visit({ wardens: ['H-01', 'H-02'], actions: [{ code: 'a', n: 1 }, { code: 'b', n: 2 }] });
    expect(sameVisit(one, { ...one, wardens: ['h-02', 'h-01'], actions: [{ code: 'b', n: 2 }, { code: 'a', n: 1 }], startedAt: '2023-10-02T18:00:00+01:00' })).toBe(true);
    const changes: Partial<NewVisit>[] = [{ persons: 3 }, { hotspotId: 'h2' }, { note: 'x' }, { extended: true }, { recordedHow: 'gps' }, { wardens: [] }, { actions: [] }, { patrolReference: 'P2' }, { jointWithPolice: true }, { onFoot: false }];
    for (const change of changes) expect(sameVisit(one, { ...one, ...change }), JSON.stringify(change)).toBe(false);
  });
});

describe('zero is not blank', () => {
  const fact: DosageFact = {
    hotspotId: 'h', hotspot: 'York Road', councilCode: 'E06000001', week: '2023-10-02', liveFrom: '2023-07-01', liveTo: null, patrolsStart: '2023-10-08',
    plannedVisits: 4, plannedPersonMinutes: 120, visits: 0, qualifyingVisits: 0, patrols: 0, minutes: 0, personMinutes: 0, a: 0, b: 0, c: 0, d: 0,
  };
  test('a council that starts on the Sunday has 0 that week, and "not started" the week before', () => {
    expect(dosageRow(fact)).toMatchObject({ state: 'recorded', deliveredVisits: 0, deliveredPersonMinutes: 0, plannedPersonMinutes: 120 });
    expect(dosageRow({ ...fact, patrolsStart: '2023-10-09' })).toMatchObject({ state: 'not started', deliveredVisits: null, deliveredPersonMinutes: null, patrolMinutes: null, plannedPersonMinutes: 120 });
    expect(dosageRow({ ...fact, patrolsStart: null }).state).toBe('not started');
  });
  test('a hotspot has a row in the weeks it was live for at least a day', () => {
    expect(dosageRow({ ...fact, liveFrom: '2023-10-08' }).state).toBe('recorded');
    expect(dosageRow({ ...fact, liveFrom: '2023-10-09' }).state).toBe('not live');
    expect(dosageRow({ ...fact, liveTo: '2023-10-02' }).state).toBe('not live');
    expect(dosageRow({ ...fact, liveTo: '2023-10-03' }).state).toBe('recorded');
  });
  test('the clock that days are read by is the one in Britain', () => {
    expect(new Date(localInstant('2023-10-29', 0)).toISOString()).toBe('2023-10-28T23:00:00.000Z');
  });
});
