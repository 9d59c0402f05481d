import type { FrameSink } from '@rotokit/core/ports';
import type { MovieOptions, MovieRecipe } from './movie-recipe.js';
import { createMovie } from './movie-sink.js';

const RECIPE: MovieRecipe = {
  name: 'H.264 preview',
  container: 'mp4',
  containerOptions: { movflags: '+faststart+write_colr' },
  encoder: 'libx264',
  pixels: 'yuv420p',
  options: { preset: 'veryfast', crf: '18' },
  metadata: {},
  alpha: false,
  evenSides: true,
  threads: 0,
};

/**
 * Writes an H.264 movie that plays everywhere (.mp4, 4:2:0, BT.709, index at the front): for looking at, not for finishing.
 * Alpha is ignored; odd sides grow by one repeated column or row. See `createMovie` for what it throws.
 */
export const createH264Preview = (path: string, options: MovieOptions): Promise<FrameSink> =>
  createMovie(path, RECIPE, options);
