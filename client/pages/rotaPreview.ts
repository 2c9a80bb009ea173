/** What letting go of a shift would break, mend and cost, said before it is let go of: asked of the service a moment after the hand rests. */
import type { DraftPreview } from '../../server/rota/draftContract.ts';
import { decimal } from '../format.ts';
import { html, nothing, type Content } from '../html.ts';
import { failureText } from '../states.ts';
import type { Change, Place } from './rotaMoves.ts';

const restMs = 150;

export interface PreviewOptions {
  readonly ask: (changes: readonly Change[]) => Promise<DraftPreview>;
  readonly redraw: () => void;
  /** A place in words. */
  readonly where: (place: Place) => string;
}

export interface Preview {
  /** Asks once the hand rests; the same place and changes again ask nothing. */
  ask(place: Place, changes: readonly Change[]): void;
  clear(): void;
  view(): Content;
}

type State = { readonly at: 'none' } | { readonly at: 'asking'; readonly place: Place } | { readonly at: 'nothing'; readonly place: Place } | { readonly at: 'failed'; readonly words: string } | { readonly at: 'known'; readonly place: Place; readonly answer: DraftPreview };

/** A preview for one board; answers that come after another place was asked for are dropped. */
export function createPreview({ ask, redraw, where }: PreviewOptions): Preview {
  let state: State = { at: 'none' };
  let asked = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (next: State): void => {
    state = next;
    redraw();
  };
  const send = async (place: Place, changes: readonly Change[], key: string): Promise<void> => {
    const next: State = await ask(changes).then((answer): State => ({ at: 'known', place, answer }), (error: unknown): State => ({ at: 'failed', words: failureText(error) }));
    if (key === asked) show(next);
  };
  return {
    ask(place, changes) {
      const key = JSON.stringify([place, changes]);
      if (key === asked) return;
      asked = key;
      clearTimeout(timer);
      if (changes.length === 0) return show({ at: 'nothing', place });
      show({ at: 'asking', place });
      timer = setTimeout(() => void send(place, changes, key), restMs);
    },
    clear() {
      clearTimeout(timer);
      asked = '';
      state = { at: 'none' };
    },
    view: () => html`<div class="rota__preview" role="status">${state.at === 'none' ? nothing : wordsOf(state, where)}</div>`,
  };
}

function wordsOf(state: Exclude<State, { at: 'none' }>, where: PreviewOptions['where']): Content {
  if (state.at === 'failed') return html`<p>${state.words}</p>`;
  const place = html`<strong>${where(state.place)}</strong>`;
  if (state.at === 'asking') return html`<p>${place}: looking it over…</p>`;
  if (state.at === 'nothing') return html`<p>${place}: nothing would change here.</p>`;
  const { breaks, mends, adds, saves, costBefore, costAfter } = state.answer;
  const more = costAfter - costBefore;
  return html`<p>${place}: ${breaks.length === 0 ? 'would break no rule' : html`<strong class="rota__breaks">would break ${breaks.length} ${breaks.length === 1 ? 'rule' : 'rules'}</strong>`}${mends.length > 0 ? ` and mend ${mends.length}` : ''};
    ${more === 0 ? 'the points stay' : `${decimal(Math.abs(more), 0)} points ${more > 0 ? 'more' : 'fewer'}`}: ${decimal(costAfter, 0)} for ${decimal(costBefore, 0)} now.</p>
    ${listOf('Would break', breaks.map(({ sentence, regulation }) => html`${sentence} <em>${regulation}</em>`))}
    ${listOf('Would mend', mends.map(({ sentence }) => html`${sentence}`))}
    ${listOf('Would count', adds.map(priced))}${listOf('Would count no more', saves.map(priced))}`;
}

const priced = ({ sentence, cost }: { readonly sentence: string; readonly cost: number }): Content => html`${sentence} ${decimal(cost, 0)} ${cost === 1 ? 'point' : 'points'}.`;
const most = 4;
const listOf = (title: string, lines: readonly Content[]): Content => (lines.length === 0 ? nothing : html`<div><p class="rota__title">${title}</p><ul class="govuk-list govuk-list--bullet">
  ${lines.slice(0, most).map((line) => html`<li>${line}</li>`)}${lines.length > most ? html`<li>and ${lines.length - most} more</li>` : nothing}</ul></div>`);
