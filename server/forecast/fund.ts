/** A fund's forecast as the sum of its agreements'. Pure. */
import type { AgreementForecast, ForecastMonth, FundForecast } from './contract.ts';
import { daysLeft } from './outturn.ts';

export interface PartOfFund {
  readonly line: AgreementForecast;
  readonly months: readonly ForecastMonth[];
  readonly profileBasis: string;
}

interface FundFacts {
  readonly id: string;
  readonly name: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly awardPence: number;
}

/** Adds agreements (pence) up to their fund on a day; a band of sums is wider than the band of the sum, so it is at least as cautious. */
export function fundForecast(fund: FundFacts, parts: readonly PartOfFund[], knownOn: string): FundForecast {
  const lines = parts.map(({ line }) => line);
  const sum = (value: (line: AgreementForecast) => number): number => lines.reduce((total, line) => total + value(line), 0);
  const ceilingPence = sum((line) => line.ceilingPence);
  const outturn = { low: sum((line) => line.outturn.low), central: sum((line) => line.outturn.central), high: sum((line) => line.outturn.high) };
  const underspend = { low: ceilingPence - outturn.low, central: ceilingPence - outturn.central, high: ceilingPence - outturn.high };
  return {
    id: fund.id, name: fund.name, startsOn: fund.startsOn, endsOn: fund.endsOn, daysLeft: daysLeft(knownOn, fund.endsOn), awardPence: fund.awardPence, ceilingPence,
    spentPence: sum((line) => line.toDate.totalPence), outturn, underspend, underspendShare: ceilingPence > 0 ? underspend.central / ceilingPence : 0,
    profileBasis: basisOf(parts), months: sumMonths(parts.map(({ months }) => months)), agreements: lines,
  };
}

function basisOf(parts: readonly PartOfFund[]): string {
  const said = [...new Set(parts.map(({ profileBasis }) => profileBasis))];
  return said.length > 1 ? 'Budget profiles as agreed, and an even spread of the ceiling where none is.' : (said[0] ?? '');
}

const figures = ['profilePence', 'actualPence', 'committedPence', 'lowPence', 'centralPence', 'highPence'] as const;

/** Cumulative months of several agreements -> of all together. After its last month an agreement keeps its last figure; before its first it has spent nothing. */
export function sumMonths(parts: readonly (readonly ForecastMonth[])[]): ForecastMonth[] {
  const names = [...new Set(parts.flatMap((months) => months.map(({ month }) => month)))].sort();
  return names.map((month) => {
    const rows = parts.map((months) => months.findLast((row) => row.month <= month));
    const total = (key: (typeof figures)[number]): number | null => {
      const known = rows.filter((row) => row !== undefined);
      const values = known.map((row) => row[key] ?? (row.month < month ? row.committedPence : null));
      return values.length === 0 || values.some((value) => value === null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
    };
    return { month, profilePence: total('profilePence'), actualPence: total('actualPence'), committedPence: total('committedPence'), lowPence: total('lowPence'), centralPence: total('centralPence'), highPence: total('highPence') };
  });
}
