import { z } from 'zod';
import {
  Edited,
  HistoryPlace,
  Instead,
  MarkerFacts,
  NewObject,
  ObjectChange,
  Saying,
  Verdict,
} from '../../api/index.js';
import type { Registry } from '../../projects/registry.js';
import { type Route, route } from '../route.js';
import { frameText, OfObject, OfProject, projectOf } from './shared.js';

const id = z.string().min(1).max(200);

/** Everything a user says about a project. Each answer means: it is on disk. */
export const editRoutes = (registry: Registry): readonly Route[] => [
  ...objectRoutes(registry),
  ...promptRoutes(registry),
  ...anchorRoutes(registry),
  ...verdictRoutes(registry),
  ...markerRoutes(registry),
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
      method: 'put',
      path: '/projects/{project}/objects/{object}/prompts/{prompt}',
      summary: 'Say one thing differently: move a click, a box, a stroke',
      params: OfObject.extend({ prompt: id }),
      body: Instead,
      reply: Edited,
    },
    async ({ params, body }) =>
      (await projectOf(registry, params)).process.call('sayDifferently', params.object, params.prompt, body.prompt),
  ),
];

const anchorRoutes = (registry: Registry): readonly Route[] => [
  route(
    {
      method: 'put',
      path: '/projects/{project}/objects/{object}/anchors/{frame}',
      summary: 'Give the mask of a frame: a PNG of the size of the clip, or the coding of core/values/mask-codec',
      params: OfObject.extend({ frame: frameText }),
      upload: ['image/png', 'application/octet-stream'],
      reply: Edited,
    },
    async ({ params, file }) =>
      (await projectOf(registry, params)).process.call('giveMask', params.object, params.frame, file),
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

const markerRoutes = (registry: Registry): readonly Route[] => [
  route(
    {
      method: 'put',
      path: '/projects/{project}/markers/{frame}',
      summary: 'Mark a frame, or change its marker',
      params: OfProject.extend({ frame: frameText }),
      body: MarkerFacts,
      reply: Edited,
    },
    async ({ params, body }) => (await projectOf(registry, params)).process.call('setMarker', params.frame, body),
  ),
  route(
    {
      method: 'delete',
      path: '/projects/{project}/markers/{frame}',
      summary: 'Take the marker of a frame away',
      params: OfProject.extend({ frame: frameText }),
      reply: Edited,
    },
    async ({ params }) => (await projectOf(registry, params)).process.call('setMarker', params.frame, null),
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
  route(
    {
      method: 'put',
      path: '/projects/{project}/history',
      summary: 'Go to a place in the history',
      params: OfProject,
      body: HistoryPlace,
      reply: Edited,
    },
    async ({ params, body }) => (await projectOf(registry, params)).process.call('goTo', body.applied),
  ),
];
