/** The promises a week should keep: enough visits to each hotspot, none left too long, the floors agreed for parts of a council. */
import type { AllocationAgreement, AllocationHotspot, AllocationSettings } from './allocation.ts';
import type { Cell, Requirement } from './allocationModel.ts';
import type { Band } from './bands.ts';
import { bandsPerDay, daysPerWeek } from './bands.ts';
import { addDays } from './calendar.ts';

/**
 * The requirements of a week, hotspots by their index, cells by their index; `cellStart` marks where each hotspot's cells begin.
 * A promise that no cell could keep stays in the list, so that it is reported instead of forgotten.
 */
export function requirementsOf(
  settings: AllocationSettings,
  agreement: AllocationAgreement,
  hotspots: readonly AllocationHotspot[],
  cells: readonly Cell[],
  cellStart: readonly number[],
  bands: readonly Band[],
): Requirement[] {
  const own = hotspots.flatMap((hotspot, index) => {
    const mine = range(cellStart[index] ?? 0, cellStart[index + 1] ?? 0);
    const onDays = (first: number, last: number): number[] => mine.filter((cell) => within(cells[cell], first, last));
    return [...minimumOf(settings, openDays(agreement, hotspot, bands), index, mine), ...gapOf(settings, agreement, hotspot, index, bands, onDays)];
  });
  return [...own, ...floorsOf(settings, agreement, hotspots, cellStart)];
}

/** Weekly minimum; for a hotspot live only part of the week in proportion to its days, rounded half up. */
function minimumOf(settings: AllocationSettings, days: number, hotspot: number, cells: readonly number[]): Requirement[] {
  const wanted = Math.floor((settings.minimumVisitsPerWeek * days) / daysPerWeek + 0.5);
  return wanted < 1 ? [] : [{ rule: 'minimum', hotspot, name: '', penalty: settings.relaxationPenalty.minimum, rows: [{ wanted, cells }] }];
}

/** One row for each run of `maxGapDays` live days; runs that began before Monday count when the last visit is known. */
function gapOf(
  settings: AllocationSettings,
  agreement: AllocationAgreement,
  hotspot: AllocationHotspot,
  index: number,
  bands: readonly Band[],
  onDays: (first: number, last: number) => number[],
): Requirement[] {
  const monday = bands[0]?.date ?? '';
  const length = settings.maxGapDays;
  const open = (from: number, to: number): boolean => range(from, to + 1).every((day) => isOpenOn(agreement, hotspot, addDays(monday, day)));
  const last = hotspot.lastVisitOn ?? null;
  const carried = last === null ? undefined : range(1 - length, 0).find((day) => last < addDays(monday, day) && open(day, day + length - 1));
  const starts = range(0, daysPerWeek - length + 1).filter((day) => open(day, day + length - 1));
  const rows = [...(carried === undefined ? [] : [carried]), ...starts].map((day) => ({ wanted: 1, cells: onDays(Math.max(0, day), day + length - 1) }));
  return rows.length === 0 ? [] : [{ rule: 'gap', hotspot: index, name: '', penalty: settings.relaxationPenalty.gap, rows }];
}

function floorsOf(settings: AllocationSettings, agreement: AllocationAgreement, hotspots: readonly AllocationHotspot[], cellStart: readonly number[]): Requirement[] {
  return (agreement.floors ?? []).map((floor) => ({
    rule: 'floor' as const,
    hotspot: -1,
    name: floor.name,
    penalty: settings.relaxationPenalty.floor,
    rows: [{
      wanted: floor.minimumVisits,
      cells: hotspots.flatMap((hotspot, index) => (floor.hotspotIds.includes(hotspot.id) ? range(cellStart[index] ?? 0, cellStart[index + 1] ?? 0) : [])),
    }],
  }));
}

/** True on a day inside both the agreement and the hotspot's life. */
export function isOpenOn(agreement: AllocationAgreement, hotspot: AllocationHotspot, date: string): boolean {
  return date >= agreement.startsOn && date <= agreement.endsOn && date >= hotspot.liveFrom && (hotspot.liveTo === null || date <= hotspot.liveTo);
}

function openDays(agreement: AllocationAgreement, hotspot: AllocationHotspot, bands: readonly Band[]): number {
  return bands.filter((band) => isOpenOn(agreement, hotspot, band.date)).length / bandsPerDay;
}

function within(cell: Cell | undefined, first: number, last: number): boolean {
  return cell !== undefined && cell.band.day >= first && cell.band.day <= last;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
