import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ReadAt, readCheckpoint, readHeader, safetensorsOf, WeightsError } from '@rotokit/graph';
import { describe, expect, it } from 'vitest';
import { mutate } from '../../../tools/src/fuzz-project/mutate.js';

const fixture = (name: string) => readFileSync(resolve(import.meta.dirname, 'fixtures', name));
const CHECKPOINT = fixture('checkpoint.pt');

interface Fact {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}
/** What torch reads from the checkpoint, by tools/checkpoints/write.py. */
const FACTS = JSON.parse(fixture('checkpoint.json').toString()) as Record<string, Fact>;
const DTYPES: Record<string, string> = {
  f32: 'float32',
  f16: 'float16',
  bf16: 'bfloat16',
  F64: 'float64',
  i64: 'int64',
  I32: 'int32',
  U8: 'uint8',
  bool: 'bool',
};

const readerOf =
  (bytes: Uint8Array): ReadAt =>
  async (offset, length) =>
    bytes.subarray(offset, offset + length);

/** The checkpoint as a safetensors file, and its header read by the same reader as every other. */
async function converted(bytes: Uint8Array) {
  const read = readerOf(bytes);
  const pieces: Uint8Array[] = [];
  for await (const p of safetensorsOf(await readCheckpoint(read, bytes.length), read, { from: 'x.pt' })) pieces.push(p);
  const file = Buffer.concat(pieces);
  const length = Number(file.readBigUInt64LE());
  return { file, header: readHeader(file.subarray(8, 8 + length), file.length) };
}

const half = (h: number) => {
  const [sign, e, f] = [h & 0x8000 ? -1 : 1, (h >> 10) & 31, h & 1023];
  return sign * (e ? (1 + f / 1024) * 2 ** (e - 15) : (f / 1024) * 2 ** -14);
};

function numbers(file: Buffer, dtype: string, offset: number, length: number): number[] {
  const at = file.buffer.slice(file.byteOffset + offset, file.byteOffset + offset + length) as ArrayBuffer;
  if (dtype === 'f32') return [...new Float32Array(at)];
  if (dtype === 'F64') return [...new Float64Array(at)];
  if (dtype === 'i64') return [...new BigInt64Array(at)].map(Number);
  if (dtype === 'I32') return [...new Int32Array(at)];
  if (dtype === 'f16') return [...new Uint16Array(at)].map(half);
  if (dtype === 'bf16') return [...new Float32Array(Uint32Array.from(new Uint16Array(at), (h) => h * 65536).buffer)];
  return [...new Uint8Array(at)];
}

const refusal = (bytes: Uint8Array) =>
  converted(bytes).then(
    () => undefined,
    (e: unknown) => (e instanceof WeightsError ? { code: e.code, message: e.message } : e),
  );

/** The file with one text replaced by another of the same length: torch's zip files are not checked by digests here. */
const replaced = (bytes: Buffer, from: string, to: string) => {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(from, 0, 'latin1');
  expect(at).toBeGreaterThan(0);
  copy.write(to, at, 'latin1');
  return copy;
};

describe('a checkpoint of torch.save', () => {
  it('gives every tensor as torch gives it: views, transposed ones, halves, whole numbers, empty ones', async () => {
    const { file, header } = await converted(CHECKPOINT);
    expect([...header.tensors.keys()]).toEqual(Object.keys(FACTS));
    for (const [name, fact] of Object.entries(FACTS)) {
      const { dtype, shape, offset, length } = header.tensors.get(name)!;
      expect([name, DTYPES[dtype], shape]).toEqual([name, fact.dtype, fact.shape]);
      expect([name, numbers(file, dtype, offset, length)]).toEqual([name, fact.values]);
    }
    expect(header.metadata).toEqual({ from: 'x.pt' });
  });

  it('says under which keys it looked where there are no tensors', async () => {
    const inside = replaced(CHECKPOINT, 'model', 'modal');
    expect(await refusal(inside)).toMatchObject({
      code: 'WEIGHTS_TENSOR_MISSING',
      message: expect.stringMatching(/under model, state_dict/),
    });
  });

  it('is refused when it wants to run code, and the code is named', async () => {
    expect(await refusal(fixture('unsafe.pt'))).toEqual({
      code: 'WEIGHTS_UNSAFE',
      message: '(pickle): expected tensors and plain values only, found posix.system, which would run code',
    });
    for (const name of ['torch._utils\n_rebuild_tensor_vX', 'torch._utils\n_REBUILD_TENSOR_v2'])
      expect(await refusal(replaced(CHECKPOINT, 'torch._utils\n_rebuild_tensor_v2', name))).toMatchObject({
        code: 'WEIGHTS_UNSAFE',
      });
    expect(await refusal(replaced(CHECKPOINT, 'ctorch\nFloatStorage', 'cposix\nsystemxxxxxx'))).toMatchObject({
      code: 'WEIGHTS_UNSAFE',
    });
  });

  it('is refused where it is no zip file, is cut short, or its parts are not there', async () => {
    expect(await refusal(Buffer.from('version https://git-lfs.github.com/spec/v1'))).toMatchObject({
      code: 'WEIGHTS_ZIP',
    });
    expect(await refusal(new Uint8Array(0))).toMatchObject({ code: 'WEIGHTS_ZIP' });
    for (const part of [0.2, 0.5, 0.9, 0.999])
      expect(await refusal(CHECKPOINT.subarray(0, Math.floor(CHECKPOINT.length * part)))).toMatchObject({
        code: expect.stringMatching(/^WEIGHTS_(ZIP|TRUNCATED)$/),
      });
    expect(await refusal(replaced(CHECKPOINT, 'little', 'bigbig'))).toMatchObject({ code: 'WEIGHTS_ZIP' });
    const directory = CHECKPOINT.lastIndexOf('checkpoint/data/3');
    const lost = Buffer.from(CHECKPOINT);
    lost.write('checkpoint/data/x', directory, 'latin1');
    expect(await refusal(lost)).toMatchObject({
      code: 'WEIGHTS_TENSOR_MISSING',
      message: expect.stringMatching(/data\/3/),
    });
  });
});

it('2,000 damaged checkpoints end in weights or in a coded refusal, and read no more than a few times the file', async () => {
  const outcomes = new Map<string, number>();
  // Where the structure is: the pickle in front, the directory at the end. Damage to numbers goes unnoticed, as in any such file.
  const [pickle, directory] = [1700, CHECKPOINT.length - 2200];
  for (let seed = 1; seed <= 2000; seed++) {
    const [from, to] = [
      [0, CHECKPOINT.length],
      [0, pickle],
      [directory, CHECKPOINT.length],
    ][seed % 3] as [number, number];
    const damaged = mutate(CHECKPOINT.subarray(from, to), seed);
    const bytes = Buffer.concat([CHECKPOINT.subarray(0, from), damaged, CHECKPOINT.subarray(to)]);
    let asked = 0;
    const read: ReadAt = async (offset, length) => {
      asked += Math.min(length, bytes.length);
      return bytes.subarray(offset, offset + length);
    };
    let how = 'read';
    let made = 0;
    try {
      for await (const piece of safetensorsOf(await readCheckpoint(read, bytes.length), read)) made += piece.length;
    } catch (error) {
      if (!(error instanceof WeightsError)) throw new Error(`seed ${seed}`, { cause: error });
      how = error.code;
    }
    expect(Math.max(asked, made)).toBeLessThan(40 * CHECKPOINT.length);
    outcomes.set(how, (outcomes.get(how) ?? 0) + 1);
  }
  expect([...outcomes.keys()]).toEqual(
    expect.arrayContaining(['read', 'WEIGHTS_PICKLE', 'WEIGHTS_ZIP', 'WEIGHTS_UNSAFE', 'WEIGHTS_TRUNCATED']),
  );
}, 30_000);
