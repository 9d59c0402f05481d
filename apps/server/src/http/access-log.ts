import type { MiddlewareHandler } from 'hono';
import { visitorOf } from './guard.js';
import type { Visitors } from './visitors.js';

/**
 * One line for each request: who, method, path, status, milliseconds. Never a query, a cookie or a header. The path is written as it was sent, so that
 * no encoded end of a line can make a second one, and a token that somebody put into it is struck out.
 */
export const accessLog =
  (visitors: Visitors, log: (line: string) => void): MiddlewareHandler =>
  async (c, next) => {
    const began = performance.now();
    await next();
    const path = new URL(c.req.url).pathname.replace(/[\w-]{32}/g, (word) => (visitors.admit(word) ? '***' : word));
    const who = visitorOf(c)?.name.replaceAll(' ', '_') ?? '-';
    log(`${who} ${c.req.method} ${path.slice(0, 500)} ${c.res.status} ${(performance.now() - began).toFixed(1)} ms`);
  };
