import { DELIVERABLE_NAMES, ENGINE_NAMES, VERSION } from 'rotokit';
import { z } from 'zod';
import {
  Edited,
  EngineChoice,
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
import { frameText, OfProject, projectOf } from './shared.js';

/** What is open, what could be, and the state of one project. */
export const projectRoutes = ({ registry, recent }: Services): readonly Route[] => [
  ...openingRoutes(registry, recent),
  ...stateRoutes(registry),
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
      engines: ENGINE_NAMES,
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
      method: 'put',
      path: '/projects/{project}/engine',
      summary: 'Choose the engine; what was tracked by another one becomes stale',
      params: OfProject,
      body: EngineChoice,
      reply: Edited,
    },
    async ({ params, body }) => (await projectOf(registry, params)).chooseEngine(body),
  ),
  route(
    {
      method: 'post',
      path: '/projects/{project}/look/{frame}',
      summary: 'Say that the user looks at a frame, so that a click there is answered sooner',
      params: OfProject.extend({ frame: frameText }),
      reply: 'none',
    },
    async ({ params }) => (await projectOf(registry, params)).process.call('lookAt', params.frame),
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
