/** What the phone page offers, kept by the council and the Commissioner's office with dates: reasons, prompts, lone-worker devices. */
import { z } from 'zod';
import { endpoint, id, isoDate } from '../endpoint.ts';
import { freeText } from '../freeText.ts';
import { missedReason } from './contract.ts';

const council = z.string().trim().min(1).max(80).optional();
const validFrom = isoDate;
/** The first day it is no longer offered. */
const validTo = isoDate.nullable();

export const listMissedReasons = endpoint({
  method: 'GET', path: '/api/missed-reasons', allow: 'seePatrols',
  summary: 'Reasons for a missed visit, with the days they are offered',
  input: z.strictObject({}),
  output: z.object({ reasons: z.array(missedReason) }),
});

export const addMissedReason = endpoint({
  method: 'POST', path: '/api/missed-reasons', allow: 'changeSettings',
  summary: 'Offer a further reason for a missed visit from a day on',
  input: z.strictObject({ code: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'Give a code of small letters, digits and _, for example road_closed.'), name: freeText(80).min(1, 'Name the reason.'), validFrom }),
  output: missedReason,
});

export const changeMissedReason = endpoint({
  method: 'PUT', path: '/api/missed-reasons/:reasonCode', allow: 'changeSettings',
  summary: 'Rename a reason, or say from which day it is no longer offered',
  input: z.strictObject({ reasonCode: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), name: freeText(80).min(1, 'Name the reason.'), validTo }),
  output: missedReason,
});

export const promptKinds = ['youth', 'translation'] as const;
export const keptPrompt = z.object({
  id, councilCode: z.string().nullable(), kind: z.enum(promptKinds), language: z.string(), heading: z.string(), words: z.string(), contact: z.string(), source: z.string(),
  validFrom, validTo,
  /** False for what every council is shown and this person does not keep. */
  mayEnd: z.boolean(),
});
export type KeptPrompt = z.infer<typeof keptPrompt>;

export const listPrompts = endpoint({
  method: 'GET', path: '/api/phone/prompts', allow: 'seePatrols',
  summary: 'What the phone page prompts wardens with: youth signposting and translations',
  input: z.strictObject({}),
  output: z.object({ prompts: z.array(keptPrompt) }),
});

export const addPrompt = endpoint({
  method: 'POST', path: '/api/phone/prompts', allow: 'keepPhoneLists',
  summary: 'Add a prompt to the phone page: of one’s own council, or of all for the Commissioner’s office',
  input: z.strictObject({
    id, kind: z.enum(promptKinds), language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'Give a language tag, for example pl or en-GB.').default('en'),
    heading: freeText(60).min(1, 'Give a heading.'), words: freeText(280).min(1, 'Write what is shown.'),
    contact: z.string().regex(/^[A-Za-z0-9 +().:/-]{0,60}$/, 'Give a public number or a web address of at most 60 characters.').default(''),
    source: freeText(160).min(1, 'Say where the words come from.'), validFrom,
  }),
  output: keptPrompt,
});

export const endPrompt = endpoint({
  method: 'PUT', path: '/api/phone/prompts/:id', allow: 'keepPhoneLists',
  summary: 'Say from which day a prompt is no longer shown',
  input: z.strictObject({ id, validTo: isoDate }),
  output: keptPrompt,
});

export const loneWorkerDevice = z.object({ id, councilCode: z.string(), product: z.string(), deviceId: z.string(), alarmNumber: z.string(), validFrom, validTo });
export type LoneWorkerDevice = z.infer<typeof loneWorkerDevice>;

export const listDevices = endpoint({
  method: 'GET', path: '/api/lone-worker-devices', allow: 'seePatrols',
  summary: 'Certified lone-worker devices a council gives its wardens',
  input: z.strictObject({ council }),
  output: z.object({ devices: z.array(loneWorkerDevice) }),
});

export const addDevice = endpoint({
  method: 'POST', path: '/api/lone-worker-devices', allow: 'manageWardens',
  summary: 'Enter a lone-worker device of one’s own council: the product, its id and the number of its alarm centre. The service raises no alarm itself',
  input: z.strictObject({
    id, product: freeText(80).min(1, 'Name the product.'),
    deviceId: z.string().trim().regex(/^[A-Za-z0-9][A-Za-z0-9 ./-]{0,39}$/, 'Give the device’s id of letters and digits, at most 40.'),
    alarmNumber: z.string().trim().regex(/^[0-9+][0-9 ()]{2,24}$/, 'Give the alarm centre’s telephone number.'), validFrom,
  }),
  output: loneWorkerDevice,
});

export const endDevice = endpoint({
  method: 'PUT', path: '/api/lone-worker-devices/:id', allow: 'manageWardens',
  summary: 'Say from which day a device is no longer used',
  input: z.strictObject({ id, validTo: isoDate }),
  output: loneWorkerDevice,
});
