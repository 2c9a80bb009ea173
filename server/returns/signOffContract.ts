/** A return on its way: asked to be signed, certified by another person, answered by the funder. */
import { z } from 'zod';
import { endpoint, isoMonth } from '../endpoint.ts';
import { freeText } from '../freeText.ts';
import { journey, whichDefinition } from './contract.ts';

const stepInput = { month: isoMonth, definition: whichDefinition.optional(), version: z.number().int().positive(), reason: freeText(1000).default('') };

export const askReturnSignOff = endpoint({
  method: 'POST', path: '/api/returns/:month/sign-off', allow: 'makeReturns',
  summary: 'Ask for a kept version of a return to be signed, or take that back with a reason',
  input: z.strictObject({ ...stepInput, step: z.enum(['signOffAsked', 'signOffTakenBack']) }),
  output: z.object(journey),
});

export const certifyReturn = endpoint({
  method: 'POST', path: '/api/returns/:month/certification', allow: 'certifyReturns',
  summary: 'Certify the version as another person than prepared it, which submits it, or send it back with a reason',
  input: z.strictObject({ ...stepInput, step: z.enum(['certified', 'sentBack']) }),
  output: z.object(journey),
});

export const answerReturn = endpoint({
  method: 'POST', path: '/api/returns/:month/answer', allow: 'makeReturns',
  summary: 'Enter what the funder answered: accepted, or changes requested by section with the reason',
  input: z.strictObject({ ...stepInput, step: z.enum(['accepted', 'changesRequested']), sections: z.array(freeText(80).min(1)).max(40).default([]) }),
  output: z.object(journey),
});
