/** Choices that several of the analyst's screens offer besides the filters. */
import { fieldView } from '../../fieldView.ts';
import type { Option } from '../../fields.ts';
import type { Content } from '../../html.ts';

/** A select that acts at once and keeps its value in the address; choosing the first takes the service's default. */
export function choice(name: string, label: string, value: string | undefined, options: readonly Option[], changed: (name: string, value: string) => void): Content {
  return fieldView({ kind: 'select', name, label, required: true, value: value ?? 'any', options }, { formId: 'filters', onChange: (next) => changed(name, next) });
}

export const cellSizes: readonly Option[] = [
  { value: 'any', label: 'About 0.09 km² (resolution 9)' }, { value: '8', label: 'About 0.6 km² (resolution 8)' }, { value: '10', label: 'About 0.013 km² (resolution 10)' },
];
