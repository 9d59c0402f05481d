import { type Handler, Hono } from 'hono';
import { VERSION } from 'rotokit';
import { accessLog } from './access-log.js';
import { refuse } from './failures.js';
import { type GuardOptions, guard, readOnly, visitorOf } from './guard.js';
import { securityHeaders } from './headers.js';
import { type Limits, limitBody, limitWork } from './limits.js';
import { openApi } from './openapi.js';
import type { Route } from './route.js';
import { editRoutes } from './routes/edits.js';
import { jobRoutes } from './routes/jobs.js';
import { linkRoutes } from './routes/links.js';
import { machineRoutes } from './routes/machine.js';
import { pictureRoutes } from './routes/pictures.js';
import { presetRoutes } from './routes/presets.js';
import { projectRoutes } from './routes/projects.js';
import type { Services } from './services.js';

/** What the application is made of. */
export interface AppParts {
  readonly services: Services;
  readonly guard: Omit<GuardOptions, 'visitors'>;
  readonly limits: Limits;
  /** Answers with the files of the page. */
  readonly page: Handler;
  /** One line for each request and for each failure of our own; never a token, a cookie or a query. */
  readonly log: (line: string) => void;
}

/** Every route of the API, in the order the description lists them. */
export const allRoutes = (services: Services): readonly Route[] => [
  ...projectRoutes(services),
  ...editRoutes(services.registry),
  ...jobRoutes(services.registry),
  ...pictureRoutes(services.registry),
  ...presetRoutes(services),
  ...machineRoutes(services),
  ...linkRoutes(services.visitors),
];

/** The application: guards first, then limits, then the API and the page. */
export function buildApp({ services, guard: where, limits, page, log }: AppParts): Hono {
  const { visitors } = services;
  const app = new Hono();
  app.onError((error, c) => refuse(c, error, log));
  app.use(accessLog(visitors, log));
  app.use(securityHeaders, guard({ ...where, visitors }), limitWork(limits));
  const routes = allRoutes(services);
  const description = openApi(routes, VERSION);
  app.get('/api/openapi.json', (c) => c.json(description));
  for (const r of routes) {
    const body = limitBody(r.spec.upload ? limits.uploadBytes : limits.bodyBytes);
    app.on(r.spec.method.toUpperCase(), `/api${r.spec.path.replace(/\{(\w+)\}/g, ':$1')}`, body, (c) =>
      r.spec.editors && visitorOf(c)?.access !== 'edit' ? readOnly(c) : r.run(c),
    );
  }
  app.get('/*', page);
  app.notFound((c) =>
    c.json({ code: 'NOT_FOUND', message: 'there is nothing here', fix: 'See /api/openapi.json.' }, 404),
  );
  return app;
}
