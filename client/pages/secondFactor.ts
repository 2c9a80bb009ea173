/** Setting up a second factor: a picture for the app, the first code, and recovery codes shown once. Used by sign-in and the account page. */
import { confirmSecondFactor, startSecondFactor } from '../../server/people/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { button } from '../frame.ts';
import { html, type Content } from '../html.ts';
import { setSession } from '../session.ts';
import { load, loading, note, shown, type Loadable } from '../states.ts';

interface Enrolment {
  secret: string;
  picture: string;
}

/** Asks for the secret when it is first drawn; `done` is called after the recovery codes were read. */
export function enrolment(options: { redraw: () => void; done: () => void }): { view: () => Content } {
  let asked = false;
  let state: Loadable<Enrolment> = loading;
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
      const answer = await call(confirmSecondFactor, { code: String(code) });
      codes = answer.recoveryCodes;
      setSession(answer.session);
    },
  });
  return {
    view: () => {
      if (codes.length > 0) return recovery(codes, options.done);
      if (!asked) queueMicrotask(ask);
      return shown(state, (value) => html`${steps(value)}${form.view()}`, { what: 'the second factor', retry: ask });
    },
  };
}

function steps({ secret, picture }: Enrolment): Content {
  const shownPicture = /^(data:image\/|blob:)/.test(picture) ? html`<img class="factor__picture" src=${picture} alt="Picture for the authenticator app; the key below does the same" width="200" height="200">` : '';
  return html`<ol class="factor">
    <li>Open an authenticator app on your phone and add an account.</li>
    <li>Show it this picture, or type this key: <code>${secret}</code><div>${shownPicture}</div></li>
    <li>Type the six figures the app shows.</li></ol>`;
}

function recovery(codes: readonly string[], done: () => void): Content {
  return html`${note('good', 'The second factor is set up. Keep these recovery codes where your phone is not: each lets you in once. They are not shown again.', { live: true })}
    <ul class="factor__codes">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>${button('I have kept them', done, { kind: 'main' })}`;
}
