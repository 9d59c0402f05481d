import { weightsOf } from '@rotokit/graph';
import { openNodeInference } from '@rotokit/ort/node';
import { expect, it } from 'vitest';
import { casesOf } from '../../../tools/src/parity/cases.js';
import { CONFIGS } from '../../../tools/src/parity/configs.js';
import { load, randomFile } from '../../../tools/src/parity/networks.js';
import { fastGraph } from '../src/index.js';

it('8-bit products change the features of the encoder by some per cent, and nothing but the encoder may have them', async () => {
  const config = CONFIGS['mini-sam2.1-hiera-tiny'];
  const file = await randomFile(config);
  const ort = await openNodeInference({ threads: 1 });
  try {
    const [{ inputs }] = casesOf(config);
    const features = async (eightBit: boolean) => {
      const network = await load(ort, fastGraph('encode', config, weightsOf(file.header), { eightBit }), file);
      return (await network.run(inputs)).features!.data as Float32Array;
    };
    const [exact, rounded] = [await features(false), await features(true)];
    const rms = (f: (i: number) => number) => Math.sqrt(exact.reduce((sum, _, i) => sum + f(i) ** 2, 0) / exact.length);
    const difference = rms((i) => exact[i]! - rounded[i]!) / rms((i) => exact[i]!);
    expect(difference).toBeGreaterThan(0.001);
    expect(difference).toBeLessThan(0.1);
    expect(() => fastGraph('memorise', config, weightsOf(file.header), { eightBit: true })).toThrow(RangeError);
  } finally {
    await ort.close();
    await file.remove();
  }
});
