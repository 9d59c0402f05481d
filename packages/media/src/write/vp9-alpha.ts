import type { FrameSink } from '@rotokit/core/ports';
import type { MovieOptions, MovieRecipe } from './movie-recipe.js';
import { createMovie } from './movie-sink.js';

const RECIPE: MovieRecipe = {
  name: 'VP9 with alpha',
  container: 'webm',
  containerOptions: {},
  encoder: 'libvpx-vp9',
  pixels: 'yuva420p',
  // Alternative reference frames are hidden frames, which the alpha stream does not have: they must stay off.
  options: { 'auto-alt-ref': '0', crf: '20', b: '0', deadline: 'good', 'cpu-used': '4', 'row-mt': '1' },
  metadata: { alpha_mode: '1' },
  alpha: true,
  evenSides: false,
  threads: 0,
};

/**
 * Writes VP9 with an alpha plane (.webm), which browsers play as an overlay: 8-bit 4:2:0 colour, 8-bit alpha, straight.
 * Pictures without alpha become opaque. See `createMovie` for what it throws.
 */
export const createVp9Alpha = (path: string, options: MovieOptions): Promise<FrameSink> =>
  createMovie(path, RECIPE, options);
