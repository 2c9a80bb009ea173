/** What an agreement says: its versions, variations, budget heads, targets, conditions and signatories. */
import { z } from 'zod';
import { id, isoDate, pence } from '../endpoint.ts';
import { freeText } from '../freeText.ts';

export const paymentBases = ['cost', 'hours'] as const;
export type PaymentBasis = (typeof paymentBases)[number];
export const paymentBasisNames: Record<PaymentBasis, string> = { cost: 'Actual cost by budget head', hours: 'Verified hours at the agreed rates' };

export const versionSources = ['signed', 'variation', 'reallocation', 'virement'] as const;
export type VersionSource = (typeof versionSources)[number];

export const profileAmount = z.object({ startsOn: isoDate, amountPence: pence });
export type ProfileAmount = z.infer<typeof profileAmount>;

export const headTerms = z.object({
  /** Empty for money under no head. */
  head: z.string(),
  budgetPence: pence, tolerancePence: pence,
  /** Amounts by the first day of a period, adding up to the budget; none while there is no profile. */
  profile: z.array(profileAmount),
});
export type HeadTerms = z.infer<typeof headTerms>;

export const targetTerms = z.object({ startsOn: isoDate, endsOn: isoDate, personMinutes: z.number().int() });
export type TargetTerms = z.infer<typeof targetTerms>;

export const scheduleTerms = z.object({ title: freeText(120), says: freeText(2000) });
export type ScheduleTerms = z.infer<typeof scheduleTerms>;

export const differenceFields = ['ceiling', 'endsOn', 'productiveRatio', 'paymentBasis', 'overheadsAgreed', 'overheadsPercent', 'budget', 'tolerance', 'target', 'hotspot', 'rate', 'condition', 'purpose', 'schedules'] as const;
export const difference = z.object({
  field: z.enum(differenceFields),
  /** The head, the target's first day, the hotspot, the band; empty for the agreement as a whole. */
  of: z.string(),
  /** Null where there was, or is, nothing. */
  from: z.union([z.string(), z.number(), z.null()]),
  to: z.union([z.string(), z.number(), z.null()]),
});
export type Difference = z.infer<typeof difference>;

export const version = z.object({
  id, agreementId: id, number: z.number().int(), variationId: id.nullable(),
  effectiveFrom: isoDate, ceilingPence: pence, endsOn: isoDate, productiveRatio: z.number(), paymentBasis: z.enum(paymentBases),
  overheadsAgreed: z.boolean(), overheadsPercent: z.number().nullable(),
  purpose: z.string(), schedules: z.array(scheduleTerms),
  heads: z.array(headTerms), targets: z.array(targetTerms),
  /** The hotspots it names; none: every live hotspot of the council. */
  hotspotIds: z.array(id),
  difference: z.array(difference), reason: z.string(),
  sourceKind: z.enum(versionSources), sourceId: id, createdAt: z.string(),
});
export type Version = z.infer<typeof version>;
