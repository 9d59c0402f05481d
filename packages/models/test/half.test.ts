import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Tensor } from '@rotokit/core/ports';
import { headerLength, readHeader, weightsOf } from '@rotokit/graph';
import { openNodeInference } from '@rotokit/ort/node';
import { expect, it } from 'vitest';
import { attendCase, casesOf } from '../../../tools/src/parity/cases.js';
import { CONFIGS } from '../../../tools/src/parity/configs.js';
import { load, type RandomFile, randomFile } from '../../../tools/src/parity/networks.js';
import { fastGraph, type Part, randomTensor, weightShapes } from '../src/index.js';

/** Nearest half: a value is scaled so that adding and taking away 2^n rounds it to the spacing of halves around it. */
function half(v: number): number {
  const exponent = Math.max(-14, Math.floor(Math.log2(Math.abs(v) || 2 ** -14)));
  const units = Math.round((Math.abs(v) / 2 ** exponent) * 1024);
  const bits = exponent === -14 && units < 1024 ? units : ((exponent + 15) << 10) + (units - 1024);
  return (v < 0 ? 0x8000 : 0) | bits;
}

/** Parts whose weights may be halves; in the decoder and the memory encoder the rounding would be remembered. */
const SAFE = /^(vision_encoder|memory_attention)\./;

/** The random weights of a model with halves where they are safe. */
async function halfFile(beside: RandomFile, shapes: ReadonlyMap<string, readonly number[]>): Promise<RandomFile> {
  let offset = 0;
  const pieces: Uint8Array[] = [];
  const entries = [...shapes].map(([name, shape]) => {
    const data = randomTensor(name, shape);
    const piece = SAFE.test(name) ? new Uint8Array(Uint16Array.from(data, half).buffer) : new Uint8Array(data.buffer);
    pieces.push(piece);
    const from = offset;
    offset += piece.length;
    return [name, { dtype: SAFE.test(name) ? 'F16' : 'F32', shape, data_offsets: [from, offset] }];
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(json.length), true);
  const bytes = Buffer.concat([prefix, json, ...pieces]);
  const path = join(dirname(beside.path), 'half.safetensors');
  await writeFile(path, bytes);
  const header = readHeader(bytes.subarray(8, 8 + headerLength(bytes, bytes.length)), bytes.length);
  return { path, header, remove: async () => {} };
}

it('halves in the encoder and in memory attention change features by about a thousandth', async () => {
  const config = CONFIGS['mini-sam2.1-hiera-tiny'];
  const whole = await randomFile(config);
  const ort = await openNodeInference({ threads: 1 });
  try {
    const halves = await halfFile(whole, weightShapes(config));
    const cases = casesOf(config);
    const difference = async (part: Part, inputs: (typeof cases)[number]['inputs'], name: string) => {
      const run = async (file: RandomFile) => {
        const network = await load(ort, fastGraph(part, config, weightsOf(file.header)), file);
        return (await network.run(inputs))[name] as Tensor<'float32'>;
      };
      const [a, b] = [(await run(whole)).data, (await run(halves)).data];
      const rms = (f: (i: number) => number) => Math.sqrt(a.reduce((sum, _, i) => sum + f(i) ** 2, 0) / a.length);
      return rms((i) => a[i]! - b[i]!) / rms((i) => a[i]!);
    };
    const [picture, oriented] = [cases.find((c) => c.part === 'encode')!, cases.find((c) => c.part === 'orient')!];
    const found = [
      await difference('encode', picture.inputs, 'features'),
      await difference('attend', attendCase(config, oriented.inputs.features!).inputs, 'conditioned'),
    ];
    for (const d of found) {
      expect(d).toBeGreaterThan(1e-6);
      expect(d).toBeLessThan(2e-3);
    }
  } finally {
    await ort.close();
    await whole.remove();
  }
});
