/** Invented weights, notes, exclusions, interventions and small areas: enough of each to see what it does. Pure. */
import { createRandom } from '../../geo/random.ts';
import type { LngLat } from '../../geo/shapes.ts';
import type { DeprivationRow, PopulationRow } from '../places/tableRow.ts';
import { makeOutlines } from './outlines.ts';

export const demonstrationWeight = { source: 'demonstration-complaints', weight: 0.5, validFrom: '2023-01-01', reason: 'Demonstration: several people complain of one event, so two complaints count as one' } as const;

export const demonstrationNotes = [
  { kind: 'change', source: 'demonstration-police', startsOn: '2022-04-01', endsOn: null, what: 'Demonstration: some anti-social behaviour is recorded as public order from now on.', knownFrom: 'Invented' },
  { kind: 'gap', source: 'demonstration-complaints', startsOn: '2023-02-06', endsOn: '2023-02-13', what: 'Demonstration: the councils changed their system, and complaints of the week were not carried over.', knownFrom: 'Invented' },
] as const;

export const demonstrationExclusion = { name: 'Demonstration council office', source: 'demonstration-noise', validFrom: '2021-07-01', reason: 'Demonstration: calls without a place are put at the office' } as const;

export interface DemonstrationIntervention {
  readonly kind: string;
  readonly name: string;
  readonly area: 'everywhere' | 'council' | 'ward';
  readonly councilCode: string;
  readonly wardCode: string | null;
  readonly startsOn: string;
  readonly endsOn: string | null;
}

export const demonstrationInterventions: readonly DemonstrationIntervention[] = [
  { kind: 'bonfire-night', name: 'Bonfire Night 2023', area: 'everywhere', councilCode: '', wardCode: null, startsOn: '2023-11-05', endsOn: '2023-11-05' },
  { kind: 'school-holidays', name: 'Summer holidays 2023', area: 'everywhere', councilCode: '', wardCode: null, startsOn: '2023-07-22', endsOn: '2023-09-03' },
  { kind: 'pspo', name: 'Protection order on drinking (demonstration)', area: 'council', councilCode: 'E06000001', wardCode: null, startsOn: '2023-04-01', endsOn: null },
  { kind: 'safer-streets', name: 'Street lighting (demonstration)', area: 'ward', councilCode: 'E06000002', wardCode: 'DEMO-M1', startsOn: '2023-10-01', endsOn: '2024-03-31' },
  { kind: 'cctv', name: 'New cameras (demonstration)', area: 'ward', councilCode: 'E06000004', wardCode: 'DEMO-S5', startsOn: '2023-12-01', endsOn: null },
];

export interface SmallArea {
  readonly code: string;
  readonly name: string;
  readonly councilCode: string;
  readonly ring: readonly LngLat[];
}

/** One small area a ward, in place of LSOAs; the same for the same seed. */
export function smallAreas(seed: number): SmallArea[] {
  return makeOutlines(seed).filter(({ kind, validTo }) => kind === 'ward' && validTo === null)
    .map(({ code, councilCode, ring }) => ({ code: code.replace('DEMO-', 'DEMO-L-'), name: `Demonstration small area ${code.slice(5)}`, councilCode, ring }));
}

/** Deprivation of both years and population by single year of age, drawn from the seed. */
export function smallAreaFigures(seed: number): { deprivation: DeprivationRow[]; population: PopulationRow[] } {
  const areas = smallAreas(seed).map((area) => ({ code: area.code, random: createRandom(`${seed} small area ${area.code}`) })).map(({ code, random }) => ({ code, random, level: random.uniform() }));
  const deprivation = areas.flatMap(({ code, random, level }) => [2019, 2025].flatMap((indexYear) =>
    (['overall', 'income', 'employment', 'education'] as const).map((measure): DeprivationRow => {
      const here = Math.min(0.999, Math.max(0, level + random.normal(0, 0.08)));
      const share = measure === 'income' ? 0.4 : measure === 'employment' ? 0.25 : 60;
      return { lsoaCode: code, indexYear, measure, score: Number((0.02 * share + (1 - here) * share).toFixed(3)), rank: 1 + Math.floor(here * 32_843), decile: 1 + Math.floor(here * 10) };
    })));
  const population = areas.flatMap(({ code, random, level }) => Array.from({ length: 91 }, (_, age): PopulationRow => ({
    areaKind: 'lsoa', areaCode: code, year: 2020, ageFrom: age, ageTo: age === 90 ? null : age, persons: random.poisson(60 * (age < 75 ? 1 : 0.4) * (age >= 15 && age < 25 ? 1.4 - level * 0.8 : 1)),
  })));
  return { deprivation, population };
}
