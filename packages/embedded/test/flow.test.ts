import { spawnSync } from 'node:child_process';
import { isRotokitError } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { FlowKernel } from '../src/flow/flow-kernel.js';
import { createFlowService } from '../src/flow/flow-service.js';
import { plainFlow } from '../src/flow/plain-flow.js';
import { SharedFrames } from '../src/flow/shared-frames.js';
import { FlowThreads } from '../src/flow/threads.js';
import type { FlowFrame, FlowPair, FlowProfile } from '../src/flow/types.js';
import { flowWasm } from '../src/kernels/generated/flow-wasm.js';
import { compileKernel } from '../src/kernels/linear-memory.js';
import { medianError, picture } from './picture-pair.js';

const module = compileKernel(flowWasm);

async function pairOf(a: FlowFrame, b: FlowFrame, threads = 0, profile: FlowProfile = 'full'): Promise<FlowPair> {
  const flow = createFlowService({ threads, profile });
  try {
    return await flow.pair(a, b);
  } finally {
    await flow.close();
  }
}

describe('the flow of two frames', () => {
  it('finds how far camera and object moved, in half-grid pixels, both ways', async () => {
    const a = picture(0, 160, 120);
    const b = picture(1, 160, 120, { dx: 5, dy: -3, ox: -4, oy: 6 });
    const { forward, backward, width, height } = await pairOf(a, b);
    expect([width, height]).toEqual([80, 60]);
    expect(medianError(forward.u, 2.5)).toBeLessThan(0.1);
    expect(medianError(forward.v, -1.5)).toBeLessThan(0.1);
    expect(medianError(backward.u, -2.5)).toBeLessThan(0.1);
    const centre = 27 * 80 + 44;
    expect(forward.u[centre]).toBeCloseTo(-2, 0);
    expect(forward.v[centre]).toBeCloseTo(3, 0);
  });

  it.each([0, 2])('one way alone is the same as of the pair, with %i threads', async (threads) => {
    const a = picture(0, 64, 48);
    const b = picture(1, 64, 48, { dx: 2, dy: 1, ox: 0, oy: 3 });
    const flow = createFlowService({ threads, profile: 'full' });
    try {
      const [there, back] = [await flow.forward(a, b), await flow.forward(b, a)];
      const both = await flow.pair(a, b);
      expect([there, back]).toEqual([both.forward, both.backward]);
      expect(await flow.forward(b, a)).toEqual(both.backward);
    } finally {
      await flow.close();
    }
  });

  it('is zero between equal frames and in flat pictures', async () => {
    const a = picture(0, 64, 48);
    const still = await pairOf(a, { ...a, index: 1 });
    expect(Math.max(...still.forward.u.map(Math.abs), ...still.backward.v.map(Math.abs))).toBe(0);
    const flat = { index: 0, width: 64, height: 48, rgb: new Uint8Array(64 * 48 * 3).fill(90) };
    expect(Math.max(...(await pairOf(flat, { ...flat, index: 1 })).forward.u.map(Math.abs))).toBe(0);
  });

  it('does not follow a change of brightness alone', async () => {
    const a = picture(0, 96, 96);
    const b = { ...a, index: 1, rgb: a.rgb.map((value) => Math.min(255, Math.round(value * 0.8 + 20))) };
    const { forward } = await pairOf(a, b);
    expect(medianError(forward.u, 0)).toBeLessThan(0.1);
    expect(medianError(forward.v, 0)).toBeLessThan(0.1);
  });

  it.each([
    [2, 2],
    [3, 9],
    [5, 200],
    [16, 16],
    [33, 17],
    [131, 67],
    [640, 18],
  ])('has finite values of the right size for a picture of %ix%i', async (width, height) => {
    const pair = await pairOf(picture(0, width, height), picture(1, width, height, { dx: 1 }));
    for (const plane of [pair.forward.u, pair.forward.v, pair.backward.u, pair.backward.v]) {
      expect(plane.length).toBe((width >> 1) * (height >> 1));
      expect(plane.every(Number.isFinite)).toBe(true);
    }
  });

  it.each([
    ['full', 160, 120],
    ['full', 203, 97],
    ['fast', 160, 120],
    ['fast', 99, 140],
  ] as const)('agrees with its plain twin (%s, %ix%i)', (profile, width, height) => {
    const a = picture(0, width, height);
    const b = picture(1, width, height, { dx: 3, dy: 2, ox: -2, oy: 1 });
    const kernel = new FlowKernel(module).flow(a, b, profile);
    const plain = plainFlow(a, b, profile);
    for (const axis of ['u', 'v'] as const) {
      const errors = Float64Array.from(kernel[axis], (value, k) => Math.abs(value / 64 - plain[axis][k]!)).sort();
      // half a step of rounding; a few patches decide otherwise on a cost that differs in the last bit
      expect(errors[Math.floor(errors.length * 0.98)]).toBeLessThan(0.02);
      expect(errors.reduce((sum, e) => sum + e, 0) / errors.length).toBeLessThan(0.01);
    }
  });
});

describe('the flow service', () => {
  const frames = [0, 1, 2, 3].map((i) => picture(i, 98, 74, { dx: i, ox: -2 * i, oy: i }));

  it('gives the same values with any number of threads', async () => {
    const all = await Promise.all(
      [0, 1, 3].map(async (threads) => {
        const flow = createFlowService({ threads, profile: 'full' });
        const pairs = await Promise.all([0, 1, 2].map((i) => flow.pair(frames[i]!, frames[i + 1]!)));
        await flow.close();
        return pairs;
      }),
    );
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
  });

  it('swaps the planes when the frames are swapped, computed or kept', async () => {
    const flow = createFlowService({ threads: 0, profile: 'full' });
    const there = await flow.pair(frames[0]!, frames[1]!);
    const back = await flow.pair(frames[1]!, frames[0]!);
    expect(back).toEqual({ ...there, forward: there.backward, backward: there.forward });
    const fresh = await pairOf(frames[1]!, frames[0]!);
    expect(fresh).toEqual(back);
    await flow.close();
  });

  it('does not care in which order pairs are asked for', async () => {
    const flow = createFlowService({ threads: 0, profile: 'fast' });
    const order = [2, 0, 1, 0, 2];
    const got = [];
    for (const i of order) got.push(await flow.pair(frames[i]!, frames[i + 1]!));
    await flow.close();
    for (const [n, i] of order.entries()) {
      expect(got[n]).toEqual(await pairOf(frames[i]!, frames[i + 1]!, 0, 'fast'));
    }
  });

  it('lets the caller reuse its picture buffer as soon as a pair was asked for', async () => {
    const flow = createFlowService({ threads: 1, profile: 'full' });
    const [a, b] = [0, 1].map((i) => ({ ...frames[i]!, rgb: frames[i]!.rgb.slice() })) as [FlowFrame, FlowFrame];
    const asked = flow.pair(a, b);
    a.rgb.fill(0);
    b.rgb.fill(255);
    expect(await asked).toEqual(await pairOf(frames[0]!, frames[1]!));
    await flow.close();
  });

  it('refuses frames of different sizes, short pictures and a wrong number of threads', async () => {
    const flow = createFlowService({ threads: 0, profile: 'full' });
    await expect(flow.pair(frames[0]!, picture(1, 64, 64))).rejects.toThrow(RangeError);
    await expect(flow.pair(frames[0]!, { ...frames[1]!, rgb: new Uint8Array(5) })).rejects.toThrow('frame b.rgb');
    expect(() => createFlowService({ threads: -1, profile: 'full' })).toThrow(RangeError);
    await flow.close();
  });

  it('fails what is under way when it is closed, and takes nothing afterwards', async () => {
    const flow = createFlowService({ threads: 1, profile: 'full' });
    const asked = [0, 1, 2].map((i) => flow.pair(frames[i]!, frames[i + 1]!));
    await flow.close();
    const outcomes = await Promise.allSettled(asked);
    for (const outcome of outcomes) {
      expect(outcome.status === 'fulfilled' || isRotokitError(outcome.reason)).toBe(true);
    }
    await flow.close();
    await expect(flow.pair(frames[0]!, frames[1]!)).rejects.toThrow(TypeError);
  });
});

describe('the threads of the flow', () => {
  const [a, b] = [picture(0, 32, 32), picture(7, 32, 32)];
  const script = (onTask: string) =>
    `const { parentPort } = require('node:worker_threads'); parentPort.on('message', (task) => { ${onTask} });`;
  const answer = 'parentPort.postMessage({ id: task.id, field: { u: new Int16Array(1), v: new Int16Array(1) } });';

  it.each([
    ['ends', 'process.exit(3)', 'code 3'],
    ['throws', 'throw new Error("out of luck")', 'out of luck'],
  ])('report a thread that %s as ENGINE_FAILED and go on with another', async (_, failure, reason) => {
    const threads = new FlowThreads(1, script(`if (task.to.index === 7) { ${failure} } ${answer}`), module);
    const outcomes = await Promise.allSettled([
      threads.run(a, b, 'full'),
      threads.run(b, a, 'full'),
      threads.run(a, b, 'full'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    const error = (outcomes[0] as PromiseRejectedResult).reason;
    expect(isRotokitError(error) && error.code).toBe('ENGINE_FAILED');
    expect(error.message).toContain(reason);
    expect(error.message).toContain('frame 7');
    await threads.close();
  });

  it('refuse a task that comes when they are closed', async () => {
    const threads = new FlowThreads(1, script(answer), module);
    await threads.close();
    await expect(threads.run(a, b, 'full')).rejects.toThrow('was closed');
  });

  it('report a kernel that fails and keep the thread', async () => {
    const threads = new FlowThreads(
      1,
      script("parentPort.postMessage({ id: task.id, failure: 'unreachable' });"),
      module,
    );
    await expect(threads.run(a, b, 'full')).rejects.toThrow('unreachable');
    await expect(threads.run(a, b, 'full')).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    await threads.close();
  });

  it('let a program go on that closes them while an answer is on its way', () => {
    const built = (path: string) => JSON.stringify(new URL(`../dist/${path}`, import.meta.url).href);
    const program = `
      import { createFlowService } from ${built('flow/flow-service.js')};
      const grey = (index) => ({ index, width: 64, height: 64, rgb: new Uint8Array(3 * 64 * 64).fill(90 + index) });
      const flow = createFlowService({ threads: 2, profile: 'full' });
      await flow.pair(grey(0), grey(1));
      flow.pair(grey(1), grey(2));
      for (const until = performance.now() + 300; performance.now() < until; ); // the answers arrive, unread
      await flow.close();
      console.log('closed');`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect([child.status, child.stdout]).toEqual([0, 'closed\n']);
  });
});

describe('memory of the flow', () => {
  it('hands frames to threads in memory that is used again, but never while a pair is at work on it', () => {
    const shared = new SharedFrames();
    const kept = shared.take(picture(0, 16, 16));
    const buffers = new Set([kept.rgb.buffer]);
    for (let i = 1; i < 20; i++) {
      const frame = shared.take(picture(i, 16, 16, { dx: i }));
      expect(frame.rgb).toEqual(picture(i, 16, 16, { dx: i }).rgb);
      expect(shared.take(picture(i, 16, 16, { dx: i }))).toBe(frame);
      buffers.add(frame.rgb.buffer);
      shared.release(frame);
      shared.release(frame);
    }
    expect(buffers.size).toBe(4);
    expect(kept.rgb).toEqual(picture(0, 16, 16).rgb);
    expect(shared.take(picture(20, 32, 16)).rgb).toHaveLength(3 * 32 * 16);
  });

  it('stays where it is over 2,000 frames and comes back to it after another picture size', () => {
    const kernel = new FlowKernel(module);
    const clip = [0, 1, 2, 3, 4].map((i) => picture(i, 64, 48, { dx: i }));
    const big = [picture(-1, 200, 160), picture(-2, 200, 160)] as const;
    kernel.flow(big[0], big[1], 'fast');
    const after = kernel.byteLength;
    for (let i = 0; i < 2000; i++) {
      const [from, to] = [clip[i % 5]!, clip[(i + 1) % 5]!];
      kernel.flow({ ...from, index: i }, { ...to, index: i + 1 }, 'fast');
    }
    kernel.flow(big[0], big[1], 'fast');
    expect(kernel.byteLength).toBe(after);
  });
});
