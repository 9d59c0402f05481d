import type { FrameSink } from '@rotokit/core/ports';
import type { MovieOptions, MovieRecipe } from './movie-recipe.js';
import { createMovie } from './movie-sink.js';

const RECIPE: MovieRecipe = {
  name: 'ProRes 4444',
  container: 'mov',
  containerOptions: { movflags: '+write_colr' },
  encoder: 'prores_ks',
  pixels: 'yuva444p10le',
  options: { profile: '4444', alpha_bits: '16', vendor: 'apl0' },
  metadata: {},
  alpha: true,
  evenSides: false,
  threads: 0,
};

/**
 * Writes Apple ProRes 4444 with alpha (.mov, fourcc `ap4h`), for finishing: 10-bit colour and alpha, straight.
 * Pictures without alpha become opaque. See `createMovie` for what it throws.
 */
export const createProRes4444 = (path: string, options: MovieOptions): Promise<FrameSink> =>
  createMovie(path, RECIPE, options);
