/** Forms: every kind of field, and how a refused form looks. */
import { createForm, type Field } from '../../form.ts';
import { section } from '../../frame.ts';
import { html, type Content } from '../../html.ts';
import { note } from '../../states.ts';

const councils = [
  { value: 'hartlepool', label: 'Hartlepool' }, { value: 'middlesbrough', label: 'Middlesbrough' },
  { value: 'redcar', label: 'Redcar and Cleveland' }, { value: 'stockton', label: 'Stockton-on-Tees' },
];

const fields: readonly Field[] = [
  { kind: 'text', name: 'reference', label: 'Reference', hint: 'As it stands on the agreement', required: true, size: 'medium' },
  { kind: 'select', name: 'council', label: 'Council', options: councils, blank: 'Choose a council', required: true },
  { kind: 'date', name: 'from', label: 'First day', required: true },
  { kind: 'month', name: 'month', label: 'Month of the return', value: '2023-10' },
  { kind: 'money', name: 'ceilingPence', label: 'Ceiling', hint: 'The most the agreement pays', required: true },
  { kind: 'number', name: 'hours', label: 'Target', unit: 'person-hours', min: 0 },
  { kind: 'radios', name: 'basis', label: 'Paid by', value: 'hours', required: true, options: [
    { value: 'hours', label: 'Hours delivered', hint: 'Verified person-hours at the agreed rate' }, { value: 'cost', label: 'Cost', hint: 'Eligible cost with evidence' }] },
  { kind: 'checkboxes', name: 'days', label: 'Days patrolled', options: ['Monday to Thursday', 'Friday', 'Saturday', 'Sunday'].map((label) => ({ value: label, label })) },
  { kind: 'file', name: 'evidence', label: 'Signed agreement', hint: 'PDF, at most 20 MB', accept: '.pdf' },
  { kind: 'textarea', name: 'notes', label: 'Notes' },
  { kind: 'checkbox', name: 'agreed', label: 'Both parties have signed' },
];

const refused = [
  { field: 'reference', message: 'Another agreement has this reference. Give a different one.' },
  { field: 'ceilingPence', message: '"1,23" has a comma in an unusual place: write 1,234 or 1234' },
];

/** Two forms: one as it opens, one refused. */
export function inputSamples(redraw: () => void): { view: () => Content; refuse: () => void } {
  let kept = '';
  const open = createForm({ fields, submit: 'Keep agreement', redraw, action: async (values) => {
    kept = Object.keys(values).filter((name) => values[name] !== undefined).join(', ');
  } });
  const wrong = createForm({ fields: fields.slice(0, 5), submit: 'Keep agreement', redraw, action: async () => undefined });
  const filters = createForm({ layout: 'row', submit: 'Show', redraw, action: async () => undefined, fields: [
    { kind: 'month', name: 'start', label: 'From', value: '2023-04', required: true }, { kind: 'month', name: 'end', label: 'To', value: '2024-03', required: true },
    { kind: 'select', name: 'where', label: 'Council', options: councils, blank: 'All councils', required: true }] });
  return {
    view: () => html`
      ${section('Filters in a row', filters.view())}
      ${section('Forms', html`<div class="samples"><div>${kept ? note('good', `Kept: ${kept}.`, { live: true }) : ''}${open.view()}</div><div>${wrong.view()}</div></div>`)}`,
    refuse: () => wrong.refuse(refused, { quiet: true }),
  };
}
