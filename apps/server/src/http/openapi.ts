import { z } from 'zod';
import { Failure } from '../api/index.js';
import type { Route } from './route.js';

type Json = Record<string, unknown>;

const schemaOf = (type: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io, target: 'draft-2020-12' }) as Json;
  return schema;
};

const parametersOf = (type: z.ZodType | undefined, where: 'path' | 'query'): Json[] => {
  if (!type) return [];
  const schema = schemaOf(type, 'input') as { properties?: Json; required?: string[] };
  return Object.entries(schema.properties ?? {}).map(([name, of]) => ({
    name,
    in: where,
    required: where === 'path' || (schema.required?.includes(name) ?? false),
    schema: of,
  }));
};

function replyOf(reply: Route['spec']['reply']): Json {
  if (reply === 'none') return { 204: { description: 'done' } };
  const [type, schema] =
    typeof reply === 'string'
      ? [reply, reply === 'text/event-stream' ? { type: 'string' } : { type: 'string', format: 'binary' }]
      : ['application/json', schemaOf(reply, 'output')];
  return { 200: { description: 'done', content: { [type]: { schema } } } };
}

/** The OpenAPI 3.1 description of routes, from the schemas that check their input. */
export function openApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  const failure = { description: 'refused', content: { 'application/json': { schema: schemaOf(Failure, 'output') } } };
  for (const { spec } of routes) {
    const parameters = [...parametersOf(spec.params, 'path'), ...parametersOf(spec.query, 'query')];
    paths[spec.path] = {
      ...paths[spec.path],
      [spec.method]: {
        summary: spec.summary,
        ...(parameters.length ? { parameters } : {}),
        ...(spec.upload
          ? {
              requestBody: {
                required: true,
                content: Object.fromEntries(
                  spec.upload.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
                ),
              },
            }
          : {}),
        ...(spec.body
          ? {
              requestBody: {
                required: true,
                content: { 'application/json': { schema: schemaOf(spec.body, 'input') } },
              },
            }
          : {}),
        responses: { ...replyOf(spec.reply), default: failure },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rotokit',
      version,
      description: 'The API of `rotokit serve`. Every request needs the session cookie.',
    },
    servers: [{ url: '/api' }],
    paths,
  };
}
