import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeatureCache, resolveHardware, TensorShelf, tensorCodec } from '@rotokit/core/resources';
import { describe, expect, it } from 'vitest';
import { sessionStorage } from '../src/engines/session-storage.js';
import { openRoto } from '../src/index.js';
import { featureDisk } from '../src/resources/feature-disk.js';
import { DiskTier, fileScratch, machineFacts, processBudget, processMemory } from '../src/resources/index.js';
import { discCentre, rotokit, temporaryFolder, writeTinyClip } from './support/tiny-clip.js';

const folder = temporaryFolder();
const bytesIn = (path: string) =>
  readdirSync(path).reduce((sum, n) => sum + (statSync(join(path, n), { throwIfNoEntry: false })?.size ?? 0), 0);
const bytes = (n: number, value = 7) => new Uint8Array(n).fill(value);

describe('a disk tier', () => {
  it('gives back what was put, to another opening too, and nothing that came to harm', async () => {
    const path = join(folder, 'whole');
    const tier = new DiskTier(path, { bytes: 1e6 });
    expect(await tier.get('a')).toBeUndefined();
    await tier.put('a', bytes(1000));
    await tier.put('b/../../etc', bytes(0));
    const again = new DiskTier(path, { bytes: 1e6 });
    expect(await again.get('a')).toEqual(Buffer.from(bytes(1000)));
    expect(await again.get('b/../../etc')).toHaveLength(0);
    for (const name of readdirSync(path)) {
      const file = readFileSync(join(path, name));
      file[file.length - 1] ^= 1;
      writeFileSync(join(path, name), file);
    }
    expect([await again.get('a'), await again.get('b/../../etc'), again.statistics.damaged]).toEqual([
      undefined,
      undefined,
      2,
    ]);
    expect(readdirSync(path)).toEqual([]);
    writeFileSync(join(path, 'f'.repeat(64)), 'RKC1');
    await tier.put('c', bytes(10));
    await tier.delete('c');
    expect(await tier.get('c')).toBeUndefined();
  });

  it('stays within its bytes, letting go what was read longest ago, and keeps nothing larger than itself', async () => {
    const path = join(folder, 'bounded');
    const tier = new DiskTier(path, { bytes: 10_000 });
    for (let n = 0; n < 12; n++) {
      await tier.put(`${n}`, bytes(2000));
      await new Promise((done) => setTimeout(done, 5));
      await tier.get('0');
    }
    expect(bytesIn(path)).toBeLessThanOrEqual(10_000);
    expect(await tier.get('0')).toBeDefined();
    expect(await tier.get('1')).toBeUndefined();
    await tier.put('huge', bytes(20_000));
    expect(await tier.get('huge')).toBeUndefined();
    expect(() => new DiskTier(path, { bytes: Number.NaN })).toThrow(RangeError);
  });

  it('serves two processes at once, through kill -9: no wrong value, no bytes beyond the limit, nothing left lying', async () => {
    const [path, limit] = [join(folder, 'shared'), 400_000];
    const children = new Set<ChildProcess>();
    const start = async (seed: number) => {
      const script = join(import.meta.dirname, 'support/fill-tier.mjs');
      const child = spawn(process.execPath, [script, path, String(limit), String(seed)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.add(child);
      child.once('exit', () => children.delete(child));
      await once(child.stdout, 'data');
      return child;
    };
    try {
      const survivor = await start(1);
      for (let round = 2; round < 6; round++) {
        const victim = await start(round);
        await new Promise((done) => setTimeout(done, 20 + 17 * round));
        victim.kill('SIGKILL');
        await once(victim, 'exit');
        expect(victim.exitCode).toBeNull(); // 2 would be a wrong value
        expect(bytesIn(path)).toBeLessThan(limit * (1 + 2 / 16) + 70_000);
      }
      await once(survivor.stdout as NodeJS.ReadableStream, 'data');
      survivor.kill('SIGKILL');
      await once(survivor, 'exit');
      expect(survivor.exitCode).toBeNull();
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
    const tier = new DiskTier(path, { bytes: limit });
    for (let n = 0; n < 60; n++) {
      const found = await tier.get(`key ${n}`);
      if (found) expect(found).toEqual(Buffer.from(bytes(2000 + ((n * 7919) % 30_000), n % 251)));
    }
    expect(tier.statistics.damaged).toBe(0);
    await tier.put('last', bytes(limit - 200));
    expect(readdirSync(path).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(bytesIn(path)).toBeLessThanOrEqual(limit);
  });
});

describe('resources on this machine', () => {
  it('keep tensors of a cache for the next process', async () => {
    const store = new DiskTier(join(folder, 'features'), { bytes: 1e6 });
    const disk = { store, codec: tensorCodec('float16') };
    const features = { x: { type: 'float32', shape: [3], data: Float32Array.of(0.5, -2, 1024) } as const };
    {
      await using first = new FeatureCache({ bytes: 1e6, disk });
      await first.getOrCompute('clip/1', 12, () => features);
    }
    await using second = new FeatureCache({ bytes: 1e6, disk });
    expect(await second.getOrCompute('clip/1', 12, () => Promise.reject(new Error('computed again')))).toEqual(
      features,
    );
    expect(second.statistics).toMatchObject({ diskHits: 1, misses: 0 });
  });

  it('let tensors wait on disk, and leave no folder behind', async () => {
    const bank = new TensorShelf({ precision: 'bfloat16', bytes: 100, scratch: fileScratch() });
    const entry = (n: number) => ({ x: { type: 'float32', shape: [20], data: new Float32Array(20).fill(n) } as const });
    for (let n = 0; n < 5; n++) await bank.put(`${n}`, entry(n));
    expect(bank.statistics.moved).toBeGreaterThan(3);
    for (let n = 0; n < 5; n++) expect(await bank.get(`${n}`)).toEqual(entry(n));
    await bank.close();
  });

  it('verify what waited on disk, and forget what is not needed after all', async () => {
    const scratch = fileScratch();
    await scratch.put('a', bytes(1000));
    await scratch.put('b', bytes(10));
    await scratch.drop('b');
    await expect(scratch.take('b')).rejects.toThrow(/nothing under b/);
    const own = readdirSync(tmpdir()).filter((n) => n.startsWith(`rotokit-scratch-${process.pid}-`));
    for (const name of own.flatMap((n) => readdirSync(join(tmpdir(), n)).map((f) => join(tmpdir(), n, f)))) {
      const file = readFileSync(name);
      file[file.length - 1] ^= 1;
      writeFileSync(name, file);
    }
    await expect(scratch.take('a')).rejects.toMatchObject({ code: 'WRITE_VERIFY_FAILED' });
    await scratch.clear();
  });

  it('are taken away after a process that was killed, and not from one that lives', async () => {
    const script = `
      import { fileScratch } from 'rotokit/resources';
      await fileScratch().put('a', new Uint8Array(10));
      console.log('here');
      setInterval(() => {}, 1000);`;
    const start = async () => {
      const args = ['--input-type=module', '--eval', script];
      const child = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      return child;
    };
    const of = ({ pid }: ChildProcess) => readdirSync(tmpdir()).filter((n) => n.startsWith(`rotokit-scratch-${pid}-`));
    const [victim, survivor] = [await start(), await start()];
    try {
      victim.kill('SIGKILL');
      await once(victim, 'exit');
      expect(of(victim)).toHaveLength(1);
      const scratch = fileScratch();
      await scratch.put('b', bytes(10));
      expect([of(victim).length, of(survivor).length]).toEqual([0, 1]);
      await scratch.clear();
    } finally {
      survivor.kill('SIGKILL');
      await once(survivor, 'exit');
      const [left] = of(survivor);
      if (left) rmSync(join(tmpdir(), left), { recursive: true });
    }
  });

  it('lend features a folder on disk for as long as a clip is open, of no more than is granted', async () => {
    expect(await featureDisk(0)).toBeUndefined();
    const disk = await featureDisk(5000);
    if (!disk) return expect([0x01021994, 0x858458f6]).toContain((await statfs(tmpdir())).type); // temporary files are memory here
    await disk.store.put('a', bytes(1000));
    expect(await disk.store.get('a')).toHaveLength(1000);
    await disk.store.put('b', bytes(6000));
    expect(await disk.store.get('b')).toBeUndefined();
    const own = () => readdirSync(tmpdir()).filter((n) => n.startsWith(`rotokit-features-${process.pid}-`));
    expect(own()).toHaveLength(1);
    await disk.close();
    expect(own()).toHaveLength(0);
  });

  it('let a neural session find features again that memory had no room for, and leave nothing when it is closed', async () => {
    const { settings } = resolveHardware('laptop', machineFacts(), { features: 100, featuresOnDisk: 10e6 });
    let clock = 0; // on which computing takes long and writing no time
    const storage = await sessionStorage({ settings, budget: processBudget() }, () => clock);
    const own = () => readdirSync(tmpdir()).filter((n) => n.startsWith(`rotokit-features-${process.pid}-`));
    let computed = 0;
    const encode = async () => {
      clock += 100;
      const data = new Float32Array(5000).fill(++computed);
      return { x: { type: 'float32', shape: [5000], data } as const };
    };
    const ask = (frame: number) => storage.features.getOrCompute(`clip/${frame}`, 20_000, encode);
    const files = () => own().flatMap((n) => readdirSync(join(tmpdir(), n)).filter((f) => !f.endsWith('.part')));
    const first: unknown[] = [];
    for (let frame = 0; frame < 3; frame++) {
      first.push(await ask(frame));
      while (own().length && files().length <= frame) await new Promise((done) => setTimeout(done, 5)); // written behind our back
    }
    const again = [await ask(0), await ask(1), await ask(2)];
    if (own().length) expect([again, computed]).toEqual([first, 3]);
    else expect(computed).toBe(6); // temporary files are memory here
    await storage.close();
    expect(own()).toEqual([]);
  });

  it('are read: memory that adds up, cores', async () => {
    const { resident, heap, buffers, available, total } = processMemory().read();
    expect(resident).toBeGreaterThan(10e6);
    expect(heap).toBeLessThan(resident);
    expect(buffers).toBeGreaterThan(0);
    expect(available).toBeGreaterThan(0);
    expect(available + heap).toBeLessThanOrEqual(total);
    expect(machineFacts().cores).toBeGreaterThanOrEqual(1);
    const budget = processBudget();
    expect(budget.canLoad(1e6)).toBe(true);
    expect(budget.canLoad(1e15)).toBe(false);
    await expect(budget.claim('a petabyte', 1e15)).rejects.toMatchObject({ code: 'MEMORY_LIMIT' });
  });
});

describe('a limit that is too small', () => {
  it('is told before any work starts, by the command and the library, and nothing is lost by it', async () => {
    const clip = await writeTinyClip(mkdtempSync(join(folder, 'clip-')), 4);
    const { x, y } = discCentre(0);
    const out = join(folder, 'out');
    const said = ['--click', `${x},${y}`, '--as', 'exr', '-o', out, '--json'];
    const refused = await rotokit(['roto', clip, ...said, '--memory-limit', '90', '--engine', 'embedded']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('"code":"MEMORY_LIMIT"');
    expect(refused.stderr).toContain('more than the limit of 90 MB');
    expect(refused.stderr).not.toContain('"event":"frame"');
    expect((await rotokit(['roto', clip, ...said, '--memory-limit', '1500', '--hardware', 'laptop'])).code).toBe(0);
    await using roto = await openRoto(clip, { engine: 'embedded', memoryLimit: 90e6 });
    await expect(roto.object('disc').click({ frame: roto.numbers.first, x, y })).rejects.toMatchObject({
      code: 'MEMORY_LIMIT',
    });
    await expect(openRoto(clip, { hardware: 'toaster' as 'cpu' })).rejects.toThrow(RangeError);
  });
});
