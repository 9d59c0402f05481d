import { DELIVERABLE_NAMES, VERSION } from 'rotokit';
import { z } from 'zod';
import { FolderListing, OpenedProject, OpenRequest, ProjectState, Session } from '../../api/index.js';
import type { Registry } from '../../projects/registry.js';
import { eventStream } from '../event-stream.js';
import { type Route, route } from '../route.js';
import { OfProject, projectOf } from './shared.js';

/** What is open, what could be, and the state of one project. */
export const projectRoutes = (registry: Registry): readonly Route[] => [
  ...openingRoutes(registry),
  ...stateRoutes(registry),
];

const openingRoutes = (registry: Registry): readonly Route[] => [
  route({ method: 'get', path: '/session', summary: 'What the page asks first', reply: Session }, async () => ({
    version: VERSION,
    folders: registry.folders.roots,
    projects: await registry.list(),
    formats: DELIVERABLE_NAMES,
  })),
  route(
    {
      method: 'get',
      path: '/files',
      summary: 'Folders, clips and projects in an opened folder',
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
