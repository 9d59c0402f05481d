import type { Context } from 'hono';
import { z } from 'zod';
import type { Failure } from '../api/index.js';
import { failureOf } from '../host/jobs.js';
import { CallFailed } from '../projects/project-process.js';
import { TooMany } from '../projects/registry.js';
import { NotJson } from './route.js';

/** Something that is not there. */
export class NotFound extends Error {}

type Status = 400 | 403 | 404 | 409 | 413 | 422 | 500 | 503;

/** Codes that mean the thing asked for is not there. */
const ABSENT = new Set([
  'OBJECT_UNKNOWN',
  'FRAME_OUTSIDE',
  'PROJECT_NOT_FOUND',
  'MEDIA_NOT_FOUND',
  'MEDIA_FRAME_MISSING',
  'PATH_REFUSED',
]);
/** Codes that mean it is not possible now. */
const CONFLICT = new Set(['OBJECT_LOCKED', 'PROJECT_LOCKED', 'PROJECT_EXISTS', 'EXPORT_REFUSED', 'PROJECT_GONE']);

function statusOf({ code }: Failure): Status {
  if (ABSENT.has(code)) return 404;
  if (CONFLICT.has(code)) return 409;
  return code === 'INTERNAL' ? 500 : 422;
}

/** What is told of anything that was thrown: status and failure. Internals of the server never go out. */
export function failureReply(error: unknown): readonly [Status, Failure] {
  if (error instanceof z.ZodError) {
    const message = error.issues.map((i) => `${i.path.join('.') || 'request'}: ${i.message}`).join('; ');
    return [
      400,
      { code: 'USAGE', message: message.slice(0, 1000), fix: 'See /api/openapi.json for what is possible.' },
    ];
  }
  if (error instanceof NotJson) return [400, { code: 'USAGE', message: error.message, fix: 'Send JSON.' }];
  if (error instanceof NotFound) return [404, { code: 'NOT_FOUND', message: error.message, fix: 'Reload the page.' }];
  if (error instanceof TooMany)
    return [503, { code: 'BUSY', message: error.message, fix: 'Close something, then try again.' }];
  const failure = error instanceof CallFailed ? error.failure : failureOf(error);
  return [statusOf(failure), failure];
}

/** Answers with a failure. */
export function refuse(c: Context, error: unknown, log: (line: string) => void): Response {
  const [status, failure] = failureReply(error);
  if (status !== 500) return c.json(failure, status);
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return c.json({ ...failure, message: 'something went wrong in the server; its log says what' }, status);
}
