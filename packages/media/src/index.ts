export {
  type ClipReport,
  type DecodedFacts,
  type FrameProblem,
  type InspectOptions,
  inspectClip,
} from './inspect-clip.js';
export type { MediaFacts } from './media-facts.js';
export { openClip } from './open-clip.js';
export type { OpenOptions } from './open-options.js';
export type { ProxyOptions, ProxySource } from './source/proxy-source.js';
export { createH264Preview } from './write/h264-preview.js';
export { encodeJpeg, type JpegOptions } from './write/jpeg.js';
export { missingEncoders } from './write/missing-encoders.js';
export type { MovieOptions } from './write/movie-recipe.js';
export { createPngSequence, type PngOptions } from './write/png-sequence.js';
export { createProRes4444 } from './write/prores-4444.js';
export { createVp9Alpha } from './write/vp9-alpha.js';
