/** What else was done or happened in a place: a dated log, shown on the map and beside every before-and-after figure. */
import { z } from 'zod';
import { commaList, endpoint, id, isoDate } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';

const position = z.array(z.number());
const multiPolygon = z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) });

export const intervention = z.object({
  id, kind: z.string(), kindName: z.string(), name: z.string(), about: z.string(),
  area: z.enum(['everywhere', 'council', 'ward', 'circle']), areaName: z.string(), councilCode: z.string(),
  startsOn: isoDate, endsOn: isoDate.nullable(), addedAt: z.string(), withdrawnAt: z.string().nullable(), withdrawnReason: z.string().nullable(),
});
export type Intervention = z.infer<typeof intervention>;

/** An intervention as it stands beside a figure. */
export const besideIntervention = z.object({ id, says: z.string() });
export type BesideIntervention = z.infer<typeof besideIntervention>;

export const listInterventions = endpoint({
  method: 'GET', path: '/api/interventions', allow: 'seeMap',
  summary: 'The log of interventions: those of some days and councils, with their outlines; withdrawn ones only when asked for',
  input: z.strictObject({ from: isoDate.optional(), to: isoDate.optional(), council: commaList.optional(), withdrawn: z.stringbool().default(false) }),
  output: z.object({
    kinds: z.array(z.object({ code: z.string(), name: z.string() })),
    interventions: z.array(intervention.extend({ outline: multiPolygon.nullable() })),
  }),
});

export const addIntervention = endpoint({
  method: 'POST', path: '/api/interventions', allow: 'keepInterventions',
  summary: 'Log an intervention: everywhere, in a council, in a ward, or within a circle',
  input: z.strictObject({
    kind: z.string().max(60), name: freeText(120).min(1, 'Give it a name.'), about: freeText(500).default(''),
    area: z.enum(['everywhere', 'council', 'ward', 'circle']), councilCode: z.string().max(20).optional(), wardCode: z.string().max(20).optional(),
    lng: z.coerce.number().min(-9).max(2.5).optional(), lat: z.coerce.number().min(49).max(61).optional(), radiusMetres: z.coerce.number().int().min(10).max(20_000).optional(),
    startsOn: isoDate, endsOn: isoDate.optional(),
  }),
  output: intervention,
});

export const withdrawIntervention = endpoint({
  method: 'POST', path: '/api/interventions/:id/withdraw', allow: 'keepInterventions',
  summary: 'Withdraw an intervention logged by mistake; it stays in the log',
  input: z.strictObject({ id, reason: reasonText() }),
  output: intervention,
});
