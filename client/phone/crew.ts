/** Who is out, with whom, and under which patrol reference; kept from visit to visit so that nobody enters it twice. Pure. */
import type { ActionKind, StaffCategory } from '../../server/patrols/contract.ts';
import type { PhonePack } from '../../server/recording/contract.ts';

export interface Crew {
  readonly persons: number;
  readonly wardens: readonly string[];
  readonly staffCategory: StaffCategory;
  readonly onFoot: boolean;
  readonly joint: boolean;
  /** Area code of the police force, while joint. */
  readonly force: string | null;
  readonly patrol: string;
  /** When the patrol reference was made. */
  readonly since: string;
}

// Without letters and digits that are taken for one another when read out.
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** `P-240603-7K2M` from a local date and four random numbers of 0 to 255. */
export function patrolReference(date: string, dice: readonly number[]): string {
  return `P-${date.slice(2).replaceAll('-', '')}-${dice.map((die) => alphabet[die % alphabet.length]).join('')}`;
}

/** A pair on foot, with the warden who is signed in where the council has said who that is. */
export function firstCrew(pack: PhonePack | undefined, patrol: string, now: Date): Crew {
  const own = pack?.wardens.find((warden) => warden.own);
  return { persons: 2, wardens: own ? [own.reference] : [], staffCategory: own?.staffCategory ?? 'warden', onFoot: true, joint: false, force: null, patrol, since: now.toISOString() };
}

/** True once the reference is too old to stand for the same outing. */
export function patrolOver(crew: Crew, hours: number, now: Date): boolean {
  return now.getTime() - Date.parse(crew.since) > hours * 3_600_000;
}

/** A new outing of the same crew; the police are asked for anew. */
export function nextPatrol(crew: Crew, patrol: string, now: Date): Crew {
  return { ...crew, patrol, since: now.toISOString(), joint: false, force: null };
}

/** Actions a crew may take: what needs no power, what one of its wardens – of the council’s where none is named – is accredited for, and with the police what they do. */
export function offeredKinds(pack: Pick<PhonePack, 'kinds' | 'wardens' | 'powersKept'>, crew: Pick<Crew, 'wardens' | 'staffCategory' | 'joint'>): ActionKind[] {
  const powers = new Set(pack.wardens.filter(({ reference }) => crew.wardens.length === 0 || crew.wardens.includes(reference)).flatMap((warden) => warden.powers));
  return pack.kinds.filter((kind) => {
    if (crew.joint) return true;
    if (kind.policeOnly) return crew.staffCategory === 'police_officer' || crew.staffCategory === 'special' || (kind.pcsoMay && crew.staffCategory === 'pcso');
    return !kind.enforcement || !pack.powersKept || crew.staffCategory !== 'warden' || powers.has(kind.code);
  });
}

/** "2 on foot, H-01 and H-02, with Cleveland Police". */
export function sayCrew(crew: Crew, forces: PhonePack['forces']): string {
  const force = crew.joint ? (forces.find(({ code }) => code === crew.force)?.name ?? 'the police') : '';
  return [`${crew.persons} ${crew.onFoot ? 'on foot' : 'by vehicle'}`, crew.wardens.join(' and '), force && `with ${force}`].filter(Boolean).join(', ');
}
