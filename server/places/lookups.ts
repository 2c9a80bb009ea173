/** Which area of one kind and year belongs to which of another, and whether it is urban or rural. */
import { readCode, type Table } from './tableRow.ts';

interface Shape {
  readonly says: string;
  readonly from: string;
  readonly fromKind: string;
  readonly to: readonly { readonly code: string; readonly kind: string; readonly name?: string }[];
  readonly change?: string;
}

const shapes: readonly Shape[] = [
  {
    says: 'lookup of 2011 LSOAs to 2021 LSOAs', from: 'lsoa11_code', fromKind: 'lsoa11', change: 'change_code',
    to: [{ code: 'lsoa21_code', kind: 'lsoa21', name: 'lsoa21_name' }],
  },
  { says: 'lookup of 2021 LSOAs to 2024 wards', from: 'lsoa21_code', fromKind: 'lsoa21', to: [{ code: 'ward24_code', kind: 'ward24', name: 'ward24_name' }, { code: 'ltla24_code', kind: 'council', name: 'ltla24_name' }] },
  { says: 'lookup of 2011 LSOAs to 2017 wards', from: 'lsoa11_code', fromKind: 'lsoa11', to: [{ code: 'ward17_code', kind: 'ward17' }] },
  { says: 'rural and urban classification of 2021 LSOAs', from: 'lsoa21_code', fromKind: 'lsoa21', to: [{ code: 'ruc21_code', kind: 'rural-urban', name: 'classification' }] },
];

export const lookupTables: readonly Table[] = shapes.map((shape) => ({
  says: shape.says,
  publisher: 'ons',
  fits: (header) => [shape.from, ...shape.to.map(({ code }) => code)].every((column) => header.includes(column)),
  read(row) {
    const fromCode = readCode(row, shape.from);
    if (typeof fromCode !== 'string') return fromCode;
    const change = shape.change ? row.text(shape.change) : null;
    return {
      lookup: shape.to.map(({ code, kind, name }) => ({ fromKind: shape.fromKind, fromCode, toKind: kind, toCode: row.text(code), toName: name ? row.text(name) : '', change })),
    };
  },
}));
