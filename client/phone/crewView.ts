/** Who is out today: set once, kept for every visit; and the way out. */
import { staffCategories, staffCategoryNames } from '../../server/patrols/contract.ts';
import { html, nothing, when, type Content } from '../html.ts';
import { type App, tell } from './app.ts';
import type { Crew } from './crew.ts';
import { sayItems } from './items.ts';
import { bigButton, card, choices, stepper, subHeading } from './parts.ts';
import { flush } from './sync.ts';
import { leavePhone, setCrew, startPatrol } from './taps.ts';

let leaving = false;

export function crewView(app: App): Content {
  const { crew, pack } = app.state;
  const set = (change: Partial<Crew>): void => void setCrew(app, { ...crew, ...change });
  const own = pack?.wardens.filter(({ staffCategory }) => staffCategory === crew.staffCategory) ?? [];
  const withWarden = (reference: string, on: boolean): void => {
    const wardens = on ? [...crew.wardens, reference] : crew.wardens.filter((one) => one !== reference);
    set({ wardens, persons: Math.max(crew.persons, wardens.length) });
  };
  return html`${subHeading('Your crew')}
    ${stepper('Persons', crew.persons, (by) => set({ persons: Math.min(20, Math.max(1, crew.wardens.length, crew.persons + by)) }), { least: Math.max(1, crew.wardens.length) })}
    ${when(own.length > 0, () => choices('wardens', 'Who is out', own.map(({ reference, own }) => ({ value: reference, label: reference, ...(own ? { hint: 'you' } : {}) })), crew.wardens, withWarden, 'checkbox'))}
    ${choices('police', 'Joint with the police', [{ value: 'yes', label: 'The police are with us' }], crew.joint ? ['yes'] : [], (_value, on) => set({ joint: on, force: on ? (crew.force ?? pack?.forces[0]?.code ?? null) : null }), 'checkbox')}
    ${crew.joint && pack ? choices('force', 'Which force', pack.forces.map(({ code, name }) => ({ value: code, label: name })), crew.force ? [crew.force] : [], (force) => set({ force })) : nothing}
    ${patrol(app, set)}
    ${choices('way', 'How', [{ value: 'foot', label: 'On foot' }, { value: 'vehicle', label: 'By vehicle' }], [crew.onFoot ? 'foot' : 'vehicle'], (way) => set({ onFoot: way === 'foot' }))}
    ${choices('staff', 'Staff', staffCategories.map((value) => ({ value, label: staffCategoryNames[value] })), [crew.staffCategory], (value) => set({ staffCategory: staffCategories.find((one) => one === value) ?? 'warden', wardens: [] }))}
    ${leave(app)}`;
}

/** One reference for one outing: officers who record their own part give the same. */
function patrol(app: App, set: (change: Partial<Crew>) => void): Content {
  const { crew } = app.state;
  const typed = (event: Event): void => {
    const value = event.target instanceof HTMLInputElement ? event.target.value.trim() : '';
    if (/^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}$/.test(value)) set({ patrol: value, since: new Date().toISOString() });
    else tell(app, 'A patrol reference has letters, digits and dashes, at most 40, and never a name.');
  };
  return html`<div class="box"><label class="box__label" for="patrol">Patrol reference</label>
      <p class="box__hint" id="patrol-hint">One for this outing. ${crew.joint ? 'Give it to the officers, or type theirs: both records then belong together.' : 'A new one is made after a shift.'}</p>
      <input class="box__line" id="patrol" autocapitalize="characters" autocomplete="off" maxlength="40" aria-describedby="patrol-hint" .value=${crew.patrol} @change=${typed}></div>
    ${bigButton('Start a new patrol', () => startPatrol(app))}`;
}

function leave(app: App): Content {
  const { person, items, running } = app.state;
  const waiting = items.filter(({ state }) => state !== 'sent');
  const ask = (to: boolean) => (): void => {
    leaving = to;
    app.draw();
  };
  const unsent = waiting.length > 0 || running !== undefined;
  return html`<h2 class="group">Signed in as ${person?.name ?? 'nobody'}</h2>
    ${leaving && unsent
      ? card(html`<p role="alert"><strong>${running ? 'A visit is under way. ' : ''}${waiting.length > 0 ? `${sayItems(waiting)} not sent.` : ''}</strong> It stays on this phone, and is sent when you sign in here again. Nobody else who signs in here sees it.</p>
        ${bigButton('Stay and send', () => {
          leaving = false;
          void flush(app);
        }, 'main')}
        ${bigButton('Sign out all the same', () => leavePhone(app), 'danger')}`, 'warning')
      : bigButton('Sign out', unsent ? ask(true) : () => leavePhone(app))}
    <a class="big big--plain" href="/">Open the whole service</a>`;
}
