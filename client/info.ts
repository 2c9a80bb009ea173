/** What the running service says of itself: asked once, kept. */
import { z } from 'zod';
import { endpoint } from '../server/endpoint.ts';
import { call } from './api.ts';

const getInfo = endpoint({
  method: 'GET',
  path: '/info',
  allow: 'anyone',
  summary: 'Name, version and settings of the running service',
  input: z.strictObject({}),
  output: z.object({
    name: z.string(),
    version: z.string(),
    demonstration: z.boolean(),
    tiles: z.object({ url: z.string(), attribution: z.string() }).nullable(),
  }),
});
export type Info = z.infer<typeof getInfo.output>;

let asked: Promise<Info> | undefined;

/** The service's version and its background map's source (null for none). */
export function serviceInfo(): Promise<Info> {
  asked ??= call(getInfo, {}).catch((error: unknown) => {
    asked = undefined;
    throw error;
  });
  return asked;
}
