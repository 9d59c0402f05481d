import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Ask, type HttpSettings, send } from './request.js';

/** The last answer of a chain of redirects, and the heads of all of them, first to last. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly heads: readonly IncomingHttpHeaders[];
  /** The body: read it to its end, or destroy it. */
  readonly body: IncomingMessage;
}

const MOST = 8;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Makes a request and follows redirects. A token goes to the origin that it was given for and to no other, and from https nothing leads back to http.
 * Throws what Node throws, and an `Error` where redirects do not end or lead nowhere.
 */
export async function follow(ask: Ask, settings: HttpSettings): Promise<Reply> {
  const heads: IncomingHttpHeaders[] = [];
  let { url } = ask;
  for (let hop = 0; hop <= MOST; hop++) {
    const { authorization: _, ...others } = ask.headers;
    const headers = url.origin === ask.url.origin ? ask.headers : others;
    const body = await send({ ...ask, url, headers }, settings);
    heads.push(body.headers);
    const { location } = body.headers;
    if (!REDIRECTS.has(body.statusCode!) || location === undefined)
      return { status: body.statusCode!, headers: body.headers, heads, body };
    body.destroy();
    url = nextOf(location, url);
  }
  throw new Error(`it leads from one address to the next more than ${MOST} times`);
}

function nextOf(location: string, from: URL): URL {
  if (!URL.canParse(location, from.href)) throw new Error('it leads to something that is no address');
  const to = new URL(location, from);
  if (!/^https?:$/.test(to.protocol) || (from.protocol === 'https:' && to.protocol === 'http:'))
    throw new Error(`it leads to ${to.protocol}//${to.host}, which is not followed`);
  return to;
}
