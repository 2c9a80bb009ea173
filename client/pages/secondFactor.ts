/** Setting up a second factor: a picture for the app, the first code, and recovery codes shown once. Used by sign-in and the account page. */
import { confirmSecondFactor, startSecondFactor, type SessionState } from '../../server/people/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { button } from '../frame.ts';
import { html, nothing, type Content } from '../html.ts';
import { load, loading, note, shown, type Loadable } from '../states.ts';

interface Setup {
  secret: string;
  picture: string;
}

export interface Enrolment {
  view: () => Content;
  /** True from the confirmed code until the recovery codes were read. */
  readonly showsCodes: boolean;
}

/** Asks for the secret when it is first drawn; `confirmed` gets the session of the person now in, `done` follows once the recovery codes were read. */
export function enrolment(options: { redraw: () => void; confirmed: (session: SessionState) => void; done: () => void }): Enrolment {
  let asked = false;
  let state: Loadable<Setup> = loading;
  let codes: readonly string[] = [];
  const ask = (): void => {
    asked = true;
    load(call(startSecondFactor, {}), (next) => {
      state = next;
      options.redraw();
    });
  };
  const form = createForm({
    submit: 'Confirm', redraw: options.redraw,
    fields: [{ kind: 'text', name: 'code', label: 'Six-figure code from the app', required: true, requiredMessage: 'Enter the six-figure code', autocomplete: 'one-time-code', size: 'short' }],
    action: async ({ code }) => {
      const answer = await call(confirmSecondFactor, confirmSecondFactor.input.parse({ code }));
      codes = answer.recoveryCodes;
      options.confirmed(answer.session);
    },
  });
  return {
    view: () => {
      if (codes.length > 0) return recovery(codes, options.done);
      if (!asked) queueMicrotask(ask);
      return shown(state, (value) => html`${steps(value)}${form.view()}`, { what: 'the second factor', retry: ask });
    },
    get showsCodes() {
      return codes.length > 0;
    },
  };
}

/** A key of 32 letters is typed more surely in fours; apps leave the spaces out. */
function inFours(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, '$1 ');
}

function steps({ secret, picture }: Setup): Content {
  const drawn = /^(data:image\/|blob:)/.test(picture) ? html`<img class="factor__picture" src=${picture} alt="Picture for the authenticator app; the key in text does the same" width="196" height="196">` : nothing;
  return html`<ol class="factor">
    <li>Open an authenticator app on your phone and add an account.</li>
    <li>Let it read this picture, or type the key: <code class="factor__key">${inFours(secret)}</code>${drawn}</li>
    <li>Type the six figures the app shows.</li></ol>`;
}

function recovery(codes: readonly string[], done: () => void): Content {
  return html`${note('good', 'The second factor is set up. Each of these recovery codes lets you in once without the phone. They are not shown again.', { live: true })}
    <p>Print them, or write them down, and keep them where your phone is not.</p>
    <ul class="factor__codes">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>
    <div class="govuk-button-group factor__end">${button('Print the codes', () => window.print())}${button('I have kept them', done, { kind: 'main' })}</div>`;
}
