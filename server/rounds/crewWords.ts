/** What the crews of a shift cannot be given, in words. Pure. */
import { AppError } from '../errors.ts';
import { heldKinds, clearanceNames } from '../patrols/contract.ts';
import type { KeptInputs } from './drawInputs.ts';
import type { Crews } from './crews.ts';

/** Throws by name where no way of parting the wardens keeps the rules among them. */
export function refuseBroken({ crews: inputs }: KeptInputs, { broken }: Crews): void {
  if (!inputs || broken.length === 0) return;
  const named = namesOf(inputs.members);
  const why = broken.map(({ rule, first, second }) => (rule === 'cannot' ? `${[named(first), named(second)].sort().join(' and ')} cannot work together` : `${named(first)} works only beside ${named(second)}`)).join('; ');
  throw new AppError(422, 'crews_impossible', `${why}: the ${inputs.members.length} wardens of this shift cannot be parted into crews of ${inputs.crewSize} so. Change who is on the shift, or the rule on the warden’s page.`);
}

/** One sentence for each thing wanted of a crew that nobody in it holds. */
export function crewNotes({ crews: inputs }: KeptInputs, { crews, lacking }: Crews): string[] {
  const named = namesOf(inputs?.members ?? []);
  return lacking.map(({ crew, kind }) => {
    const name = heldKinds.find((each) => each === kind);
    return `Crew ${crew + 1} (${(crews[crew] ?? []).map(named).join(', ')}) has nobody with ${name ? clearanceNames[name].toLowerCase() : kind} for the whole shift, and no other parting of the shift has fewer such crews.`;
  });
}

const namesOf = (members: readonly { readonly id: string; readonly reference: string }[]) => (id: string): string => members.find((member) => member.id === id)?.reference ?? 'a warden';
