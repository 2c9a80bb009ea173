/** Two versions of a return laid beside each other: every figure and every other fact that differs, and none that does not. Pure. */
import type { Figure, MonthlyFigures } from './contract.ts';
import type { FactDifference, FigureDifference } from './versionContract.ts';

export interface Difference {
  readonly facts: FactDifference[];
  readonly figures: FigureDifference[];
  /** How many figures were laid beside each other. */
  readonly compared: number;
}

interface Placed {
  readonly figure: Figure;
  readonly area: string;
}

/** What differs from one to the other; nothing where both have the same hash. */
export function differenceOf(from: MonthlyFigures, to: MonthlyFigures): Difference {
  const [before, after] = [placed(from), placed(to)];
  const keys = [...new Set([...after.keys(), ...before.keys()])];
  const figures = keys.flatMap((key): FigureDifference[] => {
    const [one, other] = [before.get(key), after.get(key)];
    const known = other ?? one;
    if (!known || (one && other && same(one.figure, other.figure))) return [];
    const { field, breakdown } = known.figure;
    const named = to.fields.find(({ code }) => code === field) ?? from.fields.find(({ code }) => code === field);
    const part = breakdown === null ? null : (named?.parts.find(({ code }) => code === breakdown)?.name ?? breakdown);
    return [{ area: known.area, field, name: named?.name ?? field, part, unit: named?.unit ?? 'count', from: side(one), to: side(other) }];
  });
  return { facts: factsOf(from, to), figures, compared: keys.length };
}

function placed({ hotspots, areas }: MonthlyFigures): Map<string, Placed> {
  const all = [
    ...hotspots.map(({ id, name, figures }) => ({ key: id, name, figures })),
    ...areas.map(({ councilCode, name, figures }) => ({ key: `area ${councilCode}`, name, figures })),
  ];
  return new Map(all.flatMap(({ key, name, figures }) => figures.map((figure) => [`${key} ${figure.field} ${figure.breakdown ?? ''}`, { figure, area: name }] as const)));
}

const same = (a: Figure, b: Figure): boolean => a.value === b.value && a.status === b.status && a.why === b.why && a.from === b.from;

function side(one: Placed | undefined): FigureDifference['from'] {
  if (!one) return null;
  const { value, status, why, rows } = one.figure;
  return { value, status, why, rows };
}

/** Everything of the figures that is not one of them, in words by its place. */
function factsOf(from: MonthlyFigures, to: MonthlyFigures): FactDifference[] {
  const [before, after] = [facts(from), facts(to)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((what) => {
    const [one, other] = [before.get(what) ?? 'not there', after.get(what) ?? 'not there'];
    return one === other ? [] : [{ what, from: one, to: other }];
  });
}

function facts(figures: MonthlyFigures): Map<string, string> {
  const { definition, councils, sources, fields, hotspots, areas, leftOut } = figures;
  const words: [string, string][] = [
    ['Period', `${figures.month} to ${figures.lastMonth ?? figures.month}, year before ${figures.yearBefore}`],
    ['Organisation', figures.organisation],
    ['Demonstration data', figures.demonstration ? 'yes' : 'no'],
    ['Definition', `${definition.name} (${definition.code}), version ${definition.version}. ${definition.basis}`],
    ...councils.map(({ code, name, patrolsStartedOn, status }): [string, string] => [`Council ${code}`, `${name}, ${status}${patrolsStartedOn ? `, from ${patrolsStartedOn}` : ''}`]),
    // Written out one by one: what comes back from the database has its keys in another order.
    ...sources.map(({ code, name, imported, importedYearBefore, publisher, licence, timePrecision, demonstration }): [string, string] => [`Source ${code}`, `${name}, ${publisher}, ${licence}, times to the ${timePrecision}${demonstration ? ', demonstration' : ''}: ${imported ? 'imported' : 'not imported'}, a year before ${importedYearBefore ? 'imported' : 'not imported'}`]),
    ...fields.map(({ code, name, unit, breakdown, measure, formula, minimumMinutes, definition: says, basis, parts }): [string, string] => [
      `Field ${code}`, `${name}, ${unit}, by ${breakdown}, ${formula ?? measure ?? 'not collected'}${minimumMinutes === undefined ? '' : `, ${minimumMinutes} minutes or more`}. ${says} ${basis}. Parts: ${parts.map((part) => `${part.name} (${part.code})`).join(', ') || 'none'}`,
    ]),
    ...hotspots.map(({ id, name, councilCode, wardCode, liveFrom, liveTo, countedFrom, countedTo, patrolsFrom }): [string, string] => [
      `Hotspot ${name} (${id})`, `council ${councilCode}, ward ${wardCode ?? 'none'}, live from ${liveFrom} to ${liveTo ?? 'no end'}, counted from ${countedFrom} to ${countedTo}, patrols from ${patrolsFrom ?? 'not started'}`,
    ]),
    ...areas.map(({ councilCode, name, hotspots: n, hotspotsNotStarted }): [string, string] => [`Area ${councilCode ?? 'all'}`, `${name}: ${n} hotspots, ${hotspotsNotStarted} not started`]),
    ...leftOut.map(({ code, says, n }): [string, string] => [`Left out, ${code}`, `${says}: ${n}`]),
  ];
  return new Map([...words, ...said(figures)]);
}

/** What councils and office said beside the figures. */
function said({ collected }: MonthlyFigures): [string, string][] {
  if (!collected) return [];
  return [
    ...collected.figures.map(({ councilCode, field, part, ...rest }): [string, string] => [`Said by ${councilCode} of ${field}${part === '' ? '' : `, ${part}`}`, `counted ${rest.counted ?? 'none'}, given ${rest.value ?? 'none'}${Object.entries(rest.hotspots).map(([hotspot, value]) => `, ${hotspot} ${value}`).join('')}. ${rest.reason} ${rest.explanation}`.trim()]),
    ...collected.texts.map(({ councilCode, kind, text }): [string, string] => [`Words of ${councilCode ?? 'the office'}: ${kind}`, text]),
    ...collected.flags.map(({ flag, explanation }): [string, string] => [`Explanation of ${flag}`, explanation]),
  ];
}
