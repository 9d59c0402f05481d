import type { Store } from '@rotokit/core/ports';
import { addObject, addPrompt, addRun, clipRecord, Project, putTracked, setAnchor } from '@rotokit/core/project';
import {
  frameIndex,
  isRotokitError,
  maskFromPlane,
  type ObjectId,
  type RotoRecord,
  type SoftMask,
  sameMask,
  sourcePoint,
} from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';

/** A place where a project can be: one store after another is opened on it. */
export interface StorePlace {
  /** Makes the project and opens it for writing. */
  create(records: readonly RotoRecord[]): Promise<Store>;
  /** Opens what is there. */
  open(access: 'write' | 'read'): Promise<Store>;
}

const SIZE = { width: 64, height: 48 };
const CLIP = clipRecord({ path: 'plate.mov', size: SIZE, frames: 100, rate: { num: 24, den: 1 }, first: 1001 });
const HERO = 'hero' as ObjectId;

/** A soft blob that differs with `seed`; bit for bit the same for the same seed. */
export function blobMask(seed: number, size = SIZE): SoftMask {
  const plane = new Uint16Array(size.width * size.height);
  const [cx, cy, r] = [10 + ((seed * 7) % 40), 10 + ((seed * 5) % 25), 6 + (seed % 5)];
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) {
      const inside = (r - Math.hypot(x - cx, y - cy)) / 3;
      plane[y * size.width + x] = Math.max(0, Math.min(65535, Math.round(inside * 65535)));
    }
  return maskFromPlane(size, plane);
}

const result = (frame: number, seed = frame) => ({
  object: HERO,
  frame: frameIndex(frame),
  mask: blobMask(seed),
  basis: 'b0',
  signals: { score: 0.75, state: 'tracked' as const },
  confidence: 0.5,
  reasons: ['low-score'],
});

const projectOf = async (store: Store) => {
  const { records, revision } = await store.load();
  return Project.of(records, revision);
};

type Edit = (p: Project) => { diff: Parameters<Project['with']>[0]; masks: ReadonlyMap<string, SoftMask> };

const edit = async (store: Store, label: string, change: Edit) =>
  store.commit({ by: 'user', label, ...change(await projectOf(store)) });

const track = async (store: Store, frames: readonly number[], seed = 0) => {
  const p = await projectOf(store);
  const run = addRun(p, { engine: 'fake', provenance: { version: '1' }, parameters: {} });
  const kept = putTracked(
    p.with(run.change.diff),
    run.id,
    frames.map((f) => result(f, f + seed)),
  );
  await store.commit({ by: 'tracker', diff: run.change.diff });
  await store.commit({ by: 'tracker', ...kept });
};

const withHero = async (place: StorePlace) => {
  const store = await place.create([CLIP]);
  await edit(store, 'add hero', (p) => addObject(p, { name: 'hero', id: HERO }));
  return store;
};

const anchorAt = (frame: number, seed: number) => (p: Project) =>
  setAnchor(p, HERO, frameIndex(frame), blobMask(seed), { made: 'painted' });

const state = async (store: Store) => {
  const { records, history } = await store.load();
  return { records: [...records].sort((a, b) => (a.id < b.id ? -1 : 1)), history };
};

/** The contract of a Store. `place` gives a fresh place for each test. */
export function storeContract(name: string, place: () => StorePlace): void {
  describe(`${name} keeps the contract of a store`, () => {
    keeping(place);
    history(place);
    door(place);
    access(place);
  });
}

function keeping(place: () => StorePlace): void {
  it('gives back the records it was made with, unknown fields and types included', async () => {
    const odd = { id: 'x1', type: 'from-the-future', deep: { list: [1, null, 'é\u0000', { ok: true }] } };
    const clip = { ...CLIP, lens: 'anamorphic 2x' };
    const store = await place().create([clip, odd]);
    expect((await state(store)).records).toEqual([clip, odd]);
    await store.close();
  });

  it('keeps edits, results and masks bit for bit across reopening', async () => {
    const here = place();
    const first = await withHero(here);
    await edit(first, 'anchor', anchorAt(3, 77));
    await edit(first, 'click', (p) =>
      addPrompt(p, HERO, frameIndex(3), { kind: 'point', at: sourcePoint(12.5, 7.25), positive: true }),
    );
    await track(first, [0, 1, 2, 3, 4]);
    const before = await state(first);
    await first.close();
    const again = await here.open('write');
    expect(await state(again)).toEqual(before);
    const p = await projectOf(again);
    for (const f of [0, 1, 2, 4])
      expect(sameMask((await again.mask(p.maskKey(HERO, frameIndex(f))!))!, blobMask(f))).toBe(true);
    expect(sameMask((await again.mask(p.maskKey(HERO, frameIndex(3))!))!, blobMask(77))).toBe(true);
    expect(await again.mask('nobody/knows')).toBeUndefined();
    await again.close();
  });

  it('keeps the newest result where a frame is tracked again', async () => {
    const store = await withHero(place());
    await track(store, [5]);
    await track(store, [5], 30);
    const p = await projectOf(store);
    expect(sameMask((await store.mask(p.maskKey(HERO, frameIndex(5))!))!, blobMask(35))).toBe(true);
    await store.close();
  });
}

function history(place: () => StorePlace): void {
  it('undoes and redoes edits across reopening, their masks included', async () => {
    const here = place();
    let store = await withHero(here);
    await edit(store, 'first', anchorAt(3, 1));
    const one = await state(store);
    await edit(store, 'second', anchorAt(3, 2));
    const two = await state(store);
    await store.close();
    store = await here.open('write');
    expect((await store.move('undo'))?.label).toBe('second');
    expect((await state(store)).records).toEqual(one.records);
    await store.close();
    store = await here.open('write');
    expect((await store.move('redo'))?.label).toBe('second');
    expect(await state(store)).toEqual(two);
    expect(await store.move('redo')).toBeUndefined();
    const key = (await projectOf(store)).maskKey(HERO, frameIndex(3))!;
    expect(sameMask((await store.mask(key))!, blobMask(2))).toBe(true);
    for (const label of ['second', 'first', 'add hero']) expect((await store.move('undo'))?.label).toBe(label);
    expect(await store.move('undo')).toBeUndefined();
    expect((await state(store)).records).toEqual([CLIP]);
    await store.close();
  });

  it('forgets what was undone, with its masks, when something else is done', async () => {
    const store = await withHero(place());
    await edit(store, 'dropped', anchorAt(3, 1));
    const key = (await projectOf(store)).maskKey(HERO, frameIndex(3))!;
    await store.move('undo');
    expect(await store.mask(key)).toBeDefined();
    await edit(store, 'other', anchorAt(4, 2));
    expect(await store.mask(key)).toBeUndefined();
    expect((await state(store)).history.entries.map((e) => e.label)).toEqual(['add hero', 'other']);
    await store.close();
  });

  it('never goes back in its revision, so that ids are not used twice', async () => {
    const store = await place().create([CLIP]);
    const ids = new Set<string>();
    for (let i = 0; i < 4; i++) {
      await edit(store, 'add', (p) => addObject(p, { name: 'again' }));
      ids.add((await projectOf(store)).object('again').id);
      await store.move('undo');
    }
    expect(ids.size).toBe(4);
    await store.close();
  });

  it('keeps results of tracking out of the history', async () => {
    const store = await withHero(place());
    await track(store, [1, 2]);
    expect((await store.move('undo'))?.label).toBe('add hero');
    expect((await projectOf(store)).trackedFrames(HERO)).toHaveLength(2);
    await store.close();
  });
}

function door(place: () => StorePlace): void {
  it('D2: lets no result of tracking alter an anchor or anything else of the user', async () => {
    const store = await withHero(place());
    await edit(store, 'anchor', anchorAt(3, 9));
    const before = await state(store);
    const p = await projectOf(store);
    const { diff, masks } = anchorAt(3, 10)(p);
    await expect(store.commit({ by: 'tracker', diff, masks })).rejects.toThrow(RangeError);
    const removal = { added: [], updated: [], removed: [p.anchor(HERO, frameIndex(3))!] };
    await expect(store.commit({ by: 'tracker', diff: removal })).rejects.toThrow(RangeError);
    const forged = new Map([[p.anchor(HERO, frameIndex(3))!.mask, blobMask(11)]]);
    const none = { added: [], updated: [], removed: [] };
    await expect(store.commit({ by: 'tracker', diff: none, masks: forged })).rejects.toThrow(RangeError);
    await track(store, [2, 3, 4]);
    const after = await projectOf(store);
    expect(after.anchor(HERO, frameIndex(3))).toEqual(p.anchor(HERO, frameIndex(3)));
    expect(sameMask((await store.mask(after.maskKey(HERO, frameIndex(3))!))!, blobMask(9))).toBe(true);
    expect((await state(store)).history).toEqual(before.history);
    await store.close();
  });

  it('D3: lets no edit alter results of tracking', async () => {
    const store = await withHero(place());
    await track(store, [1]);
    const removed = [(await projectOf(store)).tracked(HERO, frameIndex(1))!];
    const diff = { added: [], updated: [], removed };
    await expect(store.commit({ by: 'user', label: 'no', diff })).rejects.toThrow(RangeError);
    await store.close();
  });

  it('refuses whole what is partly wrong, and stays usable', async () => {
    const store = await withHero(place());
    const before = await state(store);
    const good = addObject(await projectOf(store), { name: 'good' }).diff.added[0];
    for (const added of [
      [good, { id: 'o9', type: 'object', name: '' }],
      [good, good],
      [good, { ...good, id: HERO }],
    ])
      await expect(
        store.commit({ by: 'user', label: 'bad', diff: { added, updated: [], removed: [] } }),
      ).rejects.toThrow(RangeError);
    const stale = { ...before.records.find((r) => r.id === HERO)!, name: 'was never so' };
    const updated = [{ from: stale, to: { ...stale, name: 'new' } }];
    await expect(
      store.commit({ by: 'user', label: 'bad', diff: { added: [good], updated, removed: [] } }),
    ).rejects.toThrow(RangeError);
    expect(await state(store)).toEqual(before);
    await edit(store, 'good', (p) => addObject(p, { name: 'good' }));
    expect((await projectOf(store)).hasObject('good')).toBe(true);
    await store.close();
  });

  it('D5: refuses a mask of another size than the clip', async () => {
    const store = await withHero(place());
    const { diff } = anchorAt(1, 1)(await projectOf(store));
    const masks = new Map([[diff.added[0].mask as string, blobMask(1, { width: 32, height: 32 })]]);
    await expect(store.commit({ by: 'user', label: 'bad', diff, masks })).rejects.toThrow(RangeError);
    await store.close();
  });

  it('D6: refuses a mask of the user under a key that tracking may replace', async () => {
    const store = await withHero(place());
    const { diff } = anchorAt(3, 9)(await projectOf(store));
    const key = `tracked/${HERO}/3`;
    const added = diff.added.map((r) => ({ ...r, mask: key }));
    const masks = new Map([[key, blobMask(9)]]);
    await expect(store.commit({ by: 'user', label: 'bad', diff: { ...diff, added }, masks })).rejects.toThrow(/D6/);
    await store.close();
  });

  it('refuses a mask key of the user that was used before', async () => {
    const store = await withHero(place());
    await edit(store, 'anchor', anchorAt(3, 9));
    const p = await projectOf(store);
    const anchor = p.anchor(HERO, frameIndex(3))!;
    const diff = { added: [], updated: [{ from: anchor, to: { ...anchor, made: 'imported' } }], removed: [] };
    const masks = new Map([[anchor.mask, blobMask(10)]]);
    await expect(store.commit({ by: 'user', label: 'bad', diff, masks })).rejects.toThrow(RangeError);
    expect(sameMask((await store.mask(anchor.mask))!, blobMask(9))).toBe(true);
    await store.close();
  });
}

function access(place: () => StorePlace): void {
  it('has one writer at a time, and viewers beside it that see what is committed', async () => {
    const here = place();
    const writer = await withHero(here);
    const refusal = await here.open('write').catch((e: unknown) => e);
    expect(isRotokitError(refusal) && refusal.code).toBe('PROJECT_LOCKED');
    const viewer = await here.open('read');
    expect((await projectOf(viewer)).objects()).toHaveLength(1);
    await edit(writer, 'second', (p) => addObject(p, { name: 'second' }));
    await track(writer, [7]);
    expect((await projectOf(viewer)).objects()).toHaveLength(2);
    const key = (await projectOf(viewer)).maskKey(HERO, frameIndex(7))!;
    expect(sameMask((await viewer.mask(key))!, blobMask(7))).toBe(true);
    const diff = addObject(await projectOf(viewer), { name: 'third' }).diff;
    await expect(viewer.commit({ by: 'user', label: 'no', diff })).rejects.toThrow(TypeError);
    await expect(viewer.move('undo')).rejects.toThrow(TypeError);
    await writer.close();
    const next = await here.open('write');
    expect((await projectOf(next)).objects()).toHaveLength(2);
    await Promise.all([next.close(), viewer.close()]);
  });

  it('closes once; closing again does nothing, using it afterwards is a mistake', async () => {
    const store = await withHero(place());
    await store.close();
    await store.close();
    await expect(store.load()).rejects.toThrow(TypeError);
  });
}
