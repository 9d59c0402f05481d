import { RotokitError } from '@rotokit/core/values';
import type { Job } from './job.js';

/** An answer that no further attempt will change. */
export function refusalOf(job: Job, status: number): RotokitError | undefined {
  const { card, file, source } = job;
  const facts = { host: source.base.host, file: file.name, model: card.name };
  if (status === 401 || status === 403)
    return new RotokitError('MODEL_FORBIDDEN', {
      ...facts,
      reason: whyForbidden(job, status),
      remedy: howToEnter(job),
    });
  if (status < 400 || status === 408 || status === 416 || status === 429 || status >= 500) return undefined;
  const reason = status === 404 ? 'there is no such file (HTTP 404)' : `it answers HTTP ${status}`;
  return new RotokitError('MODEL_UNREACHABLE', { ...facts, reason });
}

function whyForbidden({ card, source }: Job, status: number): string {
  if (source.token === undefined) return `it wants to know who asks (HTTP ${status}), and no token is set`;
  if (card.licence.gated && status === 403) return 'the owner of the token has not been granted access (HTTP 403)';
  return `it does not accept the token (HTTP ${status})`;
}

/** What to do to be let in. */
function howToEnter({ card, source }: Job): string {
  const page = `https://huggingface.co/${card.repository}`;
  const token = 'make a token that may read at https://huggingface.co/settings/tokens and set HF_TOKEN to it';
  if (card.licence.gated)
    return `Log in at ${page}, accept the licence and wait for access; ${token}. With the file at hand use \`--from DIR\`.`;
  if (source.base.host !== 'huggingface.co')
    return `Ask whoever runs ${source.base.host} for a token and set HF_TOKEN to it, or unset ROTOKIT_HUB.`;
  return `If HF_TOKEN is set, check it or unset it; otherwise ${token}.`;
}

/** Too many attempts that brought nothing. */
export function unreachable({ card, file, source }: Job, reason: string, cause?: unknown): RotokitError {
  const facts = { host: source.base.host, file: file.name, model: card.name, reason };
  return new RotokitError('MODEL_UNREACHABLE', facts, cause);
}

/** The bytes, or what is said of them, are not what was expected. */
export function corrupt(
  { card, file }: Pick<Job, 'card' | 'file'>,
  what: string,
  expected: string | number,
  found: string | number,
  remedy: string,
): RotokitError {
  return new RotokitError('MODEL_CORRUPT', { file: file.name, model: card.name, what, expected, found, remedy });
}
