import type { PullEvent } from '@rotokit/core/ports';
import { follow, type Reply } from '../http/follow.js';
import { Attempts } from './attempts.js';
import { addressOf, headersOf, type Job } from './job.js';
import { refusalOf } from './refusals.js';

/** What a source says of a file before sending it. */
export interface Announcement {
  readonly sha256?: string;
  readonly bytes?: number;
  readonly commit?: string;
}

/**
 * Asks the source about a file. Hugging Face says in the first answer of a chain of redirects: `x-linked-etag` (for large files the sha256), `x-linked-size`,
 * `x-repo-commit`. A plain file server says only a length, or nothing.
 * @throws RotokitError MODEL_FORBIDDEN, MODEL_UNREACHABLE.
 */
export async function* announce(job: Job): AsyncGenerator<PullEvent, Announcement> {
  const attempts = new Attempts(job);
  for (;;) {
    try {
      const ask = { method: 'HEAD', url: addressOf(job), headers: headersOf(job), signal: job.signal } as const;
      const reply = await follow(ask, job.source);
      reply.body.destroy();
      const announced = readAnnouncement(reply);
      if (announced.sha256 || reply.status < 300 || reply.status === 405 || reply.status === 501) return announced;
      throw refusalOf(job, reply.status) ?? new Error(`HTTP ${reply.status}`);
    } catch (e) {
      yield* attempts.failed(e);
    }
  }
}

function readAnnouncement({ heads, headers, status }: Reply): Announcement {
  const first = (name: string) => heads.map((h) => h[name]).find((v) => typeof v === 'string') as string | undefined;
  const etag = first('x-linked-etag')?.replace(/^W\//, '').replaceAll('"', '').toLowerCase();
  const size = Number(first('x-linked-size') ?? (status < 300 ? headers['content-length'] : undefined));
  const commit = first('x-repo-commit');
  return {
    ...(etag && /^[0-9a-f]{64}$/.test(etag) ? { sha256: etag } : {}),
    ...(Number.isSafeInteger(size) && size > 0 ? { bytes: size } : {}),
    ...(commit && /^[0-9a-f]{40}$/.test(commit) ? { commit } : {}),
  };
}
