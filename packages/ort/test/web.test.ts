import { inferenceContract } from '@rotokit/core/contracts/inference';
import { openWebInference } from '@rotokit/ort/web';

inferenceContract('onnxruntime-web', {
  open: () => openWebInference({ threads: 1 }),
  weights: async (location, bytes) => ({ location, bytes }),
});
