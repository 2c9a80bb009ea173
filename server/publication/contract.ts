/** What the public sees: drafts and released versions, reasons, layers' release levels, figures given to the press, information packs. */
import { z } from 'zod';
import { endpoint, id, isoDate, isoInstant, isoMonth, pence } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';

export const publicationKinds = ['grants', 'spending', 'public page', 'partners page'] as const;
export type PublicationKind = (typeof publicationKinds)[number];
export const publicationKindNames: Record<PublicationKind, string> = { grants: 'Crime and disorder reduction grants', spending: 'Items over £500', 'public page': 'Public page: what is done where', 'partners page': 'Partners’ page: what partners see beyond the public' };

const shared = { month: isoMonth, publisher: z.string(), demonstration: z.boolean() };

export const grantRow = z.object({
  agreementId: id, reference: z.string(), recipient: z.string(), recipientCode: z.string(), programme: z.string(), amountPence: pence, awardDate: isoDate, startsOn: isoDate, endsOn: isoDate,
  conditions: z.array(z.string()), purpose: z.string(), reasons: z.string(),
});
export type GrantRow = z.infer<typeof grantRow>;

/** The prefix the service starts with, which is nobody's. */
const placeholderPrefix = '360G-hotspotpatrols';

/** What is wrong with a prefix of 360Giving identifiers and how to get one; null where it is the publisher's own. */
export function prefixFault(prefix: string): string | null {
  if (/^360G-[A-Za-z0-9_-]+$/.test(prefix) && prefix !== placeholderPrefix) return null;
  return 'NOT REGISTERED: these identifiers hold no publisher prefix of 360Giving, so this file is not ready for its registry. Ask the 360Giving helpdesk (https://www.360giving.org) for the office’s own prefix, which costs nothing, enter it as the setting publication_360_prefix, and make the draft again.';
}

export const spendingRow = z.object({
  paymentId: id, agreementId: id, reference: z.string(), recipient: z.string(), paidOn: isoDate, amountPence: pence, purpose: z.string(), valueForMoney: z.string(),
});
export type SpendingRow = z.infer<typeof spendingRow>;

/** Counts as they are printed: `12`, `<10` or `[c]`. */
const printedCount = z.string();
export const wardRow = z.object({
  code: z.string(), name: z.string(), councilCode: z.string(),
  hotspots: z.number().int(), visits: z.number().int(), personMinutes: z.number().int(),
  /** By code of the source, and of the kind of action. */
  incidents: z.record(z.string(), printedCount), actions: z.record(z.string(), printedCount),
});
export type WardRow = z.infer<typeof wardRow>;
const named = z.object({ code: z.string(), name: z.string() });
export const councilTotals = wardRow.omit({ councilCode: true }).extend({ started: isoDate.nullable() });

export const grantsContent = z.object({ kind: z.literal('grants'), ...shared, prefix: z.string(), funder: z.string(), rows: z.array(grantRow) });
export type GrantsContent = z.infer<typeof grantsContent>;
export const spendingContent = z.object({ kind: z.literal('spending'), ...shared, overPence: pence, rows: z.array(spendingRow) });
export type SpendingContent = z.infer<typeof spendingContent>;
export const wardsContent = z.object({
  kind: z.enum(['public page', 'partners page']), ...shared, threshold: z.number().int(),
  /** Codes of the layers that were public when it was made, or for partners at least theirs; nothing of another is in it. */
  layers: z.array(z.string()),
  sources: z.array(named.extend({ attribution: z.string() })), actions: z.array(named),
  councils: z.array(councilTotals), wards: z.array(wardRow),
  /** Of all councils together; includes what has no ward. */
  totals: z.object({ incidents: z.record(z.string(), printedCount), withoutWard: z.record(z.string(), printedCount), actions: z.record(z.string(), printedCount) }),
  hotspots: z.array(z.object({ name: z.string(), ward: z.string(), councilCode: z.string(), liveFrom: isoDate })),
  outlines: z.array(z.object({ name: z.string(), councilCode: z.string(), geometry: z.unknown() })),
  /** Tables left out because a hidden count could be worked out beside an earlier version. */
  withheld: z.array(z.object({ code: z.string(), of: z.enum(['incidents', 'actions']), says: z.string() })).optional(),
});
export type WardsContent = z.infer<typeof wardsContent>;
export const isWards = (content: { readonly kind: PublicationKind } | undefined): content is WardsContent => content?.kind === 'public page' || content?.kind === 'partners page';
export const publicationContent = z.discriminatedUnion('kind', [grantsContent, spendingContent, wardsContent]);
export type PublicationContent = z.infer<typeof publicationContent>;

/** A row that lacks what the law asks for. */
export const publicationFault = z.object({ subjectKind: z.enum(['agreement', 'payment']), subjectId: id, row: z.string(), says: z.string() });
export type PublicationFault = z.infer<typeof publicationFault>;

export const publicationStates = ['draft', 'released', 'withdrawn', 'replaced'] as const;
export const publicationHead = z.object({
  id, kind: z.enum(publicationKinds), month: isoMonth, version: z.number().int(), sha256: z.string(), state: z.enum(publicationStates), faults: z.array(publicationFault),
  madeAt: isoInstant, madeBy: z.string().nullable(), mayRelease: z.boolean(),
  releasedAt: isoInstant.nullable(), releasedBy: z.string().nullable(), withdrawnAt: isoInstant.nullable(), withdrawnReason: z.string().nullable(),
});
export type PublicationHead = z.infer<typeof publicationHead>;

export const listPublications = endpoint({
  method: 'GET', path: '/api/publications', allow: 'seePublications',
  summary: 'Every draft and released version, newest month first, and what is due and has no draft',
  input: z.strictObject({}),
  output: z.object({ publications: z.array(publicationHead), due: z.array(z.object({ kind: z.enum(publicationKinds), month: isoMonth, says: z.string() })), /** Returns with a kept version, of which a pack can be made. */ returns: z.array(named.extend({ code: id })) }),
});

export const makePublication = endpoint({
  method: 'POST', path: '/api/publications', allow: 'preparePublications',
  summary: 'Make a draft of a month; what is already the latest version is not made twice',
  input: z.strictObject({ publicationId: id, kind: z.enum(publicationKinds), month: isoMonth }),
  output: publicationHead.extend({ isNew: z.boolean() }),
});

export const getPublication = endpoint({
  method: 'GET', path: '/api/publications/:id', allow: 'seePublications',
  summary: 'One version with its content and the rows that lack something',
  input: z.strictObject({ id }),
  output: publicationHead.extend({ content: publicationContent, files: z.array(z.string()) }),
});

export const releasePublication = endpoint({
  method: 'POST', path: '/api/publications/:id/release', allow: 'releasePublications',
  summary: 'Release a whole draft to the public, as another person than prepared it',
  input: z.strictObject({ id }),
  output: publicationHead,
});

export const withdrawPublication = endpoint({
  method: 'POST', path: '/api/publications/:id/withdrawal', allow: 'releasePublications',
  summary: 'Take a released version off the public page, with a reason; it stays in the record',
  input: z.strictObject({ id, reason: reasonText() }),
  output: publicationHead,
});

export const getPublicationFiles = endpoint({
  method: 'GET', path: '/api/publications/:id/files', allow: 'seePublications',
  summary: 'The version’s files (CSV with its metadata, 360Giving JSON, licence) as one archive',
  input: z.strictObject({ id }),
  output: z.null(), sends: 'application/zip',
});

export const enterReason = endpoint({
  method: 'POST', path: '/api/publication-reasons', allow: 'preparePublications',
  summary: 'Say for what and why a grant was made, or why a payment is good value for money; the latest holds',
  input: z.strictObject({
    reasonId: id, subjectKind: z.enum(['agreement', 'payment']), subjectId: id,
    purpose: freeText(1000).min(1, 'Say what it is for.'), reason: freeText(2000).min(1, 'Say why.'),
  }),
  output: z.object({ entered: z.literal(true) }),
});

export const releaseLevels = ['internal', 'partners', 'public'] as const;
export type ReleaseLevel = (typeof releaseLevels)[number];
const layerStep = z.object({ id, level: z.enum(releaseLevels), validFrom: isoDate, reason: z.string(), proposedBy: z.string().nullable(), approvedBy: z.string().nullable(), approvedAt: isoInstant.nullable(), mine: z.boolean() });
export const publishedLayer = z.object({ code: z.string(), name: z.string(), describes: z.string(), level: z.enum(releaseLevels), steps: z.array(layerStep) });
export type PublishedLayer = z.infer<typeof publishedLayer>;

export const listLayers = endpoint({
  method: 'GET', path: '/api/published-layers', allow: 'seePublications',
  summary: 'How far each layer may go today, how it came to that, and what was released to whom',
  input: z.strictObject({}),
  output: z.object({
    layers: z.array(publishedLayer),
    releases: z.array(z.object({ id, month: isoMonth, version: z.number().int(), audience: z.enum(['partners', 'public']), layers: z.array(z.string()), releasedAt: isoInstant, releasedBy: z.string().nullable(), withdrawnAt: isoInstant.nullable() })),
  }),
});

const partnersMonth = z.strictObject({ month: isoMonth.optional() });
export const getPartnersPage = endpoint({
  method: 'GET', path: '/api/partners-page', allow: 'seePartnersPage',
  summary: 'What was released to partners for a month, the latest when left out: layers that are theirs or public today',
  input: partnersMonth,
  output: z.object({ months: z.array(isoMonth), page: z.object({ content: wardsContent, version: z.number().int(), releasedOn: isoDate, levels: z.record(z.string(), z.enum(['partners', 'public'])) }).nullable() }),
});

export const getPartnersFiles = endpoint({
  method: 'GET', path: '/api/partners-page/files', allow: 'seePartnersPage',
  summary: 'The files of what was released to partners for a month: CSV with its metadata, and the outlines where they are theirs',
  input: partnersMonth, output: z.null(), sends: 'application/zip',
});

export const proposeLevel = endpoint({
  method: 'POST', path: '/api/published-layers/:code/levels', allow: 'preparePublications',
  summary: 'Propose how far a layer may go from a day on',
  input: z.strictObject({ code: z.string().max(40), levelId: id, level: z.enum(releaseLevels), validFrom: isoDate, reason: reasonText() }),
  output: publishedLayer,
});

export const approveLevel = endpoint({
  method: 'POST', path: '/api/published-layers/:code/levels/:levelId/approval', allow: 'releasePublications',
  summary: 'Approve a level that another person proposed',
  input: z.strictObject({ code: z.string().max(40), levelId: id }),
  output: publishedLayer,
});

export const pressFigure = z.object({
  id, toldOn: isoDate, toldTo: z.string(), measure: z.string(), said: z.string(), value: z.number(), unit: z.string(), definition: z.string(), periodFrom: isoDate, periodTo: isoDate,
  source: z.string(), snapshotSha256: z.string().nullable(), enteredBy: z.string().nullable(),
  /** Another figure of the same measure and period that says something else. */
  conflicts: z.array(z.string()),
});
export type PressFigure = z.infer<typeof pressFigure>;

export const listPressFigures = endpoint({
  method: 'GET', path: '/api/press-figures', allow: 'seePublications',
  summary: 'Figures given to the press, newest first, with what contradicts them',
  input: z.strictObject({}),
  output: z.object({ figures: z.array(pressFigure) }),
});

export const addPressFigure = endpoint({
  method: 'POST', path: '/api/press-figures', allow: 'keepPressFigures',
  summary: 'Keep a figure given to the press: copied from a kept return with its definition, period and hash, or typed with its source',
  input: z.strictObject({
    figureId: id, toldOn: isoDate, toldTo: freeText(160).min(1, 'Say to whom.'), said: freeText(500).min(1, 'Give the words it was said in.'),
    copied: z.strictObject({ month: isoMonth, version: z.number().int().positive(), field: z.string().max(80), breakdown: z.string().max(80).nullable().default(null) }).optional(),
    typed: z.strictObject({
      measure: freeText(160).min(1, 'Say what is counted.'), value: z.number(), unit: freeText(40), definition: freeText(1000).min(1, 'Say how it was counted.'),
      periodFrom: isoDate, periodTo: isoDate, source: freeText(300).min(1, 'Say where it comes from.'),
    }).optional(),
  }),
  output: pressFigure,
});

/** What an information pack can be made of. */
export const packSubjects = ['agreement', 'hotspot', 'return'] as const;
export type PackSubject = (typeof packSubjects)[number];

export const informationPack = endpoint({
  method: 'GET', path: '/api/information-packs/:subjectKind/:id', allow: 'makeInformationPacks',
  summary: 'All versions and the timeline of an agreement, a hotspot or a return as an archive, for a request under the Freedom of Information Act',
  input: z.strictObject({ subjectKind: z.enum(packSubjects), id }),
  output: z.null(), sends: 'application/zip',
});
