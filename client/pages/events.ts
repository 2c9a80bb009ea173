/** Audit events in words: used by the audit page and by the timelines on people and settings. */
import type { AuditEvent } from '../../server/trail/contract.ts';
import { mayDo } from '../session.ts';
import { instant } from '../format.ts';
import { html, nothing, when, type Content } from '../html.ts';
import { emptyView } from '../states.ts';

export type TimelineEvent = Pick<AuditEvent, 'id' | 'happenedAt' | 'person' | 'action' | 'reason' | 'before' | 'after'>;

/** "roleProposed" -> "Role proposed", "import_run" -> "Import run". */
export function inWords(name: string): string {
  const words = name.replaceAll('_', ' ').replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The page of what an event is about, where there is one that this person may open. */
export function subjectPage(kind: string, id: string): string | undefined {
  const end = encodeURIComponent(id);
  if (kind === 'person' && mayDo('seePeople')) return `/people/${end}`;
  if (kind === 'agreement' && mayDo('seeMoney')) return `/agreements/${end}`;
  if (kind === 'hotspot' && mayDo('seeMap')) return `/hotspots/${end}`;
  if (kind === 'setting' && mayDo('seeSettings')) return `/settings/${end}`;
  return undefined;
}

type Fields = Record<string, unknown>;

function fieldsOf(value: unknown): Fields {
  if (value === null || value === undefined) return {};
  return typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : { value };
}

function written(value: unknown): Content {
  if (value === null || value === undefined) return html`<span class="changes__none">nothing</span>`;
  return typeof value === 'object' ? html`<code>${JSON.stringify(value)}</code>` : String(value);
}

/** Each field with what it was and what it became; one value where only one of them was kept. A list, since it also stands in cells of a table. */
export function changes(before: unknown, after: unknown): Content {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  if (names.length === 0) return nothing;
  const both = Object.keys(was).length > 0 && Object.keys(is).length > 0;
  const side = (label: string, content: Content): Content => html`<div class="changes__side"><span>${label}</span><span>${content}</span></div>`;
  return fieldList(names.map((name) => [inWords(name), both && JSON.stringify(was[name]) !== JSON.stringify(is[name])
    ? html`${side('Before', written(was[name]))}${side('After', html`<strong>${written(is[name])}</strong>`)}`
    : written(name in is ? is[name] : was[name])]));
}

/** Small pairs of a field's name and its value. */
export function fieldList(pairs: readonly (readonly [string, Content])[]): Content {
  return html`<dl class="changes">${pairs.map(([name, value]) => html`<div class="changes__row"><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

const hasChanges = (event: TimelineEvent): boolean => Object.keys({ ...fieldsOf(event.before), ...fieldsOf(event.after) }).length > 0;

/** What happened to one thing, newest first. */
export function timeline(events: readonly TimelineEvent[]): Content {
  if (events.length === 0) return emptyView('Nothing has happened yet', 'Every change to this will stand here with who made it and why.');
  const newestFirst = [...events].sort((a, b) => b.id - a.id);
  return html`<ol class="timeline">${newestFirst.map((event) => html`<li class="timeline__one">
    <p class="timeline__head"><strong>${inWords(event.action)}</strong> <span class="timeline__about">${instant(event.happenedAt)}${event.person ? `, ${event.person}` : ''}</span></p>
    ${event.reason ? html`<p class="timeline__reason">${event.reason}</p>` : nothing}
    ${when(hasChanges(event), () => html`<details class="fold"><summary>What was kept<span class="visually-hidden"> of ${inWords(event.action)}, ${instant(event.happenedAt)}</span></summary>${changes(event.before, event.after)}</details>`)}
  </li>`)}</ol>`;
}
