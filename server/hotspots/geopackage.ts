/** GeoPackage files (OGC 12-128r18, version 1.3): an SQLite database with the tables the standard names, geometries as its own header and WKB. */
import { DatabaseSync } from 'node:sqlite';
import type { MultiPolygon } from './contract.ts';

export type GpkgValue = string | number | null;

/** A layer of areas in WGS84; every row holds a value a column. */
export interface GpkgLayer {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly (readonly [name: string, type: 'TEXT' | 'INTEGER' | 'DOUBLE' | 'BOOLEAN'])[];
  readonly rows: readonly { readonly shape: MultiPolygon; readonly values: readonly GpkgValue[] }[];
}

export interface GpkgContent {
  readonly layers: readonly GpkgLayer[];
  /** A table of names and values beside the layers. */
  readonly provenance: readonly (readonly [name: string, value: string])[];
  /** When the content was made, ISO 8601: the same content always gives the same file. */
  readonly madeAt: string;
}

/** The bytes of a GeoPackage. Throws when a row has not one value a column. */
export function geopackage(content: GpkgContent): Uint8Array {
  const db = new DatabaseSync(':memory:');
  try {
    db.exec(`pragma application_id = 0x47504B47; pragma user_version = 10300; begin; ${standardTables}`);
    for (const [name, id, organisation, definition, about] of referenceSystems) {
      db.prepare('insert into gpkg_spatial_ref_sys values (?, ?, ?, ?, ?, ?)').run(name, id, organisation, id, definition, about);
    }
    for (const layer of content.layers) addLayer(db, layer, content.madeAt);
    addProvenance(db, content);
    db.exec('commit');
    return db.serialize();
  } finally {
    db.close();
  }
}

const standardTables = `
  create table gpkg_spatial_ref_sys (srs_name text not null, srs_id integer not null primary key, organization text not null,
    organization_coordsys_id integer not null, definition text not null, description text);
  create table gpkg_contents (table_name text not null primary key, data_type text not null, identifier text unique, description text default '',
    last_change datetime not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), min_x double, min_y double, max_x double, max_y double, srs_id integer,
    constraint fk_gc_r_srs_id foreign key (srs_id) references gpkg_spatial_ref_sys (srs_id));
  create table gpkg_geometry_columns (table_name text not null, column_name text not null, geometry_type_name text not null, srs_id integer not null,
    z tinyint not null, m tinyint not null, constraint pk_geom_cols primary key (table_name, column_name), constraint uk_gc_table_name unique (table_name),
    constraint fk_gc_tn foreign key (table_name) references gpkg_contents (table_name), constraint fk_gc_srs foreign key (srs_id) references gpkg_spatial_ref_sys (srs_id));`;

const wgs84 = 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],'
  + 'PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]';

const referenceSystems: readonly (readonly [string, number, string, string, string])[] = [
  ['Undefined cartesian SRS', -1, 'NONE', 'undefined', 'undefined cartesian coordinate reference system'],
  ['Undefined geographic SRS', 0, 'NONE', 'undefined', 'undefined geographic coordinate reference system'],
  ['WGS 84 geodetic', 4326, 'EPSG', wgs84, 'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid'],
];

function addLayer(db: DatabaseSync, { name, title, columns, rows }: GpkgLayer, madeAt: string): void {
  const box = boxOf(rows.map(({ shape }) => shape));
  db.exec(`create table "${name}" (fid integer primary key autoincrement not null, geom multipolygon, ${columns.map(([column, type]) => `"${column}" ${type.toLowerCase()}`).join(', ')})`);
  db.prepare('insert into gpkg_contents values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(name, 'features', name, title, madeAt, ...(rows.length > 0 ? box : [null, null, null, null]), 4326);
  db.prepare('insert into gpkg_geometry_columns values (?, ?, ?, ?, ?, ?)').run(name, 'geom', 'MULTIPOLYGON', 4326, 0, 0);
  const insert = db.prepare(`insert into "${name}" (geom, ${columns.map(([column]) => `"${column}"`).join(', ')}) values (?${', ?'.repeat(columns.length)})`);
  for (const { shape, values } of rows) {
    if (values.length !== columns.length) throw new RangeError(`A row of ${name} has ${values.length} values for ${columns.length} columns.`);
    insert.run(geometryBlob(shape), ...values);
  }
}

function addProvenance(db: DatabaseSync, { provenance, madeAt }: GpkgContent): void {
  db.exec('create table provenance (id integer primary key autoincrement not null, name text not null, value text not null)');
  db.prepare('insert into gpkg_contents values (?, ?, ?, ?, ?, null, null, null, null, 0)').run('provenance', 'attributes', 'provenance', 'What the layers are made from and how', madeAt);
  const insert = db.prepare('insert into provenance (name, value) values (?, ?)');
  for (const [name, value] of provenance) insert.run(name, value);
}

type Box = [minX: number, minY: number, maxX: number, maxY: number];

function boxOf(shapes: readonly MultiPolygon[]): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const shape of shapes) {
    for (const [x, y] of shape.coordinates.flat(2)) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box;
}

/** The standard's header (GP, version 0, little-endian with the box x, x, y, y, reference system 4326), then well-known binary. */
export function geometryBlob(shape: MultiPolygon): Uint8Array {
  const corners = shape.coordinates.flat(2).length;
  const rings = shape.coordinates.flat(1).length;
  const view = new DataView(new ArrayBuffer(40 + 9 + 9 * shape.coordinates.length + 4 * rings + 16 * corners));
  let at = 0;
  const byte = (value: number): void => view.setUint8(at++, value);
  const int = (value: number): void => {
    view.setUint32(at, value, true);
    at += 4;
  };
  const double = (value: number): void => {
    view.setFloat64(at, value, true);
    at += 8;
  };
  for (const value of [0x47, 0x50, 0, corners > 0 ? 0b0000_0011 : 0b0001_0011]) byte(value);
  int(4326);
  const [minX, minY, maxX, maxY] = boxOf([shape]);
  for (const value of [minX, maxX, minY, maxY]) double(corners > 0 ? value : NaN);
  byte(1);
  int(6);
  int(shape.coordinates.length);
  for (const polygon of shape.coordinates) {
    byte(1);
    int(3);
    int(polygon.length);
    for (const ring of polygon) {
      int(ring.length);
      for (const [x, y] of ring) {
        double(x);
        double(y);
      }
    }
  }
  return new Uint8Array(view.buffer);
}
