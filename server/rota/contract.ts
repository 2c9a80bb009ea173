/**
 * Rotas: who works which shift.
 *
 * What is published is read by SQL from the view `rota_shift_in_force`, one row a shift of the latest version of its rota:
 *   id uuid            the shift, the same in every version: what a round hangs on (`rota_shift.shift_key`)
 *   shift_id uuid      its row in this version (`rota_shift.id`; `rota_shift_warden (shift_id, warden_id)` holds who is on it)
 *   rota_id, version_id uuid, version integer
 *   council_code text, day date (the local day it starts on), shift_code text, shift_name text
 *   starts_at, ends_at timestamptz, minutes integer (real minutes: 540 and 420 in the nights the clocks change)
 *   cover_wanted, crew_size smallint (persons)
 *   wardens uuid[]     `warden.id`s on it; a signed-in warden sees only the own id, leads and the office all
 * Every version stays in `rota_version`, `rota_shift` and `rota_shift_warden`, which refuse change. A shift that a later version no longer has is not in the view.
 */
import { z } from 'zod';
import { id, isoDate } from '../endpoint.ts';

export const publishedShift = z.object({
  id, rotaId: id, version: z.number().int(), councilCode: z.string(), day: isoDate, code: z.string(), name: z.string(),
  startsAt: z.string(), endsAt: z.string(), minutes: z.number().int(),
  coverWanted: z.number().int(), crewSize: z.number().int(),
  /** References of the wardens on it that the reader may see. */
  wardens: z.array(z.string()),
});
export type PublishedShift = z.infer<typeof publishedShift>;
