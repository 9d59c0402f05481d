import type { Engine } from '@rotokit/core/ports';
import { openNodeInference } from '@rotokit/ort/node';
import { CONFIGS } from '../../../../tools/src/parity/configs.js';
import { type RandomFile, randomFile } from '../../../../tools/src/parity/networks.js';
import { type NeuralOptions, neuralEngine } from '../../src/index.js';

/** A miniature with random weights as an engine. `file` is the caller's to remove. */
export function miniature(name: string, file: RandomFile, more: Partial<NeuralOptions> = {}): Engine {
  return neuralEngine({
    name,
    config: CONFIGS[name]!,
    weights: { header: file.header, file: { path: file.path }, digest: 'random' },
    inference: () => openNodeInference({ threads: 1 }),
    ...more,
  });
}

export { CONFIGS, type RandomFile, randomFile };
