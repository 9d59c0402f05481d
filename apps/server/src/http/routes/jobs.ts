import { dirname } from 'node:path';
import { z } from 'zod';
import { ExportOutlook, ExportRequest, Job, SpaceEstimate, TrackRequest } from '../../api/index.js';
import type { Registry } from '../../projects/registry.js';
import { type Route, route } from '../route.js';
import { OfProject, projectOf } from './shared.js';

/** Long work, which belongs to the server: closing the page does not stop it. */
export const jobRoutes = (registry: Registry): readonly Route[] => [
  route(
    {
      method: 'post',
      path: '/projects/{project}/track',
      summary: 'Track what is missing or stale',
      params: OfProject,
      body: TrackRequest,
      reply: Job,
    },
    async ({ params, body }) => (await projectOf(registry, params)).process.call('track', body),
  ),
  ...exportRoutes(registry),
  route(
    {
      method: 'post',
      path: '/projects/{project}/jobs/{job}',
      summary: 'Go on with a paused job',
      params: OfProject.extend({ job: z.string().regex(/^job\d{1,9}$/) }),
      reply: Job,
    },
    async ({ params }) => (await projectOf(registry, params)).process.call('resume', params.job),
  ),
  route(
    {
      method: 'delete',
      path: '/projects/{project}/jobs/{job}',
      summary: 'Cancel a job; what it finished stays',
      params: OfProject.extend({ job: z.string().regex(/^job\d{1,9}$/) }),
      reply: 'none',
    },
    async ({ params }) => {
      await (await projectOf(registry, params)).process.call('cancel', params.job);
    },
  ),
];

const exportRoutes = (registry: Registry): readonly Route[] => [
  route(
    {
      method: 'post',
      path: '/projects/{project}/export',
      summary: 'Write deliverables',
      params: OfProject,
      body: ExportRequest,
      reply: Job,
    },
    async ({ params, body }) => {
      const project = await projectOf(registry, params);
      const folder = await registry.folders.writable(body.folder, dirname(project.path));
      return project.process.call('export', { ...body, folder });
    },
  ),
  route(
    {
      method: 'post',
      path: '/projects/{project}/export/outlook',
      summary: 'What an export would leave, by name, and what stands against it; nothing is written',
      params: OfProject,
      body: ExportRequest,
      reply: ExportOutlook,
    },
    async ({ params, body }) => {
      const project = await projectOf(registry, params);
      const folder = await registry.folders.writable(body.folder, dirname(project.path));
      return project.process.call('outlook', { ...body, folder });
    },
  ),
  route(
    {
      method: 'post',
      path: '/projects/{project}/export/estimate',
      summary: 'About how much room an export takes, from a few frames that are really encoded',
      params: OfProject,
      body: ExportRequest,
      reply: SpaceEstimate,
    },
    async ({ params, body }) => {
      const project = await projectOf(registry, params);
      const folder = await registry.folders.writable(body.folder, dirname(project.path));
      return project.process.call('estimate', { ...body, folder });
    },
  ),
];
