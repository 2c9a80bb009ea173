/** Walks every endpoint of the OpenAPI file with input made from its schema. */
import type supertest from 'supertest';

export interface Schema {
  readonly type?: string | string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly minimum?: number;
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly permission: string;
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: Schema }[];
  readonly body: Schema | undefined;
  readonly takesFile: boolean;
}

interface OpenApi {
  readonly paths: Record<string, Record<string, { 'x-permission': string; parameters: Operation['parameters']; requestBody?: { content: Record<string, { schema: Schema }> } }>>;
}

export function operationsOf(openapi: OpenApi): Operation[] {
  return Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method, path, permission: operation['x-permission'], parameters: operation.parameters,
      body: operation.requestBody?.content['application/json']?.schema,
      takesFile: operation.requestBody?.content['application/octet-stream'] !== undefined,
    })),
  );
}

/** Values for names whose meaning the schema cannot say. */
const byName: Record<string, unknown> = {
  month: '2023-10', from: '2023-07', to: '2023-10', week: '2023-10-02', bbox: '-1.4,54.5,-1.0,54.7', zoom: 12, key: '0'.repeat(32), email: 'nobody@council.example',
  validFrom: '2023-10-02', heldOn: '2024-05-06', kind: 'ward', councilCode: 'E06000001', name: 'walk', reason: 'A walk through every endpoint',
  pencePerHour: 2000, amount: '£1.00', on: '2023-10-02', column: 'C',
};

/** A value that fits the schema: the one named in `ids`, or one that the name or the type asks for. */
export function sample(name: string, schema: Schema, ids: Record<string, string>): unknown {
  if (ids[name] !== undefined) return ids[name];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (byName[name] !== undefined && schema.type !== 'object' && schema.type !== 'array') return byName[name];
  if (schema.anyOf) return sample(name, schema.anyOf.find((each) => each.type !== 'null') ?? {}, ids);
  if (schema.type === 'object') return sampleObject(schema, ids);
  if (schema.type === 'array') return schema.prefixItems ? schema.prefixItems.map((each) => sample(name, each, ids)) : [sample(name, schema.items ?? {}, ids)];
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(1, schema.minimum ?? 1);
  if (schema.type === 'boolean') return true;
  if (schema.format === 'uuid') return ids['id'] ?? '00000000-0000-4000-8000-000000000000';
  if (schema.format === 'date') return '2023-10-02';
  if (schema.format === 'date-time') return '2023-10-02T15:00:00Z';
  return 'walk';
}

/** An object with what the schema requires. */
export function sampleObject(schema: Schema, ids: Record<string, string>): Record<string, unknown> {
  const wanted = schema.required ?? [];
  return Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => wanted.includes(name)).map(([name, each]) => [name, sample(name, each, ids)]));
}

export type Client = ReturnType<typeof supertest.agent>;

const isMonth = ({ pattern }: Schema): boolean => pattern !== undefined && new RegExp(pattern).test('2023-10') && !new RegExp(pattern).test('2023-10-02');

/** Sends one request with everything that is required filled in; `ids` names the values for path and body, `months` what to ask for where all are meant otherwise. */
export async function walk(client: Client, operation: Operation, ids: Record<string, string> = {}, months?: { from: string; to: string }): Promise<supertest.Response> {
  let path = operation.path;
  const query: Record<string, string> = {};
  for (const parameter of operation.parameters) {
    const value = String(sample(parameter.name, parameter.schema, ids));
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (parameter.required) query[parameter.name] = value;
    else if (months && (parameter.name === 'from' || parameter.name === 'to') && isMonth(parameter.schema)) query[parameter.name] = months[parameter.name];
  }
  const request = client[operation.method as 'get' | 'post' | 'put' | 'delete'](path).query(query);
  if (operation.takesFile) return request.set('Content-Type', 'application/octet-stream').send(Buffer.from('a,b\n1,2\n'));
  return operation.body ? request.send(sampleObject(operation.body, ids)) : request;
}
