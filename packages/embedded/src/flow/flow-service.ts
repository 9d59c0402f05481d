import { FeatureCache } from '@rotokit/core/resources';
import { reasonOf } from '@rotokit/core/values';
import { flowWasm } from '../kernels/generated/flow-wasm.js';
import { compileKernel } from '../kernels/linear-memory.js';
import { FlowKernel } from './flow-kernel.js';
import { flowWorkerSource } from './generated/worker-source.js';
import { asPair, bytesOf, fieldOf, type QuantisedPair } from './quantised-pair.js';
import { SharedFrames } from './shared-frames.js';
import { type FlowComputer, FlowThreads, flowFailed } from './threads.js';
import type { FlowField, FlowFrame, FlowPair, FlowProfile, FlowService } from './types.js';

/** How a flow service computes. */
export interface FlowServiceOptions {
  /** Worker threads; 0 computes in the calling thread. The result does not depend on it. Two are enough for one clip. */
  readonly threads: number;
  readonly profile: FlowProfile;
  /** Bytes of finished pairs to keep, 128 MB unless given: about 160 pairs at 854x480. */
  readonly cacheBytes?: number;
}

let compiled: WebAssembly.Module | undefined;

function flowModule(): WebAssembly.Module {
  compiled ??= compileKernel(flowWasm);
  return compiled;
}

/** Everything in the thread that asks: the computer of browsers without workers, and of tests. */
class InThisThread implements FlowComputer {
  readonly #kernel = new FlowKernel(flowModule());

  async run(from: FlowFrame, to: FlowFrame, profile: FlowProfile) {
    try {
      return this.#kernel.flow(from, to, profile);
    } catch (error) {
      throw flowFailed(to.index, `optical flow: ${reasonOf(error)}`, error);
    }
  }

  async close() {}
}

/** Starts a flow service for one clip. Threads are started when the first pair needs them. */
export function createFlowService({ threads, profile, cacheBytes = 128e6 }: FlowServiceOptions): FlowService {
  if (!Number.isInteger(threads) || threads < 0) throw new RangeError(`threads must be 0 or more, not ${threads}`);
  const computer = threads > 0 ? new FlowThreads(threads, flowWorkerSource, flowModule()) : new InThisThread();
  const cache = new FeatureCache<QuantisedPair>({ bytes: cacheBytes });
  const frames = threads > 0 ? new SharedFrames() : undefined;
  let closed = false;

  /** Computes on pictures where the threads can see them. */
  async function onShared<T>(a: FlowFrame, b: FlowFrame, work: (a: FlowFrame, b: FlowFrame) => Promise<T>): Promise<T> {
    const [from, to] = [frames?.take(a) ?? a, frames?.take(b) ?? b];
    try {
      return await work(from, to);
    } finally {
      frames?.release(from);
      frames?.release(to);
    }
  }

  const compute = (low: FlowFrame, high: FlowFrame): Promise<QuantisedPair> =>
    onShared(low, high, async (from, to) => {
      const [lowToHigh, highToLow] = await Promise.all([
        computer.run(from, to, profile),
        computer.run(to, from, profile),
      ]);
      return { width: low.width >> 1, height: low.height >> 1, lowToHigh, highToLow };
    });

  /** @throws TypeError when the service is closed, RangeError for frames that make no pair. */
  function ordered(a: FlowFrame, b: FlowFrame) {
    if (closed) throw new TypeError('the flow service is closed');
    checkPair(a, b);
    const [low, high] = a.index <= b.index ? [a, b] : [b, a];
    return { low, high, key: `${low.index}:${high.index}` };
  }

  async function pair(a: FlowFrame, b: FlowFrame): Promise<FlowPair> {
    const { low, high, key } = ordered(a, b);
    return asPair(await cache.getOrCompute(key, bytesOf, () => compute(low, high)), a, b);
  }

  async function forward(a: FlowFrame, b: FlowFrame): Promise<FlowField> {
    const known = cache.get(ordered(a, b).key);
    if (known) return asPair(known, a, b).forward;
    return fieldOf(await onShared(a, b, (from, to) => computer.run(from, to, profile)));
  }

  return {
    pair: (a, b) => droppable(pair(a, b)),
    forward: (a, b) => droppable(forward(a, b)),
    async close() {
      closed = true;
      await Promise.all([cache.close(), computer.close()]);
    },
  };
}

/** What is asked for early may be dropped without ever being awaited; whoever does await it still sees the failure. */
function droppable<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function checkPair(a: FlowFrame, b: FlowFrame): void {
  for (const [name, { width, height, rgb }] of Object.entries({ a, b })) {
    if (width < 2 || height < 2) throw new RangeError(`frame ${name} must be at least 2x2, not ${width}x${height}`);
    if (rgb.length !== 3 * width * height) {
      throw new RangeError(`frame ${name}.rgb must have 3 x ${width} x ${height} bytes, not ${rgb.length}`);
    }
  }
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(`both frames must have one size, not ${a.width}x${a.height} and ${b.width}x${b.height}`);
  }
}
