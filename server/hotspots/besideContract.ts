/** What stands beside every before-and-after figure of a hotspot. */
import { z } from 'zod';
import { crossing } from '../incidents/qualityContract.ts';
import { besideIntervention } from '../places/interventionContract.ts';

export const beside = z.object({
  /** Recording changes and gaps that the months shown cross. */
  crossings: z.array(crossing),
  /** Interventions that touch the outline on any day of the months shown. */
  interventions: z.array(besideIntervention),
  /** Excluded geocodes inside the outline, in words: counted here, since the frozen baseline counts them too. */
  excluded: z.array(z.string()),
});
export type Beside = z.infer<typeof beside>;
