/** One field drawn: label, hint, problem, control. `fieldView(field, { formId: 'filters' })` also works outside a form. */
import { poundsText } from './amount.ts';
import type { CalendarField, Field, GroupField, MoneyField, NumberField, Option, SelectField, SingleField, TextareaField, TextField } from './fields.ts';
import { html, ifDefined, nothing, repeat, type Content, type TemplateResult } from './html.ts';

export interface FieldContext {
  formId: string;
  problem?: string | undefined;
  /** True where no field must be filled in, so that saying it of each is noise. */
  allOptional?: boolean;
  /** Called as the value changes, for filters that act at once. */
  onChange?: (value: string) => void;
}

interface Drawn {
  id: string;
  /** Ids of the hint and the problem, for aria-describedby. */
  described: string | undefined;
  problem: string | undefined;
  allOptional: boolean;
  onChange: ((event: Event) => void) | undefined;
}

export function fieldView(field: Field, context: FieldContext): TemplateResult {
  const id = `${context.formId}-${field.name}`;
  if (field.kind === 'hidden') return html`<input type="hidden" name=${field.name} .value=${field.value}>`;
  const described = [field.hint ? `${id}-hint` : '', context.problem ? `${id}-problem` : ''].filter(Boolean).join(' ') || undefined;
  const drawn: Drawn = { id, described, problem: context.problem, allOptional: context.allOptional ?? false, onChange: changeOf(context.onChange) };
  return html`<div class="field field--${field.kind} govuk-form-group ${context.problem ? 'govuk-form-group--error' : ''}">
    ${isGroup(field) ? group(field, drawn) : html`${label(field, drawn)}${about(field, drawn)}${control(field, drawn)}`}
  </div>`;
}

function changeOf(onChange: ((value: string) => void) | undefined): ((event: Event) => void) | undefined {
  if (!onChange) return undefined;
  return (event) => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) onChange(event.target.value);
  };
}

function isGroup(field: Field): field is GroupField {
  return field.kind === 'radios' || field.kind === 'checkboxes' || field.kind === 'checkbox';
}

function labelWords(field: Field, { allOptional }: Drawn): Content {
  return html`${field.label}${field.required || allOptional ? nothing : html`<span class="field__optional"> (optional)</span>`}`;
}

function label(field: SingleField, drawn: Drawn): TemplateResult {
  return html`<label class="govuk-label" for=${drawn.id}>${labelWords(field, drawn)}</label>`;
}

function about(field: Field, { id, problem }: Drawn): Content {
  return html`${field.hint ? html`<div class="govuk-hint" id="${id}-hint">${field.hint}</div>` : nothing}
    ${problem ? html`<p class="govuk-error-message" id="${id}-problem"><span class="govuk-visually-hidden">Error:</span> ${problem}</p>` : nothing}`;
}

/** `value` is an attribute on purpose: drawing again keeps what was typed since. */
function control(field: SingleField, drawn: Drawn): TemplateResult {
  if (field.kind === 'select') return selectControl(field, drawn);
  if (field.kind === 'textarea') return textareaControl(field, drawn);
  if (field.kind === 'number' || field.kind === 'money') return figureControl(field, drawn);
  if (field.kind === 'file') {
    return html`<input class="govuk-file-upload" type="file" id=${drawn.id} name=${field.name} accept=${ifDefined(field.accept)} ?multiple=${field.many ?? false}
      aria-describedby=${ifDefined(drawn.described)} aria-invalid=${ifDefined(invalid(drawn))}>`;
  }
  return textControl(field, drawn);
}

const invalid = (drawn: Drawn): 'true' | undefined => (drawn.problem ? 'true' : undefined);

function inputClass(drawn: Drawn, size: string): string {
  return `govuk-input input--${size} ${drawn.problem ? 'govuk-input--error' : ''}`;
}

function textControl(field: TextField | CalendarField, drawn: Drawn): TemplateResult {
  const calendar = field.kind === 'date' || field.kind === 'month' ? field : undefined;
  const size = field.size ?? (calendar || field.kind === 'time' ? 'short' : 'long');
  return html`<input class=${inputClass(drawn, size)} type=${field.kind} id=${drawn.id} name=${field.name} value=${field.value ?? ''}
    min=${ifDefined(calendar?.min)} max=${ifDefined(calendar?.max)}
    placeholder=${ifDefined(calendar && (calendar.kind === 'date' ? 'YYYY-MM-DD' : 'YYYY-MM'))}
    spellcheck=${field.kind === 'text' ? nothing : 'false'} autocomplete=${field.autocomplete ?? 'off'} aria-required=${ifDefined(field.required ? 'true' : undefined)}
    aria-describedby=${ifDefined(drawn.described)} aria-invalid=${ifDefined(invalid(drawn))} @change=${drawn.onChange ?? nothing}>`;
}

function textareaControl(field: TextareaField, drawn: Drawn): TemplateResult {
  return html`<textarea class="govuk-textarea ${drawn.problem ? 'govuk-textarea--error' : ''}" rows="4" id=${drawn.id} name=${field.name}
    aria-describedby=${ifDefined(drawn.described)} aria-invalid=${ifDefined(invalid(drawn))} .defaultValue=${field.value ?? ''}></textarea>`;
}

function figureControl(field: NumberField | MoneyField, drawn: Drawn): TemplateResult {
  const value = field.value === undefined ? '' : field.kind === 'money' ? poundsText(field.value) : String(field.value);
  const after = field.kind === 'number' && field.unit ? html`<div class="govuk-input__suffix" aria-hidden="true">${field.unit}</div>` : nothing;
  return html`<div class="govuk-input__wrapper">
    ${field.kind === 'money' ? html`<div class="govuk-input__prefix" aria-hidden="true">£</div>` : nothing}
    <input class=${inputClass(drawn, 'short')} type="text" inputmode=${field.kind === 'money' ? 'decimal' : 'numeric'} id=${drawn.id} name=${field.name} value=${value}
      autocomplete="off" spellcheck="false" aria-required=${ifDefined(field.required ? 'true' : undefined)} aria-describedby=${ifDefined(drawn.described)}
      aria-invalid=${ifDefined(invalid(drawn))} @change=${drawn.onChange ?? nothing}>${after}</div>`;
}

function selectControl(field: SelectField, drawn: Drawn): TemplateResult {
  return html`<select class="govuk-select ${drawn.problem ? 'govuk-select--error' : ''}" id=${drawn.id} name=${field.name}
    aria-describedby=${ifDefined(drawn.described)} aria-invalid=${ifDefined(invalid(drawn))} @change=${drawn.onChange ?? nothing}>
    ${field.blank === undefined ? nothing : html`<option value="">${field.blank}</option>`}
    ${field.options.map((option) => html`<option value=${option.value} ?selected=${option.value === field.value}>${option.label}</option>`)}
  </select>`;
}

function group(field: GroupField, drawn: Drawn): TemplateResult {
  if (field.kind === 'checkbox') {
    return html`${about(field, drawn)}<div class="govuk-checkboxes govuk-checkboxes--small">
      ${choice('checkbox', { field, drawn, option: { value: 'yes', label: field.label }, on: field.value === true, id: drawn.id })}</div>`;
  }
  const kind = field.kind === 'radios' ? 'radio' : 'checkbox';
  const chosen = field.kind === 'radios' ? [field.value] : (field.value ?? []);
  return html`<fieldset class="govuk-fieldset" aria-describedby=${ifDefined(drawn.described)}>
    <legend class="govuk-fieldset__legend">${labelWords(field, drawn)}</legend>${about(field, drawn)}
    <div class="${kind === 'radio' ? 'govuk-radios govuk-radios--small' : 'govuk-checkboxes govuk-checkboxes--small'} ${field.kind === 'radios' && field.inline ? 'govuk-radios--inline' : ''}">
      ${repeat(field.options, (option) => option.value, (option, index) => choice(kind, { field, drawn, option, on: chosen.includes(option.value), id: index === 0 ? drawn.id : `${drawn.id}-${index}` }))}
    </div></fieldset>`;
}

interface Choice {
  field: GroupField;
  drawn: Drawn;
  option: Option;
  on: boolean;
  id: string;
}

/** The first choice carries the field's own id, so that the error summary's link lands on it. */
function choice(type: 'radio' | 'checkbox', { field, drawn, option, on, id }: Choice): TemplateResult {
  const block = type === 'radio' ? 'govuk-radios' : 'govuk-checkboxes';
  return html`<div class="${block}__item">
    <input class="${block}__input" type=${type} id=${id} name=${field.name} value=${option.value} ?checked=${on}
      aria-describedby=${ifDefined(option.hint ? `${id}-about` : field.kind === 'checkbox' ? drawn.described : undefined)} @change=${drawn.onChange ?? nothing}>
    <label class="govuk-label ${block}__label" for=${id}>${option.label}</label>
    ${option.hint ? html`<div class="govuk-hint ${block}__hint" id="${id}-about">${option.hint}</div>` : nothing}
  </div>`;
}
