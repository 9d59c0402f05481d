import { z } from 'zod';
import { Proxies } from '../../api/index.js';
import type { Registry } from '../../projects/registry.js';
import { NotFound } from '../failures.js';
import { type Route, route } from '../route.js';
import { frameText, OfObject, OfProject, projectOf, versionText } from './shared.js';

/** A picture of a clip never changes while the project is open, nor does a mask under its version. */
const FOREVER = 'private, max-age=31536000, immutable';

/** Pictures that the page keeps itself: the browser's cache would cost more than asking again. */
const PASSING = { 'cache-control': 'no-store' };

const bytes = (type: string, body: Uint8Array, more: Record<string, string> = {}): Response =>
  new Response(body as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': type, 'content-length': String(body.length), 'cache-control': FOREVER, ...more },
  });

/** Bytes written at a time. */
const PART = 1 << 20;

/** A large body that is handed out as it is taken; `sent` is called when all of it was, or nobody wants the rest. */
function inParts(body: Uint8Array<ArrayBuffer>, sent: () => void): ReadableStream<Uint8Array> {
  let at = 0;
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    controller.enqueue(body.subarray(at, (at += PART)));
    if (at < body.length) return;
    controller.close();
    sent();
  };
  return new ReadableStream<Uint8Array>({ pull, cancel: sent }, { highWaterMark: 0 });
}

/** Frames, masks and thumbnails. */
export const pictureRoutes = (registry: Registry): readonly Route[] => [
  ...frameRoutes(registry),
  ...proxyRoutes(registry),
  ...maskRoutes(registry),
];

const frameRoutes = (registry: Registry): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/projects/{project}/frames/{frame}/raw',
      summary:
        'A frame as engines see it: 8-bit RGB, interleaved, rows from the top; the size is in X-Width and X-Height',
      params: OfProject.extend({ frame: frameText }),
      reply: 'application/octet-stream',
    },
    async ({ params, signal }) => {
      const { frame, sent } = await (await projectOf(registry, params)).pictures.raw(params.frame, signal);
      const { picture, damaged } = frame;
      const { width, height, samples } = picture;
      // Large and quickly made again: the page keeps the few it needs itself.
      const headers = { ...PASSING, 'x-width': String(width), 'x-height': String(height) };
      return new Response(inParts(samples as Uint8Array<ArrayBuffer>, sent), {
        headers: {
          'content-type': 'application/octet-stream',
          'content-length': String(samples.length),
          ...headers,
          ...(damaged ? { 'x-damaged': '1' } : {}),
        },
      });
    },
  ),
  route(
    {
      method: 'get',
      path: '/projects/{project}/frames/{frame}/jpeg',
      summary: 'A frame for playing, at most `height` lines',
      params: OfProject.extend({ frame: frameText }),
      query: z.object({
        height: z
          .string()
          .regex(/^\d{2,4}$/)
          .transform(Number)
          .default(540),
      }),
      reply: 'image/jpeg',
    },
    async ({ params, query, signal }) =>
      bytes(
        'image/jpeg',
        await (await projectOf(registry, params)).pictures.jpeg(params.frame, query.height, signal),
        PASSING,
      ),
  ),
];

const proxyRoutes = (registry: Registry): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/projects/{project}/proxies',
      summary: 'Which frames are ready for playing without decoding',
      params: OfProject,
      reply: Proxies,
    },
    async ({ params }) => (await projectOf(registry, params)).proxies.state(),
  ),
  route(
    {
      method: 'get',
      path: '/projects/{project}/proxies/{frame}',
      summary:
        'Pictures for playing that are ready, from a frame on: of each its length (uint32, little-endian, 0 where it is not ready) and its bytes',
      params: OfProject.extend({ frame: frameText }),
      query: z.object({
        count: z
          .string()
          .regex(/^([1-9]|[1-5]\d|6[0-4])$/)
          .transform(Number)
          .default(16),
      }),
      reply: 'application/octet-stream',
    },
    async ({ params, query }) => {
      const pack = await (await projectOf(registry, params)).pictures.pack(params.frame, query.count);
      return bytes('application/octet-stream', pack, PASSING);
    },
  ),
];

const maskRoutes = (registry: Registry): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/projects/{project}/masks/{object}/{frame}',
      summary: 'A mask in the coding of core/values/mask-codec: 16 bit, by runs, exact',
      params: OfObject.extend({ frame: frameText }),
      query: z.object({ v: versionText }),
      reply: 'application/octet-stream',
    },
    async ({ params, query }) => {
      const mask = await (await projectOf(registry, params)).pictures.mask(params.object, params.frame, query.v);
      if (!mask) throw new NotFound('there is no such mask');
      return bytes('application/octet-stream', mask);
    },
  ),
  route(
    {
      method: 'get',
      path: '/projects/{project}/thumbnails/{object}/{frame}',
      summary: 'A small picture of an object on a frame, outlined',
      params: OfObject.extend({ frame: frameText }),
      query: z.object({ v: versionText, colour: z.string().regex(/^[0-9a-f]{6}$/) }),
      reply: 'image/jpeg',
    },
    async ({ params, query, signal }) => {
      const { pictures } = await projectOf(registry, params);
      const { object, frame } = params;
      return bytes('image/jpeg', await pictures.thumbnail(object, frame, query.v, `#${query.colour}`, signal));
    },
  ),
];
