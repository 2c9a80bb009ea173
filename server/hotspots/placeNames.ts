/** What a place is called, from what its incidents say. */

/** A place name without the words police.uk puts before each; '' when nothing is left. */
export function placeLabel(placeName: string): string {
  return placeName.replace(/^\s*on or near\b/i, '').trim();
}

export interface NameCount {
  readonly name: string;
  readonly n: number;
}

/**
 * The commonest name, one that says where before one that only says what ("Parking Area"); '' when no incident has a name.
 * Equal counts go by the alphabet, so the same rows always give the same name.
 */
export function commonestName(names: readonly NameCount[], general: ReadonlySet<string>): string {
  const totals = new Map<string, number>();
  for (const { name, n } of names) {
    const label = placeLabel(name);
    if (label) totals.set(label, (totals.get(label) ?? 0) + n);
  }
  const best = [...totals].sort(([nameA, a], [nameB, b]) => Number(general.has(nameA)) - Number(general.has(nameB)) || b - a || (nameA < nameB ? -1 : 1));
  return best[0]?.[0] ?? '';
}

/** A name to propose for a hotspot; a general name or none takes the ward's, and a name taken already takes it beside its own. */
export function proposedName(place: string, ward: string | null, general: ReadonlySet<string>, taken: ReadonlySet<string>): string {
  const base = place === '' ? (ward ?? 'Unnamed place') : general.has(place) && ward ? `${place}, ${ward}` : place;
  if (!taken.has(base.toLowerCase())) return base;
  const beside = ward && !base.includes(ward) ? `${base}, ${ward}` : base;
  for (let number = beside === base ? 2 : 1; ; number++) {
    const name = number === 1 ? beside : `${beside} ${number}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

/** The names in a setting written as `Parking Area;Supermarket`. */
export function listedNames(text: string): ReadonlySet<string> {
  return new Set(text.split(';').map((name) => name.trim()).filter(Boolean));
}
