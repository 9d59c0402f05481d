import { FeatureCache } from '@rotokit/core/resources';
import { reasonOf } from '@rotokit/core/values';
import { flowWasm } from '../kernels/generated/flow-wasm.js';
import { compileKernel } from '../kernels/linear-memory.js';
import { FlowKernel } from './flow-kernel.js';
import { flowWorkerSource } from './generated/worker-source.js';
import { asPair, bytesOf, type QuantisedPair } from './quantised-pair.js';
import { SharedFrames } from './shared-frames.js';
import { type FlowComputer, FlowThreads, flowFailed } from './threads.js';
import type { FlowFrame, FlowPair, FlowProfile, FlowService } from './types.js';

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

  async function compute(low: FlowFrame, high: FlowFrame): Promise<QuantisedPair> {
    const [from, to] = [frames?.take(low) ?? low, frames?.take(high) ?? high];
    try {
      const [lowToHigh, highToLow] = await Promise.all([
        computer.run(from, to, profile),
        computer.run(to, from, profile),
      ]);
      return { width: low.width >> 1, height: low.height >> 1, lowToHigh, highToLow };
    } finally {
      frames?.release(from);
      frames?.release(to);
    }
  }

  async function pair(a: FlowFrame, b: FlowFrame): Promise<FlowPair> {
    if (closed) throw new TypeError('the flow service is closed');
    checkPair(a, b);
    const [low, high] = a.index <= b.index ? [a, b] : [b, a];
    return asPair(await cache.getOrCompute(`${low.index}:${high.index}`, bytesOf, () => compute(low, high)), a, b);
  }

  return {
    pair(a, b) {
      const promise = pair(a, b);
      // a prefetched pair may be dropped without ever being awaited; whoever does await it still sees the failure
      promise.catch(() => {});
      return promise;
    },
    async close() {
      closed = true;
      await Promise.all([cache.close(), computer.close()]);
    },
  };
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
