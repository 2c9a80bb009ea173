/** Choices that several of the analyst's screens offer besides the filters. */
import { fieldView } from '../../fieldView.ts';
import type { Option } from '../../fields.ts';
import type { Content } from '../../html.ts';

/** A select that acts at once and keeps its value in the address; choosing the first takes the service's default. */
export function choice(name: string, label: string, value: string | undefined, options: readonly Option[], changed: (name: string, value: string) => void): Content {
  return fieldView({ kind: 'select', name, label, required: true, value: value ?? 'any', options }, { formId: 'filters', onChange: (next) => changed(name, next) });
}

export const cellSizes: readonly Option[] = [
  { value: 'any', label: 'Resolution 9, 0.09 km²' }, { value: '8', label: 'Resolution 8, 0.64 km²' }, { value: '10', label: 'Resolution 10, 0.013 km²' },
];
