/** The main job in five lines, printed when the service starts: incidents in, hotspots, hours, patrols, the return out. Pure. */

export interface SummaryFacts {
  readonly incidents: { readonly from: string; readonly to: string; readonly in: number; readonly asb: number; readonly mapped: number; readonly outside: number; readonly withoutPlace: number; readonly excluded: number };
  readonly hotspots: { readonly from: string; readonly to: string; readonly cells: number; readonly candidates: number; readonly agreed: number; readonly liveFrom: string };
  readonly hours: { readonly week: string; readonly visits: number; readonly personMinutes: number; readonly agreements: number; readonly spentPence: number; readonly weekPence: number; readonly gap: number };
  readonly patrols: { readonly from: string; readonly to: string; readonly patrols: number; readonly visits: number; readonly personMinutes: number };
  readonly return: { readonly month: string; readonly hotspots: number; readonly started: number; readonly file: string; readonly sha256: string };
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-GB');
const pounds = (pence: number): string => `£${whole(pence / 100)}`;
const hours = (minutes: number): string => whole(minutes / 60);

/** Five sentences, each with its period. */
export function summaryLines({ incidents, hotspots, hours: week, patrols, return: made }: SummaryFacts): string[] {
  return [
    `Incidents, ${incidents.from} to ${incidents.to}: ${whole(incidents.in)} in (${whole(incidents.asb)} anti-social behaviour) = ${whole(incidents.mapped)} in the councils + ${whole(incidents.outside)} outside + ${whole(incidents.withoutPlace)} without a place${incidents.excluded > 0 ? ` + ${whole(incidents.excluded)} at excluded geocodes` : ''}.`,
    `Hotspots, ${hotspots.from} to ${hotspots.to}: ${whole(hotspots.candidates)} candidates among ${whole(hotspots.cells)} cells; ${hotspots.agreed} agreed, live from ${hotspots.liveFrom}.`,
    `Hours, week of ${week.week}: ${whole(week.visits)} visits, ${hours(week.personMinutes)} person-hours against ${week.agreements} agreements, ${pounds(week.spentPence)} of ${pounds(week.weekPence)}; gap to the bound ${(week.gap * 100).toFixed(2)} %.`,
    `Patrols, ${patrols.from} to ${patrols.to}: ${whole(patrols.patrols)} patrols, ${whole(patrols.visits)} visits, ${hours(patrols.personMinutes)} person-hours.`,
    `Return, ${made.month}: ${made.file}, ${made.started} of ${made.hotspots} hotspots patrolled, SHA-256 ${made.sha256.slice(0, 16)}…`,
  ];
}
