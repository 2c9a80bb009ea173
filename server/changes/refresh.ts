/** A run laid beside the agreed set: what is kept, shifted, dropped and new, and why. Pure: figures in, rows out. */
import { garwoodInterval } from '../../geo/smallNumbers.ts';
import { invalid } from '../errors.ts';
import type { AnalysisFigures, Candidate, MultiPolygon } from '../hotspots/contract.ts';
import { whole } from '../hotspots/words.ts';
import type { Decision, RefreshRow } from './contract.ts';

/** An agreed hotspot with what happened on its ground. */
export interface AgreedGround {
  readonly id: string;
  readonly name: string;
  readonly councilCode: string;
  readonly council: string;
  readonly areaKm2: number;
  readonly outline: MultiPolygon;
  /** Incidents in the run's months, and in those of the run before. */
  readonly n: number;
  readonly before: number | null;
}

/** A candidate's cells in the run before. */
export interface CellBefore {
  readonly n: number;
  readonly rank: number;
  readonly candidate: boolean;
}

export interface RefreshInput {
  readonly figures: AnalysisFigures;
  readonly candidates: readonly Candidate[];
  readonly agreed: readonly AgreedGround[];
  /** Pairs of hotspot id and the candidate's rank that share ground, with the share of the hotspot's. */
  readonly shared: readonly { hotspotId: string; rank: number; share: number }[];
  /** The run before, if there was one: its months and its cells. */
  readonly previous: { readonly from: string; readonly to: string; readonly cells: ReadonlyMap<string, CellBefore> } | null;
}

/** Rows for every agreed hotspot and every candidate on free ground: hotspots first, what needs a decision before what does not. */
export function compareRefresh(input: RefreshInput): RefreshRow[] {
  const agreed = input.agreed.map((hotspot) => agreedRow(hotspot, input));
  const free = input.candidates.filter((candidate) => !input.shared.some((pair) => pair.rank === candidate.rank)).map((candidate) => newRow(candidate, input));
  const order = { dropped: 0, shifted: 1, kept: 3, new: 2 };
  return [...agreed, ...free].sort((a, b) => order[a.found] - order[b.found] || b.rate - a.rate || (a.name < b.name ? -1 : 1));
}

const rowKeyOf = (candidate: Candidate): string => candidate.cells[0] ?? '';

function agreedRow(hotspot: AgreedGround, input: RefreshInput): RefreshRow {
  const { figures } = input;
  const perYear = 12 / figures.months;
  const rate = hotspot.areaKm2 > 0 ? (hotspot.n * perYear) / hotspot.areaKm2 : 0;
  const rateLow = hotspot.areaKm2 > 0 ? (garwoodInterval(hotspot.n).lower * perYear) / hotspot.areaKm2 : 0;
  const passes = hotspot.n >= figures.minimumCount && rateLow > figures.meanRate;
  const [best] = input.shared.filter((pair) => pair.hotspotId === hotspot.id).sort((a, b) => b.share - a.share || a.rank - b.rank);
  const candidate = input.candidates.find((one) => one.rank === best?.rank) ?? null;
  const found = passes ? 'kept' : candidate ? 'shifted' : 'dropped';
  const choices: Decision[] = found === 'kept' ? ['keep', 'retire'] : found === 'shifted' ? ['replace', 'keep', 'retire'] : ['retire', 'keep'];
  const { id, name, councilCode, council, n, before, outline } = hotspot;
  const says = [ruleWords({ n, rateLow }, figures), beforeWords(n, before, input.previous), candidateWords(found, candidate, best?.share ?? 0)];
  return { key: id, found, name, councilCode, council, hotspotId: id, n, before, rate, rateLow, why: says.filter(Boolean).join(' '), choices, candidate: found === 'shifted' ? candidate : null, outline };
}

function ruleWords({ n, rateLow }: { n: number; rateLow: number }, { months, minimumCount, meanRate }: AnalysisFigures): string {
  const counted = `${whole(n)} ${n === 1 ? 'incident' : 'incidents'} in ${months} months`;
  if (n < minimumCount) return `${counted}, fewer than the ${whole(Math.ceil(minimumCount))} a hotspot needs.`;
  const compared = `the lower end of its interval, ${whole(rateLow)} per km² a year, is ${rateLow > meanRate ? '' : 'not '}above the area’s ${meanRate.toFixed(1)}`;
  return `${counted}; ${compared}.`;
}

function beforeWords(n: number, before: number | null, previous: RefreshInput['previous']): string {
  if (before === null || !previous) return '';
  const change = n === before ? 'the same as' : n > before ? 'up from' : 'down from';
  return `That is ${change} ${whole(before)} in the run before (${previous.from} to ${previous.to})${n < before ? '; a place chosen for a high count tends to fall back by itself' : ''}.`;
}

function candidateWords(found: string, candidate: Candidate | null, share: number): string {
  if (found !== 'shifted' || !candidate) return '';
  return `Candidate ${candidate.rank} (${candidate.suggestedName}, ${whole(candidate.n)} incidents) covers ${Math.round(share * 100)}% of its ground: the incidents have shifted.`;
}

function newRow(candidate: Candidate, { figures, previous }: RefreshInput): RefreshRow {
  const low = (garwoodInterval(candidate.n).lower * 12) / figures.months / candidate.areaKm2;
  const cells = candidate.cells.flatMap((cell) => previous?.cells.get(cell) ?? []);
  const before = previous ? cells.reduce((sum, cell) => sum + cell.n, 0) : null;
  return {
    key: rowKeyOf(candidate), found: 'new', name: candidate.suggestedName, councilCode: candidate.councilCode, council: candidate.council, hotspotId: null,
    n: candidate.n, before, rate: candidate.rate, rateLow: low, why: [candidate.why, newWords(cells, before, previous)].filter(Boolean).join(' '),
    choices: ['adopt', 'leave'], candidate, outline: candidate.shape,
  };
}

function newWords(cells: readonly CellBefore[], before: number | null, previous: RefreshInput['previous']): string {
  if (!previous) return '';
  if (!before) return `In the run before (${previous.from} to ${previous.to}) nothing was recorded there.`;
  const rank = Math.min(...cells.map((cell) => cell.rank));
  const was = cells.some((cell) => cell.candidate) ? 'was a candidate and was not adopted' : 'was no candidate';
  return `In the run before (${previous.from} to ${previous.to}) it had ${whole(before)}, rank ${whole(rank)}, and ${was}.`;
}

export function refreshFigures(rows: readonly RefreshRow[]): { kept: number; shifted: number; dropped: number; new: number } {
  const count = (found: RefreshRow['found']): number => rows.filter((row) => row.found === found).length;
  return { kept: count('kept'), shifted: count('shifted'), dropped: count('dropped'), new: count('new') };
}

/** The comparison as one sentence. */
export function refreshWords(rows: readonly RefreshRow[], figures: AnalysisFigures): string {
  if (figures.mapped === 0) return 'There were no such incidents in the area and period, so nothing can be compared: choose another period or more categories.';
  const { kept, shifted, dropped, new: added } = refreshFigures(rows);
  const places = (n: number, word: string): string => `${n} ${word}`;
  return `Of ${rows.length - added} agreed hotspots ${places(kept, 'still hold')}, ${places(shifted, 'have shifted')} and ${places(dropped, 'no longer hold')}; ${places(added, 'candidates are new')}. Nothing changes until you confirm.`;
}

export interface Decided {
  readonly key: string;
  readonly decision: Decision;
  readonly name?: string | undefined;
  readonly reason: string;
}

/** Each decision with its row; throws in words on a row that is not there, decided twice, or a decision it does not allow. */
export function checkDecisions(decisions: readonly Decided[], rows: readonly RefreshRow[]): { row: RefreshRow; decided: Decided }[] {
  const seen = new Set<string>();
  return decisions.map((decided, index) => {
    const at = (message: string): Error => invalid([{ field: `decisions.${index}.decision`, message }]);
    const row = rows.find((one) => one.key === decided.key);
    if (!row) throw at(`There is no row ${decided.key} any more: the agreed set has changed since. Load the comparison again.`);
    if (seen.has(row.key)) throw at(`${row.name} is decided twice. Decide it once.`);
    seen.add(row.key);
    if (!row.choices.includes(decided.decision)) throw at(`${row.name} is ${row.found}: decide one of ${row.choices.join(', ')}.`);
    return { row, decided };
  });
}
