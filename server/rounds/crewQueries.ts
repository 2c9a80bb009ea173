/** What a shift's crews are formed from, as rows. */
import type { Knex } from 'knex';
import { AppError } from '../errors.ts';
import { heldKinds } from '../patrols/contract.ts';
import { settingsOn } from '../settings/queries.ts';
import type { RoundBase } from './contract.ts';
import type { CrewInputs, CrewMember, CrewPair } from './crews.ts';
import type { ShiftOfRota } from './queries.ts';

export interface CrewDays {
  readonly day: string;
  /** The last local day that the shift touches. */
  readonly lastDay: string;
}

/** The wardens of a shift with what they hold on its days, the rules among them, and what each crew wants; by reference. */
export async function loadCrewInputs(db: Knex, shift: Pick<ShiftOfRota, 'wardens' | 'crewSize'>, travel: RoundBase['travel'], days: CrewDays): Promise<CrewInputs> {
  const { rows: members } = await db.raw(
    `select w.id, w.reference, coalesce((select jsonb_agg(distinct c.kind order by c.kind) from warden_clearance c
       where c.warden_id = w.id and daterange(c.valid_from, c.valid_to) @> daterange(cast(:day as date), cast(:lastDay as date), '[]')), '[]') as holds
     from warden w where w.id = any(cast(:wardens as uuid[])) order by w.reference`,
    { wardens: [...shift.wardens], ...days },
  );
  const { rows: pairs } = await db.raw(`select p.first_warden as first, p.second_warden as second, p.rule from crew_pairs(cast(:wardens as uuid[]), cast(:day as date)) p
     join warden a on a.id = p.first_warden join warden b on b.id = p.second_warden
     order by least(a.reference, b.reference), greatest(a.reference, b.reference), p.rule`, { wardens: [...shift.wardens], day: days.day });
  return { crewSize: shift.crewSize, members: members as CrewMember[], pairs: (pairs as PairRow[]).map(pairOf), wants: await wantedOn(db, days.day, travel) };
}

interface PairRow {
  readonly first: string;
  readonly second: string;
  readonly rule: 'cannot' | 'should_not' | 'first_beside' | 'second_beside';
}

function pairOf({ first, second, rule }: PairRow): CrewPair {
  if (rule === 'first_beside') return { rule: 'beside', first, second };
  return rule === 'second_beside' ? { rule: 'beside', first: second, second: first } : { rule, first, second };
}

async function wantedOn(db: Knex, day: string, travel: RoundBase['travel']): Promise<string[]> {
  const values = await settingsOn(db, day);
  const names = ['round_crew_holds', ...(travel === 'vehicle' ? ['round_vehicle_crew_holds'] : [])];
  return [...new Set(names.flatMap((name) => String(values.get(name) ?? 'none').split(';').map((kind) => kind.trim()).filter((kind) => kind !== '' && kind !== 'none').map((kind) => known(name, kind))))];
}

function known(name: string, kind: string): string {
  if (heldKinds.some((each) => each === kind)) return kind;
  throw new AppError(422, 'unusable_setting', `The setting ${name} says “${kind}”, which is no clearance. Use: ${heldKinds.join(', ')}, or none.`);
}
