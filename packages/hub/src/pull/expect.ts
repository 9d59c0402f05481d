import type { Trust } from '@rotokit/core/ports';
import type { Pin } from '../disk/pins.js';
import type { Announcement } from './announce.js';
import type { Job } from './job.js';
import { corrupt } from './refusals.js';

/** What a file must turn out to be. */
export interface Expectation {
  /** Undefined: whatever comes is pinned. */
  readonly sha256?: string;
  readonly bytes?: number;
  readonly trust: Trust;
  readonly commit?: string;
}

/**
 * Puts together what was known in advance, what was pinned and what the source announces; the earlier one wins. `pins` is the path to name.
 * @throws RotokitError MODEL_CORRUPT when the source announces another file than the one known or pinned.
 */
export function expectationOf(
  job: Pick<Job, 'card' | 'file'>,
  pin: Pin | undefined,
  announced: Announcement,
  pins: string,
): Expectation {
  const { file, card } = job;
  const commit = announced.commit ? { commit: announced.commit } : {};
  const settled = file.sha256 ?? pin?.sha256;
  if (settled && announced.sha256 && announced.sha256 !== settled) {
    const remedy = file.sha256
      ? 'Update rotokit; if that does not help, the source is not to be trusted.'
      : `It was replaced since it was first pulled, by the publisher or on the way. To trust the new one, delete the entry ${card.name}/${file.name} from ${pins}.`;
    throw corrupt(job, file.sha256 ? 'the known sha256 is' : 'the pinned sha256 is', settled, announced.sha256, remedy);
  }
  const bytes = file.bytes ?? pin?.bytes ?? announced.bytes;
  const size = bytes === undefined ? {} : { bytes };
  if (file.sha256) return { sha256: file.sha256, trust: 'known', ...size, ...commit };
  if (pin) return { sha256: pin.sha256, trust: pin.trust, ...size, ...commit };
  if (announced.sha256) return { sha256: announced.sha256, trust: 'announced', ...size, ...commit };
  return { trust: 'first-seen', ...size, ...commit };
}
