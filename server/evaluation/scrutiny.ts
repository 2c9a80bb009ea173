/** Tables for a scrutiny panel: what was planned, done and paid, council by council, each figure with its definition. Pure. */
import type { Report, ReportCell } from './contract.ts';
import { ratioOf } from './numbers.ts';

export interface ScrutinyRow {
  readonly code: string;
  readonly council: string;
  readonly started: string | null;
  readonly hotspots: number;
  readonly visits: number;
  readonly longVisits: number;
  readonly minutes: number;
  readonly personMinutes: number;
  readonly planned: number;
  readonly enforcement: number;
  readonly warnings: number;
  readonly spoken: number;
  readonly ceilingPence: number;
  readonly paidPence: number;
}

export function scrutinyReport({ period, demonstration, rows, until }: { period: string; demonstration: boolean; rows: readonly ScrutinyRow[]; until: string }): Report {
  // A council that had not started has no figure, which is not 0.
  const of = (row: ScrutinyRow, value: ReportCell): ReportCell => (row.started !== null && row.started <= until ? value : 'not started');
  return {
    title: 'Hotspot patrols: tables for scrutiny', caption: period, demonstration, about: ['Every figure is counted from visits, actions and payments; nothing is typed in.'],
    tables: [
      {
        title: 'Patrols', about: ['Person-hours: minutes of each visit times the persons on it. Planned: the weeks that begin in the period.'],
        columns: [{ label: 'Council', kind: 'text' }, { label: 'Started', kind: 'text' }, { label: 'Hotspots', kind: 'count' }, { label: 'Visits', kind: 'count' }, { label: 'Of 15 minutes or more, %', kind: 'percent' }, { label: 'Person-hours planned', kind: 'hours' }, { label: 'Person-hours delivered', kind: 'hours' }, { label: 'Delivered of planned, %', kind: 'percent' }],
        rows: rows.map((row) => [row.council, row.started ?? 'not started', row.hotspots, of(row, row.visits), of(row, ratioOf(row.longVisits, row.visits, 100)), row.planned, of(row, row.personMinutes), of(row, ratioOf(row.personMinutes, row.planned, 100))]),
        says: [], conflicts: [],
      },
      {
        title: 'What was done', about: ['Each action counts once. Enforcement: the kinds marked so in the list of action kinds.'],
        columns: [{ label: 'Council', kind: 'text' }, { label: 'Enforcement actions', kind: 'count' }, { label: 'Warnings', kind: 'count' }, { label: 'People spoken to', kind: 'count' }],
        rows: rows.map((row) => [row.council, of(row, row.enforcement), of(row, row.warnings), of(row, row.spoken)]), says: [], conflicts: [],
      },
      {
        title: 'Money', about: ['Ceiling: the most the agreements in force pay. Paid: payments made in the period, whichever period they are for.', 'Pounds per patrol-hour: paid in the period over hours of visits in the period (one visit of one hour is one, however many wardens). Another definition gives another figure; published ones run from £37 to £158.'],
        columns: [{ label: 'Council', kind: 'text' }, { label: 'Ceiling', kind: 'money' }, { label: 'Paid', kind: 'money' }, { label: 'Paid per patrol-hour', kind: 'money' }],
        rows: rows.map((row) => [row.council, row.ceilingPence, row.paidPence, of(row, ratioOf(row.paidPence * 60, row.minutes, 1))]), says: [], conflicts: [],
      },
    ],
  };
}
