/** Every component and state on one page, for people who build screens and for checking them. */
import { frame } from '../frame.ts';
import { html, render } from '../html.ts';
import type { Page } from '../router.ts';

export const styles: Page = (root) => {
  render(frame({ title: 'Components and states' }, html`<p>…</p>`), root);
};
