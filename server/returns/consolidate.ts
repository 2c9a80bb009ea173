/** The councils' months in one: totals, and every conflict named and never settled. Pure. */
import type { ConsolidatedFigure, CouncilMonth, Flag, SectionFigure } from './collectContract.ts';
import { figureKey, headlinesOf, nameOf } from './collectSections.ts';
import type { MonthlyFigures } from './contract.ts';

export interface ToConsolidate {
  readonly figures: MonthlyFigures;
  readonly months: readonly CouncilMonth[];
  /** Person-minutes in the claims of the month, by council code. */
  readonly claimedMinutes: ReadonlyMap<string, number>;
  /** Claims of the month beside the ledger, by council code. */
  readonly claimedMoney: ReadonlyMap<string, { readonly claimsPence: number; readonly ledgerPence: number; readonly monthPence: number | null }>;
}

/** What a council says of a figure: its last word, or what was counted. */
const valueOf = (figure: SectionFigure | undefined): number | null => (figure ? (figure.given ? figure.given.value : figure.counted) : null);
const isCorrected = (figure: SectionFigure | undefined): boolean => figure?.given != null && figure.given.value !== figure.counted;

/** Fields whose councils add up: not percentages, and not what is given for areas only because it counts once over several hotspots. */
export function additiveFields(figures: MonthlyFigures): Set<string> {
  const byHotspot = new Set(figures.hotspots.flatMap((hotspot) => hotspot.figures.map((figure) => figure.field)));
  return new Set(figures.fields.filter((field) => field.unit !== 'per cent' && byHotspot.has(field.code)).map(({ code }) => code));
}

/** Each figure of each section with what every council says, and all together. */
export function consolidatedFigures({ figures, months }: ToConsolidate): ConsolidatedFigure[] {
  const additive = additiveFields(figures);
  const whole = new Map((figures.areas.find(({ councilCode }) => councilCode === null)?.figures ?? []).map((figure) => [figureKey(figure.field, figure.breakdown ?? ''), figure.value]));
  const found = new Map<string, ConsolidatedFigure>();
  for (const section of months[0]?.sections ?? []) {
    for (const figure of months.flatMap((month) => month.sections.find(({ code }) => code === section.code)?.figures ?? [])) {
      const key = figureKey(figure.field, figure.part);
      if (found.has(key)) continue;
      const each = months.map((month) => month.sections.find(({ code }) => code === section.code)?.figures.find((one) => figureKey(one.field, one.part) === key));
      const values = each.map(valueOf);
      const adds = figure.unit === 'pence' || additive.has(figure.field);
      const counted = figure.unit === 'pence' ? sum(each.map((one) => one?.counted ?? null)) : (whole.get(key) ?? null);
      found.set(key, {
        section: section.code, field: figure.field, part: figure.part, name: figure.name, partName: figure.partName, unit: figure.unit,
        values, corrected: each.map(isCorrected), total: adds ? sum(values) : counted, counted,
      });
    }
  }
  return [...found.values()];
}

/** The sum of what there is; null where there is nothing. */
function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

export type FoundFlag = Omit<Flag, 'explanation' | 'explainedBy' | 'explainedAt' | 'open'>;

/** The two figures of a conflict, as an explanation keeps them. */
export const pairOf = ({ one, other }: Pick<Flag, 'one' | 'other'>): string => JSON.stringify([one, other]);

/** Every conflict of a month, council by council and then of all together. */
export function flagsOf(given: ToConsolidate): FoundFlag[] {
  return [...given.months.flatMap((month) => councilFlags(month, given)), ...wholeFlags(given)];
}

type Raise = (kind: Flag['kind'], figure: SectionFigure, found: { readonly says: string; readonly one: number | null; readonly other: number | null; readonly councilSays?: string | undefined; readonly of?: string }) => void;

function councilFlags(month: CouncilMonth, given: ToConsolidate): FoundFlag[] {
  const flags: FoundFlag[] = [];
  for (const section of month.sections) {
    // `of` tells two conflicts of one figure and one kind apart.
    const raise: Raise = (kind, figure, { of, councilSays = '', ...found }) => {
      // A reason given for a figure that was counted anew since says nothing of this one.
      const holds = councilSays !== '' && figure.given?.counted === figure.counted;
      flags.push({
        key: [kind, month.councilCode, figureKey(figure.field, figure.part), ...(of ? [of] : [])].join('|'), kind, section: section.code, councilCode: month.councilCode, council: month.council, figure: nameOf(figure), unit: figure.unit, ...found,
        councilSays: holds ? councilSays : '', councilSaidBy: holds ? (figure.given?.by ?? null) : null, councilSaidAt: holds ? (figure.given?.at ?? null) : null,
      });
    };
    for (const figure of section.figures) figureFlags(section, figure, given, raise);
    partFlags(section, given, raise);
    sourceFlags(month.councilCode, section, given, raise);
  }
  return flags;
}

type Section = CouncilMonth['sections'][number];

/** What a council says of one figure against what was counted, in all and by hotspot, and against the month before. */
function figureFlags(section: Section, figure: SectionFigure, { figures }: ToConsolidate, raise: Raise): void {
  const [value, { reason: councilSays, explanation, hotspots } = { reason: '', explanation: '', hotspots: {} }] = [valueOf(figure), figure.given ?? undefined];
  if (isCorrected(figure)) raise(section.kind === 'money' ? 'ledger' : 'council and counted', figure, { says: section.kind === 'money' ? 'The council says one amount, the ledger another.' : 'The council says one number, the rows counted give another.', one: value, other: figure.counted, councilSays });
  if (figure.mustExplain) raise('last month', figure, { says: 'Changed more than usual since last month.', one: value, other: figure.lastMonth, councilSays: explanation });
  const placed = Object.entries(hotspots);
  if (placed.length > 0 && additiveFields(figures).has(figure.field) && sum(Object.values(hotspots)) !== value) raise('parts and total', figure, { says: 'The hotspots do not add up to the total the council gave.', one: sum(Object.values(hotspots)), other: value, councilSays });
  const differ = placed.flatMap(([id, said]) => {
    const hotspot = figures.hotspots.find((each) => each.id === id);
    const counted = hotspot?.figures.find(({ field, breakdown }) => field === figure.field && (breakdown ?? '') === figure.part)?.value ?? null;
    return hotspot && counted !== said ? [{ name: hotspot.name, said, counted }] : [];
  });
  if (differ.length > 0) raise('council and counted', figure, { of: 'hotspots', says: `For ${differ.map(({ name }) => name).join(', ')} the council says other numbers than were counted.`, one: sum(differ.map(({ said }) => said)), other: sum(differ.map(({ counted }) => counted)), councilSays });
}

/** By measure: what is a part of what, and what two parts add up to. */
const withins: readonly (readonly [part: string, whole: string])[] = [
  ['longVisits', 'visits'], ['patrolsOnce', 'patrols'], ['patrols', 'visits'], ['personMinutesExtended', 'personMinutes'], ['personMinutesWithoutExtended', 'personMinutes'],
  ['enforcementActions', 'actions'], ['asbPowers', 'enforcementActions'], ['incidentsOnce', 'incidents'],
];
const addUps: readonly (readonly [whole: string, parts: readonly string[]])[] = [['personMinutes', ['personMinutesWithoutExtended', 'personMinutesExtended']]];

/** Parts against totals within a section: a figure's breakdown, and figures that are parts of another. */
function partFlags(section: Section, { figures }: ToConsolidate, raise: Raise): void {
  const additive = additiveFields(figures);
  const heads = headlinesOf(section.figures);
  for (const all of heads) {
    const parts = section.figures.filter((one) => one.field === all.field && one.part !== '').map(valueOf);
    const adds = section.kind === 'money' || additive.has(all.field);
    if (adds && parts.length > 0 && !parts.includes(null) && sum(parts) !== valueOf(all)) raise('parts and total', all, { says: 'The parts do not add up to the total.', one: sum(parts), other: valueOf(all), councilSays: all.given?.reason });
  }
  const of = (measure: string): SectionFigure | undefined => heads.find(({ field }) => field === figures.fields.find((each) => each.measure === measure)?.code);
  for (const [part, whole] of withins) {
    const [one, other] = [of(part), of(whole)];
    const [small, large] = [valueOf(one), valueOf(other)];
    if (one && other && small !== null && large !== null && small > large) raise('parts and total', one, { of: whole, says: `More than ${nameOf(other)}, of which it is a part.`, one: small, other: large, councilSays: one.given?.reason || other.given?.reason });
  }
  for (const [whole, parts] of addUps) {
    const [all, each] = [of(whole), parts.map(of)];
    const values = each.map(valueOf);
    if (all && !values.includes(null) && valueOf(all) !== null && sum(values) !== valueOf(all)) raise('parts and total', all, { of: parts.join('+'), says: `${each.map((one) => (one ? nameOf(one) : '')).join(' and ')} do not add up to it.`, one: sum(values), other: valueOf(all), councilSays: [all, ...each].map((one) => one?.given?.reason ?? '').find(Boolean) });
  }
}

/** Claims against what was delivered, against the ledger and against what the council says it spent. */
function sourceFlags(council: string, section: Section, { claimedMinutes, claimedMoney }: ToConsolidate, raise: Raise): void {
  const hours = section.figures.find(({ field, part }) => field === 'person_minutes' && part === '');
  const claimed = claimedMinutes.get(council) ?? 0;
  if (hours && claimed > (valueOf(hours) ?? 0)) raise('between sources', hours, { says: 'More person-hours stand on claims than were delivered.', one: claimed, other: valueOf(hours) });
  else if (hours && claimed > (hours.counted ?? 0)) raise('between sources', hours, { of: 'counted', says: 'More person-hours stand on claims than visits were counted for, though the council says that they were delivered.', one: claimed, other: hours.counted });
  const spent = section.figures.find(({ field, part }) => field === 'money_month' && part === '');
  const money = claimedMoney.get(council);
  if (!spent || !money) return;
  if (money.claimsPence !== money.ledgerPence) raise('ledger', spent, { of: 'claims', says: 'The claims that end in the month say one amount, the ledger another.', one: money.claimsPence, other: money.ledgerPence });
  if (money.monthPence !== null && money.monthPence > (valueOf(spent) ?? 0)) raise('between sources', spent, { of: 'claims', says: 'More is claimed for the month than the council says was spent in it.', one: money.monthPence, other: valueOf(spent) });
}

/** Where the councils' own figures do not add up to what was counted for the whole area. */
function wholeFlags(given: ToConsolidate): FoundFlag[] {
  const additive = additiveFields(given.figures);
  return consolidatedFigures(given).filter((figure) => figure.unit !== 'pence' && additive.has(figure.field) && figure.counted !== null && figure.total !== figure.counted && !figure.corrected.includes(true)).map((figure) => ({
    key: ['parts and total', 'all', figureKey(figure.field, figure.part)].join('|'), kind: 'parts and total', section: figure.section, councilCode: null, council: 'All councils', figure: nameOf(figure),
    says: 'The councils do not add up to what was counted for all hotspots.', one: figure.total, other: figure.counted, unit: figure.unit, councilSays: '', councilSaidBy: null, councilSaidAt: null,
  }));
}
