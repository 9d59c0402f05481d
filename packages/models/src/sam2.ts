import type { HieraConfig, VideoModelConfig } from './config.js';

/** SAM 2.1 (Ravi et al. 2024, "SAM 2: Segment Anything in Images and Videos"): its sizes differ in the encoder alone. */
const sam2 = (size: string, encoder: Omit<HieraConfig, 'kind'>): VideoModelConfig =>
  Object.freeze<VideoModelConfig>({
    name: `sam2.1-hiera-${size}`,
    imageSize: 1024,
    encoder: { kind: 'hiera', ...encoder },
    hidden: 256,
    decoder: { heads: 8, mlp: 2048 },
    attention: { layers: 4, mlp: 2048, mlpNames: ['linear1', 'linear2'] },
    memory: { channels: 64, fuserMlp: 1024, slots: 7, marksOcclusion: true, timesPointers: true, rounds: true },
  });

/** SAM 2.1 tiny: 39 million values, 156 MB. */
export const SAM2_TINY: VideoModelConfig = sam2('tiny', {
  dim: 96,
  heads: 1,
  blocks: [1, 2, 7, 2],
  windows: [8, 4, 14, 7],
  globalBlocks: [5, 7, 9],
  background: 7,
});

/** SAM 2.1 small: 46 million values, 184 MB. */
export const SAM2_SMALL: VideoModelConfig = sam2('small', {
  dim: 96,
  heads: 1,
  blocks: [1, 2, 11, 2],
  windows: [8, 4, 14, 7],
  globalBlocks: [7, 10, 13],
  background: 7,
});

/** SAM 2.1 base-plus: 81 million values, 323 MB. */
export const SAM2_BASE_PLUS: VideoModelConfig = sam2('base-plus', {
  dim: 112,
  heads: 2,
  blocks: [2, 3, 16, 3],
  windows: [8, 4, 14, 7],
  globalBlocks: [12, 16, 20],
  background: 14,
});

/** SAM 2.1 large: 224 million values, 898 MB. */
export const SAM2_LARGE: VideoModelConfig = sam2('large', {
  dim: 144,
  heads: 2,
  blocks: [2, 6, 36, 4],
  windows: [8, 4, 16, 8],
  globalBlocks: [23, 33, 43],
  background: 7,
});
