import { type Handler, Hono } from 'hono';
import { VERSION } from 'rotokit';
import type { Registry } from '../projects/registry.js';
import { refuse } from './failures.js';
import { type GuardOptions, guard } from './guard.js';
import { securityHeaders } from './headers.js';
import { type Limits, limitBody, limitWork } from './limits.js';
import { openApi } from './openapi.js';
import type { Route } from './route.js';
import { editRoutes } from './routes/edits.js';
import { jobRoutes } from './routes/jobs.js';
import { pictureRoutes } from './routes/pictures.js';
import { projectRoutes } from './routes/projects.js';

/** What the application is made of. */
export interface AppParts {
  readonly registry: Registry;
  readonly guard: GuardOptions;
  readonly limits: Limits;
  /** Answers with the files of the page. */
  readonly page: Handler;
  /** One line for each request and for each failure of our own; never a token, a cookie or a query. */
  readonly log: (line: string) => void;
}

/** Every route of the API, in the order the description lists them. */
export const allRoutes = (registry: Registry): readonly Route[] => [
  ...projectRoutes(registry),
  ...editRoutes(registry),
  ...jobRoutes(registry),
  ...pictureRoutes(registry),
];

/** The application: guards first, then limits, then the API and the page. */
export function buildApp({ registry, guard: who, limits, page, log }: AppParts): Hono {
  const app = new Hono();
  app.onError((error, c) => refuse(c, error, log));
  app.use(async (c, next) => {
    const began = performance.now();
    await next();
    log(`${c.req.method} ${c.req.path} ${c.res.status} ${(performance.now() - began).toFixed(1)} ms`);
  });
  app.use(securityHeaders, guard(who), limitWork(limits));
  const routes = allRoutes(registry);
  const description = openApi(routes, VERSION);
  app.get('/api/openapi.json', (c) => c.json(description));
  for (const r of routes) {
    const body = limitBody(r.spec.upload ? limits.uploadBytes : limits.bodyBytes);
    app.on(r.spec.method.toUpperCase(), `/api${r.spec.path.replace(/\{(\w+)\}/g, ':$1')}`, body, (c) => r.run(c));
  }
  app.get('/*', page);
  app.notFound((c) =>
    c.json({ code: 'NOT_FOUND', message: 'there is nothing here', fix: 'See /api/openapi.json.' }, 404),
  );
  return app;
}
