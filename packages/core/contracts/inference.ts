import type { ElementType, Inference, Tensor, Tensors, WeightFile } from '@rotokit/core/ports';
import { isRotokitError } from '@rotokit/core/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { echoGraph, linearGraph, linearWeights, strangeGraph } from './onnx-samples.js';

/** What the contract test of `Inference` needs to know of an adapter. */
export interface InferenceCase {
  /** Opens the adapter; each call opens anew. */
  readonly open: () => Promise<Inference>;
  /** Puts bytes where the adapter takes weight files from. */
  readonly weights: (location: string, bytes: Uint8Array) => Promise<WeightFile>;
  /** What the case needs and does not find here, and how to get it; then every test is skipped and says so. */
  readonly skip?: string | undefined;
}

const LOCATION = 'some weights.bin';
const TYPES: readonly ElementType[] = ['float32', 'float16', 'int64', 'int32', 'uint8', 'bool'];

const float = (shape: readonly number[], data: readonly number[]): Tensor<'float32'> => ({
  type: 'float32',
  shape,
  data: new Float32Array(data),
});

/** What `linearGraph` gives for one row. */
const linear = ([a, b, c]: readonly number[]) => [a! + 2 * b! + 3 * c! + 10, -4 * a! + 0.5 * b! + 6 * c! - 20];

const plain = (t: Tensor | undefined) =>
  t && { type: t.type, shape: [...t.shape], data: [...(t.data as Float32Array)] };

const thrown = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (e: unknown) => e,
  );

const refusal = async (work: Promise<unknown>) => {
  const error = await thrown(work);
  return isRotokitError(error) ? { code: error.code, message: error.message } : error;
};

/** The one contract test of the port `Inference`: every adapter runs it. */
export function inferenceContract(name: string, { open, weights, skip }: InferenceCase): void {
  describe.skipIf(skip !== undefined)(
    `${name} keeps the contract of Inference${skip ? ` [needs ${skip}]` : ''}`,
    () => {
      const shared: { inference?: Inference } = {};
      const inference = () => shared.inference!;
      beforeAll(async () => {
        shared.inference = await open();
      });
      afterAll(() => shared.inference?.close());
      const openLinear = async (prepack = false, on = inference()) =>
        on.load(linearGraph(LOCATION), [await weights(LOCATION, linearWeights())], { prepack });

      running(inference, openLinear);
      checking(openLinear);
      refusing(inference, weights);
      closing(open, openLinear);
    },
  );
}

type OpenLinear = (prepack?: boolean, on?: Inference) => ReturnType<Inference['load']>;

function running(inference: () => Inference, openLinear: OpenLinear): void {
  it('says what it is, for provenance', () => {
    expect(inference().name).toMatch(/\w/);
    expect(Object.keys(inference().provenance)).toEqual(expect.arrayContaining(['runtime', 'version', 'device']));
  });

  it('describes inputs and outputs as the graph declares them', async () => {
    const network = await openLinear();
    expect(network.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['n', 3] }]);
    expect(network.outputs).toEqual([
      { name: 'y', type: 'float32', shape: ['n', 2] },
      { name: 'z', type: 'float32', shape: ['n', 2] },
    ]);
    await network.close();
  });

  it.each([false, true])('computes from weights at odd places of a file (pre-packing: %s)', async (prepack) => {
    const network = await openLinear(prepack);
    const rows = [0, 1, 2, 3].map((i) => [i, 7 - i, i * i]);
    const { y, z } = await network.run({ x: float([4, 3], rows.flat()) });
    const expected = rows.flatMap(linear);
    expect(plain(y)).toEqual({ type: 'float32', shape: [4, 2], data: expected });
    expect(plain(z)).toEqual({ type: 'float32', shape: [4, 2], data: expected.map((v) => Math.max(0, v)) });
    await network.close();
  });

  it('hands over only the outputs that are wanted', async () => {
    const network = await openLinear();
    expect(Object.keys(await network.run({ x: float([1, 3], [1, 2, 3]) }, ['z']))).toEqual(['z']);
    await network.close();
  });

  it('carries every element type through, empty tensors and views of larger memory included', async () => {
    const network = await inference().load(echoGraph(TYPES), []);
    const around = new Float32Array([9, 1.5, -2, 9]);
    const some: Tensors = {
      float32: { type: 'float32', shape: [2, 1], data: around.subarray(1, 3) },
      float16: { type: 'float16', shape: [2, 1], data: new Uint16Array([0x3c00, 0xfbff]) },
      int64: { type: 'int64', shape: [2, 1], data: new BigInt64Array([-1n, 2n ** 62n]) },
      int32: { type: 'int32', shape: [2, 1], data: new Int32Array([-5, 2 ** 31 - 1]) },
      uint8: { type: 'uint8', shape: [2, 1], data: new Uint8Array([0, 255]) },
      bool: { type: 'bool', shape: [2, 1], data: new Uint8Array([1, 0]) },
    };
    const back = await network.run(some);
    for (const type of TYPES) {
      expect(plain(back[`${type}_out`])).toEqual(plain(some[type]));
      expect(Object.prototype.toString.call(back[`${type}_out`]!.data)).toBe(
        Object.prototype.toString.call(some[type]!.data),
      );
    }
    const none = Object.fromEntries(
      Object.entries(some).map(([k, t]) => [k, { ...t, shape: [2, 0], data: t.data.slice(0, 0) }]),
    );
    expect(plain((await network.run(none as Tensors)).int64_out)).toEqual({ type: 'int64', shape: [2, 0], data: [] });
    await network.close();
  });

  it('leaves inputs as they are, and outputs to the caller', async () => {
    const network = await openLinear();
    const x = float([1, 3], [1, 2, 3]);
    const first = await network.run({ x });
    const kept = plain(first.y);
    await network.run({ x: float([1, 3], [7, 7, 7]) });
    expect(plain(first.y)).toEqual(kept);
    expect([...x.data]).toEqual([1, 2, 3]);
    (first.y!.data as Float32Array).fill(0);
    expect(plain((await network.run({ x })).y)).toEqual(kept);
    await network.close();
  });

  it('answers overlapping runs of several networks, each with its own result', async () => {
    const [one, two] = await Promise.all([openLinear(), openLinear(true)]);
    const answers = await Promise.all(
      [...Array(12).keys()].map(async (i) => (await (i % 2 ? one : two).run({ x: float([1, 3], [i, 0, 1]) })).y),
    );
    expect(answers.map((y) => [...(y!.data as Float32Array)])).toEqual(
      [...answers.keys()].map((i) => linear([i, 0, 1])),
    );
    await Promise.all([one.close(), two.close()]);
  });
}

function checking(openLinear: OpenLinear): void {
  it('names what is wrong with the inputs of a run, and runs afterwards', async () => {
    const network = await openLinear();
    const x = float([1, 3], [1, 2, 3]);
    const cases: readonly (readonly [Tensors, RegExp, typeof TypeError | typeof RangeError])[] = [
      [{}, /inputs\.x is missing.*float32 \[n, 3\]/, TypeError],
      [{ x, extra: x }, /inputs\.extra is no input.*x/, TypeError],
      [
        { x: { type: 'int32', shape: [1, 3], data: new Int32Array(3) } },
        /inputs\.x must be float32, is int32/,
        TypeError,
      ],
      [
        { x: { ...x, data: new Int32Array(3) } } as unknown as Tensors,
        /inputs\.x\.data must be a Float32Array/,
        TypeError,
      ],
      [{ x: float([1, 2], [1, 2]) }, /inputs\.x must have the shape \[n, 3\].*has \[1, 2\]/, RangeError],
      [{ x: float([3], [1, 2, 3]) }, /inputs\.x must have the shape/, RangeError],
      [{ x: float([2, 3], [1, 2, 3]) }, /does not describe 3 elements/, RangeError],
    ];
    for (const [inputs, message, kind] of cases) {
      const error = await thrown(network.run(inputs));
      expect(error).toBeInstanceOf(kind);
      expect((error as Error).message).toMatch(message);
    }
    await expect(network.run({ x }, ['nothing'])).rejects.toThrow(/nothing is no output.*y, z/);
    expect(plain((await network.run({ x })).y)?.data).toEqual(linear([1, 2, 3]));
    await network.close();
  });
}

function refusing(inference: () => Inference, weights: InferenceCase['weights']): void {
  it('refuses what is no ONNX model, and operators that nobody has', async () => {
    for (const graph of [new Uint8Array([1, 2, 3]), new Uint8Array(0), strangeGraph()])
      expect(await refusal(inference().load(graph, []))).toMatchObject({ code: 'INFERENCE_REFUSED' });
    const half = linearGraph(LOCATION).subarray(0, 60);
    expect(await refusal(inference().load(half, []))).toMatchObject({ code: 'INFERENCE_REFUSED' });
  });

  it('names the location that no file was given for', async () => {
    const refused = await refusal(
      inference().load(linearGraph('other.bin'), [await weights(LOCATION, linearWeights())]),
    );
    expect(refused).toMatchObject({ code: 'INFERENCE_REFUSED', message: expect.stringContaining('other.bin') });
  });

  it('names the tensor that lies beyond the end of its file', async () => {
    const short = await weights('short.bin', linearWeights().subarray(0, 34));
    expect(await refusal(inference().load(linearGraph('short.bin'), [short]))).toMatchObject({
      code: 'INFERENCE_REFUSED',
      message: expect.stringMatching(/\bb needs bytes 27 to 35 of .*short\.bin, which has 34/),
    });
  });

  it('refuses one location given twice as the caller’s mistake', async () => {
    const file = await weights(LOCATION, linearWeights());
    await expect(inference().load(linearGraph(LOCATION), [file, file])).rejects.toThrow(TypeError);
  });
}

function closing(open: InferenceCase['open'], openLinear: OpenLinear): void {
  it('closes a network after the runs under way; closing again does nothing, running is a mistake', async () => {
    const network = await openLinear();
    const asked = network.run({ x: float([1, 3], [1, 2, 3]) });
    await network.close();
    await network.close();
    expect(plain((await asked).y)?.data).toEqual(linear([1, 2, 3]));
    await expect(network.run({ x: float([1, 3], [1, 2, 3]) })).rejects.toThrow(TypeError);
  });

  it('closes its networks with itself', async () => {
    const own = await open();
    const network = await openLinear(false, own);
    const asked = network.run({ x: float([1, 3], [1, 2, 3]) });
    await own.close();
    await own.close();
    expect(plain((await asked).y)?.data).toEqual(linear([1, 2, 3]));
    await expect(network.run({ x: float([1, 3], [1, 2, 3]) })).rejects.toThrow(TypeError);
    await expect(own.load(echoGraph(['float32']), [])).rejects.toThrow(TypeError);
  });
}
