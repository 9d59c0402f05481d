import { discMask, discsSource } from '@rotokit/core/contracts/engine';
import { memoryScratch, type Precision } from '@rotokit/core/resources';
import { frameIndex, maskToPlane, objectId } from '@rotokit/core/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heldBytes, KeptMemories, keptPrecision, memoryBytes, recentFeatures, TRAIL } from '../src/index.js';
import { CONFIGS, miniature, type RandomFile, randomFile } from './support/miniature.js';
import { SCRIPTED, scriptedEngine } from './support/scripted-inference.js';

const [RED, BLUE] = [objectId('red'), objectId('blue')];
const EDGETAM = { ...CONFIGS['mini-edgetam']!, imageSize: 128 };
const SAM2 = CONFIGS['mini-sam2.1-hiera-tiny']!;

const walk = {
  from: frameIndex(0),
  to: frameIndex(7),
  objects: [RED, BLUE].map((object, i) => ({ object, mask: discMask(object, 0), priority: i })),
  overlap: 'allowed',
} as const;

/** A scratch that counts what waits in it. */
function counted() {
  const inner = memoryScratch();
  const here = new Set<string>();
  let most = 0;
  return {
    scratch: {
      put: (key: string, bytes: Uint8Array) => {
        most = Math.max(most, here.add(key).size);
        return inner.put(key, bytes);
      },
      read: (key: string) => inner.read(key),
      take: (key: string) => {
        here.delete(key);
        return inner.take(key);
      },
      drop: (key: string) => {
        here.delete(key);
        return inner.drop(key);
      },
      clear: () => {
        here.clear();
        return inner.clear();
      },
    },
    waiting: () => here.size,
    most: () => most,
  };
}

describe('memories of objects', () => {
  let file: RandomFile;
  beforeAll(async () => {
    file = await randomFile(EDGETAM, { 'mask_decoder.pred_obj_score_head.proj_out.bias': 5 });
  });
  afterAll(() => file.remove());

  const planes = async (precision: Precision, bytes: number, scratch = memoryScratch()) => {
    const storage = () => ({ features: recentFeatures(1e9), memories: { bytes, scratch }, close: async () => {} });
    const engine = miniature('mini-edgetam', file, { config: EDGETAM, precision, storage });
    const session = await engine.open(discsSource());
    const found: Uint16Array[] = [];
    for await (const { objects } of session.propagate(walk)) found.push(...objects.map((o) => maskToPlane(o.mask)));
    await session.close();
    return { found, provenance: engine.provenance };
  };

  it('give the same masks bit for bit when they wait on disk, which is empty afterwards', async () => {
    const { scratch, waiting, most } = counted();
    const here = await planes('float32', 1e9);
    const away = await planes('float32', 0, scratch);
    expect(away.found).toEqual(here.found);
    expect(here.found.some((p) => p.some((v) => v > 32767))).toBe(true);
    expect(most()).toBeGreaterThan(10);
    expect(waiting()).toBe(0);
    expect(away.provenance).toEqual(here.provenance);
    expect(here.provenance).not.toHaveProperty('memories');
  });

  it('in half precision give nearly the same masks, and the record says so', async () => {
    const { found } = await planes('float32', 1e9);
    for (const precision of ['float16', 'bfloat16'] as const) {
      const half = await planes(precision, 1e9);
      expect(half.provenance.memories).toBe(precision);
      let [both, either, all] = [0, 0, 0];
      for (const [i, plane] of half.found.entries())
        for (let k = 0; k < plane.length; k++) {
          const [a, b] = [plane[k]! > 32767, found[i]![k]! > 32767];
          if (a && b) both++;
          if (a || b) either++;
          all++;
        }
      expect(both / either).toBeGreaterThan(0.97);
      // The object fills most of the picture: what lies outside tells more.
      expect((all - either) / (all - both)).toBeGreaterThan(0.97);
    }
  });

  it('of SAM 2.1 are kept as the model rounds them, whatever is asked for', async () => {
    for (const wanted of ['float32', 'float16', 'bfloat16'] as const)
      expect(keptPrecision(SAM2, wanted)).toBe('bfloat16');
    expect([memoryBytes(SAM2, 'float32'), memoryBytes(EDGETAM, 'float32') / memoryBytes(EDGETAM, 'float16')]).toEqual([
      16 * 16 * 64 * 2,
      2,
    ]);
    const memories = new KeptMemories(SAM2);
    const rounded = Float32Array.from({ length: 16 * 16 * 64 }, (_, i) => (i % 200) - 100 + 0.5);
    const into = new Float32Array(rounded.length);
    await memories.copy(await memories.keep(rounded), into);
    expect(into).toEqual(rounded);
    await memories.close();
    expect(memories.statistics.entries).toBe(0);
  });

  it('stay as many as policy and trail hold, and are let go of with the walk that is replaced', async () => {
    const { scratch, waiting } = counted();
    const storage = () => ({ features: recentFeatures(1e9), memories: { bytes: 0, scratch }, close: async () => {} });
    const { engine } = scriptedEngine({}, { storage, trail: { memories: 2 } });
    const session = await engine.open(discsSource());
    for (let n = 0; n < 4; n++) {
      for await (const _ of session.propagate(walk)) expect(waiting()).toBeLessThanOrEqual(2 * (1 + 6 + 2));
      for await (const _ of session.propagate({ ...walk, from: walk.to, to: walk.from })) break;
    }
    expect(waiting()).toBeLessThanOrEqual(2 * 2 * (1 + 6 + 2));
    await session.close();
    expect(waiting()).toBe(0);
  });

  it('that a disk has lost end the walk with the frame and the object, not with a wrong mask', async () => {
    const { scratch } = counted();
    const gone = () => Promise.reject(new Error('the file is gone'));
    const lossy = { ...scratch, take: gone, read: gone };
    const storage = () => ({
      features: recentFeatures(1e9),
      memories: { bytes: 0, scratch: lossy },
      close: async () => {},
    });
    const { engine } = scriptedEngine({}, { storage });
    const session = await engine.open(discsSource());
    const failing = (async () => {
      for await (const _ of session.propagate(walk));
    })();
    await expect(failing).rejects.toThrow(/failed on frame index \d, object (red|blue): the file is gone/);
    await session.close();
  });

  it('are counted before they are taken: by objects, within the bank, whatever the clip', () => {
    const task = { trail: TRAIL, precision: 'float32', bank: 1e9 } as const;
    const held = (objects: number, bank = 1e9) => heldBytes(SCRIPTED, { ...task, objects, bank });
    expect(held(3) - held(2)).toBe(held(2) - held(1));
    const logits = 240 * 16 ** 2;
    expect(held(2, 0) - held(1, 0)).toBe(logits);
    expect(held(2) - held(1)).toBe(logits + 2 * 28 * memoryBytes(SCRIPTED, 'float32'));
  });
});
