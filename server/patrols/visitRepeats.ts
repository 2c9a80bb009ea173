/** What was sent before: the same visit again, as it is kept, as it was before it was corrected, or under another id. Pure. */
import { type NewVisit, sameVisit } from './visits.ts';

/** A visit as it is kept or was; the kept ones come last. */
export interface KnownVisit {
  readonly visit: NewVisit;
  readonly withdrawn: boolean;
}

export type Repeat = 'new' | 'recorded' | 'withdrawn' | 'other';

export interface RepeatRules {
  /** Evidence was judged when the visit first came: the same visit sent again may be judged otherwise. */
  readonly anyEvidence?: boolean;
}

/** What a visit is beside everything known under its id: new, recorded already (also if corrected since), withdrawn since, or something else. */
export function repeatOf(visit: NewVisit, known: readonly KnownVisit[], rules: RepeatRules = {}): Repeat {
  if (known.length === 0) return 'new';
  const same = known.some((each) => sameVisit(each.visit, rules.anyEvidence ? { ...visit, recordedHow: each.visit.recordedHow } : visit));
  if (!same) return 'other';
  return known.at(-1)?.withdrawn ? 'withdrawn' : 'recorded';
}

const minute = (instant: string): number => Math.floor(Date.parse(instant) / 60_000);
/** What two records of one outing have in common at least. */
export const outingKey = ({ hotspotId, startedAt }: Pick<NewVisit, 'hotspotId' | 'startedAt'>): string => `${hotspotId} ${minute(startedAt)}`;

const ownPatrol = (visit: NewVisit): boolean => visit.patrolReference === visit.id;

/**
 * True when a row without an id tells of a visit that is kept under another: the same hotspot, minutes, staff and number of persons, and
 * neither wardens nor patrol say otherwise. Where one of the two is not given it says nothing.
 */
export function sameOuting(row: NewVisit, kept: NewVisit): boolean {
  const wardens = (visit: NewVisit): string => visit.wardens.map((reference) => reference.toLowerCase()).toSorted().join(' ');
  return outingKey(row) === outingKey(kept) && minute(row.endedAt) === minute(kept.endedAt)
    && row.staffCategory === kept.staffCategory && row.persons === kept.persons
    && (row.wardens.length === 0 || kept.wardens.length === 0 || wardens(row) === wardens(kept))
    && (ownPatrol(row) || ownPatrol(kept) || row.patrolReference === kept.patrolReference);
}
