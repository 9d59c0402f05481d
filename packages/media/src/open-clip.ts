import { openMovie } from './clip/open-movie.js';
import { fullOpenOptions, type OpenOptions } from './open-options.js';
import { openSequence } from './sequence/open-sequence.js';
import { findSequence } from './sequence/sequence-files.js';
import type { OpenedMedia } from './source/opened-media.js';
import type { ProxySource } from './source/proxy-source.js';

/**
 * Opens a movie or an image sequence: a file, `name.####.exr`, `name.%04d.exr`, a folder, or one file of a sequence.
 * Pictures come upright and with square pixels, in the colours the tags say. The caller closes what this opens.
 * @throws RotokitError MEDIA_NOT_FOUND, MEDIA_UNREADABLE, MEDIA_CODEC_UNSUPPORTED or MEDIA_TOO_LARGE.
 * @throws TypeError or RangeError for options that break their rules.
 * @example
 * const clip = await openClip('plate.mov');
 * const { picture } = await clip.read(frameIndex(0));
 * await clip.close();
 */
export async function openClip(path: string, options: OpenOptions = {}): Promise<ProxySource> {
  return (await openMedia(path, options)).source;
}

/** Opens a clip together with everything its files say. @throws as `openClip`. */
export async function openMedia(path: string, options: OpenOptions = {}): Promise<OpenedMedia> {
  if (typeof path !== 'string' || path === '')
    throw new TypeError(`path must be a string that is not empty, got ${path}`);
  if (path.includes('\0')) throw new TypeError('path must not contain a zero character');
  const full = fullOpenOptions(options);
  const files = await findSequence(path);
  return files ? openSequence(path, files, full) : openMovie(path, full);
}
