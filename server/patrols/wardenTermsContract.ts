/** A warden's terms with their dates: contracts, powers, leave and absence, wishes, flags, pairs, and the account that is the warden's own. */
import { z } from 'zod';
import { endpoint, id, isoDate, wholeNumber } from '../endpoint.ts';
import { reasonText } from '../freeText.ts';

export const termNames = { contract: 'Contract', power: 'Power', absence: 'Leave or absence', wish: 'Wish', flag: 'Limit or opt-out', pair: 'Pair' } as const;
export type TermKind = keyof typeof termNames;

export const contractKinds = ['permanent', 'fixed_term'] as const;
export const contractKindNames: Record<(typeof contractKinds)[number], string> = { permanent: 'Permanent', fixed_term: 'Fixed term' };
export const flags = ['no_nights', 'opted_out_48'] as const;
export const flagNames: Record<(typeof flags)[number], string> = { no_nights: 'No nights', opted_out_48: 'Opted out of 48 hours a week' };
/** `beside`: the warden works only where the other does; `needed_by`: the other only where the warden does. */
export const pairRules = ['cannot', 'should_not', 'beside', 'needed_by'] as const;
export const pairRuleNames: Record<(typeof pairRules)[number], string> = { cannot: 'Cannot work together', should_not: 'Should not work together', beside: 'Works only beside the other', needed_by: 'The other works only beside this one' };

/** The code of a shift or of a kind of absence. */
const code = z.string().regex(/^[a-z0-9_-]{1,40}$/, 'Choose one of the list.');
const minuteOfDay = wholeNumber.min(0).max(1440);
const dates = {
  validFrom: isoDate,
  /** The first day it no longer holds. */
  validTo: isoDate.nullable().default(null),
};

export const termEntry = z.discriminatedUnion('term', [
  z.strictObject({ term: z.literal('contract'), contractKind: z.enum(contractKinds), contractMinutesPerWeek: wholeNumber.min(0, 'Give minutes a week, 0 or more.').max(10_080, 'A week has 10,080 minutes.'), ...dates }),
  z.strictObject({ term: z.literal('power'), actionCode: code, ...dates }),
  z.strictObject({
    term: z.literal('absence'), absenceKind: code, firstDay: isoDate,
    /** Included. */
    lastDay: isoDate,
    /** Minutes of each day on the local clock; both null for whole days. */
    fromMinute: minuteOfDay.nullable().default(null), untilMinute: minuteOfDay.nullable().default(null),
  }),
  z.strictObject({ term: z.literal('wish'), wanted: z.boolean(), weekday: wholeNumber.min(1).max(7).nullable().default(null), shiftCode: code.nullable().default(null), ...dates }),
  z.strictObject({ term: z.literal('flag'), flag: z.enum(flags), signedOn: isoDate.nullable().default(null), ...dates }),
  z.strictObject({ term: z.literal('pair'), otherWardenId: id, pairRule: z.enum(pairRules), ...dates }),
]);
export type TermEntry = z.infer<typeof termEntry>;
export type TermOf<K extends TermKind> = Extract<TermEntry, { term: K }>;

export const keptTerm = z.object({ id, wardenId: id, entry: termEntry });
export type KeptTerm = z.infer<typeof keptTerm>;

const account = z.object({ personId: id, name: z.string() });
const termKind = z.enum(Object.keys(termNames) as [TermKind, ...TermKind[]]);

export const getWardenTerms = endpoint({
  method: 'GET', path: '/api/wardens/:id/terms', allow: 'manageWardens',
  summary: 'A warden’s terms with their dates, and what can be chosen for them',
  input: z.strictObject({ id }),
  output: z.object({
    warden: z.object({ id, reference: z.string(), councilCode: z.string() }),
    terms: z.array(keptTerm),
    /** The account that is the warden's own, and the ones it may be. */
    account: account.nullable(), accounts: z.array(account),
    others: z.array(z.object({ id, reference: z.string() })),
    absenceKinds: z.array(z.object({ code: z.string(), name: z.string(), describes: z.string() })),
    powers: z.array(z.object({ code: z.string(), name: z.string() })),
    shifts: z.array(z.object({ code: z.string(), name: z.string() })),
  }),
});

export const addWardenTerm = endpoint({
  method: 'POST', path: '/api/wardens/:id/terms', allow: 'manageWardens',
  summary: 'Enter one of a warden’s terms. Its id is made where it is entered: sent again, it is kept once',
  input: z.strictObject({ id, termId: id, entry: termEntry }),
  output: keptTerm,
});

export const changeWardenTerm = endpoint({
  method: 'PUT', path: '/api/warden-terms/:id', allow: 'manageWardens',
  summary: 'Change one of a warden’s terms, with a reason',
  input: z.strictObject({ id, wardenId: id, entry: termEntry, reason: reasonText() }),
  output: keptTerm,
});

export const removeWardenTerm = endpoint({
  method: 'DELETE', path: '/api/warden-terms/:id', allow: 'manageWardens',
  summary: 'Take out one of a warden’s terms that was entered by mistake; what it was stays in the history',
  input: z.strictObject({ id, term: termKind, reason: reasonText() }),
  output: keptTerm,
});

export const linkWardenAccount = endpoint({
  method: 'PUT', path: '/api/wardens/:id/account', allow: 'manageWardens',
  summary: 'Say which account is the warden’s own, so that the warden sees the own shifts; none to take it off',
  input: z.strictObject({ id, personId: id.nullable() }),
  output: z.object({ account: account.nullable() }),
});
