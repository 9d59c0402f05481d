import { DELIVERABLE_NAMES, listEngines, MEMORY_POLICIES, VERSION } from 'rotokit';
import { z } from 'zod';
import {
  Edited,
  EngineChoice,
  EngineList,
  FolderListing,
  OpenedProject,
  OpenRequest,
  ProjectState,
  Session,
} from '../../api/index.js';
import type { Registry } from '../../projects/registry.js';
import type { Recent } from '../../user/recent.js';
import { eventStream } from '../event-stream.js';
import { type Route, route } from '../route.js';
import type { Services } from '../services.js';
import { frameText, OfObject, OfProject, projectOf } from './shared.js';

/** What is open, what could be, and the state of one project. */
export const projectRoutes = ({ registry, recent }: Services): readonly Route[] => [
  ...openingRoutes(registry, recent),
  ...stateRoutes(registry),
  ...engineRoutes(registry),
];

const openingRoutes = (registry: Registry, recent: Recent): readonly Route[] => [
  route(
    { method: 'get', path: '/session', summary: 'What the page asks first', reply: Session },
    async ({ visitor }) => ({
      version: VERSION,
      visitor: { name: visitor.name, access: visitor.access },
      folders: visitor.access === 'edit' ? registry.folders.roots : [],
      projects: await registry.list(),
      recent: visitor.access === 'edit' ? await recent.list(registry.folders) : [],
      formats: DELIVERABLE_NAMES,
    }),
  ),
  route(
    {
      method: 'get',
      path: '/files',
      summary: 'Folders, clips and projects in an opened folder',
      editors: true,
      query: z.object({ folder: z.string().min(1).max(4096) }),
      reply: FolderListing,
    },
    ({ query }) => registry.folders.list(query.folder),
  ),
  route(
    { method: 'post', path: '/projects', summary: 'Open a clip or a project', body: OpenRequest, reply: OpenedProject },
    async ({ body }) => {
      const { id, shot, path } = await registry.open(body.path);
      return { id, shot, path };
    },
  ),
];

const stateRoutes = (registry: Registry): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/projects/{project}',
      summary: 'The project as it is now',
      params: OfProject,
      reply: ProjectState,
    },
    async ({ params }) => (await projectOf(registry, params)).process.call('state'),
  ),
  route(
    {
      method: 'post',
      path: '/projects/{project}/look/{frame}',
      summary: 'Say that the user looks at a frame, so that a click there is answered sooner',
      params: OfProject.extend({ frame: frameText }),
      query: z.object({ object: OfObject.shape.object.optional() }),
      reply: 'none',
    },
    async ({ params, query }) => (await projectOf(registry, params)).process.call('lookAt', params.frame, query.object),
  ),
  route(
    {
      method: 'delete',
      path: '/projects/{project}',
      summary: 'Close it; its jobs stop, and go on when it is opened again',
      params: OfProject,
      reply: 'none',
    },
    async ({ params }) => {
      await projectOf(registry, params);
      await registry.close(params.project);
    },
  ),
  route(
    {
      method: 'get',
      path: '/projects/{project}/events',
      summary: 'What happens, as server-sent events, each a ServerEvent',
      params: OfProject,
      reply: 'text/event-stream',
    },
    async ({ params, signal }) => {
      const project = await projectOf(registry, params);
      const { revision } = await project.process.call('state');
      return eventStream(project.events, revision, signal);
    },
  ),
];

const engineRoutes = (registry: Registry): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/engines',
      summary: 'The engines and memory policies that can be chosen, with what stands against them here',
      editors: true,
      reply: EngineList,
    },
    async () => ({
      engines: await listEngines(),
      policies: MEMORY_POLICIES.map(({ name, summary, defaults }) => ({ name, summary, thresholds: { ...defaults } })),
    }),
  ),
  route(
    {
      method: 'put',
      path: '/projects/{project}/engine',
      summary: 'Choose the engine of objects that have none of their own; what another one tracked becomes stale',
      params: OfProject,
      body: EngineChoice,
      reply: Edited,
    },
    async ({ params, body }) => (await projectOf(registry, params)).process.call('chooseEngine', body),
  ),
  route(
    {
      method: 'put',
      path: '/projects/{project}/objects/{object}/engine',
      summary: 'Choose an engine for one object; what another one tracked of it becomes stale',
      params: OfObject,
      body: EngineChoice,
      reply: Edited,
    },
    async ({ params, body }) => (await projectOf(registry, params)).process.call('chooseEngine', body, params.object),
  ),
  route(
    {
      method: 'delete',
      path: '/projects/{project}/objects/{object}/engine',
      summary: 'Leave the engine of an object to the project again',
      params: OfObject,
      reply: Edited,
    },
    async ({ params }) => (await projectOf(registry, params)).process.call('chooseEngine', null, params.object),
  ),
];
