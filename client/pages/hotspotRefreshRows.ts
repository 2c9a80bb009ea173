/** The rows of a refresh: what each says, and what is typed on it. */
import type { Decision, RefreshRow } from '../../server/changes/contract.ts';
import { fieldView } from '../fieldView.ts';
import { count } from '../format.ts';
import { html, nothing, type Content } from '../html.ts';
import { tag } from '../states.ts';
import type { Column } from '../table.ts';

/** A decision on a row, with a name and a reason of its own where they were typed. */
export interface Typed {
  readonly decision: Decision;
  readonly name?: string;
  readonly reason?: string;
}

export const decisionWords: Record<Decision, string> = { keep: 'keep', retire: 'retire', adopt: 'adopt', replace: 'retire and adopt the candidate', leave: 'leave for now' };

const founds: Record<RefreshRow['found'], { words: string; look: 'plain' | 'good' | 'warning' | 'info' }> = {
  kept: { words: 'Holds', look: 'good' }, shifted: { words: 'Shifted', look: 'warning' }, dropped: { words: 'No longer holds', look: 'warning' }, new: { words: 'New', look: 'info' },
};

export const foundTag = (found: RefreshRow['found']): Content => tag(founds[found].words, founds[found].look);

const wordsOf = (decided: Decision | undefined): string => (decided ? decisionWords[decided] : 'open');

export function refreshColumns(decisionOf: (row: RefreshRow) => Decision | undefined): readonly Column<RefreshRow>[] {
  return [
    { key: 'name', label: 'Place', value: (row) => row.name },
    { key: 'found', label: 'Found', value: (row) => founds[row.found].words, show: (row) => foundTag(row.found) },
    { key: 'decision', label: 'Decision', value: (row) => wordsOf(decisionOf(row)), show: (row) => (decisionOf(row) ? html`<strong>${wordsOf(decisionOf(row))}</strong>` : 'open') },
    { key: 'council', label: 'Council', value: (row) => row.council },
    { key: 'n', label: 'Incidents', kind: 'count', value: (row) => row.n },
    { key: 'before', label: 'Before', hint: 'Incidents there in the months of the run before', kind: 'count', value: (row) => row.before, missing: '–' },
    { key: 'rate', label: 'Per km² a year', kind: 'decimal', digits: 0, value: (row) => row.rate },
    { key: 'low', label: 'At least', hint: 'Lower end of the 95% interval of the rate', kind: 'decimal', digits: 0, value: (row) => row.rateLow },
    { key: 'why', label: 'Why', value: (row) => row.why, show: (row) => html`<span class="refresh__why">${row.why}</span>` },
  ];
}

/** The chosen row: why, and what is decided on it. */
export function rowPanel(row: RefreshRow, typed: Map<string, Typed>, draw: () => void): Content {
  const now = typed.get(row.key);
  const context = { formId: `row-${row.key}` };
  const set = (change: Partial<Typed>): void => {
    const decision = change.decision ?? now?.decision ?? row.choices[0];
    if (decision) typed.set(row.key, { ...typed.get(row.key), ...change, decision });
    draw();
  };
  const take = (value: string): void => {
    if (value === '') typed.delete(row.key);
    else set({ decision: row.choices.find((one) => one === value) ?? 'leave' });
    draw();
  };
  const adopts = now?.decision === 'adopt' || now?.decision === 'replace';
  return html`<div class="state">
    <p class="state__title">${row.name}, ${row.council} ${foundTag(row.found)}</p>
    <p class="state__text">${row.why}</p>
    ${row.candidate && row.candidate.tags.length > 0 ? html`<p>${row.candidate.tags.map((words) => html`${tag(words)} `)}</p>` : nothing}
    ${row.hotspotId ? html`<p><a href="/hotspots/${row.hotspotId}">The hotspot’s page</a></p>` : html`<p>${count(row.candidate?.cells.length ?? 0)} cells, ${count(row.candidate?.acrossMetres ?? 0)} m across</p>`}
    <div class="form form--row">
      ${fieldView({ kind: 'select', name: 'decision', label: 'Decision', required: true, value: now?.decision ?? '', blank: 'Open: stays as it is', options: row.choices.map((one) => ({ value: one, label: decisionWords[one] })) }, { ...context, onChange: take })}
      ${adopts ? fieldView({ kind: 'text', name: 'name', label: 'Name', required: true, value: now?.name ?? row.candidate?.suggestedName ?? row.name }, { ...context, onChange: (name) => set({ name }) }) : nothing}
      ${now ? fieldView({ kind: 'text', name: 'reason', label: 'Reason of its own', value: now.reason ?? '' }, { ...context, onChange: (reason) => set({ reason }) }) : nothing}
    </div></div>`;
}
