/** The audit trail: what happened, by whom, in the same transaction as the change itself. */
import type { Knex } from 'knex';

export interface Actor {
  readonly personId: string | null;
  /** The roles held, or the name of the service that acted. */
  readonly role: string;
  readonly requestId?: string;
  readonly address?: string;
}

export interface AuditEvent {
  /** Past tense: `hotspotAdopted`. */
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly councilCode?: string | null;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly reason?: string;
}

/** An event as a row of the trail, by column. */
export function eventRow(actor: Actor, event: AuditEvent) {
  return {
    person_id: actor.personId,
    role: actor.role,
    action: event.action,
    subject_kind: event.subjectKind,
    subject_id: event.subjectId,
    council_code: event.councilCode ?? null,
    before: event.before === undefined ? null : JSON.stringify(event.before),
    after: event.after === undefined ? null : JSON.stringify(event.after),
    reason: event.reason ?? null,
    request_id: actor.requestId ?? null,
    address: actor.address ?? null,
  };
}

/** Writes one event; takes the transaction of the change so that neither is kept without the other. */
export async function recordEvent(trx: Knex.Transaction, actor: Actor, event: AuditEvent): Promise<void> {
  await trx('audit_event').insert(eventRow(actor, event));
}
