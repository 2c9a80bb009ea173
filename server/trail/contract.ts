/** The audit trail: what happened, for those who check. */
import { z } from 'zod';
import { endpoint, id, isoDate, wholeNumber } from '../endpoint.ts';

export const auditEvent = z.object({
  id: z.number().int(),
  happenedAt: z.string(),
  personId: id.nullable(),
  person: z.string().nullable(),
  role: z.string(),
  action: z.string(),
  subjectKind: z.string(),
  subjectId: z.string(),
  councilCode: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
  reason: z.string().nullable(),
  requestId: z.string().nullable(),
  address: z.string().nullable(),
});
export type AuditEvent = z.infer<typeof auditEvent>;

const filters = {
  from: isoDate.optional(),
  to: isoDate.optional(),
  action: z.string().max(80).optional(),
  personId: id.optional(),
  subjectKind: z.string().max(80).optional(),
  subjectId: z.string().max(80).optional(),
};
export const auditFilters = z.strictObject(filters);
export type AuditFilters = z.infer<typeof auditFilters>;

export const listAuditEvents = endpoint({
  method: 'GET', path: '/api/audit', allow: 'seeAudit',
  summary: 'Audit events, newest first, 200 at a time; `before` is the last id of the page before',
  input: z.strictObject({ ...filters, before: wholeNumber.optional() }),
  output: z.object({ events: z.array(auditEvent), actions: z.array(z.string()), subjectKinds: z.array(z.string()) }),
});

export const exportAuditEvents = endpoint({
  method: 'GET', path: '/api/audit/export', allow: 'seeAudit',
  summary: 'The filtered audit events as CSV, oldest first',
  input: auditFilters,
  output: z.null(),
  sends: 'text/csv',
});

export const subjectTimeline = endpoint({
  method: 'GET', path: '/api/timeline/:subjectKind/:subjectId', allow: 'seeTimeline',
  summary: 'What happened to one thing, oldest first, as far as the person may see it',
  input: z.strictObject({ subjectKind: z.string().max(80), subjectId: z.string().max(80) }),
  output: z.object({ events: z.array(auditEvent.pick({ id: true, happenedAt: true, person: true, action: true, reason: true, before: true, after: true })) }),
});

export const auditDigest = z.object({ day: isoDate, events: z.number().int(), sha256: z.string(), previousSha256: z.string().nullable(), holds: z.boolean() });

export const listAuditDigests = endpoint({
  method: 'GET', path: '/api/audit/digests', allow: 'checkAudit',
  summary: 'The daily digests of the trail, each worked out again from the events and compared',
  input: z.strictObject({}),
  output: z.object({ digests: z.array(auditDigest) }),
});
