/** The steps of a month's return on its way to the funder. */
import type { Knex } from 'knex';
import type { ReturnState, ReturnStep, ReturnStepKind } from './contract.ts';

export interface Journey {
  readonly state: ReturnState;
  readonly steps: ReturnStep[];
}

/** Where a return stands and how it came there, oldest first; the steps are seen by who sees all councils. */
export async function findJourney(db: Knex, definition: string, month: string): Promise<Journey> {
  const row: { id: string; state: ReturnState } | undefined = await db('monitoring_return').where({ definition_code: definition, month: `${month}-01` }).first('id', 'state');
  if (!row) return { state: 'not started', steps: [] };
  const { rows } = await db.raw(
    `select s.step, s.version, s.taken_by as "takenBy", p.name as person, to_json(s.taken_at) #>> '{}' as "takenAt", s.reason, s.sections
     from return_step s left join person p on p.id = s.taken_by where s.return_id = :id order by s.position`,
    { id: row.id },
  );
  return { state: row.state, steps: rows as ReturnStep[] };
}

export interface NewStep {
  readonly returnId: string;
  readonly step: ReturnStepKind;
  readonly version: number;
  readonly takenBy: string;
  readonly takenAt: Date;
  readonly reason: string;
  readonly sections: readonly string[];
}

/** Takes a step; the database numbers it, checks its order and who takes it, and moves the state. */
export async function insertStep(trx: Knex.Transaction, row: NewStep): Promise<void> {
  await trx.raw(
    `insert into return_step (return_id, position, step, version, taken_by, taken_at, reason, sections)
     values (:returnId, 0, :step, :version, :takenBy, :takenAt, :reason, array(select jsonb_array_elements_text(cast(:sections as jsonb))))`,
    { ...row, sections: JSON.stringify(row.sections) },
  );
}
