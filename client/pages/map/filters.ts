/** The filters that map and analysis share, kept in the address: period, council, category, source. */
import { z } from 'zod';
import type { getMapChoices } from '../../../server/hotspots/contract.ts';
import { isoMonth } from '../../../server/endpoint.ts';
import type { SelectField } from '../../fields.ts';
import { fieldView } from '../../fieldView.ts';
import { month as monthWords } from '../../format.ts';
import { html, type Content } from '../../html.ts';

export type Choices = z.output<typeof getMapChoices.output>;

/** What the address says; what it leaves out takes the service's default. */
export const filterAddress = {
  from: isoMonth.optional().catch(undefined),
  to: isoMonth.optional().catch(undefined),
  council: z.string().optional().catch(undefined),
  category: z.string().optional().catch(undefined),
  source: z.string().optional().catch(undefined),
  subtype: z.string().optional().catch(undefined),
};
const filterShape = z.object(filterAddress);
export type Filters = z.output<typeof filterShape>;

/** The filters as an endpoint takes them. */
export function askedOf(filters: Filters): { from?: string; to?: string; council?: string; category?: string; source?: string; subtype?: string } {
  const given = { from: filters.from, to: filters.to, council: filters.council, category: filters.category, source: filters.source, subtype: filters.subtype };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Stands for "no filter" in a select, where nothing would read as forgotten. */
const any = 'any';

/** One select a filter; choices that leave nothing to choose are not drawn. */
export function filterFields(filters: Filters, choices: Choices): readonly SelectField[] {
  const months = choices.months.map((value) => ({ value, label: monthWords(value) }));
  const named = (rows: readonly { code: string; name: string }[]): { value: string; label: string }[] => rows.map(({ code, name }) => ({ value: code, label: name }));
  const oneOf = (name: string, label: string, all: string, value: string | undefined, rows: readonly { code: string; name: string }[]): SelectField[] =>
    (rows.length > 1 ? [{ kind: 'select', name, label, required: true, value: value ?? any, options: [{ value: any, label: all }, ...named(rows)] }] : []);
  return [
    { kind: 'select', name: 'from', label: 'From', required: true, value: filters.from ?? choices.from ?? undefined, options: months },
    { kind: 'select', name: 'to', label: 'To', required: true, value: filters.to ?? choices.to ?? undefined, options: months },
    ...oneOf('council', 'Council', 'All councils', filters.council, choices.councils),
    {
      kind: 'select', name: 'category', label: 'Category', required: true, value: filters.category ?? 'asb',
      options: [{ value: 'asb', label: 'All anti-social behaviour' }, { value: 'all', label: 'Everything recorded' }, ...named(choices.categories)],
    },
    ...oneOf('subtype', 'Subtype', 'All subtypes', filters.subtype, choices.subtypes),
    ...oneOf('source', 'Source', 'All sources', filters.source, choices.sources),
  ];
}

/** Filters that act at once. */
export function filterBar(filters: Filters, choices: Choices, changed: (name: string, value: string) => void, more: readonly Content[] = []): Content {
  return html`<div class="form form--row" role="search" aria-label="Filters">
    ${filterFields(filters, choices).map((field) => fieldView(field, { formId: 'filters', onChange: (value) => changed(field.name, value) }))}
    ${more}
  </div>`;
}

/** The default is left out of the address, so that a plain address stays plain. */
export function addressValue(name: string, value: string): string | null {
  return value === '' || value === any || (name === 'category' && value === 'asb') ? null : value;
}
