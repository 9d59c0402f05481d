import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { linearGraph, linearWeights, stackGraph } from '@rotokit/core/contracts/onnx-samples';
import type { Network, WeightFile } from '@rotokit/core/ports';
import { type NodeInference, openNodeInference, type ThreadDeath } from '@rotokit/ort/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchFolder, weightsOnDisk } from './support/files.js';

/** Every thread that this process starts, and what is done to it at once. */
const threads: Worker[] = [];
let onStart: (thread: Worker) => void = () => {};
process.on('worker', (thread: Worker) => {
  threads.push(thread);
  onStart(thread);
});

const [LAYERS, WIDTH, ROWS] = [6, 512, 400];
const X = {
  type: 'float32',
  shape: [ROWS, WIDTH],
  data: Float32Array.from({ length: ROWS * WIDTH }, (_, i) => Math.sin(i)),
} as const;

const open: NodeInference[] = [];
const deaths: ThreadDeath[] = [];

async function stackWeights(): Promise<WeightFile> {
  const values = Float32Array.from({ length: LAYERS * WIDTH * WIDTH }, (_, i) => Math.cos(i * 0.7) / 16);
  return weightsOnDisk(await scratchFolder(), 'stack.bin', new Uint8Array(values.buffer));
}

/** A network whose run takes long enough to be killed in. */
async function longNetwork(): Promise<Network> {
  const inference = await openNodeInference({ threads: 1, onThreadDeath: (d) => deaths.push(d) });
  open.push(inference);
  return inference.load(stackGraph('stack.bin', LAYERS, WIDTH), [await stackWeights()]);
}

const result = async (network: Network) => Buffer.from((await network.run({ x: X })).y!.data.buffer.slice(0));
/** From outside, while the thread does nothing: ended in the middle of native code, onnxruntime-node 1.30 takes the process with it. */
const kill = () => threads.at(-1)!.terminate();
/** From inside: an exception of the thread's own in place of the next task of a kind. */
function poison(kind: 'create' | 'run' | 'release', thread = threads.at(-1)!): void {
  const { postMessage } = thread;
  thread.postMessage = (message, transfer) => {
    if ((message as { task: { kind: string } }).task.kind === kind) postMessage.call(thread, null);
    else postMessage.call(thread, message, transfer as []);
  };
}

beforeEach(() => {
  threads.length = deaths.length = 0;
  onStart = () => {};
});
afterEach(async () => {
  onStart = () => {};
  await Promise.all(open.splice(0).map((i) => i.close()));
});

describe('a thread of the runtime that is killed', () => {
  it('is replaced, and what it was running is run once more with the same numbers', async () => {
    const network = await longNetwork();
    const expected = await result(network);
    poison('run');
    expect((await result(network)).equals(expected)).toBe(true);
    expect(open[0]!.deaths).toBe(1);
    expect(deaths).toEqual([{ reason: expect.stringMatching(/null/), during: 'running the graph stack', deaths: 1 }]);
    expect((await result(network)).equals(expected)).toBe(true);
    expect(threads).toHaveLength(2);
  });

  it('is replaced when it is next needed where it died between runs', async () => {
    const network = await longNetwork();
    const expected = await result(network);
    for (let i = 1; i <= 2; i++) {
      await kill();
      expect((await result(network)).equals(expected)).toBe(true);
      expect(deaths.at(-1)).toMatchObject({ during: 'waiting for work', deaths: i });
    }
  });

  it('opens every graph again that is used, not only the one that was running', async () => {
    const one = await longNetwork();
    const two = await open[0]!.load(linearGraph('w'), [{ location: 'w', bytes: linearWeights() }]);
    const x = { type: 'float32', shape: [1, 3], data: Float32Array.of(1, 2, 3) } as const;
    const expected = [await result(one), (await two.run({ x })).y];
    poison('run');
    const [first, second] = await Promise.all([result(one), two.run({ x })]);
    expect(first.equals(expected[0] as Buffer)).toBe(true);
    expect(second.y).toEqual(expected[1]);
    await one.close();
    await kill();
    expect((await two.run({ x })).y).toEqual(expected[1]);
    await two.close();
  });

  it('is replaced while it opens a graph, and while it starts', async () => {
    let left = 1;
    onStart = (t) => void (left-- > 0 && t.terminate());
    const network = await longNetwork();
    expect(deaths).toMatchObject([{ during: 'loading ONNX Runtime' }]);
    const expected = await result(network);
    const weights = await stackWeights();
    poison('create');
    const again = await open[0]!.load(stackGraph('stack.bin', LAYERS, WIDTH), [weights]);
    expect(deaths.at(-1)).toMatchObject({ during: 'opening the graph stack' });
    expect((await result(again)).equals(expected)).toBe(true);
  });

  it('ends in peace while it closes', async () => {
    const network = await longNetwork();
    poison('release');
    await network.close();
    const other = await longNetwork();
    poison('run');
    const running = result(other);
    await open[1]!.close();
    expect(await running).toHaveLength(ROWS * WIDTH * 4);
    await expect(other.run({ x: X })).rejects.toThrow(TypeError);
  });
});

describe('work that kills thread after thread', () => {
  it('fails and names its graph; the next piece of work gets a new thread', async () => {
    const network = await longNetwork();
    const expected = await result(network);
    onStart = (thread) => poison('run', thread);
    poison('run');
    await expect(result(network)).rejects.toMatchObject({
      code: 'INFERENCE_FAILED',
      message: expect.stringMatching(/its thread ended twice while running the graph stack \(.*null/),
    });
    onStart = () => {};
    expect((await result(network)).equals(expected)).toBe(true);
    expect(open[0]!.deaths).toBe(2);
  });

  it('is not started where the runtime cannot even load', async () => {
    onStart = (t) => void t.terminate();
    await expect(openNodeInference({ threads: 1 })).rejects.toMatchObject({ code: 'INFERENCE_MISSING' });
    expect(threads).toHaveLength(2);
  });

  it('says so where the weights are gone when a graph must be opened again', async () => {
    const weights = await stackWeights();
    const inference = await openNodeInference({ threads: 1 });
    open.push(inference);
    const network = await inference.load(stackGraph('stack.bin', LAYERS, WIDTH), [weights]);
    await rm((weights as { path: string }).path);
    await kill();
    await expect(result(network)).rejects.toMatchObject({
      code: 'INFERENCE_FAILED',
      message: expect.stringMatching(/after its thread ended, the graph .* could not be opened again/),
    });
    await network.close();
  });
});

const STATUS = '/proc/self/status';
const ownMemory = () => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(STATUS, 'utf8'))![1]) / 1024;

it.skipIf(!existsSync(STATUS))(
  'leaves neither memory nor threads nor files behind, however often it dies',
  async () => {
    const network = await longNetwork();
    const counts = () => ['task', 'fd'].map((what) => readdirSync(`/proc/self/${what}`).length);
    const die = async () => {
      await kill();
      await result(network);
    };
    for (let i = 0; i < 5; i++) await die();
    const [before, memory] = [counts(), ownMemory()];
    for (let i = 0; i < 20; i++) await die();
    for (const [i, n] of counts().entries()) expect(n).toBeLessThanOrEqual(before[i]! + 4);
    // A thread with its sessions takes some 20 MB.
    expect(ownMemory() - memory).toBeLessThan(120);
    expect(open[0]!.deaths).toBe(25);
  },
  30_000,
);

/** What a thread does that was told to die, from inside. */
const PRELOAD = `
import { isMainThread, parentPort } from 'node:worker_threads';
if (!isMainThread) parentPort.on('message', ({ die }) => {
  if (die === 'exit') process.exit(7);
  if (die === 'heap') { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)); }
});
`;

it('survives a thread that calls process.exit, and one whose heap runs out', async () => {
  const folder = await scratchFolder();
  const [preload, program] = [join(folder, 'preload.mjs'), join(folder, 'program.mjs')];
  await writeFile(join(folder, 'graph'), linearGraph('w'));
  await writeFile(join(folder, 'weights'), linearWeights());
  await writeFile(preload, PRELOAD);
  await writeFile(
    program,
    `
import { readFile } from 'node:fs/promises';
import { openNodeInference } from ${JSON.stringify(pathToFileURL(resolve(import.meta.dirname, '../dist/node/index.js')).href)};
let last;
process.on('worker', (w) => { last = w; });
const [graph, bytes] = await Promise.all(['graph', 'weights'].map((n) => readFile(${JSON.stringify(`${folder}/`)} + n)));
const ort = await openNodeInference({ threads: 1, onThreadDeath: (d) => console.log(d.reason) });
const network = await ort.load(graph, [{ location: 'w', bytes }]);
const run = async () => console.log([...(await network.run({ x: { type: 'float32', shape: [1, 3], data: Float32Array.of(1, 2, 3) } })).y.data].join());
await run();
for (const die of ['exit', 'heap']) { last.postMessage({ die }); await run(); }
await ort.close();
`,
  );
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--max-old-space-size=64', '--import', pathToFileURL(preload).href, program],
    { encoding: 'utf8' },
  );
  const lines = stdout.trim().split('\n');
  expect(lines, stderr).toEqual([lines[0], 'exit code 7', lines[0], expect.stringMatching(/memory/), lines[0]]);
}, 30_000);
