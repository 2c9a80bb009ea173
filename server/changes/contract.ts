/** How the agreed set changes: hotspots moved, split, merged, renamed, paused and agreed; refreshes laid beside a run; a set tried on a year it was not chosen on. */
import { z } from 'zod';
import { endpoint, id, isoDate, isoMonth } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';
import { candidate, hotspot, multiPolygon } from '../hotspots/contract.ts';
import { crossing } from '../incidents/qualityContract.ts';

const whole = z.number().int();
const name = freeText(120).min(1, 'Give the hotspot a name.');
/** The first day a change holds. */
const dated = { id, from: isoDate, reason: reasonText() };
const metres = z.number().min(-5000, 'Move it by at most 5,000 m at a time.').max(5000, 'Move it by at most 5,000 m at a time.');

export const moveHotspot = endpoint({
  method: 'POST', path: '/api/hotspots/:id/move', allow: 'adoptHotspots',
  summary: 'Move a hotspot by metres from a day on; the outline before it is kept, and the moved one gets a frozen baseline of its own',
  input: z.strictObject({ ...dated, eastMetres: metres, northMetres: metres }),
  output: hotspot,
});

export const previewMove = endpoint({
  method: 'GET', path: '/api/hotspots/:id/move', allow: 'adoptHotspots',
  summary: 'Where a move would put a hotspot, and what speaks against it; nothing changes',
  input: z.strictObject({ id, from: isoDate.optional(), eastMetres: z.coerce.number().pipe(metres), northMetres: z.coerce.number().pipe(metres) }),
  output: z.object({ outline: multiPolygon, problem: z.string().nullable() }),
});

export const splitHotspot = endpoint({
  method: 'POST', path: '/api/hotspots/:id/split', allow: 'adoptHotspots',
  summary: 'Split a hotspot by a straight line into two from a day on; it is retired and each part begins with a baseline of its own',
  input: z.strictObject({
    ...dated, line: z.enum(['north-south', 'west-east']),
    /** How far east (or north) of the middle of the outline's box the line runs. */
    offsetMetres: z.number().min(-1000).max(1000).default(0),
    /** West and east of the line, or north and south of it. */
    names: z.tuple([name, name]),
  }),
  output: z.object({ hotspots: z.array(hotspot) }),
});

export const mergeHotspots = endpoint({
  method: 'POST', path: '/api/hotspots/:id/merge', allow: 'adoptHotspots',
  summary: 'Merge a hotspot with others that touch it from a day on; all are retired and one begins',
  input: z.strictObject({ ...dated, others: z.array(id).min(1, 'Choose what it is merged with.').max(20), name }),
  output: hotspot,
});

export const renameHotspot = endpoint({
  method: 'POST', path: '/api/hotspots/:id/rename', allow: 'adoptHotspots',
  summary: 'Give a hotspot another name; the old one stays in its history',
  input: z.strictObject({ id, name, reason: reasonText() }),
  output: hotspot,
});

export const pauseHotspot = endpoint({
  method: 'POST', path: '/api/hotspots/:id/pause', allow: 'adoptHotspots',
  summary: 'Pause a hotspot from a day on: no patrols are planned there until it is taken up again',
  input: z.strictObject({ ...dated, to: isoDate.optional() }),
  output: hotspot,
});

export const resumeHotspot = endpoint({
  method: 'POST', path: '/api/hotspots/:id/resume', allow: 'adoptHotspots',
  summary: 'Take a paused hotspot up again from a day on',
  input: z.strictObject(dated),
  output: hotspot,
});

export const agreeHotspot = endpoint({
  method: 'POST', path: '/api/hotspots/:id/agree', allow: 'adoptHotspots',
  summary: 'Agree a proposed hotspot: it is live from the day, and its baseline is frozen',
  input: z.strictObject(dated),
  output: hotspot,
});

export const historyEntry = z.object({
  happenedAt: z.string(),
  /** The first day it holds, where it has one. */
  effectiveOn: isoDate.nullable(),
  what: z.string(),
  says: z.string(),
  reason: z.string().nullable(),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

export const getHotspotHistory = endpoint({
  method: 'GET', path: '/api/hotspots/:id/history', allow: 'seeMap',
  summary: 'Everything that was done to a hotspot, oldest first: the day it holds from, what changed, and why',
  input: z.strictObject({ id }),
  output: z.object({ entries: z.array(historyEntry) }),
});

export const found = z.enum(['kept', 'shifted', 'dropped', 'new']);
export type Found = z.infer<typeof found>;
export const decision = z.enum(['keep', 'retire', 'adopt', 'replace', 'leave']);
export type Decision = z.infer<typeof decision>;

export const refreshRow = z.object({
  /** Names the row: the hotspot's id, or the candidate's strongest cell. */
  key: z.string(),
  found, name: z.string(), councilCode: z.string(), council: z.string(),
  hotspotId: id.nullable(),
  /** Incidents in the run's months in the outline (of the candidate where it is new), and in the months of the run before. */
  n: whole, before: whole.nullable(),
  /** Per km² a year, with the lower end of Garwood's 95 % interval. */
  rate: z.number(), rateLow: z.number(),
  why: z.string(),
  /** What may be decided, the usual one first. */
  choices: z.array(decision).min(1),
  candidate: candidate.nullable(),
  outline: multiPolygon,
});
export type RefreshRow = z.infer<typeof refreshRow>;

const runNamed = z.object({ id, from: isoMonth, to: isoMonth, createdAt: z.string() });
const refreshFigures = z.object({ kept: whole, shifted: whole, dropped: whole, new: whole });

export const getRefresh = endpoint({
  method: 'GET', path: '/api/analyses/:id/refresh', allow: 'seeAnalyses',
  summary: 'A run laid beside the agreed set: what is kept, shifted, dropped and new, why, and against the run before; nothing changes',
  input: z.strictObject({ id }),
  output: z.object({
    run: runNamed, previous: runNamed.nullable(), says: z.string(), figures: refreshFigures, rows: z.array(refreshRow),
    /** Confirmed refreshes with this run. */
    confirmed: z.array(z.object({ id, effectiveOn: isoDate, decidedAt: z.string(), decisions: whole })),
    meanRate: z.number(), minimumCount: z.number(), months: whole,
    /** Recording changes and gaps within either run's months. */
    crossings: z.array(crossing),
  }),
});

export const confirmRefresh = endpoint({
  method: 'POST', path: '/api/analyses/:id/refresh', allow: 'adoptHotspots',
  summary: 'Confirm decisions of a refresh, all in one change; rows that are not named stay as they are',
  input: z.strictObject({
    id, from: isoDate,
    decisions: z.array(z.strictObject({ key: z.string().max(60), decision, name: freeText(120).optional(), reason: reasonText() })).min(1, 'Decide at least one row.').max(500),
  }),
  output: z.object({ id, effectiveOn: isoDate, adopted: whole, retired: whole, replaced: whole, kept: whole, left: whole, says: z.string() }),
});

export const listRefreshes = endpoint({
  method: 'GET', path: '/api/refreshes', allow: 'seeAnalyses',
  summary: 'Confirmed refreshes, newest first, with each decision and its reason',
  input: z.strictObject({}),
  output: z.object({
    refreshes: z.array(z.object({
      id, runId: id, effectiveOn: isoDate, decidedAt: z.string(), figures: refreshFigures,
      decisions: z.array(z.object({ found, name: z.string(), hotspotId: id.nullable(), why: z.string(), decision, reason: z.string() })),
    })),
  }),
});

const interval = z.object({ lower: z.number(), upper: z.number() }).nullable();
export const trialScore = z.object({
  set: z.enum(['proposed', 'agreed', 'last-year', 'rule', 'chance', 'hindsight']), name: z.string(), about: z.string(),
  places: whole, areaKm2: z.number(), areaShare: z.number(), hits: z.number(),
  hitRate: z.number(), pai: z.number(), pei: z.number(),
  /** 95 %, by drawing the months again; null with too few months. */
  hitRateInterval: interval, paiInterval: interval, peiInterval: interval,
  /** Its PAI less the proposed set's, with its interval: told apart when zero is not in it. */
  paiDifference: z.number().nullable(), paiDifferenceInterval: interval,
});
export type TrialScore = z.infer<typeof trialScore>;

export const tryHotspots = endpoint({
  method: 'POST', path: '/api/analyses/:id/trial', allow: 'seeAnalyses',
  summary: 'Try candidates of a run on a year of data before they are adopted: hit rate, PAI and PEI against last year’s top list and chance, with intervals',
  input: z.strictObject({
    id,
    /** Strongest cells of the candidates chosen; all candidates when left out. */
    candidates: z.array(z.string().max(20)).max(500).optional(),
    /** Months to try on; the latest twelve held when left out. */
    from: isoMonth.optional(), to: isoMonth.optional(),
  }),
  output: z.object({
    from: isoMonth, to: isoMonth, months: whole, n: whole, areaKm2: z.number(), says: z.string(), warnings: z.array(z.string()), scores: z.array(trialScore),
    method: z.string(), draws: whole, seed: z.string(),
  }),
});
