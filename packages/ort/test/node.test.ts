import { inferenceContract } from '@rotokit/core/contracts/inference';
import { openNodeInference } from '@rotokit/ort/node';
import { scratchFolder, weightsOnDisk } from './support/files.js';

const folder = await scratchFolder();
const open = () => openNodeInference({ threads: 1 });

inferenceContract('onnxruntime-node over files', {
  open,
  weights: (location, bytes) => weightsOnDisk(folder, location, bytes),
});

inferenceContract('onnxruntime-node over bytes', { open, weights: async (location, bytes) => ({ location, bytes }) });
