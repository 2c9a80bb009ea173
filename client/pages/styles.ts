/** Every component and state on one page, for people who build screens and for checking them. */
import { frame } from '../frame.ts';
import { html, render } from '../html.ts';
import type { Page } from '../router.ts';
import { chartSamples } from './styles/charts.ts';
import { inputSamples } from './styles/inputs.ts';
import { placeSamples } from './styles/places.ts';
import { stateSamples } from './styles/waiting.ts';
import { wordSamples } from './styles/words.ts';

export const styles: Page = (root) => {
  const draw = (): void => render(frame({
    title: 'Components and states', caption: 'For people who build screens', width: 'wide', breadcrumbs: [{ label: 'Start', href: '/' }],
    lead: 'Everything a screen is made of. The rows are made up.',
  }, html`${wordSamples()}${places.view()}${chartSamples()}${inputs.view()}${stateSamples()}`), root);
  const inputs = inputSamples(() => draw());
  const places = placeSamples(() => draw());
  draw();
  inputs.refuse();
  return places.remove;
};
