/** A lost second factor: proposed by one administrator, decided by another. Part of a person's page. */
import { decideSecondFactorReset, proposeSecondFactorReset, type ListedPerson } from '../../server/people/contract.ts';
import { call } from '../api.ts';
import { createForm, type Field, type Form } from '../form.ts';
import { instant } from '../format.ts';
import { section } from '../frame.ts';
import { nothing, type Content } from '../html.ts';
import { session } from '../session.ts';
import { note } from '../states.ts';

interface Options {
  redraw: () => void;
  /** Says what was done and asks for everything anew. */
  done: (words: string) => Promise<void>;
}

type Reset = NonNullable<ListedPerson['reset']>;

const reason: Field = { kind: 'text', name: 'reason', label: 'Reason', hint: 'For the audit trail; nothing about private life', required: true };

export function personReset({ redraw, done }: Options): { view: (person: ListedPerson, people: readonly ListedPerson[]) => Content } {
  let shown: ListedPerson | undefined;
  const propose: Form = createForm({
    submit: 'Propose the reset', redraw, fields: [reason],
    action: async (values) => {
      await call(proposeSecondFactorReset, proposeSecondFactorReset.input.parse({ id: shown?.id, reason: values['reason'] }));
      propose.reset();
      await done('Proposed to reset the second factor. It waits for another administrator.');
    },
  });
  const decide: Form = createForm({
    submit: 'Decide', redraw,
    fields: [{ kind: 'radios', name: 'approve', label: 'Decision', required: true, requiredMessage: 'Choose: approve or refuse', inline: true, options: [{ value: 'yes', label: 'Approve' }, { value: 'no', label: 'Refuse' }] }, reason],
    action: async (values) => {
      const decided = await call(decideSecondFactorReset, decideSecondFactorReset.input.parse({ id: shown?.reset?.id, approve: values['approve'] === 'yes', reason: values['reason'] }));
      decide.reset();
      await done(decided.state === 'approved' ? 'The second factor, its recovery codes and the password are gone, and every session of this person has ended. Make a new one-time link to let the person in again.' : 'Refused: the second factor stays as it is.');
    },
  });
  return {
    view: (person, people) => {
      shown = person;
      if (person.reset) return section('To decide: reset the second factor', undecidable(person, person.reset) ?? decide.view(), { lead: proposedWords(person.reset, people) });
      if (!person.secondFactor) return nothing;
      return section('Reset a lost second factor', person.id === session().person?.id ? note('info', 'Nobody resets their own second factor. Two other administrators can.') : propose.view(),
        { lead: 'Make sure it is this person who asks. A second administrator must approve; then the second factor, its recovery codes and the password are gone, every session ends, and a new one-time link lets the person in again.' });
    },
  };
}

function proposedWords({ proposedBy, proposedAt, reason: why }: Reset, people: readonly ListedPerson[]): string {
  const name = people.find((one) => one.id === proposedBy)?.name ?? 'an administrator';
  return `Proposed by ${name} on ${instant(proposedAt)}: ${why}`;
}

/** Why the person signed in may not decide, or undefined. */
function undecidable(person: ListedPerson, reset: Reset): Content | undefined {
  const own = session().person?.id;
  if (reset.proposedBy === own) return note('info', 'You proposed this reset, so you cannot decide on it. Another administrator must.');
  if (person.id === own) return note('info', 'This is your own second factor, so you cannot decide on it. Another administrator must.');
  return undefined;
}
