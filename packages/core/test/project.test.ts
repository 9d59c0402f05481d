import { blobMask } from '@rotokit/core/contracts/store';
import { MemoryProject } from '@rotokit/core/fakes';
import {
  addObject,
  addPrompt,
  changeObject,
  changeSettings,
  clearPrompts,
  clipRecord,
  forgetTracked,
  migrate,
  RotoDocument,
  recordProblem,
  removeAnchor,
  removeObject,
  removePrompt,
  setAnchor,
  setMark,
} from '@rotokit/core/project';
import {
  frameIndex,
  isRotokitError,
  type ObjectId,
  type RotoRecord,
  sameMask,
  sourcePoint,
} from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';

const CLIP = clipRecord({
  path: 'a.mov',
  size: { width: 64, height: 48 },
  frames: 50,
  rate: { num: 24, den: 1 },
  first: 1001,
});
const F = frameIndex;
const click = { kind: 'point', at: sourcePoint(3, 4), positive: true } as const;

const open = async (records: readonly RotoRecord[] = [CLIP]) => {
  const place = new MemoryProject(records);
  const doc = await RotoDocument.open(place.open(), { now: () => 1_700_000_000_000 });
  await doc.edit('add hero', (p) => addObject(p, { name: 'hero' }));
  return { place, doc, hero: doc.project.object('hero').id };
};

const result = (object: ObjectId, frame: number, basis = 'b') => ({
  object,
  frame: F(frame),
  mask: blobMask(frame),
  basis,
  signals: { score: 0.5, state: 'tracked' as const },
  confidence: 0.5,
  reasons: ['low-score'],
});

const RUN = { engine: 'fake', provenance: { version: '1' }, parameters: { passes: 2 } };

describe('objects', () => {
  it('keep their identity while everything else about them changes', async () => {
    const { doc, hero } = await open();
    const to = { name: 'villain', colour: '#010203', priority: 9, visible: false, metadata: { shot: 'a/1' } };
    await doc.edit('rename', (p) => changeObject(p, hero, to));
    expect(doc.project.object(hero)).toMatchObject({ ...to, id: hero });
    expect(doc.project.hasObject('hero')).toBe(false);
  });

  it('are listed in the order they were made and have colours of their own', async () => {
    const { doc } = await open();
    for (const name of ['b', 'a']) await doc.edit('add', (p) => addObject(p, { name }));
    expect(doc.project.objects().map((o) => o.name)).toEqual(['hero', 'b', 'a']);
    expect(new Set(doc.project.objects().map((o) => o.colour)).size).toBe(3);
  });

  it('share no names or ids, and an unknown one is told with the known ones', async () => {
    const { doc, hero } = await open();
    await expect(doc.edit('no', (p) => addObject(p, { name: 'hero' }))).rejects.toThrow(RangeError);
    await expect(doc.edit('no', (p) => addObject(p, { name: hero }))).rejects.toThrow(RangeError);
    const error = await doc.edit('no', (p) => removeObject(p, 'nobody' as ObjectId)).catch((e: unknown) => e);
    expect(isRotokitError(error) && [error.code, error.fix]).toEqual(['OBJECT_UNKNOWN', 'The objects are: hero.']);
  });

  it('take no edits while they are locked', async () => {
    const { doc, hero } = await open();
    await doc.edit('lock', (p) => changeObject(p, hero, { locked: true }));
    for (const edit of [
      () => doc.edit('no', (p) => addPrompt(p, hero, F(0), click)),
      () => doc.edit('no', (p) => setAnchor(p, hero, F(0), blobMask(1), { made: 'painted' })),
      () => doc.edit('no', (p) => removeObject(p, hero)),
    ])
      await expect(edit()).rejects.toMatchObject({ code: 'OBJECT_LOCKED' });
    await doc.edit('unlock', (p) => changeObject(p, hero, { locked: false }));
    await doc.edit('yes', (p) => addPrompt(p, hero, F(0), click));
    expect(doc.project.prompts(hero)).toHaveLength(1);
  });

  it('go with all that was said about them, and come back with it', async () => {
    const { doc, hero } = await open();
    await doc.edit(
      'say',
      (p) => addPrompt(p, hero, F(1), click),
      (p) => setAnchor(p, hero, F(1), blobMask(5), { made: 'prompts', engine: { name: 'fake' } }),
      (p) => setMark(p, hero, F(2), 'accepted'),
    );
    const before = [...doc.project.records()];
    await doc.edit('remove', (p) => removeObject(p, hero));
    expect([...doc.project.records()]).toEqual([CLIP]);
    expect(await doc.undo()).toBe('remove');
    expect(new Set(doc.project.records())).toEqual(new Set(before));
    expect(sameMask((await doc.mask(hero, F(1)))!, blobMask(5))).toBe(true);
  });
});

describe('prompts', () => {
  it('come back for an engine as they were given, in order, masks included', async () => {
    const { doc, hero } = await open();
    const said = [
      click,
      { kind: 'box', from: sourcePoint(1, 2), to: sourcePoint(30.5, 40) },
      { kind: 'brush', path: [sourcePoint(1, 1), sourcePoint(2, 5)], radius: 3, positive: false },
      { kind: 'mask', mask: blobMask(8) },
      { kind: 'text', text: 'a red car' },
    ] as const;
    for (const prompt of said) await doc.edit('say', (p) => addPrompt(p, hero, F(7), prompt));
    const back = await doc.prompts(hero, F(7));
    expect(back.prompts).toEqual(said);
    await doc.edit('unsay', (p) => removePrompt(p, doc.project.prompts(hero)[1].id));
    expect((await doc.prompts(hero, F(7))).prompts.map((p) => p.kind)).toEqual(['point', 'brush', 'mask', 'text']);
    await doc.edit('unsay all', (p) => clearPrompts(p, hero, F(7)));
    expect(doc.project.prompts(hero)).toEqual([]);
  });

  it('must lie in the clip', async () => {
    const { doc, hero } = await open();
    await expect(doc.edit('no', (p) => addPrompt(p, hero, F(50), click))).rejects.toThrow(/frame index 50 .* 0\.\.49/);
  });
});

describe('anchors', () => {
  it('count before what was tracked, and uncover it when they go', async () => {
    const { doc, hero } = await open();
    const run = await doc.startRun(RUN);
    await doc.keepTracked(run, [result(hero, 3)]);
    await doc.edit('fix', (p) => setAnchor(p, hero, F(3), blobMask(40), { made: 'painted' }));
    await doc.keepTracked(run, [result(hero, 3, 'later')]);
    expect(sameMask((await doc.mask(hero, F(3)))!, blobMask(40))).toBe(true);
    await doc.edit('give back', (p) => removeAnchor(p, hero, F(3)));
    expect(sameMask((await doc.mask(hero, F(3)))!, blobMask(3))).toBe(true);
  });

  it('survive 20 rounds of edits and tracking around them bit for bit', async () => {
    const { doc, hero } = await open();
    await doc.edit('the one', (p) => setAnchor(p, hero, F(25), blobMask(99), { made: 'painted' }));
    const record = doc.project.anchor(hero, F(25));
    for (let round = 0; round < 20; round++) {
      await doc.edit('near', (p) => setAnchor(p, hero, F(24 + 2 * (round % 2)), blobMask(round), { made: 'painted' }));
      if (round % 5 === 4) await doc.undo();
      const run = await doc.startRun(RUN);
      await doc.keepTracked(run, [result(hero, 24), result(hero, 25), result(hero, 26)]);
    }
    expect(doc.project.anchor(hero, F(25))).toBe(record);
    expect(sameMask((await doc.mask(hero, F(25)))!, blobMask(99))).toBe(true);
  });
});

describe('what was tracked', () => {
  it('says where it came from', async () => {
    const { doc, hero } = await open();
    const run = await doc.startRun(RUN);
    await doc.keepTracked(run, [result(hero, 1), result(hero, 0)]);
    expect(doc.project.trackedFrames(hero).map((t) => t.frame)).toEqual([0, 1]);
    const { run: id, basis, confidence, reasons } = doc.project.tracked(hero, F(1))!;
    expect(doc.project.run(id)).toMatchObject(RUN);
    expect([basis, confidence, reasons]).toEqual(['b', 0.5, ['low-score']]);
  });

  it('can be forgotten, with the runs nothing refers to', async () => {
    const { doc, hero } = await open();
    await doc.keepTracked(await doc.startRun(RUN), [result(hero, 1)]);
    await doc.changeTracked((p) => forgetTracked(p, hero));
    expect(await doc.mask(hero, F(1))).toBeUndefined();
    expect(doc.project.runs()).toEqual([]);
    expect(doc.project.object(hero).name).toBe('hero');
  });

  it('leaves marks that tell which result they were made on', async () => {
    const { doc, hero } = await open();
    const run = await doc.startRun(RUN);
    await doc.keepTracked(run, [result(hero, 1, 'old')]);
    await doc.edit('accept', (p) => setMark(p, hero, F(1), 'accepted'));
    await doc.keepTracked(run, [result(hero, 1, 'new')]);
    expect(doc.project.mark(hero, F(1))).toMatchObject({ verdict: 'accepted', basis: 'old' });
    await doc.edit('take back', (p) => setMark(p, hero, F(1), undefined));
    expect(doc.project.marks(hero)).toEqual([]);
  });
});

describe('a document', () => {
  it('carries out overlapping calls one after the other, each on what the last one left', async () => {
    const { doc } = await open();
    await Promise.all(Array.from({ length: 10 }, (_, i) => doc.edit('add', (p) => addObject(p, { name: `n${i}` }))));
    expect(doc.project.objects()).toHaveLength(11);
    expect(new Set(doc.project.objects().map((o) => o.id)).size).toBe(11);
    expect(doc.history).toMatchObject({ applied: 11 });
    expect(doc.history.entries[10]).toEqual({ label: 'add', at: 1_700_000_000_000 });
  });

  it('goes on after an edit that failed, and makes no step of one that changes nothing', async () => {
    const { doc, hero } = await open();
    await expect(
      doc.edit('no', () => {
        throw new RangeError('no');
      }),
    ).rejects.toThrow('no');
    await doc.edit('nothing', (p) => changeObject(p, hero, { name: 'hero' }));
    await doc.edit('set', (p) => changeSettings(p, { engine: 'embedded', overlap: 'exclusive' }));
    await doc.edit('unset', (p) => changeSettings(p, { overlap: null }));
    expect(doc.project.settings).toEqual({ engine: 'embedded' });
    expect(doc.history.entries.map((e) => e.label)).toEqual(['add hero', 'set', 'unset']);
  });

  it('keeps fields and types it does not know through every edit', async () => {
    const future = { id: 'z', type: 'shape', knots: [[1, 2]] };
    const { doc, hero, place } = await open([{ ...CLIP, lens: { squeeze: 2 } }, future]);
    await doc.edit('more', (p) => changeObject(p, hero, { 'x-note': 'mine' } as never));
    await doc.edit('rename', (p) => changeObject(p, hero, { name: 'other' }));
    await doc.close();
    const again = await RotoDocument.open(place.open());
    expect(again.project.clip.lens).toEqual({ squeeze: 2 });
    expect(again.project.record('z')).toEqual(future);
    expect(again.project.object('other')['x-note']).toBe('mine');
  });
});

describe('records', () => {
  it('are told apart from damage, by field', async () => {
    const { doc, hero } = await open();
    const sound = doc.project.object(hero);
    expect(recordProblem(sound)).toBeUndefined();
    expect(recordProblem({ ...sound, colour: 'red' })).toBe('.colour must be #rrggbb');
    expect(recordProblem({ ...CLIP, rate: { num: 0, den: 1 } })).toBe('.rate.num must be a whole number of at least 1');
    expect(recordProblem({ ...CLIP, id: 'clap' })).toBe('.id must be clip');
    expect(recordProblem([])).toBe('must be a map');
    expect(recordProblem({ id: 'x', type: 'unheard-of', whatever: null })).toBeUndefined();
  });
  it('takes shapes whose keys ascend and have one number of points', () => {
    const key = (frame: number) => ({ frame, outline: Array(18).fill(1.5), feather: [0, 0, 0], edited: true });
    const shape = {
      ...{ id: 'shape/hero/1b', type: 'shape', object: 'hero', shape: '1b', name: 'hero 1b', mode: 'add' },
      ...{ corners: [false, true, false], visible: [[0, 9]], keys: [key(0), key(8)] },
    };
    expect(recordProblem(shape)).toBeUndefined();
    expect(recordProblem({ ...shape, keys: [key(8), key(0)] })).toBe('.keys[1].frame must be after the one before');
    expect(recordProblem({ ...shape, corners: [true] })).toBe('.keys must have as many points as there are corners');
    expect(recordProblem({ ...shape, shape: '2' })).toBe('.id must be shape/hero/2');
  });

  it('go through one migration after the other', () => {
    const schema = {
      version: 3,
      steps: [
        (r: object) => ({ ...r, title: (r as { name: string }).name }),
        (r: object) => ({ ...r, twice: `${(r as { title: string }).title}!` }),
      ],
    };
    expect(migrate(schema, 1)({ id: 'a', name: 'n' })).toEqual({ id: 'a', name: 'n', title: 'n', twice: 'n!' });
    expect(migrate(schema, 2)({ id: 'a', title: 't' })).toEqual({ id: 'a', title: 't', twice: 't!' });
    expect(migrate(schema, 3)({ id: 'a' })).toEqual({ id: 'a' });
    for (const from of [0, 4, 1.5]) expect(() => migrate(schema, from)).toThrow(RangeError);
  });
});
