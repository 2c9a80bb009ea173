/** Small parts of the phone's screens: icons drawn here, big buttons, steppers, choices. */
import { classMap, html, nothing, svg, type Content, type TemplateResult } from '../html.ts';

const shapes = {
  patrol: 'M12 2a7 7 0 0 0-7 7c0 5 7 13 7 13s7-8 7-13a7 7 0 0 0-7-7Zm0 4a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z',
  note: 'M4 3h16v13l-5 5H4V3Zm3 5v2h10V8H7Zm0 4v2h7v-2H7Z',
  help: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-1 15h2v2h-2v-2Zm1-12a4 4 0 0 1 2 7.5c-.7.4-1 .9-1 1.5v1h-2v-1c0-1.4.8-2.5 1.9-3.2A2 2 0 1 0 10 9H8a4 4 0 0 1 4-4Z',
  queue: 'M12 2 6 8h4v7h4V8h4l-6-6ZM4 18h16v3H4v-3Z',
  go: 'M9 5l7 7-7 7-2-2 5-5-5-5 2-2Z',
  tick: 'M9 17 4 12l-2 2 7 7L22 8l-2-2L9 17Z',
  wait: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm1 4v5.5l4 2.3-1 1.8-5-3V6h2Z',
  stop: 'M12 1 1 21h22L12 1Zm-1 7h2v7h-2V8Zm0 9h2v2h-2v-2Z',
  crew: 'M8 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8Zm9 1a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM1 20c0-4 3-6 7-6s7 2 7 6H1Zm16 0c0-2.5-.8-4.5-2-6 4-.8 8 .8 8 6h-6Z',
  back: 'M15 5l-7 7 7 7 2-2-5-5 5-5-2-2Z',
} as const;
export type Shape = keyof typeof shapes;

export function icon(shape: Shape, size = 28): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" width=${size} height=${size} aria-hidden="true" focusable="false">${svg`<path d=${shapes[shape]} fill="currentColor" fill-rule="evenodd"></path>`}</svg>`;
}

/** The full-width button of a screen; one `main` a screen. */
export function bigButton(label: Content, onTap: () => unknown, kind: 'main' | 'leave' | 'plain' | 'danger' = 'plain', disabled = false): TemplateResult {
  return html`<button type="button" class="big big--${kind}" ?disabled=${disabled} @click=${onTap}>${label}</button>`;
}

/** One more, one less: two big targets and the number between. */
export function stepper(label: string, n: number, change: (by: 1 | -1) => void, options: { least?: number; hint?: string } = {}): TemplateResult {
  return html`<div class="stepper" role="group" aria-label=${label}>
    <span class="stepper__label">${label}${options.hint ? html`<span class="stepper__hint">${options.hint}</span>` : nothing}</span>
    <button type="button" class="stepper__button" aria-label=${`One less: ${label}`} ?disabled=${n <= (options.least ?? 0)} @click=${() => change(-1)}>−</button>
    <output class=${classMap({ stepper__n: true, 'is-some': n > 0 })} aria-live="polite">${n}</output>
    <button type="button" class="stepper__button stepper__button--more" aria-label=${`One more: ${label}`} @click=${() => change(1)}>+</button>
  </div>`;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** Big boxes of which one is chosen, or several. */
export function choices(name: string, legend: string, options: readonly Choice[], chosen: readonly string[], change: (value: string, on: boolean) => void, kind: 'radio' | 'checkbox' = 'radio'): TemplateResult {
  return html`<fieldset class="choices"><legend class="choices__legend">${legend}</legend>
    ${options.map(({ value, label, hint }) => html`<label class=${classMap({ choice: true, 'is-on': chosen.includes(value) })}>
      <input class="choice__box" type=${kind} name=${name} value=${value} .checked=${chosen.includes(value)} @change=${(event: Event) => change(value, event.target instanceof HTMLInputElement && event.target.checked)}>
      <span class="choice__label">${label}${hint ? html`<span class="choice__hint">${hint}</span>` : nothing}</span></label>`)}
  </fieldset>`;
}

/** A text box that keeps what is typed as it is typed. */
export function textBox(label: string, value: string, change: (value: string) => void, options: { hint?: string; longest?: number; fault?: string | undefined; id: string }): TemplateResult {
  return html`<div class="box"><label class="box__label" for=${options.id}>${label}</label>
    ${options.hint ? html`<p class="box__hint" id=${`${options.id}-hint`}>${options.hint}</p>` : nothing}
    ${options.fault ? html`<p class="box__fault" role="alert">${icon('stop', 20)} ${options.fault}</p>` : nothing}
    <textarea class="box__text" id=${options.id} rows="3" maxlength=${options.longest ?? 500} .value=${value} @input=${(event: Event) => event.target instanceof HTMLTextAreaElement && change(event.target.value)}></textarea></div>`;
}

export function card(content: Content, kind: 'plain' | 'note' | 'warning' | 'danger' | 'good' = 'plain'): TemplateResult {
  return html`<section class="card card--${kind}">${content}</section>`;
}

/** A heading with a way back to where the warden came from. */
export function subHeading(title: string, back = '#'): TemplateResult {
  return html`<div class="subhead"><a class="subhead__back" href=${back} aria-label="Back">${icon('back', 32)}</a><h1 class="subhead__title" tabindex="-1">${title}</h1></div>`;
}
