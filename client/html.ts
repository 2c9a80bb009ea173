/**
 * lit-html as the screens use it, in one place.
 *
 *   const draw = (): void => render(html`<p>${count(rows.length)} rows</p>`, root);
 *
 * No `style` attribute anywhere: the page's Content-Security-Policy refuses inline styles. Use classes.
 */
import { html, nothing, render as renderInto, svg, type SVGTemplateResult, type TemplateResult } from 'lit-html';
import { classMap } from 'lit-html/directives/class-map.js';
import { ifDefined } from 'lit-html/directives/if-defined.js';
import { live } from 'lit-html/directives/live.js';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';

export { classMap, html, ifDefined, live, nothing, ref, repeat, svg };
export type { SVGTemplateResult, TemplateResult };

/** Anything that can stand between two tags. */
export type Content = TemplateResult | SVGTemplateResult | string | number | typeof nothing | readonly Content[];

/** Draws a template into an element, changing only what differs from the last time. */
export function render(content: Content, root: HTMLElement): void {
  renderInto(content, root);
}

/** Shows `content` only when `condition` holds: `${when(rows.length > 0, () => table.view(rows))}`. */
export function when(condition: unknown, content: () => Content): Content {
  return condition ? content() : nothing;
}

let lastId = 0;

/** An id no other element of the page has: `const hint = uniqueId('hint')`. Call it once a component, not once a draw. */
export function uniqueId(prefix: string): string {
  lastId += 1;
  return `${prefix}-${lastId}`;
}
