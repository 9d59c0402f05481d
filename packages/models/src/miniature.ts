import type { VideoModelConfig } from './config.js';

/**
 * EdgeTAM's parts with few channels, for weights of random numbers: every graph is there, runs in milliseconds, and what it sees means nothing. What
 * `rotokit doctor` runs and tests compare with the reference.
 */
export const MINIATURE: VideoModelConfig = Object.freeze<VideoModelConfig>({
  name: 'mini-edgetam',
  imageSize: 256,
  encoder: { kind: 'repvit', channels: [8, 16, 32, 64], blocks: [2, 2, 4, 2] },
  hidden: 128,
  decoder: { heads: 8, mlp: 64 },
  attention: { layers: 2, mlp: 64, mlpNames: ['mlp.up_proj', 'mlp.down_proj'] },
  memory: {
    ...{ channels: 64, fuserMlp: 64, slots: 7, marksOcclusion: false, timesPointers: false, rounds: false },
    perceiver: { latents1d: 16, grid: 4, layers: 2, mlp: 32 },
  },
});
