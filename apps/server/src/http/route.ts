import type { Context } from 'hono';
import { z } from 'zod';
import { visitorOf } from './guard.js';
import type { Visitor } from './visitors.js';

type Shape = z.ZodObject;
const NOTHING = z.object({});

/** What a route says of itself: checked against every request, and the source of the OpenAPI description. */
export interface RouteSpec<P extends Shape, Q extends Shape, B extends z.ZodType> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With parameters in braces, as OpenAPI writes them: `/projects/{project}`. */
  readonly path: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** The media types of a body that is a file instead of JSON; it is read whole, up to the limit of uploads. */
  readonly upload?: readonly string[];
  /** Not for visitors who may only look, although it changes nothing: it tells of more than the open projects. */
  readonly editors?: true;
  /** A schema for JSON, or the media type of anything else. */
  readonly reply: z.ZodType | 'application/octet-stream' | 'image/jpeg' | 'text/event-stream' | 'none';
}

/** A request whose parts have the shapes of its route. */
export interface RouteInput<P extends Shape, Q extends Shape, B extends z.ZodType> {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly body: z.output<B>;
  /** The uploaded file; empty where the route takes none. */
  readonly file: Uint8Array;
  readonly visitor: Visitor;
  /** The server's own address as this request named it. */
  readonly origin: string;
  /** Fires when the client has gone or the time is up. */
  readonly signal: AbortSignal;
  readonly header: (name: string) => string | undefined;
}

/** A route, ready to be mounted and described. */
export interface Route {
  readonly spec: RouteSpec<Shape, Shape, z.ZodType>;
  run(c: Context): Promise<Response>;
}

/**
 * A route from its description and what it does, which gives JSON or a whole response.
 * @throws z.ZodError from `run` for a request of another shape.
 */
export function route<
  P extends Shape = typeof NOTHING,
  Q extends Shape = typeof NOTHING,
  B extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<P, Q, B>, handle: (input: RouteInput<P, Q, B>) => Promise<unknown>): Route {
  return {
    spec: spec as unknown as Route['spec'],
    async run(c) {
      const input = {
        params: (spec.params ?? NOTHING).parse(c.req.param()),
        query: (spec.query ?? NOTHING).parse(c.req.query()),
        body: spec.body ? spec.body.parse(await jsonBody(c)) : undefined,
        file: spec.upload ? await fileBody(c, spec.upload) : NO_FILE,
        signal: c.get('signal') as AbortSignal,
        visitor: visitorOf(c),
        origin: new URL(c.req.url).origin,
        header: (name: string) => c.req.header(name),
      };
      const made = await handle(input as unknown as RouteInput<P, Q, B>);
      if (made instanceof Response) return made;
      return made === undefined ? c.body(null, 204) : c.json(made as object);
    },
  };
}

/** A body that is not JSON, or not of a kind the route takes: the caller's mistake. */
export class NotJson extends Error {}

const NO_FILE = new Uint8Array();

async function fileBody(c: Context, types: readonly string[]): Promise<Uint8Array> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!types.includes(type)) throw new NotJson(`the body must be ${types.join(' or ')}`);
  return new Uint8Array(await c.req.arrayBuffer());
}

async function jsonBody(c: Context): Promise<unknown> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? ''))
    throw new NotJson('the body must be application/json');
  try {
    return await c.req.json();
  } catch (error) {
    if (error instanceof SyntaxError) throw new NotJson('the body is not JSON');
    throw error;
  }
}
