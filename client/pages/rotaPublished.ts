/** A rota as it is published: the weeks as they are printed on A4, the versions with their breaches, and who was told. */
import type { PublishedShift, Rota } from '../../server/rota/contract.ts';
import { getPublishedRota, recordTold, type RotaVersion, waysTold, wayToldNames } from '../../server/rota/publishedContract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { hoursMinutes, instant, period, shortDate } from '../format.ts';
import { action, button, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { addDays, dayNames, mondayOf } from '../weeks.ts';
import { coverView, shiftTimes } from './rotaGrid.ts';

interface Answer {
  rota: Rota;
  shifts: readonly PublishedShift[];
  versions: readonly RotaVersion[];
}
type Changed = RotaVersion['changed'][number];

export const rotaPublishedPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<Answer> = loading;
  let said = '';
  const draw = (): void => {
    const head = state.at === 'ready' ? { title: `Rota ${period(state.value.rota.startsOn, state.value.rota.endsOn)}`, caption: state.value.rota.council } : { title: 'Rota' };
    render(frame({ ...head, width: 'wide', breadcrumbs: [{ label: 'Rotas', href: '/rotas' }], actions: actionsOf(id, state.at === 'ready' ? state.value : undefined) },
      html`${said ? note('good', said, { live: true }) : nothing}${shown(state, body, { what: 'the rota', retry: start })}`), root);
  };
  const body = ({ shifts, versions }: Answer): Content => {
    const [latest] = versions;
    if (!latest) return emptyView('Nothing of this rota is published yet', mayDo('planRotas') ? 'Publish its draft.' : 'The council’s lead publishes it.');
    const weeks = [...new Set(shifts.map(({ day }) => mondayOf(day)))];
    return html`<div class="rotaprint"><p>Version ${latest.number}, published ${instant(latest.publishedAt)}${latest.note ? html`: ${latest.note}` : nothing}</p>
      ${weeks.map((week) => weekTable(week, shifts, latest))}</div>
      <div class="rotaprint__aside">
      ${section('Told of this version', html`${changed.view(latest.changed)}${when(mayDo('planRotas') && latest.changed.length > 0, () => toldForm.view())}`, { lead: 'Wardens whose shifts differ from the version before, and how each was told.' })}
      ${section('Breaches that stand', latest.breaches.length === 0 ? emptyView('None', 'This version breaks no rule.') : html`<ul class="govuk-list govuk-list--bullet">${latest.breaches.map(({ sentence, regulation, reason }) => html`<li>${sentence} <em>${regulation}</em> Why it stands: ${reason}</li>`)}</ul>`)}
      ${section('Versions', list.view(versions))}</div>`;
  };
  const changed = createTable<Changed>({ caption: 'Changed for', rowId: (row) => row.wardenId, redraw: draw, tools: false, columns: [
    { key: 'reference', label: 'Warden', value: ({ reference }) => reference }, { key: 'says', label: 'What changed', value: ({ says }) => says },
    { key: 'told', label: 'Told', value: ({ told }) => told.map(({ how, at }) => `${wayToldNames[how] ?? how}, ${instant(at)}`).join('; ') || null, missing: 'not yet' },
  ] });
  const list = createTable<RotaVersion>({ caption: 'Versions', rowId: (row) => row.id, redraw: draw, tools: false, columns: [
    { key: 'number', label: 'Version', kind: 'count', value: ({ number }) => number }, { key: 'at', label: 'Published', kind: 'instant', value: ({ publishedAt }) => publishedAt },
    { key: 'by', label: 'By', value: ({ publishedBy }) => publishedBy }, { key: 'note', label: 'What changed', value: ({ note: words }) => words },
    { key: 'breaches', label: 'Breaches', kind: 'count', value: ({ breaches }) => breaches.length }, { key: 'cost', label: 'Points', kind: 'decimal', digits: 0, value: ({ cost }) => cost },
    { key: 'sha', label: 'Content', hint: 'First digits of the hash of its shifts', value: ({ contentSha256 }) => contentSha256.slice(0, 12) },
  ] });
  const toldForm = createForm({
    layout: 'column', submit: 'Note that they were told', redraw: draw,
    fields: () => [
      { kind: 'checkboxes', name: 'wardenIds', label: 'Wardens told', required: true, requiredMessage: 'Choose at least one warden.', options: state.at === 'ready' ? (state.value.versions[0]?.changed ?? []).map(({ wardenId, reference }) => ({ value: wardenId, label: reference })) : [] },
      { kind: 'select', name: 'how', label: 'How', required: true, value: 'in_person', options: waysTold.map((value) => ({ value, label: wayToldNames[value] ?? value })) },
    ],
    action: async ({ wardenIds, how }) => {
      const version = state.at === 'ready' ? state.value.versions[0] : undefined;
      if (!version || !Array.isArray(wardenIds)) return;
      await call(recordTold, { id: version.id, wardenIds: wardenIds.map(String), how: waysTold.find((each) => each === how) ?? 'in_person' });
      said = `Noted for ${wardenIds.length} ${wardenIds.length === 1 ? 'warden' : 'wardens'}.`;
      state = { at: 'ready', value: await call(getPublishedRota, { id }) };
      draw();
    },
  });
  const start = (): (() => void) => load(call(getPublishedRota, { id }), (next) => {
    state = next;
    draw();
  });
  return start();
};

/** What is done with a rota next: changed, given its rounds once it is published, printed. */
function actionsOf(id: string, answer: Answer | undefined): Content[] {
  const published = answer !== undefined && answer.versions.length > 0;
  return [
    ...(mayDo('planRotas') ? [action(published ? 'Change the draft' : 'To the draft', `/rotas/${id}`)] : []),
    ...(published ? [action('Rounds of its shifts', `/rounds?week=${mondayOf(answer.rota.startsOn)}&council=${answer.rota.councilCode}`), button('Print', () => window.print())] : []),
  ];
}

/** One week on a page: wardens by day, and how many are on each shift. */
function weekTable(week: string, shifts: readonly PublishedShift[], { number }: RotaVersion): Content {
  const days = Array.from({ length: 7 }, (_, index) => addDays(week, index));
  const own = shifts.filter(({ day }) => days.includes(day));
  const references = [...new Set(shifts.flatMap(({ wardens }) => wardens))].toSorted();
  const names = [...new Map(own.map((shift) => [shift.code, shift])).values()];
  return html`<div class="weekgrid rota" role="region" tabindex="0" aria-label="Week from ${shortDate(week)}"><table class="weekgrid__table">
    <caption class="table__caption"><span class="table__name">Week from ${shortDate(week)}</span> <span class="table__about">version ${number}; ${names.map((shift) => `${shift.name} ${shiftTimes(shift)}`).join(', ')}; local clock</span></caption>
    <thead><tr><th scope="col" class="weekgrid__place">Warden</th>${days.map((day, index) => html`<th scope="col">${dayNames[index]?.slice(0, 3)} ${Number(day.slice(8))}</th>`)}<th scope="col" class="is-number">Week</th></tr></thead>
    <tbody>${references.map((reference) => {
      const mine = own.filter(({ wardens }) => wardens.includes(reference));
      return html`<tr><th scope="row" class="weekgrid__place">${reference}</th>${days.map((day) => {
        const here = mine.filter((shift) => shift.day === day).map(({ name }) => name).join(', ');
        return html`<td class=${here ? 'weekgrid__cell--2' : ''}>${here || '·'}</td>`;
      })}<td class="is-number">${hoursMinutes(mine.reduce((sum, { minutes }) => sum + minutes, 0))}</td></tr>`;
    })}</tbody>
    <tfoot>${names.map(({ code, name }) => html`<tr><th scope="row" class="weekgrid__place">${name}</th>${days.map((day) => {
      const shift = own.find((each) => each.day === day && each.code === code);
      return html`<td>${shift ? coverView(shift.wardens.length, shift.coverWanted) : ''}</td>`;
    })}<td></td></tr>`)}</tfoot></table></div>`;
}
