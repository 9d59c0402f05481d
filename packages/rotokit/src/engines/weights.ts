import { open } from 'node:fs/promises';
import { headerLength, isCheckpoint, readHeader, WeightsError, type WeightsHeader } from '@rotokit/graph';

/** The header of a `.safetensors` file; reads nothing behind it. @throws WeightsError, for a checkpoint of torch too: those are converted when they are pulled. */
export async function readWeightsHeader(path: string): Promise<WeightsHeader> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const prefix = new Uint8Array(8);
    const { bytesRead } = await file.read(prefix, 0, 8, 0);
    if (isCheckpoint(prefix))
      throw new WeightsError('WEIGHTS_HEADER', {
        tensor: '(header)',
        expected: 'a .safetensors file',
        found: 'a checkpoint of torch, which `rotokit models pull NAME --from FILE` converts',
      });
    const json = new Uint8Array(headerLength(prefix.subarray(0, bytesRead), size));
    await file.read(json, 0, json.length, 8);
    return readHeader(json, size);
  } finally {
    await file.close();
  }
}
