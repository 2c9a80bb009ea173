/**
 * A form that keeps what was typed, names every error on top with a link to its field, and cannot be sent twice.
 *
 *   const form = createForm({
 *     fields: [
 *       { kind: 'text', name: 'reference', label: 'Reference', required: true },
 *       { kind: 'money', name: 'ceilingPence', label: 'Ceiling', hint: 'The most the agreement pays', required: true },
 *       { kind: 'radios', name: 'state', label: 'State', options: [{ value: 'draft', label: 'Draft' }] },
 *     ],
 *     submit: 'Keep agreement', redraw: draw,
 *     action: async (values) => { await call(addAgreement, addAgreement.input.parse(values)); await navigate('/agreements'); },
 *   });
 *   render(frame({ title: 'New agreement' }, form.view()), root);
 *
 * `action` gets typed values by name (money as pence, numbers as numbers, files as File, blanks as undefined) and throws
 * to refuse: an `ApiError` with field errors shows each at its field; a zod error from a contract's `input` too.
 */
import { ApiError } from './api.ts';
import type { Field } from './fields.ts';
import { fieldView } from './fieldView.ts';
import { readFields, type FieldProblem, type Values } from './formModel.ts';
import { html, nothing, repeat, uniqueId, type Content, type TemplateResult } from './html.ts';
import { failureText } from './states.ts';

export type { Field } from './fields.ts';
export type { FieldProblem, Values } from './formModel.ts';

export interface FormOptions {
  /** A list, or a function when fields come and go with what is chosen. */
  fields: readonly Field[] | (() => readonly Field[]);
  submit: string;
  /** Sends the values; throws to refuse. */
  action: (values: Values) => Promise<unknown>;
  redraw: () => void;
  /** Beside the submit button: a cancel link, say. */
  beside?: Content;
  /** Fields in a row where there is room: for filters and short forms. */
  layout?: 'column' | 'row' | 'grid';
  /** For filters: no field must be filled in, and none is marked optional. */
  allOptional?: boolean;
  /** Called when any field changes, for forms that show and hide fields or preview. */
  changed?: (values: Values) => void;
}

export interface Form {
  view: () => TemplateResult;
  /** Shows problems found elsewhere, and moves the reader to them unless `quiet`. */
  refuse: (problems: readonly FieldProblem[], options?: { quiet?: boolean }) => void;
  /** Shows why an action outside the form failed, as if the form had been sent. */
  refuseWith: (error: unknown) => void;
  /** Back to the fields' own values, after something was kept and the next one is to be typed. */
  reset: () => void;
}

interface FormState {
  readonly options: FormOptions;
  readonly id: string;
  problems: readonly FieldProblem[];
  sending: boolean;
}

/** Makes a form that keeps its own problems and sending state between draws. */
export function createForm(options: FormOptions): Form {
  const state: FormState = { options, id: uniqueId('form'), problems: [], sending: false };
  return { view: () => formView(state), refuse: (problems, { quiet = false } = {}) => refuse(state, problems, quiet), refuseWith: (error) => refuse(state, problemsOf(error)), reset: () => reset(state) };
}

function reset(state: FormState): void {
  const form = document.getElementById(state.id);
  if (form instanceof HTMLFormElement) form.reset();
  state.problems = [];
  state.options.redraw();
}

function fieldsOf(state: FormState): readonly Field[] {
  return typeof state.options.fields === 'function' ? state.options.fields() : state.options.fields;
}

function refuse(state: FormState, problems: readonly FieldProblem[], quiet = false): void {
  state.problems = problems;
  state.options.redraw();
  if (problems.length > 0 && !quiet) document.getElementById(`${state.id}-summary`)?.focus();
}

async function submitted(state: FormState, event: Event): Promise<void> {
  event.preventDefault();
  if (state.sending || !(event.target instanceof HTMLFormElement)) return;
  const { values, problems } = readFields(fieldsOf(state), new FormData(event.target));
  if (problems.length > 0) return refuse(state, problems);
  state.sending = true;
  state.problems = [];
  state.options.redraw();
  try {
    await state.options.action(values);
    state.sending = false;
    state.options.redraw();
  } catch (error) {
    state.sending = false;
    refuse(state, problemsOf(error));
  }
}

/** Field errors from the server or from zod; anything else is one problem of the whole form. */
export function problemsOf(error: unknown): readonly FieldProblem[] {
  if (error instanceof ApiError && error.problem.errors?.length) return error.problem.errors;
  if (error instanceof Error && 'issues' in error && Array.isArray(error.issues)) {
    const issues: readonly { path: readonly PropertyKey[]; message: string }[] = error.issues;
    return issues.map((issue) => ({ field: issue.path.map(String).join('.'), message: issue.message }));
  }
  const id = error instanceof ApiError && error.problem.requestId ? ` (request ${error.problem.requestId})` : '';
  return [{ field: '', message: `${failureText(error)}${error instanceof ApiError && error.problem.status < 500 ? '' : id}` }];
}

function formView(state: FormState): TemplateResult {
  const { options, problems, sending } = state;
  const fields = fieldsOf(state);
  const changed = (event: Event): void => {
    const form = event.currentTarget;
    if (options.changed && form instanceof HTMLFormElement) options.changed(readFields(fields, new FormData(form)).values);
  };
  return html`${errorSummary(`${state.id}-summary`, problems, fields, state.id)}
    <form class="form form--${options.layout ?? 'column'}" novalidate id=${state.id} @submit=${(event: Event) => submitted(state, event)} @change=${changed}>
      ${repeat(fields, (field) => field.name, (field) => fieldView(field, { formId: state.id, allOptional: options.allOptional ?? false, problem: problems.find((one) => owns(field, one.field))?.message }))}
      <div class="form__end govuk-button-group">
        <button type="submit" class="govuk-button" aria-disabled=${sending ? 'true' : 'false'}>${sending ? 'Sending…' : options.submit}</button>
        ${options.beside ?? nothing}
      </div>
    </form>`;
}

/** `lines.0.amount` belongs to the field `lines.0.amount`, else to `lines`. */
function owns(field: Field, problemField: string): boolean {
  return field.name === problemField || problemField.startsWith(`${field.name}.`);
}

/** The box on top that lists every problem, each a link to its field; takes the focus. */
export function errorSummary(id: string, problems: readonly FieldProblem[], fields: readonly Field[], formId: string): Content {
  if (problems.length === 0) return nothing;
  const jump = (event: Event, name: string): void => {
    event.preventDefault();
    document.getElementById(`${formId}-${name}`)?.focus();
  };
  return html`<div class="govuk-error-summary" id=${id} tabindex="-1" role="alert" aria-labelledby="${id}-title">
    <h2 class="govuk-error-summary__title" id="${id}-title">There is a problem</h2>
    <ul class="govuk-list govuk-error-summary__list">${problems.map((problem) => {
      const field = fields.find((one) => owns(one, problem.field));
      return field && field.kind !== 'hidden'
        ? html`<li><a href="#${formId}-${field.name}" @click=${(event: Event) => jump(event, field.name)}>${problem.message}</a></li>`
        : html`<li>${problem.message}</li>`;
    })}</ul></div>`;
}
