import { freemem, totalmem } from 'node:os';
import { z } from 'zod';
import { BatchItem, BatchRequest, ModelState, Resources } from '../../api/index.js';
import { NotFound } from '../failures.js';
import { type Route, route } from '../route.js';
import type { Services } from '../services.js';

/** What concerns the machine rather than one project: the batch, the models, what is used. */
export const machineRoutes = (services: Services): readonly Route[] => [
  ...batchRoutes(services),
  ...modelRoutes(services),
  route(
    {
      method: 'get',
      path: '/resources',
      summary: 'Memory of the server and of each project, and how the caches do',
      editors: true,
      reply: Resources,
    },
    () => resourcesOf(services),
  ),
];

const batchRoutes = ({ batch }: Services): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/batch',
      summary: 'The clips of the batch and how far they are',
      editors: true,
      reply: z.array(BatchItem),
    },
    async () => batch.list(),
  ),
  route(
    {
      method: 'post',
      path: '/batch',
      summary: 'Add clips and projects to the batch: tracked, delivered, one after the other',
      body: BatchRequest,
      reply: z.array(BatchItem),
    },
    ({ body }) => batch.add(body),
  ),
  route(
    {
      method: 'delete',
      path: '/batch/{item}',
      summary: 'Take an entry off the batch; what it finished stays',
      params: z.object({ item: z.string().regex(/^[0-9a-f]{12}$/) }),
      reply: 'none',
    },
    async ({ params }) => {
      if (!(await batch.remove(params.item))) throw new NotFound('there is no such entry');
    },
  ),
];

const OfModel = z.object({ model: z.string().regex(/^[\w.-]{1,80}$/) });

const modelRoutes = ({ models }: Services): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/models',
      summary: 'Every model, its licence, and whether it is here or coming',
      editors: true,
      reply: z.array(ModelState),
    },
    () => models.list(),
  ),
  route(
    {
      method: 'post',
      path: '/models/{model}/pull',
      summary: 'Bring a model here; an interrupted download goes on',
      params: OfModel,
      body: z.object({ acceptLicence: z.boolean().default(false) }),
      reply: 'none',
    },
    ({ params, body }) => models.pull(params.model, body.acceptLicence),
  ),
  route(
    {
      method: 'delete',
      path: '/models/{model}/pull',
      summary: 'Stop a download; what came is kept',
      params: OfModel,
      reply: 'none',
    },
    async ({ params }) => {
      if (!(await models.stop(params.model))) throw new NotFound('this model is not being brought here');
    },
  ),
  route(
    {
      method: 'delete',
      path: '/models/{model}',
      summary: 'Delete the files of a model',
      params: OfModel,
      reply: z.object({ freed: z.number() }),
    },
    async ({ params }) => ({ freed: await models.remove(params.model) }),
  ),
];

async function resourcesOf({ registry, models }: Services): Promise<Resources> {
  const { rss, heapUsed } = process.memoryUsage();
  const opened = await registry.list();
  const projects = await Promise.all(
    opened.map(async ({ id, shot }) => {
      const project = await registry.get(id);
      const used = await project?.process.call('memory').catch(() => undefined);
      return project && used ? [{ id, shot, ...used, pictures: { ...project.pictures.cached } }] : [];
    }),
  );
  return {
    server: { memory: rss, heap: heapUsed },
    machine: { memory: totalmem(), free: freemem() },
    projects: projects.flat(),
    models: await models.room(),
  };
}
