import { z } from 'zod';
import { Edited, NewObject, ObjectChange, Saying, Verdict } from '../../api/index.js';
import type { Registry } from '../../projects/registry.js';
import { type Route, route } from '../route.js';
import { frameText, OfObject, OfProject, projectOf } from './shared.js';

const id = z.string().min(1).max(200);

/** Everything a user says about a project. Each answer means: it is on disk. */
export const editRoutes = (registry: Registry): readonly Route[] => [
  ...objectRoutes(registry),
  ...promptRoutes(registry),
  ...verdictRoutes(registry),
];

const objectRoutes = (registry: Registry): readonly Route[] => [
  route(
    {
      method: 'post',
      path: '/projects/{project}/objects',
      summary: 'A new object',
      params: OfProject,
      body: NewObject,
      reply: Edited.extend({ object: z.string() }),
    },
    async ({ params, body }) => (await projectOf(registry, params)).process.call('addObject', body.name),
  ),
  route(
    {
      method: 'patch',
      path: '/projects/{project}/objects/{object}',
      summary: 'Change name, colour, visibility, lock, priority or place',
      params: OfObject,
      body: ObjectChange,
      reply: Edited,
    },
    async ({ params, body }) => (await projectOf(registry, params)).process.call('changeObject', params.object, body),
  ),
  route(
    {
      method: 'delete',
      path: '/projects/{project}/objects/{object}',
      summary: 'Remove an object',
      params: OfObject,
      reply: Edited,
    },
    async ({ params }) => (await projectOf(registry, params)).process.call('removeObject', params.object),
  ),
];

const promptRoutes = (registry: Registry): readonly Route[] => [
  route(
    {
      method: 'post',
      path: '/projects/{project}/objects/{object}/prompts',
      summary: 'Say something about an object on a frame; the frame becomes an anchor',
      params: OfObject,
      body: Saying,
      reply: Edited,
    },
    async ({ params, body }) =>
      (await projectOf(registry, params)).process.call('say', params.object, body.frame, body.prompts),
  ),
  route(
    {
      method: 'delete',
      path: '/projects/{project}/objects/{object}/prompts/{prompt}',
      summary: 'Take back one thing that was said',
      params: OfObject.extend({ prompt: id }),
      reply: Edited,
    },
    async ({ params }) => (await projectOf(registry, params)).process.call('takeBack', params.object, params.prompt),
  ),
  route(
    {
      method: 'delete',
      path: '/projects/{project}/objects/{object}/anchors/{frame}',
      summary: 'Give a frame back to the tracker',
      params: OfObject.extend({ frame: frameText }),
      reply: Edited,
    },
    async ({ params }) => (await projectOf(registry, params)).process.call('clear', params.object, params.frame),
  ),
];

const verdictRoutes = (registry: Registry): readonly Route[] => [
  route(
    {
      method: 'post',
      path: '/projects/{project}/review',
      summary: 'Say that a frame is right, or of no interest',
      params: OfProject,
      body: Verdict,
      reply: Edited,
    },
    async ({ params, body }) =>
      (await projectOf(registry, params)).process.call('mark', body.object, body.frame, body.verdict),
  ),
  route(
    {
      method: 'post',
      path: '/projects/{project}/history/{direction}',
      summary: 'Undo or redo one step',
      params: OfProject.extend({ direction: z.enum(['undo', 'redo']) }),
      reply: Edited,
    },
    async ({ params }) => (await projectOf(registry, params)).process.call('move', params.direction),
  ),
];
