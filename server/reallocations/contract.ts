/** Money moved between agreements of a fund, or between the heads of one: the figures it is argued with, its steps, and the notice of the decision. */
import { z } from 'zod';
import { endpoint, id, isoDate, pence } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';

export const reallocationKinds = ['reallocation', 'virement'] as const;
export type ReallocationKind = (typeof reallocationKinds)[number];
export const reallocationKindNames: Record<ReallocationKind, string> = { reallocation: 'Between agreements', virement: 'Between heads of one agreement' };
export const reallocationStates = ['proposed', 'agreed', 'approved', 'effective', 'refused', 'withdrawn'] as const;
export type ReallocationState = (typeof reallocationStates)[number];

/** What stands beside an agreement when money is moved: its room, its forecast, and what the next £1,000 buys there. */
export const figures = z.object({
  knownOn: isoDate,
  /** Null where no forecast is made: not signed, or no money yet. */
  underspend: z.object({ lowPence: pence, centralPence: pence, highPence: pence }).nullable(),
  /** Of the latest allocation; null where it plans no hours for the agreement, with the reason in `says`. */
  nextThousand: z.object({ week: isoDate, incidents: z.number(), personMinutes: z.number() }).nullable(),
  says: z.string(),
  suggestedPence: pence, suggestedBecause: z.string(),
});
export type Figures = z.infer<typeof figures>;

export const headRoom = z.object({ head: z.string(), budgetPence: pence, spentPence: pence });
export const outlookAgreement = z.object({
  agreementId: id, reference: z.string(), councilCode: z.string(), council: z.string(), state: z.string(),
  ceilingPence: pence,
  /** Claimed, approved, paid, accrued and at risk. */
  spentPence: pence, committedPence: pence,
  /** What it was last signed or varied to, and the limit on changes of it without a variation. */
  valuePence: pence, limitPercent: z.number().nullable(),
  /** The most it can give and take within the limit; taking is null where nothing limits it. */
  mostGivesPence: pence, mostTakesPence: pence.nullable(),
  heads: z.array(headRoom), figures,
});
export type OutlookAgreement = z.infer<typeof outlookAgreement>;

export const getOutlook = endpoint({
  method: 'GET', path: '/api/funds/:id/reallocation-outlook', allow: 'seeMoney',
  summary: 'What a reallocation is argued with: for each agreement of a fund its room, its forecast underspend, what the next £1,000 buys, and a suggestion that people decide on',
  input: z.strictObject({ id, on: isoDate.optional().describe('As known at the end of this day; today unless told'), knowledge: z.enum(['recorded', 'happened']).default('recorded') }),
  output: z.object({
    fundId: id, fund: z.string(), knownOn: isoDate, agreements: z.array(outlookAgreement), headNames: z.array(z.string()),
    /** The suggestion in sentences: who gives, who takes, and why. */
    suggestion: z.array(z.string()),
    /** By the value curves of the latest allocations: what would be moved if each week left is like theirs, and what it brings; empty where nothing is gained. */
    byValue: z.array(z.object({ agreementId: id, pence, prevented: z.number(), because: z.string() })),
  }),
});
export type Outlook = z.infer<typeof getOutlook.output>;

const line = z.object({ head: z.string(), amountPence: pence, budgetPence: pence });
export const party = z.object({
  agreementId: id, reference: z.string(), councilCode: z.string(), council: z.string(),
  ceilingPence: pence, netPence: pence, movedPence: pence, lines: z.array(line),
  answer: z.enum(['waiting', 'agreed', 'refused']), answeredAt: z.string().nullable(), refusedReason: z.string().nullable(),
  figures: figures.nullable(),
});
export type Party = z.infer<typeof party>;

const head = { id, fundId: id, fund: z.string(), number: z.number().int(), kind: z.enum(reallocationKinds), state: z.enum(reallocationStates), effectiveFrom: isoDate, reason: z.string(), proposedAt: z.string() };
export const reallocation = z.object({
  ...head,
  /** True where the person who asks proposed it: somebody else approves. */
  proposedByMe: z.boolean(),
  agreedAt: z.string().nullable(), approvedAt: z.string().nullable(), decisionReference: z.string().nullable(), funderConsent: z.string().nullable(), funderConsentOn: isoDate.nullable(),
  effectiveAt: z.string().nullable(), withdrawnAt: z.string().nullable(), withdrawnReason: z.string().nullable(),
  /** Those a person sees: a council its own. */
  parties: z.array(party),
});
export type Reallocation = z.infer<typeof reallocation>;

export const listReallocations = endpoint({
  method: 'GET', path: '/api/reallocations', allow: 'seeMoney',
  summary: 'Reallocations and virements, newest first; a council sees those of its own agreement',
  input: z.strictObject({ agreement: id.optional() }),
  output: z.object({ reallocations: z.array(reallocation) }),
});

export const getReallocation = endpoint({
  method: 'GET', path: '/api/reallocations/:id', allow: 'seeMoney', summary: 'One reallocation with its lines, answers and the figures it was proposed on',
  input: z.strictObject({ id }), output: reallocation,
});

export const proposeReallocation = endpoint({
  method: 'POST', path: '/api/funds/:id/reallocations', allow: 'proposeReallocations',
  summary: 'Propose to move money between agreements of a fund, or between heads of one agreement. The lines add up to zero, and nobody falls below what is spent or committed',
  input: z.strictObject({
    id, idempotencyKey: id.describe('The id of the reallocation, made where it is entered: sent again, it changes nothing more'), kind: z.enum(reallocationKinds), effectiveFrom: isoDate, reason: reasonText(),
    lines: z.array(z.strictObject({ agreementId: id, head: freeText(60).default(''), amountPence: pence })).min(2, 'Enter at least two lines: who gives and who takes.').max(80),
    knownOn: isoDate.optional().describe('Keep beside it the figures as known at this day; today unless told'), knowledge: z.enum(['recorded', 'happened']).default('recorded'),
  }),
  output: reallocation,
});

export const answerReallocation = endpoint({
  method: 'POST', path: '/api/reallocations/:id/answers', allow: 'agreeReallocations',
  summary: 'Agree, or refuse with a reason, as the finance officer of a council or of the police force',
  input: z.strictObject({ id, agreementId: id, agrees: z.boolean(), reason: freeText(500).default('') }),
  output: reallocation,
});

export const approveReallocation = endpoint({
  method: 'POST', path: '/api/reallocations/:id/approval', allow: 'approveReallocations',
  summary: 'Approve as a second person, with the decision’s reference and the funder’s consent; in effect at once where its day has come',
  input: z.strictObject({ id, decisionReference: freeText(60).min(1, 'Enter the reference of the decision.'), funderConsent: freeText(200).default(''), funderConsentOn: isoDate.optional() }),
  output: reallocation,
});

export const effectReallocation = endpoint({
  method: 'POST', path: '/api/reallocations/:id/effect', allow: 'approveReallocations',
  summary: 'Bring an approved reallocation into effect once its day has come: each agreement gets its version and its journal, all or none. Sent again, it changes nothing more',
  input: z.strictObject({ id }), output: reallocation,
});

export const withdrawReallocation = endpoint({
  method: 'POST', path: '/api/reallocations/:id/withdrawal', allow: 'proposeReallocations', summary: 'Withdraw a reallocation that is not in effect, with a reason',
  input: z.strictObject({ id, reason: reasonText() }), output: reallocation,
});

export const notice = z.object({ title: z.string(), text: z.string(), templateFrom: isoDate, /** What the notice still lacks. */ missing: z.array(z.string()) });
export const getNotice = endpoint({
  method: 'GET', path: '/api/reallocations/:id/notice', allow: 'seeNotices', summary: 'The decision notice drafted from the rows',
  input: z.strictObject({ id }), output: notice,
});
export const getNoticeFile = endpoint({
  method: 'GET', path: '/api/reallocations/:id/notice.txt', allow: 'seeNotices', sends: 'text/plain', summary: 'The same as a text file',
  input: z.strictObject({ id }), output: z.null(),
});

export const noticeTemplate = z.object({ id, kind: z.enum(reallocationKinds), validFrom: isoDate, body: z.string(), source: z.string(), enteredAt: z.string() });
export type NoticeTemplate = z.infer<typeof noticeTemplate>;
export const listNoticeTemplates = endpoint({
  method: 'GET', path: '/api/notice-templates', allow: 'seeNotices', summary: 'The words of decision notices, newest first, and the places figures can stand in',
  input: z.strictObject({}), output: z.object({ templates: z.array(noticeTemplate), places: z.array(z.object({ name: z.string(), says: z.string() })) }),
});
export const addNoticeTemplate = endpoint({
  method: 'POST', path: '/api/notice-templates', allow: 'proposeReallocations', summary: 'Give decision notices new words from a day on; notices of earlier days keep theirs',
  input: z.strictObject({ kind: z.enum(reallocationKinds), validFrom: isoDate, body: freeText(8000).min(1, 'Enter the words.'), reason: reasonText() }), output: noticeTemplate,
});
