import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Address } from './address.js';
import type { Visitor, Visitors } from './visitors.js';

/** Who may come in, and by which name and port. */
export interface GuardOptions {
  readonly visitors: Visitors;
  readonly address: Address;
  /** The port, once it is known. */
  readonly port: () => number;
}

/** The cookie's name: browsers share cookies between ports, so each server has its own. Over TLS it is bound to the host. */
export const cookieName = (port: number, secure: boolean): string => `${secure ? '__Host-' : ''}rotokit-${port}`;

/** Who sends the request, once it has passed the guard. */
export const visitorOf = (c: Context): Visitor | undefined => c.get('visitor') as Visitor | undefined;

const no = (c: Context, message: string, code = 'FORBIDDEN'): Response =>
  c.json({ code, message, fix: 'Open the address that `rotokit serve` printed.' }, 403);

/**
 * Lets in whoever has an invitation and nobody else. In this order: the Host must be a name of this server (a foreign name that
 * resolves here is DNS rebinding), the Origin, where one is sent, must be ours, requests that change something must come from our page,
 * and the session cookie must be there. The token in the address becomes the cookie and leaves the address at once. Who may only look
 * gets nothing but GET.
 */
export function guard({ visitors, address, port }: GuardOptions): MiddlewareHandler {
  const secure = address.tls !== undefined;
  return async (c, next) => {
    const host = (c.req.header('host') ?? '').toLowerCase();
    if (!namesUs(host, address, port())) return no(c, 'this name is not served here');
    const refused = foreign(c, `${secure ? 'https' : 'http'}://${host}`);
    if (refused) return no(c, refused);
    const given = c.req.query('token');
    if (given !== undefined && isPage(c)) {
      if (!visitors.admit(given)) return no(c, 'the token is not one of this server');
      const cookie = `${cookieName(port(), secure)}=${given}; Path=/; ${secure ? 'Secure; ' : ''}HttpOnly; SameSite=Strict`;
      return new Response(null, { status: 303, headers: { location: '/', 'set-cookie': cookie } });
    }
    const visitor = visitors.admit(getCookie(c, cookieName(port(), secure)) ?? '');
    if (!visitor) return no(c, 'there is no session');
    c.set('visitor', visitor);
    if (visitor.access === 'view' && changes(c)) return readOnly(c);
    return next();
  };
}

/** The answer to a visitor who may only look. */
export const readOnly = (c: Context): Response =>
  c.json({ code: 'READ_ONLY', message: 'this link is for looking only', fix: 'Ask for an invitation to edit.' }, 403);

const changes = (c: Context) => c.req.method !== 'GET' && c.req.method !== 'HEAD';
const isPage = (c: Context) => c.req.method === 'GET' && c.req.path === '/';

function namesUs(host: string, address: Address, port: number): boolean {
  const [, name, told] = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(\d+))?$/.exec(host) ?? [];
  const usual = address.tls ? 443 : 80;
  return name !== undefined && Number(told ?? usual) === port && address.names(name);
}

/** Why a request comes from elsewhere; undefined where it comes from our page, or is the opening of an address. */
function foreign(c: Context, ours: string): string | undefined {
  const origin = c.req.header('origin');
  if (origin !== undefined && origin !== ours) return 'the request comes from another site';
  const site = c.req.header('sec-fetch-site');
  if (changes(c) && origin === undefined && site !== 'same-origin')
    return 'a request that changes something must say that it comes from the studio (Origin)';
  const opening = site === undefined || site === 'same-origin' || site === 'none' || isPage(c);
  return opening ? undefined : 'the request comes from another site';
}
