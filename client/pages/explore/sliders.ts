/** A slider with its value in words beside it; acts at every step while it is moved. */
import { html, live, type TemplateResult } from '../../html.ts';

export interface Slider {
  readonly name: string;
  readonly label: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly value: number;
  /** "250 m" */
  readonly words: string;
}

export function sliderView(slider: Slider, moved: (name: string, value: number) => void): TemplateResult {
  const input = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) moved(slider.name, Number(event.target.value));
  };
  return html`<div class="slider"><label class="slider__label" for="slider-${slider.name}"><span>${slider.label}</span> <span class="slider__value">${slider.words}</span></label>
    <input class="slider__input" type="range" id="slider-${slider.name}" min=${slider.least} max=${slider.most} step=${slider.step} .value=${live(String(slider.value))} aria-valuetext=${slider.words} @input=${input}></div>`;
}

/** One question at a time, always ending on the latest: while an answer is awaited further steps only say that another is due. */
export function latestOnly(ask: () => Promise<void>, pauseMs: number): () => void {
  let busy = false;
  let due = false;
  const go = async (): Promise<void> => {
    busy = true;
    while (due) {
      due = false;
      const pause = new Promise((resolve) => setTimeout(resolve, pauseMs));
      await ask();
      if (due) await pause;
    }
    busy = false;
  };
  return () => {
    due = true;
    if (!busy) void go();
  };
}
