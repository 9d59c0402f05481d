import { timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';

/** Who may come in. */
export interface GuardOptions {
  /** The secret of the address that was printed, and of the cookie it is turned into. */
  readonly token: string;
  /** The port, once it is known. */
  readonly port: () => number;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** The cookie's name: browsers share cookies between ports, so each server has its own. */
export const cookieName = (port: number): string => `rotokit-${port}`;

const same = (a: string, b: string): boolean => {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
};

const no = (c: Context, message: string): Response =>
  c.json({ code: 'FORBIDDEN', message, fix: 'Open the address that `rotokit serve` printed.' }, 403);

/**
 * Lets in the user who has the address and nobody else. In this order: the Host must be this machine by a loopback name (a foreign
 * name that resolves here is DNS rebinding), the Origin, where one is sent, must be ours, requests that change something must come from
 * our page, and the session cookie must be there. The token in the address becomes the cookie and leaves the address at once.
 */
export function guard({ token, port }: GuardOptions): MiddlewareHandler {
  return async (c, next) => {
    const hosts = LOOPBACK.map((name) => `${name}:${port()}`);
    const host = (c.req.header('host') ?? '').toLowerCase();
    if (!hosts.includes(host)) return no(c, 'this name is not served here');
    const origin = c.req.header('origin');
    if (origin !== undefined && origin !== `http://${host}`) return no(c, 'the request comes from another site');
    const site = c.req.header('sec-fetch-site');
    const changes = c.req.method !== 'GET' && c.req.method !== 'HEAD';
    if (changes && origin === undefined && site !== 'same-origin')
      return no(c, 'a request that changes something must say that it comes from the studio (Origin)');
    const isPage = c.req.method === 'GET' && c.req.path === '/';
    if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isPage)
      return no(c, 'the request comes from another site');

    const given = c.req.query('token');
    if (given !== undefined && isPage) {
      if (!same(given, token)) return no(c, 'the token is not the one of this server');
      const cookie = `${cookieName(port())}=${token}; Path=/; HttpOnly; SameSite=Strict`;
      return new Response(null, { status: 303, headers: { location: '/', 'set-cookie': cookie } });
    }
    if (!same(getCookie(c, cookieName(port())) ?? '', token)) return no(c, 'there is no session');
    return next();
  };
}
