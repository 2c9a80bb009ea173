/** A calendar written by hand: folded lines, stable identifiers, numbers that grow, cancelled events, UTC through both clock changes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarFile, type CalendarShift, eventsOf, fold } from '../../server/rota/ics.ts';

const at = (text: string): number => Date.parse(text);
const night = (version: number, given: Partial<CalendarShift> = {}): CalendarShift => ({
  key: 'k1', wardenId: 'w1', rotaId: 'r1', version, name: 'Night', startsAt: at('2023-10-28T21:00Z'), endsAt: at('2023-10-29T06:00Z'), ...given,
});
const versions = [1, 2, 3].map((version) => ({ rotaId: 'r1', version, publishedAt: at(`2023-10-0${version}T09:00Z`) }));

describe('an event', () => {
  test('of one version says when in UTC: the night the clocks go back lasts nine hours', () => {
    expect(calendarFile(eventsOf([night(1)], versions.slice(0, 1)))).toBe([
      'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Hotspot Patrols//Rota//EN', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH', 'X-WR-CALNAME:Shifts', 'REFRESH-INTERVAL;VALUE=DURATION:PT1H', 'X-PUBLISHED-TTL:PT1H',
      'BEGIN:VEVENT', 'UID:k1-w1@hotspot-patrols', 'DTSTAMP:20231001T090000Z', 'LAST-MODIFIED:20231001T090000Z', 'SEQUENCE:0', 'STATUS:CONFIRMED', 'DTSTART:20231028T210000Z', 'DTEND:20231029T060000Z',
      'SUMMARY:Night shift', 'CLASS:PRIVATE', 'TRANSP:OPAQUE', 'END:VEVENT', 'END:VCALENDAR', '',
    ].join('\r\n'));
  });

  test('keeps its identifier, and its number grows only when it changes', () => {
    const moved = { startsAt: at('2023-10-28T22:00Z') };
    expect(eventsOf([night(1), night(2), night(3, moved)], versions)).toMatchObject([{ uid: 'k1-w1@hotspot-patrols', sequence: 1, cancelled: false, changedAt: at('2023-10-03T09:00Z'), startsAt: moved.startsAt }]);
    expect(eventsOf([night(1), night(2), night(3)], versions)).toMatchObject([{ sequence: 0, changedAt: at('2023-10-01T09:00Z') }]);
  });

  test('that a later version has no longer is cancelled, and comes back with a higher number', () => {
    expect(eventsOf([night(1)], versions.slice(0, 2))).toMatchObject([{ sequence: 1, cancelled: true }]);
    expect(eventsOf([night(1), night(3)], versions)).toMatchObject([{ sequence: 2, cancelled: false }]);
    expect(calendarFile(eventsOf([night(1)], versions.slice(0, 2)))).toContain('STATUS:CANCELLED\r\n');
  });

  test('escapes what would end a value', () => {
    expect(calendarFile(eventsOf([night(1, { name: 'Late; town, centre\nEND:VEVENT' })], versions.slice(0, 1)))).toContain('SUMMARY:Late\\; town\\, centre\\nEND:VEVENT shift\r\n');
  });
});

test('every folded line has at most 75 octets, no character in two, and unfolds to what it was', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }).filter((text) => !/[\r\n]/.test(text) && !/\p{Surrogate}/u.test(text)), (text) => {
    const folded = fold(text);
    expect(folded.split('\r\n').every((line) => new TextEncoder().encode(line).length <= 75 && !/\p{Surrogate}/u.test(line))).toBe(true);
    expect(folded.replaceAll('\r\n ', '')).toBe(text);
  }));
});
