import type { VideoModelConfig } from './config.js';

/**
 * EdgeTAM (Zhou et al. 2025, "EdgeTAM: On-Device Track Anything Model"): SAM 2's parts around a RepViT encoder, half the
 * memory attention, and memories of 512 tokens instead of 4096. 14 million values, 56 MB.
 */
export const EDGETAM: VideoModelConfig = Object.freeze<VideoModelConfig>({
  name: 'edgetam',
  imageSize: 1024,
  encoder: { kind: 'repvit', channels: [48, 96, 192, 384], blocks: [2, 2, 14, 2] },
  hidden: 256,
  decoder: { heads: 8, mlp: 2048 },
  attention: { layers: 2, mlp: 2048, mlpNames: ['mlp.up_proj', 'mlp.down_proj'] },
  memory: {
    channels: 64,
    fuserMlp: 1024,
    slots: 7,
    marksOcclusion: false,
    timesPointers: false,
    rounds: false,
    perceiver: { latents1d: 256, grid: 16, layers: 2, mlp: 256 },
  },
});
