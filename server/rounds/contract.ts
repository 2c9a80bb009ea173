/** Rounds: the visits of a published shift in an order nobody can foretell, from base to base. */
import { z } from 'zod';
import { endpoint, id, isoDate } from '../endpoint.ts';
import { freeText } from '../freeText.ts';

const council = z.string().trim().min(1).max(80).optional();
export const travelBy = ['walk', 'vehicle'] as const;
export const travelNames: Record<(typeof travelBy)[number], string> = { walk: 'On foot', vehicle: 'By vehicle' };

export const roundBase = z.object({ id, councilCode: z.string(), name: z.string(), lng: z.number(), lat: z.number(), travel: z.enum(travelBy), validFrom: isoDate, validTo: isoDate.nullable() });
export type RoundBase = z.infer<typeof roundBase>;

const baseInput = {
  name: freeText(60).min(1, 'Give the base a name.'),
  lng: z.number().min(-9, 'Give a longitude in Great Britain, -9 to 2.5.').max(2.5, 'Give a longitude in Great Britain, -9 to 2.5.'),
  lat: z.number().min(49, 'Give a latitude in Great Britain, 49 to 61.5.').max(61.5, 'Give a latitude in Great Britain, 49 to 61.5.'),
  travel: z.enum(travelBy), validFrom: isoDate,
};

export const listRoundBases = endpoint({
  method: 'GET', path: '/api/round-bases', allow: 'seePatrols',
  summary: 'Where rounds start and end, with the road times that were loaded',
  input: z.strictObject({ council }),
  output: z.object({
    bases: z.array(roundBase),
    roads: z.array(z.object({ councilCode: z.string(), travel: z.enum(travelBy), ways: z.number().int(), loadedAt: z.string() })),
  }),
});

export const addRoundBase = endpoint({
  method: 'POST', path: '/api/round-bases', allow: 'planPatrols',
  summary: 'Enter a base of a council; one of the same name ends the day before',
  input: z.strictObject({ council, ...baseInput }),
  output: roundBase,
});

export const endRoundBase = endpoint({
  method: 'POST', path: '/api/round-bases/:id/end', allow: 'planPatrols',
  summary: 'Say from which day a base is no longer used',
  input: z.strictObject({ id, validTo: isoDate }),
  output: roundBase,
});

export const loadRoadTimes = endpoint({
  method: 'POST', path: '/api/road-times', allow: 'planPatrols',
  summary: 'Load minutes from place to place from a CSV file (from, to, minutes; names of hotspots and bases) in place of those loaded before',
  input: z.strictObject({ fileName: z.string().max(255), council, travel: z.enum(travelBy) }),
  output: z.object({ fileName: z.string(), ways: z.number().int() }),
  receivesFile: true,
});

const summary = z.object({
  id, number: z.number().int(), plannedAt: z.string(), stops: z.number().int(), leftOut: z.number().int(), legs: z.number().int(),
});

export const roundShift = z.object({
  /** The shift of the rota, the same in every version. */
  shift: id, councilCode: z.string(), council: z.string(), day: isoDate, name: z.string(), startsAt: z.string(), endsAt: z.string(), wardens: z.array(z.string()),
  /** Visits the plan in force has in the hours of the shift. */
  planned: z.number().int(),
  rounds: summary.nullable(),
});
export type RoundShift = z.infer<typeof roundShift>;

export const listRounds = endpoint({
  method: 'GET', path: '/api/rounds', allow: 'seePatrols',
  summary: 'Published shifts that start between two days, with the rounds planned for them: a warden’s own, a council’s all',
  input: z.strictObject({ from: isoDate, to: isoDate, council }),
  output: z.object({
    shifts: z.array(roundShift),
    /** The last day with rounds, or else with a published shift; null where no rota is published. */
    lastDay: isoDate.nullable(),
  }),
});

export const planRoundsOfShift = endpoint({
  method: 'POST', path: '/api/rounds', allow: 'planPatrols',
  summary: 'Draw the rounds of a published shift; again, with a reason, until the shift begins',
  input: z.strictObject({ shift: id, base: id.optional().describe('Left out, the council’s first base'), reason: freeText(500).default('') }),
  output: z.object({ id }),
});

const stop = z.object({
  position: z.number().int(), hotspotId: id, hotspot: z.string(), lng: z.number(), lat: z.number(), bandOn: isoDate, band: z.number().int(), nth: z.number().int(),
  arrivesAt: z.string(), leavesAt: z.string(), travelMinutes: z.number().int(),
});
export type RoundStopOut = z.infer<typeof stop>;

export const roundLeg = z.object({
  id, crew: z.number().int(), leg: z.number().int(), leavesAt: z.string(), backAt: z.string(), among: z.number().int(), shareOfBest: z.number(), wardens: z.array(z.string()), stops: z.array(stop),
});
export type RoundLeg = z.infer<typeof roundLeg>;

export const roundsOut = z.object({
  id, councilCode: z.string(), council: z.string(), shift: id, name: z.string(), startsAt: z.string(), endsAt: z.string(), number: z.number().int(), reason: z.string(),
  plannedAt: z.string(), withdrawnAt: z.string().nullable(), base: roundBase, waysEstimated: z.number().int(), ways: z.number().int(),
  legs: z.array(roundLeg),
  /** What a crew was wanted to hold and nobody on the shift could give it. */
  notes: z.array(z.string()),
  /** Visits of the plan that no round has. Empty for a warden, who sees the own rounds alone. */
  leftOut: z.array(z.object({ hotspotId: id, hotspot: z.string(), bandOn: isoDate, band: z.number().int(), nth: z.number().int(), why: z.string() })),
});
export type RoundsOut = z.infer<typeof roundsOut>;

export const getRounds = endpoint({
  method: 'GET', path: '/api/rounds/:id', allow: 'seePatrols',
  summary: 'The rounds of a shift, stop by stop, and the visits left out with the reason',
  input: z.strictObject({ id }),
  output: roundsOut,
});

export const repeatRoundDraw = endpoint({
  method: 'GET', path: '/api/rounds/:id/draw', allow: 'checkAudit',
  summary: 'Repeat the draw of a shift’s rounds from its seed and say whether it gives what was stored',
  input: z.strictObject({ id }),
  output: z.object({
    seed: z.string(), nonce: id, inputsSha256: z.string(), planSha256: z.string(),
    /** Versions of the planner: where they differ, other rounds may come of that alone. */
    drawnBy: z.number().int(), repeatedBy: z.number().int(),
    sameSeed: z.boolean(), sameInputs: z.boolean(), samePlan: z.boolean(), sameStops: z.boolean(),
    /** Every time the shift’s rounds were drawn, with the reason: a round drawn until it pleased would show here. */
    draws: z.array(z.object({ id, number: z.number().int(), plannedAt: z.string(), withdrawnAt: z.string().nullable(), reason: z.string() })),
  }),
});
export type RepeatedDraw = z.infer<typeof repeatRoundDraw.output>;
