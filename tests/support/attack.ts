/** Sends one request with a value planted in one field of the OpenAPI file, everything else filled in as it should be. */
import type { Knex } from 'knex';
import type supertest from 'supertest';
import { permissions, type Permission, type Role } from '../../server/permissions.ts';
import { type Client, type Operation, sample, sampleObject, type Schema } from './walk.ts';

export interface Field {
  readonly place: 'path' | 'query' | 'body';
  /** From the body's top; one name in path and query. */
  readonly path: readonly string[];
  readonly schema: Schema;
}

/** Every field of an operation that holds a text or a number, however deep in its body. */
export function fieldsOf(operation: Operation): Field[] {
  const named = operation.parameters.map(({ name, in: place, schema }) => ({ place: place as Field['place'], path: [name], schema: plain(schema) }));
  return [...named, ...(operation.body ? leaves(operation.body).map(({ path, schema }) => ({ place: 'body' as const, path, schema })) : [])];
}

/** Of a choice between schemas the first that is not null. */
function plain(schema: Schema): Schema {
  return schema.anyOf ? plain(schema.anyOf.find((each) => each.type !== 'null') ?? {}) : schema;
}

function leaves(given: Schema, path: readonly string[] = []): { path: readonly string[]; schema: Schema }[] {
  const schema = plain(given);
  if (schema.properties) return Object.entries(schema.properties).flatMap(([name, each]) => leaves(each, [...path, name]));
  if (schema.items) return leaves(schema.items, [...path, '0']);
  return schema.type === 'object' || schema.type === 'array' ? [] : [{ path, schema }];
}

function plant(given: Schema, [step, ...rest]: readonly string[], value: unknown, ids: Record<string, string>): unknown {
  if (step === undefined) return value;
  const schema = plain(given);
  if (schema.items) return [plant(schema.items, rest, value, ids)];
  return { ...sampleObject(schema, ids), [step]: plant(schema.properties?.[step] ?? {}, rest, value, ids) };
}

/** `ids` names the right values of fields, `field` holds the wrong one. */
export async function sendWith(client: Client, operation: Operation, field: Field, value: unknown, ids: Record<string, string> = {}): Promise<supertest.Response> {
  let path = operation.path;
  const query: Record<string, string> = {};
  for (const { name, in: place, required, schema } of operation.parameters) {
    const planted = field.place !== 'body' && field.path[0] === name;
    // An address cannot carry half a surrogate pair.
    const text = String(planted ? value : sample(name, schema, ids)).replace(/\p{Surrogate}/gu, '\uFFFD');
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(text));
    else if (planted || required) query[name] = text;
  }
  const request = client[operation.method as 'get' | 'post' | 'put' | 'delete'](path).query(query);
  if (operation.takesFile) return request.set('Content-Type', 'application/octet-stream').send(Buffer.from('a,b\n1,2\n'));
  if (!operation.body) return request;
  return request.send(field.place === 'body' ? (plant(operation.body, field.path, value, ids) as object) : sampleObject(operation.body, ids));
}

const people: Partial<Record<Role, string>> = {
  grant_manager: 'manager@opcc.demo', finance_approver: 'finance@opcc.demo', analyst: 'analyst@opcc.demo', auditor: 'auditor@opcc.demo', administrator: 'admin@opcc.demo',
  council_lead: 'lead@hartlepool.demo', council_finance: 'finance@hartlepool.demo', warden: 'warden@hartlepool.demo',
};

/** Gives, for an operation, a client of somebody who may call it; each person signs in once. */
export function callers(service: { client(email: string): Promise<Client> }): (operation: Operation) => Promise<Client> {
  const clients = new Map<string, Promise<Client>>();
  return (operation) => {
    const role = permissions[operation.permission as Permission].roles.find((each) => people[each]) ?? 'grant_manager';
    const client = clients.get(role) ?? service.client(people[role] ?? '');
    clients.set(role, client);
    return client;
  };
}

/** A walk through everything makes more requests in a minute than a person does. */
export async function liftLimits(db: Knex): Promise<void> {
  await db('setting').where('name', 'like', 'requests_per_minute_%').update({ value: '1000000' });
}
