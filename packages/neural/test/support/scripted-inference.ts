import type { Inference, Network, Tensor, Tensors } from '@rotokit/core/ports';
import type { WeightsHeader } from '@rotokit/graph';
import { gridOf, PARTS, type Part, tokensPerFrame, type VideoModelConfig, weightShapes } from '@rotokit/models';
import { CONFIGS } from '../../../../tools/src/parity/configs.js';
import { type NeuralOptions, neuralEngine } from '../../src/index.js';

/** The smallest input there is, for tests that ask about everything but numbers. */
export const SCRIPTED: VideoModelConfig = { ...CONFIGS['mini-edgetam']!, name: 'scripted', imageSize: 64 };

/** What the decoder shall say: where the object is seen, [side, side] of logits, and with what scores. */
export interface Script {
  readonly logits?: (call: number, inputs: Tensors) => Float32Array;
  readonly objectScore?: (call: number) => number;
  /** Whether memories and pointers are filled with the number of the call that they came from, so that it can be told which are looked at. */
  readonly stamped?: boolean;
  /** Thrown in place of an answer. */
  readonly fail?: (part: Part, call: number) => Error | undefined;
  /** Refuses to open this graph. */
  readonly refuse?: Part;
  /** Told of every run. */
  readonly onRun?: (part: Part, inputs: Tensors) => void;
}

/** An inference that answers by a script and counts what is open. */
export interface ScriptedInference extends Inference {
  readonly networks: number;
  readonly closed: boolean;
  /** Runs so far of each part. */
  readonly runs: Readonly<Record<Part, number>>;
}

const f32 = (data: Float32Array, ...shape: number[]): Tensor => ({ type: 'float32', shape, data });

/** @param config the model whose graphs will be loaded. */
export function scriptedInference(script: Script = {}, config = SCRIPTED): ScriptedInference {
  const [n, side, hidden] = [gridOf(config) ** 2, 4 * gridOf(config), config.hidden];
  const runs = Object.fromEntries(PARTS.map((p) => [p, 0])) as Record<Part, number>;
  let [networks, closed] = [0, false];
  const zeros = (...shape: number[]) => f32(new Float32Array(shape.reduce((a, b) => a * b, 1)), ...shape);
  const stamp = (n: number, ...shape: number[]) => {
    const { data } = zeros(...shape);
    if (script.stamped) (data as Float32Array).fill(n);
    return f32(data as Float32Array, ...shape);
  };
  const answers: Record<Part, (call: number, inputs: Tensors) => Tensors> = {
    encode: () => ({ features: zeros(n, hidden), s1: zeros(4 * n, hidden / 4), s0: zeros(16 * n, hidden / 8) }),
    orient: () => ({ oriented: zeros(n, hidden) }),
    attend: () => ({ conditioned: zeros(n, hidden) }),
    mask: () => ({ mask_prompt: zeros(1, 1, side, side) }),
    memorise: (call) => ({ memory: stamp(call, tokensPerFrame(config), config.memory.channels) }),
    decode: (call, inputs) => {
      const one = script.logits?.(call, inputs) ?? new Float32Array(side * side).fill(4);
      const masks = new Float32Array(4 * side * side);
      for (const k of [0, 1, 2, 3]) masks.set(one, k * side * side);
      const score = script.objectScore?.(call) ?? 5;
      return {
        ...{ masks: f32(masks, 4, side, side), ious: f32(Float32Array.of(0.9, 0.9, 0.5, 0.4), 4) },
        ...{ pointers: stamp(call, 4, hidden), absent_pointer: stamp(-1 - call, 1, hidden) },
        object_score: f32(Float32Array.of(score), 1),
      };
    },
  };
  const network = (part: Part): Network => {
    let open = true;
    networks++;
    return {
      inputs: [],
      outputs: [],
      async run(inputs) {
        if (!open) throw new TypeError('the network is closed');
        const call = runs[part]++;
        script.onRun?.(part, inputs);
        await new Promise((done) => setImmediate(done));
        const error = script.fail?.(part, call);
        if (error) throw error;
        return answers[part](call, inputs);
      },
      async close() {
        if (open) networks--;
        open = false;
      },
    };
  };
  return {
    name: 'scripted',
    provenance: {},
    async load(graph) {
      const text = Buffer.from(graph).toString('latin1');
      const part = PARTS.find((p) => text.includes(`${config.name}/${p}`))!;
      if (part === script.refuse) throw new Error(`no ${part} today`);
      return network(part);
    },
    async close() {
      closed = true;
    },
    get networks() {
      return networks;
    },
    get closed() {
      return closed;
    },
    runs,
  };
}

/** A header that names every tensor; there are no bytes behind it. */
function headerOf(config: VideoModelConfig): WeightsHeader {
  const entries = [...weightShapes(config)].map(([name, shape]) => {
    const length = 4 * shape.reduce((a, b) => a * b, 1);
    return [name, { dtype: 'f32', shape, offset: 0, length }] as const;
  });
  return { tensors: new Map(entries), metadata: {}, headerBytes: 0 };
}

const HEADER = headerOf(SCRIPTED);

/** An engine over scripted inferences, and those that it opened. */
export function scriptedEngine(script: Script = {}, more: Partial<NeuralOptions> = {}) {
  const opened: ScriptedInference[] = [];
  const engine = neuralEngine({
    name: 'scripted',
    config: SCRIPTED,
    weights: { header: HEADER, file: { bytes: new Uint8Array() }, digest: 'none' },
    async inference() {
      const made = scriptedInference(script);
      opened.push(made);
      return made;
    },
    ...more,
  });
  return { engine, opened };
}
