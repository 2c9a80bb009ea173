/** What the first page is made from, as the database counts it. */

export interface ChaseFact {
  readonly agreementId: string;
  readonly council: string;
  readonly reference: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly patrolsStart: string | null;
  readonly lastVisitOn: string | null;
  readonly quarterSent: boolean;
  /** Periods that are over and of which nothing is claimed. */
  readonly unclaimed: readonly { readonly startsOn: string; readonly endsOn: string }[];
  readonly queried: readonly { readonly id: string; readonly number: number }[];
  readonly conditions: readonly { readonly what: string; readonly dueOn: string; readonly owedBy: 'council' | 'office' }[];
}

export interface SignFact {
  readonly kind: 'claim' | 'payment' | 'hours' | 'variation' | 'agreeing' | 'reallocation' | 'giving' | 'closure' | 'unlock' | 'role';
  readonly id: string;
  readonly agreementId: string | null;
  readonly council: string | null;
  readonly what: string;
  readonly pence: number | null;
  /** When it came. */
  readonly since: string;
  readonly dueOn: string | null;
  /** True where the person had a hand in it, so that somebody else must sign. */
  readonly own: boolean;
}

export interface WeekFact {
  readonly hotspotId: string;
  readonly hotspot: string;
  readonly started: boolean;
  readonly plannedMinutes: number | null;
  readonly deliveredMinutes: number;
}

export interface AnalystFacts {
  readonly lastImportAt: string | null;
  readonly refusedFiles: number;
  readonly lastMonth: string | null;
  /** Sources that have not sent the latest month that another has. */
  readonly behind: readonly { readonly source: string; readonly lastMonth: string }[];
  readonly lastAnalysisAt: string | null;
  readonly failedJobs: number;
}

export interface AuditorFacts {
  readonly events: number;
  readonly lastDigestOn: string | null;
  readonly ledgerAlerts: number;
  readonly overrides: number;
}
