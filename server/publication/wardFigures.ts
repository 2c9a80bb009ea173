/** What is done where, at ward level: hotspots, visits and hours as they are, counts of incidents and of actions with small ones hidden. Pure; the solver is handed in. */
import type { Solver } from '../patrols/solver.ts';
import type { WardRow, WardsContent } from './contract.ts';
import { disclose } from '../evaluation/disclosure.ts';
import { cellKey, type CountTable } from '../evaluation/disclosureTables.ts';
import { hiddenIn, type PrintedTable, revealedBy } from './revisions.ts';

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

export interface LoadedWards extends Omit<WardsContent, 'councils' | 'wards' | 'totals' | 'withheld'> {
  readonly councils: readonly { readonly code: string; readonly name: string; readonly started: string | null }[];
  readonly wards: readonly LoadedWard[];
  readonly incidents: readonly WardCount[];
  readonly actionCounts: readonly WardCount[];
}

const noWard = 'no ward';

/** A version that somebody may hold already: released to the public or to partners, withdrawn or not. */
export interface EarlierVersion {
  readonly named: string;
  readonly content: WardsContent;
}

type Of = 'incidents' | 'actions';
type Texts = ReadonlyMap<string, string>;

/**
 * The content of the public page. Each source and each kind of action is a table of wards, councils and the whole area; sources are never
 * added up, since one event may stand in two, and kinds are not either. What an earlier version hid stays hidden; a table that would give a
 * hidden count away beside an earlier version is left out, and why is said.
 */
export function draftWards(loaded: LoadedWards, solver: Solver, earlier: readonly EarlierVersion[] = []): WardsContent {
  const { councils, wards, incidents, actionCounts, ...about } = loaded;
  const made = [...about.sources.map((each) => ({ ...each, of: 'incidents' as const, counts: incidents })), ...about.actions.map((each) => ({ ...each, of: 'actions' as const, counts: actionCounts }))].map(({ code, name, of, counts }) => {
    const before = earlier.filter(({ content }) => (of === 'incidents' ? content.sources : content.actions).some((each) => each.code === code)).map(({ named, content }) => ({ named, table: printedTable(content, of, code) }));
    const texts = disclosed(loaded, counts.filter((row) => row.of === code), { solver, keepHidden: new Set(before.flatMap(({ table }) => hiddenIn(table))) });
    const printed: PrintedTable = { texts: new Map([...texts].filter(([area]) => of === 'incidents' || area !== noWard)), sums: sumsOf(loaded.councils, loaded.wards), threshold: loaded.threshold };
    return { code, name, of, texts, revealing: before.find(({ table }) => revealedBy(table, printed, solver).length > 0)?.named };
  });
  const withheld = made.flatMap(({ code, name, of, revealing }) => (revealing === undefined ? [] : [{ code, of, says: `${of === 'incidents' ? 'Incidents' : 'Actions'}, ${name}: left out. Beside ${revealing} somebody could work out a number that is hidden.` }]));
  const shown = new Map(made.map(({ code, of, texts }) => [`${of} ${code}`, texts]));
  const stays = (of: Of) => ({ code }: { readonly code: string }): boolean => !withheld.some((each) => each.of === of && each.code === code);
  const [sources, actions] = [about.sources.filter(stays('incidents')), about.actions.filter(stays('actions'))];
  const at = (of: Of, list: readonly { readonly code: string }[], area: string): Record<string, string> => Object.fromEntries(list.map(({ code }) => [code, shown.get(`${of} ${code}`)?.get(area) ?? '0']));
  const incidentsAt = (area: string): Record<string, string> => at('incidents', sources, area);
  const actionsAt = (area: string): Record<string, string> => at('actions', actions, area);
  const row = ({ code, name, councilCode, hotspots, visits, personMinutes }: LoadedWard): WardRow => ({ code, name, councilCode, hotspots, visits, personMinutes, incidents: incidentsAt(code), actions: actionsAt(code) });
  return {
    ...about, sources, actions,
    councils: councils.map(({ code, name, started }) => {
      const own = wards.filter(({ councilCode }) => councilCode === code);
      const sum = (of: 'hotspots' | 'visits' | 'personMinutes'): number => own.reduce((total, ward) => total + ward[of], 0);
      return { code, name, started, hotspots: sum('hotspots'), visits: sum('visits'), personMinutes: sum('personMinutes'), incidents: incidentsAt(code), actions: actionsAt(code) };
    }),
    wards: wards.map(row),
    totals: { incidents: incidentsAt(''), withoutWard: incidentsAt(noWard), actions: actionsAt('') },
    ...(withheld.length > 0 ? { withheld } : {}),
  };
}

function areasOf(councils: readonly { readonly code: string }[], wards: readonly { readonly code: string; readonly councilCode: string }[]): Record<string, string[]> {
  return Object.fromEntries(councils.map(({ code }) => [code, wards.filter(({ councilCode }) => councilCode === code).map((ward) => ward.code)] as const).filter(([, codes]) => codes.length > 0));
}

function sumsOf(councils: readonly { readonly code: string }[], wards: readonly { readonly code: string; readonly councilCode: string }[]): PrintedTable['sums'] {
  const areas = areasOf(councils, wards);
  return [{ total: '', parts: [...Object.keys(areas), noWard] }, ...Object.entries(areas).map(([total, parts]) => ({ total, parts }))];
}

function disclosed({ councils, wards, threshold }: LoadedWards, counts: readonly WardCount[], { solver, keepHidden }: { solver: Solver; keepHidden: ReadonlySet<string> }): Texts {
  const known = new Set(wards.map(({ code }) => code));
  const areas = areasOf(councils, wards);
  const table: CountTable = {
    name: 'Counts by ward', dimensions: [{ name: 'area', parts: { '': [...Object.keys(areas), noWard], ...areas } }],
    counts: counts.map(({ ward, n }) => ({ at: [known.has(ward) ? ward : noWard], n })),
  };
  const { cells } = disclose([table], threshold, solver, new Set([...keepHidden].map((area) => cellKey([['area', area]]))));
  return new Map(['', noWard, ...Object.keys(areas), ...wards.map(({ code }) => code)].map((area) => [area, cells.get(cellKey([['area', area]]))?.text ?? '0']));
}

/** One source or kind of action of a version as it was printed. */
function printedTable({ councils, wards, totals, threshold }: WardsContent, of: Of, code: string): PrintedTable {
  const without = of === 'incidents' ? [[noWard, totals.withoutWard[code] ?? '0'] as const] : [];
  const texts = new Map([['', totals[of][code] ?? '0'] as const, ...without, ...councils.map((each) => [each.code, each[of][code] ?? '0'] as const), ...wards.map((each) => [each.code, each[of][code] ?? '0'] as const)]);
  return { texts, sums: sumsOf(councils, wards), threshold };
}

/** What holding a version beside an earlier one would give away, in words; empty where it may be published. */
export function revealedByVersions(content: WardsContent, earlier: readonly EarlierVersion[], solver: Solver): string[] {
  const names = new Map([...content.wards, ...content.councils].map(({ code, name }) => [code, name]));
  return earlier.flatMap(({ named, content: before }) => (['incidents', 'actions'] as const).flatMap((of) => (of === 'incidents' ? content.sources : content.actions).flatMap(({ code, name }) => {
    if (!(of === 'incidents' ? before.sources : before.actions).some((each) => each.code === code)) return [];
    const found = revealedBy(printedTable(before, of, code), printedTable(content, of, code), solver);
    return found.length === 0 ? [] : [`${name}, beside ${named}: ${found.slice(0, 5).map((area) => names.get(area) ?? (area === '' ? 'the total' : area)).join(', ')}${found.length > 5 ? ` and ${found.length - 5} more` : ''}`];
  })));
}

/** The same page with nothing of a layer that may not go so far any more. */
export function limitTo(content: WardsContent, openNow: { readonly has: (layer: string) => boolean }): WardsContent {
  const layers = content.layers.filter((layer) => openNow.has(layer));
  const keep = <T>(layer: string, list: readonly T[]): T[] => (layers.includes(layer) ? [...list] : []);
  return {
    ...content, layers, sources: keep('ward_incidents', content.sources), actions: keep('ward_actions', content.actions),
    ...(content.withheld ? { withheld: content.withheld.filter(({ of }) => layers.includes(of === 'incidents' ? 'ward_incidents' : 'ward_actions')) } : {}),
    hotspots: keep('hotspot_names', content.hotspots), outlines: keep('hotspot_outlines', content.outlines),
  };
}
