/**
 * A warden's shifts as an iCalendar file (RFC 5545), written by hand: one event a shift with an identifier that never changes, a number that
 * grows with each change, UTC times, lines ended by CRLF and folded at 75 octets. It says when and which shift, and nothing of where. Pure.
 */

export interface CalendarShift {
  /** The same in every version. */
  readonly key: string;
  readonly wardenId: string;
  readonly rotaId: string;
  readonly version: number;
  readonly name: string;
  /** Milliseconds of UTC. */
  readonly startsAt: number;
  readonly endsAt: number;
}

export interface CalendarVersion {
  readonly rotaId: string;
  readonly version: number;
  /** Milliseconds of UTC. */
  readonly publishedAt: number;
}

export interface CalendarEvent {
  readonly uid: string;
  readonly sequence: number;
  readonly cancelled: boolean;
  readonly changedAt: number;
  readonly name: string;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** Events of a warden from every published version: what a later version no longer has is cancelled, never left out, so that a calendar takes it off. */
export function eventsOf(shifts: readonly CalendarShift[], versions: readonly CalendarVersion[]): CalendarEvent[] {
  const byShift = new Map<string, CalendarShift[]>();
  for (const shift of shifts) byShift.set(`${shift.key} ${shift.wardenId}`, [...(byShift.get(`${shift.key} ${shift.wardenId}`) ?? []), shift]);
  return [...byShift.values()].flatMap((own) => eventOf(own, versions)).toSorted((a, b) => a.startsAt - b.startsAt || (a.uid < b.uid ? -1 : 1));
}

function eventOf(own: readonly CalendarShift[], versions: readonly CalendarVersion[]): CalendarEvent[] {
  const [first] = own;
  if (!first) return [];
  let event: CalendarEvent | undefined;
  for (const { version, publishedAt } of versions.filter(({ rotaId }) => rotaId === first.rotaId).toSorted((a, b) => a.version - b.version)) {
    const shift = own.find((each) => each.version === version);
    if (!event && !shift) continue;
    const { name, startsAt, endsAt } = shift ?? event ?? first;
    const next = { uid: `${first.key}-${first.wardenId}@hotspot-patrols`, cancelled: !shift, name, startsAt, endsAt };
    const same = event && event.cancelled === next.cancelled && event.name === name && event.startsAt === startsAt && event.endsAt === endsAt;
    if (!same) event = { ...next, sequence: event ? event.sequence + 1 : 0, changedAt: publishedAt };
  }
  return event ? [event] : [];
}

/** The whole file. */
export function calendarFile(events: readonly CalendarEvent[]): string {
  const lines = [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Hotspot Patrols//Rota//EN', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH', 'X-WR-CALNAME:Shifts', 'REFRESH-INTERVAL;VALUE=DURATION:PT1H', 'X-PUBLISHED-TTL:PT1H',
    ...events.flatMap(eventLines), 'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

function eventLines({ uid, sequence, cancelled, changedAt, name, startsAt, endsAt }: CalendarEvent): string[] {
  return [
    'BEGIN:VEVENT', `UID:${uid}`, `DTSTAMP:${utc(changedAt)}`, `LAST-MODIFIED:${utc(changedAt)}`, `SEQUENCE:${sequence}`, `STATUS:${cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    `DTSTART:${utc(startsAt)}`, `DTEND:${utc(endsAt)}`, `SUMMARY:${escaped(`${name} shift`)}`, 'CLASS:PRIVATE', `TRANSP:${cancelled ? 'TRANSPARENT' : 'OPAQUE'}`, 'END:VEVENT',
  ];
}

/** `20231028T210000Z`. */
const utc = (instantMs: number): string => new Date(instantMs).toISOString().replace(/\.\d{3}Z$/, 'Z').replaceAll(/[-:]/g, '');

/** Text as a value: backslash, semicolon, comma and line ends are escaped (section 3.3.11). */
const escaped = (text: string): string => text.replaceAll(/[\\;,]/g, (mark) => `\\${mark}`).replaceAll(/\r\n|\r|\n/g, '\\n');

/** A line cut so that none is longer than 75 octets, and no character in two (section 3.1). */
export function fold(line: string): string {
  const encoder = new TextEncoder();
  const parts: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line) {
    const size = encoder.encode(character).length;
    if (octets + size > 75) {
      parts.push(part);
      part = ' ';
      octets = 1;
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join('\r\n');
}
