import { type FrameIndex, isRotokitError, RotokitError, reasonOf, type Size } from '@rotokit/core/values';
import { openMovie } from '../clip/open-movie.js';
import { fullOpenOptions } from '../open-options.js';
import type { MovieRecipe } from './movie-recipe.js';

/**
 * Reads a finished movie back: frames, size, alpha and tags as they were meant, and its first, middle and last frame decodes.
 * @throws RotokitError WRITE_VERIFY_FAILED naming what is not as it should be; `path` is the name in the message.
 */
export async function verifyMovie(path: string, file: string, recipe: MovieRecipe, size: Size, frames: number) {
  const fail = (reason: string, cause?: unknown) => new RotokitError('WRITE_VERIFY_FAILED', { path, reason }, cause);
  try {
    const { source, facts } = await openMovie(file, fullOpenOptions({}));
    try {
      const even = (n: number) => (recipe.evenSides ? n + (n % 2) : n);
      const { info } = facts;
      if (info.frames !== frames) throw fail(`it holds ${info.frames} of ${frames} frames`);
      if (facts.coded.width !== even(size.width) || facts.coded.height !== even(size.height)) {
        throw fail(`it is ${facts.coded.width}x${facts.coded.height} instead of ${size.width}x${size.height}`);
      }
      if (recipe.alpha && !info.hasAlpha) throw fail('it has no alpha');
      if (info.colour.matrix === 2 || info.colour.range !== 'limited') throw fail('its colours are not tagged');
      for (const i of new Set([0, frames >> 1, frames - 1])) {
        const { damaged } = await source.read(i as FrameIndex);
        if (damaged) throw fail(`its frame ${i} is damaged`);
      }
    } finally {
      await source.close();
    }
  } catch (error) {
    if (isRotokitError(error) && error.code === 'WRITE_VERIFY_FAILED') throw error;
    throw fail(reasonOf(error), error);
  }
}
