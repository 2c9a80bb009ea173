/** The words of decision notices, with the places figures stand in; changed from a day on. */
import { addNoticeTemplate, listNoticeTemplates, reallocationKindNames, reallocationKinds, type NoticeTemplate } from '../../server/reallocations/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { date } from '../format.ts';
import { frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { today } from '../weeks.ts';

interface Answer { templates: readonly NoticeTemplate[]; places: readonly { name: string; says: string }[] }

export const reallocationNoticesPage: Page = (root) => {
  let state: Loadable<Answer> = loading;
  let said = '';
  const draw = (): void => render(frame({ title: 'Words of decision notices', breadcrumbs: [{ label: 'Reallocations', href: '/reallocations' }], lead: 'A notice is drafted from the rows of its reallocation. The words between the figures are yours, from a day on; notices of earlier days keep theirs.' },
    html`${said ? note('good', said, { live: true }) : nothing}${shown(state, body, { what: 'the words', retry: () => void start() })}`), root);
  const places = createTable<Answer['places'][number]>({ caption: 'Places for figures', rowId: (row) => row.name, redraw: draw, tools: false, columns: [{ key: 'name', label: 'Write', value: (row) => `{${row.name}}` }, { key: 'says', label: 'Stands there', value: (row) => row.says }] });
  const form = createForm({
    submit: 'Keep the words', redraw: draw,
    fields: () => [
      { kind: 'select', name: 'kind', label: 'For', required: true, options: reallocationKinds.map((kind) => ({ value: kind, label: reallocationKindNames[kind] })) },
      { kind: 'date', name: 'validFrom', label: 'From', value: today(), required: true },
      { kind: 'textarea', name: 'body', label: 'Words', value: state.at === 'ready' ? state.value.templates.at(-1)?.body : '', required: true },
      { kind: 'text', name: 'reason', label: 'Why', required: true },
    ],
    action: async (values) => {
      await call(addNoticeTemplate, addNoticeTemplate.input.parse(values));
      state = { at: 'ready', value: await call(listNoticeTemplates, {}) };
      said = 'Kept the words.';
      draw();
    },
  });
  const body = (answer: Answer): Content => html`
    ${answer.templates.map((template, nth) => html`<details class="govuk-details" ?open=${nth === 0}><summary class="govuk-details__summary">${reallocationKindNames[template.kind]}, from ${date(template.validFrom)}</summary><div class="govuk-details__text"><pre class="notice" tabindex="0" aria-label="Words from ${template.validFrom}">${template.body}</pre><p class="table__about">${template.source}</p></div></details>`)}
    ${section('Places for figures', places.view(answer.places))}
    ${when(mayDo('proposeReallocations'), () => section('New words from a day on', form.view()))}`;
  const start = (): (() => void) => load(call(listNoticeTemplates, {}), (next) => {
    state = next;
    draw();
  });
  return start();
};
