/** What a ward councillor asks: time in the ward, visits, penalty notices, people spoken to, warnings; small counts hidden. Pure; the solver is handed in. */
import type { Solver } from '../patrols/solver.ts';
import type { Report, ReportCell } from './contract.ts';
import { disclose } from './disclosure.ts';
import { cellKey, plainDimension } from './disclosureTables.ts';
import { hiddenElsewhere } from './numbers.ts';

export interface WardWork {
  readonly code: string;
  readonly name: string;
  readonly visits: number;
  readonly personMinutes: number;
  readonly penalties: number;
  readonly spoken: number;
  readonly warnings: number;
}

export interface WardReportFacts {
  readonly councilName: string;
  readonly period: string;
  readonly boundariesOn: string;
  readonly demonstration: boolean;
  readonly threshold: number;
  readonly wards: readonly WardWork[];
}

const counted = [['penalties', 'Fixed penalty notices'], ['spoken', 'People spoken to'], ['warnings', 'Warnings']] as const;

export function wardReport({ councilName, period, boundariesOn, demonstration, threshold, wards }: WardReportFacts, solver: Solver): Report {
  const shown = counted.map(([of]) => disclose([{ name: of, dimensions: [plainDimension('ward', wards.map(({ code }) => code))], counts: wards.map((ward) => ({ at: [ward.code], n: ward[of] })) }], threshold, solver).cells);
  const cells = (code: string): ReportCell[] => shown.map((each) => {
    const cell = each.get(cellKey([['ward', code]]));
    return cell?.value ?? cell?.text ?? 0;
  });
  const sum = (of: 'visits' | 'personMinutes'): number => wards.reduce((total, ward) => total + ward[of], 0);
  return {
    title: `${councilName}: ward report`, caption: period, demonstration,
    about: [`Wards as they were on ${boundariesOn}; a visit belongs to the ward that its hotspot mostly lies in.`, 'Time in the ward is person-hours: two wardens for one hour are two.', `Counts from 1 to ${threshold - 1} are shown as <${threshold}; [c] hides a count that would give one away.`, hiddenElsewhere],
    tables: [{
      title: 'What was done in each ward', about: [period],
      columns: [{ label: 'Ward', kind: 'text' }, { label: 'Time in the ward', kind: 'hours' }, { label: 'Visits', kind: 'count' }, ...counted.map(([, label]) => ({ label, kind: 'count' as const }))],
      rows: [...wards.map((ward) => [ward.name, ward.personMinutes, ward.visits, ...cells(ward.code)]), [`All of ${councilName}`, sum('personMinutes'), sum('visits'), ...cells('')]],
      says: wards.length > 0 ? [`${wards.filter(({ visits }) => visits > 0).length} of ${wards.length} wards have a hotspot that was visited.`] : [], conflicts: [],
    }],
  };
}
