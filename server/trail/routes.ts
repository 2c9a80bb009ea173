/** The audit trail over HTTP. Reading it is itself an event. */
import { recordEvent } from '../audit.ts';
import { csvFile } from '../csv.ts';
import type { Mount } from '../mount.ts';
import { exportAuditEvents, listAuditDigests, listAuditEvents, subjectTimeline } from './contract.ts';
import * as queries from './queries.ts';

export function trailRoutes(mount: Mount): void {
  mount(listAuditEvents, async ({ db, actor, input: { before, ...filters } }) => {
    const events = await queries.listEvents(db, filters, before);
    const words = await queries.listWords(db);
    await recordEvent(db, actor, { action: 'auditRead', subjectKind: 'audit', subjectId: 'list', after: filters });
    return { events, ...words };
  });

  mount(exportAuditEvents, async ({ db, actor, input }) => {
    const events = await queries.listEventsForExport(db, input);
    await recordEvent(db, actor, { action: 'auditExported', subjectKind: 'audit', subjectId: 'export', after: { ...input, events: events.length } });
    const head = ['id', 'happenedAt', 'person', 'role', 'action', 'subjectKind', 'subjectId', 'councilCode', 'reason', 'requestId', 'address', 'before', 'after'] as const;
    const lines = events.map((event) => head.map((name) => (name === 'before' || name === 'after' ? JSON.stringify(event[name] ?? null) : event[name])));
    return { fileName: 'audit-trail.csv', body: csvFile([head, ...lines]) };
  });

  mount(subjectTimeline, async ({ db, input }) => {
    const events = await queries.listEventsForExport(db, input);
    return { events };
  });

  mount(listAuditDigests, async ({ db }) => {
    const digests = [];
    for (const stored of await queries.listDigests(db)) {
      const again = await queries.digestDay(db, stored.day, stored.previousSha256);
      digests.push({ ...stored, holds: again?.sha256 === stored.sha256 });
    }
    return { digests };
  });
}
