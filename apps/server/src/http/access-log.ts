import type { MiddlewareHandler } from 'hono';
import { visitorOf } from './guard.js';
import type { Visitors } from './visitors.js';

/**
 * One line for each request: who, method, path, status, milliseconds. Never a query, a cookie or a header. The path is written as it was sent, so that
 * no encoded end of a line can make a second one; one that holds a token, encoded or not, is struck out.
 */
export const accessLog =
  (visitors: Visitors, log: (line: string) => void): MiddlewareHandler =>
  async (c, next) => {
    const began = performance.now();
    await next();
    const { pathname } = new URL(c.req.url);
    const path = holdsToken(pathname, visitors) ? '/***' : pathname.slice(0, 500);
    const who = visitorOf(c)?.name.replaceAll(' ', '_') ?? '-';
    log(`${who} ${c.req.method} ${path} ${c.res.status} ${(performance.now() - began).toFixed(1)} ms`);
  };

/** Length of a token in characters. */
const TOKEN = 32;

function holdsToken(pathname: string, visitors: Visitors): boolean {
  const decoded = pathname.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  for (const [run] of decoded.matchAll(/[\w-]{32,}/g))
    for (let at = 0; at + TOKEN <= run.length; at++) if (visitors.admit(run.slice(at, at + TOKEN))) return true;
  return false;
}
