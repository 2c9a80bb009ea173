/** What is done where, at ward level: hotspots, visits and hours as they are, counts of incidents and of actions with small ones hidden. Pure; the solver is handed in. */
import type { Solver } from '../patrols/solver.ts';
import type { WardRow, WardsContent } from './contract.ts';
import { type Disclosed, disclose } from '../evaluation/disclosure.ts';
import { cellKey, type CountTable } from '../evaluation/disclosureTables.ts';

export interface LoadedWard {
  readonly code: string;
  readonly name: string;
  readonly councilCode: string;
  readonly hotspots: number;
  readonly visits: number;
  readonly personMinutes: number;
}

export interface WardCount {
  /** Empty where the place is in no ward. */
  readonly ward: string;
  /** Code of a source or of a kind of action. */
  readonly of: string;
  readonly n: number;
}

export interface LoadedWards extends Omit<WardsContent, 'kind' | 'councils' | 'wards' | 'totals'> {
  readonly councils: readonly { readonly code: string; readonly name: string; readonly started: string | null }[];
  readonly wards: readonly LoadedWard[];
  readonly incidents: readonly WardCount[];
  readonly actionCounts: readonly WardCount[];
}

const noWard = 'no ward';

/**
 * The content of the public page. Each source and each kind of action is a table of wards, councils and the whole area; sources are never
 * added up, since one event may stand in two, and kinds are not either.
 */
export function draftWards(loaded: LoadedWards, solver: Solver): WardsContent {
  const { councils, wards, incidents, actionCounts, ...about } = loaded;
  const shown = new Map([...about.sources.map(({ code }) => [code, incidents] as const), ...about.actions.map(({ code }) => [code, actionCounts] as const)]
    .map(([code, counts]) => [code, disclosed(loaded, counts.filter((row) => row.of === code), solver)] as const));
  const at = (list: WardsContent['actions'], area: string): Record<string, string> =>
    Object.fromEntries(list.map(({ code }) => [code, shown.get(code)?.cells.get(cellKey([['area', area]]))?.text ?? '0']));
  const incidentsAt = (area: string): Record<string, string> => at(about.sources, area);
  const actionsAt = (area: string): Record<string, string> => at(about.actions, area);
  const row = ({ code, name, councilCode, hotspots, visits, personMinutes }: LoadedWard): WardRow => ({ code, name, councilCode, hotspots, visits, personMinutes, incidents: incidentsAt(code), actions: actionsAt(code) });
  return {
    kind: 'public page', ...about,
    councils: councils.map(({ code, name, started }) => {
      const own = wards.filter(({ councilCode }) => councilCode === code);
      const sum = (of: 'hotspots' | 'visits' | 'personMinutes'): number => own.reduce((total, ward) => total + ward[of], 0);
      return { code, name, started, hotspots: sum('hotspots'), visits: sum('visits'), personMinutes: sum('personMinutes'), incidents: incidentsAt(code), actions: actionsAt(code) };
    }),
    wards: wards.map(row),
    totals: { incidents: incidentsAt(''), withoutWard: incidentsAt(noWard), actions: actionsAt('') },
  };
}

function disclosed({ councils, wards, threshold }: LoadedWards, counts: readonly WardCount[], solver: Solver): Disclosed {
  const known = new Set(wards.map(({ code }) => code));
  const areas = Object.fromEntries(councils.map(({ code }) => [code, wards.filter(({ councilCode }) => councilCode === code).map((ward) => ward.code)]).filter(([, codes]) => codes && codes.length > 0));
  const table: CountTable = {
    name: 'Counts by ward', dimensions: [{ name: 'area', parts: { '': [...Object.keys(areas), noWard], ...areas } }],
    counts: counts.map(({ ward, n }) => ({ at: [known.has(ward) ? ward : noWard], n })),
  };
  return disclose([table], threshold, solver);
}

/** The same page with nothing of a layer that is not public any more. */
export function limitTo(content: WardsContent, publicNow: ReadonlySet<string>): WardsContent {
  const layers = content.layers.filter((layer) => publicNow.has(layer));
  const keep = <T>(layer: string, list: readonly T[]): T[] => (layers.includes(layer) ? [...list] : []);
  return {
    ...content, layers, sources: keep('ward_incidents', content.sources), actions: keep('ward_actions', content.actions),
    hotspots: keep('hotspot_names', content.hotspots), outlines: keep('hotspot_outlines', content.outlines),
  };
}
