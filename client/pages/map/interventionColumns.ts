/** Interventions as rows, on the map and on their own page. */
import type { Intervention } from '../../../server/places/interventionContract.ts';
import { html, nothing } from '../../html.ts';
import { tag } from '../../states.ts';
import type { Column } from '../../table.ts';

export const interventionColumns: readonly Column<Intervention>[] = [
  { key: 'name', label: 'Intervention', value: (row) => row.name, show: (row) => html`<b>${row.name}</b> ${row.withdrawnAt ? tag('withdrawn', 'warning') : nothing}${row.about ? html`<br>${row.about}` : nothing}` },
  { key: 'kind', label: 'Kind', value: (row) => row.kindName },
  { key: 'area', label: 'Where', value: (row) => row.areaName },
  { key: 'from', label: 'First day', kind: 'date', value: (row) => row.startsOn },
  { key: 'to', label: 'Last day', kind: 'date', value: (row) => row.endsOn, missing: 'no end set' },
];
