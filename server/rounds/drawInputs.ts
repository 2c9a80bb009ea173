/** What rounds were drawn from, kept with them so that anybody may draw them again. */
import type { CrewInputs } from './crews.ts';
import type { RoundInputs } from './roundPlan.ts';

/** What the draw was made of, and which visit of the plan each is. */
export interface KeptInputs {
  readonly inputs: RoundInputs;
  readonly keys: readonly VisitKey[];
  /** Missing in draws from before crews were formed: their wardens went in turn. */
  readonly crews?: CrewInputs;
}

export interface VisitKey {
  readonly hotspotId: string;
  readonly bandOn: string;
  readonly band: number;
  readonly nth: number;
}
