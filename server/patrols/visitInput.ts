/** A visit as it is sent -> as it is judged and kept: times read on the clock in Britain. Pure. */
import type { z } from 'zod';
import { invalid } from '../errors.ts';
import type { recordVisit } from './contract.ts';
import { readLocalTime } from './localClock.ts';
import type { NewVisit } from './visits.ts';

/** The visit with its instants; throws in words, by field, for a time that cannot be read or that the clock shows twice or never. */
export function toNewVisit(input: z.output<typeof recordVisit.input>): NewVisit {
  const { patrolReference, startedAt, endedAt, ...rest } = input;
  const from = readLocalTime(startedAt);
  const to = readLocalTime(endedAt);
  const problems = [
    ...(from.ok ? [] : [{ field: 'startedAt', message: from.why }]),
    ...(to.ok ? [] : [{ field: 'endedAt', message: to.why }]),
  ];
  if (!from.ok || !to.ok) throw invalid(problems);
  return { ...rest, startedAt: iso(from.instantMs), endedAt: iso(to.instantMs), patrolReference: patrolReference ?? input.id };
}

const iso = (ms: number): string => new Date(ms).toISOString();
