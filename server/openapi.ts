/** The mounted contracts printed as OpenAPI 3.1. */
import { z } from 'zod';
import { type Endpoint, problem } from './endpoint.ts';
import { permissions, roleNames, type Role } from './permissions.ts';

export function openapi(endpoints: readonly Endpoint[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const contract of endpoints) {
    const path = contract.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [contract.method.toLowerCase()]: operation(contract) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Hotspot Patrols', version, description: 'Anti-social behaviour hotspot patrols: every endpoint names who may call it.' },
    paths,
    components: { schemas: { Problem: schemaOf(problem, 'output') } },
  };
}

function schemaOf(type: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io, unrepresentable: 'any' }) as Record<string, unknown>;
  return schema;
}

function operation(contract: Endpoint): object {
  const input = schemaOf(contract.input, 'input') as { properties?: Record<string, object>; required?: string[] };
  const inPath = [...contract.path.matchAll(/:(\w+)/g)].map((match) => match[1]!);
  const inQuery = contract.method === 'GET' || contract.method === 'DELETE' || contract.receivesFile === true;
  const names = Object.keys(input.properties ?? {});
  const parameters = names
    .filter((name) => inPath.includes(name) || inQuery)
    .map((name) => ({
      name,
      in: inPath.includes(name) ? 'path' : 'query',
      required: inPath.includes(name) || (input.required?.includes(name) ?? false),
      schema: input.properties?.[name],
    }));
  const rule = permissions[contract.allow];
  const held = [...rule.roles.map((role: Role) => roleNames[role]), ...('signedIn' in rule ? ['anybody signed in'] : [])];
  return {
    summary: contract.summary,
    description: `May be called by: ${held.join(', ')}. ${rule.says}.`,
    'x-permission': contract.allow,
    parameters,
    ...(inQuery ? {} : { requestBody: { content: { 'application/json': { schema: withoutProperties(input, inPath) } } } }),
    ...(contract.receivesFile ? { requestBody: { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } } } : {}),
    responses: {
      200: { description: 'Done', content: { [contract.sends ?? 'application/json']: { schema: contract.sends ? { type: 'string', format: 'binary' } : schemaOf(contract.output, 'output') } } },
      default: { description: 'A problem', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
  };
}

function withoutProperties(schema: { properties?: Record<string, object>; required?: string[] }, names: readonly string[]): object {
  const properties = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name)));
  const required = schema.required?.filter((name) => !names.includes(name));
  return { ...schema, properties, ...(required?.length ? { required } : {}) };
}
