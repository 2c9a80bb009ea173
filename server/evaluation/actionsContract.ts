/** Actions of the equality impact assessment, each with an owning role, a day, evidence and its steps; and training by warden's reference. */
import { z } from 'zod';
import { endpoint, id, isoDate, isoInstant } from '../endpoint.ts';
import { freeText } from '../freeText.ts';

export const characteristics = ['age', 'disability', 'gender reassignment', 'marriage and civil partnership', 'pregnancy and maternity', 'race', 'religion or belief', 'sex', 'sexual orientation', 'all', 'other'] as const;
export const actionStates = ['open', 'in progress', 'done', 'not needed'] as const;

const owner = freeText(120).min(1, 'Say which role or organisation.');
const step = { state: z.enum(actionStates), owner: z.string(), dueOn: isoDate, evidence: z.string(), reason: z.string() };

export const equalityAction = z.object({
  id, title: z.string(), basis: z.string(), characteristic: z.enum(characteristics), ...step,
  /** True where its day is past and it is neither done nor not needed. */
  overdue: z.boolean(),
  /** Every step, oldest first; the last is what stands above. */
  steps: z.array(z.object({ ...step, by: z.string().nullable(), at: isoInstant })),
});
export type EqualityAction = z.infer<typeof equalityAction>;

export const trainingRow = z.object({
  councilCode: z.string(), council: z.string(), topic: z.string(), name: z.string(),
  /** Wardens employed on the day, and how many of them were trained by it. */
  wardens: z.number().int(), trained: z.number().int(), first: isoDate.nullable(), last: isoDate.nullable(),
});
export type TrainingRow = z.infer<typeof trainingRow>;

export const getEquality = endpoint({
  method: 'GET', path: '/api/equality', allow: 'seeEquality',
  summary: 'Actions of the equality impact assessment with their steps, and how many wardens are trained in each topic on a day',
  input: z.strictObject({ on: isoDate.optional() }),
  output: z.object({
    on: isoDate, actions: z.array(equalityAction), training: z.array(trainingRow), topics: z.array(z.object({ code: z.string(), name: z.string(), source: z.string() })),
    /** By reference, for who records training. */
    wardens: z.array(z.object({ id, reference: z.string(), trained: z.record(z.string(), isoDate) })),
  }),
});

const steps = { state: z.enum(actionStates), owner, dueOn: isoDate, evidence: freeText(1000).default(''), reason: freeText(500).default('') };

export const addEqualityAction = endpoint({
  method: 'POST', path: '/api/equality/actions', allow: 'keepEquality',
  summary: 'Add an action with the role or organisation that owns it and its day',
  input: z.strictObject({ actionId: id, title: freeText(300).min(1, 'Say what is to be done.'), basis: freeText(300).min(1, 'Say what it comes from.'), characteristic: z.enum(characteristics), owner, dueOn: isoDate }),
  output: equalityAction,
});

export const stepEqualityAction = endpoint({
  method: 'POST', path: '/api/equality/actions/:id/steps', allow: 'keepEquality',
  summary: 'Say how far an action is: done with its evidence, not needed with the reason, or another owner or day',
  input: z.strictObject({ id, stepId: id, ...steps }),
  output: equalityAction,
});

export const recordTraining = endpoint({
  method: 'POST', path: '/api/equality/training', allow: 'manageWardens',
  summary: 'Record the day a warden, by reference, was trained in a topic; without a day the one before was a mistake',
  input: z.strictObject({ trainingId: id, wardenId: id, topic: z.string().regex(/^[a-z_]{1,40}$/, 'Choose a topic of the list.'), trainedOn: isoDate.nullable() }),
  output: z.object({ recorded: z.literal(true) }),
});
