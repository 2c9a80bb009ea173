/** Rows of rotas as the queries give them. */
import type { Rota as RotaOut, ShiftTypeRow } from './contract.ts';
import type { Assignment } from './rotaProblem.ts';

export type { ShiftTypeRow };

export interface Rota extends RotaOut {
  readonly seed: string;
  readonly draftNumber: number;
  readonly draftFrom: string;
  readonly jobId: string | null;
}

export interface RotaRunRow {
  readonly id: string;
  readonly method: string;
  readonly seed: string;
  readonly inputSha256: string;
  readonly cost: number;
  readonly bound: number | null;
  readonly roster: readonly Assignment[];
  readonly used: boolean;
  readonly madeAt: string;
}
