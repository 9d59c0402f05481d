/** An engine and a memory policy for each object: which one counts, what becomes stale, what is recorded, what is refused. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scriptedEngine } from '@rotokit/core/fakes';
import { maskFromPlane } from '@rotokit/core/values';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EngineCandidate, listEngines, openRoto, RotokitError } from '../src/index.js';
import { discMask, rotokit, temporaryFolder, writeTinyClip } from './support/tiny-clip.js';

const folder = temporaryFolder();
let clip: string;
beforeAll(async () => {
  clip = await writeTinyClip(folder, 6);
});

const scripted = (name: string, words = false) =>
  scriptedEngine({
    name,
    ...(words ? { words: (_, s) => maskFromPlane(s, new Uint16Array(s.width * s.height).fill(65535)) } : {}),
  });

const candidate = (engine: ReturnType<typeof scripted>): EngineCandidate => ({
  name: engine.name,
  accepts: [...engine.accepts],
  merit: 'for this test',
  assess: async () => ({ kind: 'ready', open: () => engine }),
});

const absent: EngineCandidate = {
  name: 'absent',
  accepts: ['point'],
  merit: 'none',
  assess: async () => ({
    kind: 'refused',
    error: new RotokitError('ENGINE_UNAVAILABLE', { engine: 'absent', reason: 'its weights are not here' }),
  }),
};

const drain = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe('an engine for each object', () => {
  it('tracks each object by its own in one run, and records which', async () => {
    const [one, two] = [scripted('one'), scripted('two')];
    await using roto = await openRoto(clip, { own: [candidate(one), candidate(two)] });
    await roto.object('cup').mask(1001, discMask(0));
    await roto.object('glass').mask(1003, discMask(2));
    await roto.chooseEngine({ engine: 'two' }, 'glass');
    const plans: number[] = [];
    const done = await drain(roto.track({ onPlan: (p) => plans.push(p.frames) }));
    expect([plans, done.length]).toEqual([[10], 10]);
    expect([one.sessions, two.sessions]).toEqual([1, 1]);
    const engineOf = (name: string) => {
      const { id } = roto.project.object(name);
      return new Set(roto.project.trackedFrames(id).map((t) => roto.project.run(t.run)?.engine));
    };
    expect([[...engineOf('cup')], [...engineOf('glass')]]).toEqual([['one'], ['two']]);
    expect(await roto.pending()).toBe(0);
    // Clicks go to the object's engine too, and say so.
    await roto.object('glass').click({ frame: 1005, x: 80, y: 80 });
    const { id } = roto.project.object('glass');
    expect(roto.project.anchors(id).at(-1)?.engine).toMatchObject({ name: 'two' });
    expect(roto.history.entries.map((e) => e.label)).toContain('engine of glass: two');
  });

  it('makes stale what another engine tracked, of that object only; undo takes the choice back; engines that are not used are closed', async () => {
    const [one, two] = [scripted('one'), scripted('two')];
    await using roto = await openRoto(clip, { own: [candidate(one), candidate(two)] });
    for (const name of ['cup', 'glass']) await roto.object(name).mask(1001, discMask(0));
    await drain(roto.track());
    await roto.chooseEngine({ engine: 'two' }, 'cup');
    const stale = [...(await roto.stale()).entries()].filter(([, frames]) => frames.size);
    expect(stale.map(([id, frames]) => [id, frames.size])).toEqual([[roto.object('cup').id, 5]]);
    await roto.undo();
    expect(await roto.pending()).toBe(0);
    await roto.redo();
    await drain(roto.track());
    expect([one.sessions, two.sessions]).toEqual([1, 1]);
    await roto.chooseEngine({ engine: 'two' });
    await drain(roto.track());
    expect([one.sessions, two.sessions]).toEqual([0, 1]);
  });

  it('refuses one that cannot be used, and then nothing changes; a project that has one all the same says what is missing', async () => {
    const engines = [candidate(scripted('one')), absent];
    const project = join(folder, 'refused.roto');
    {
      await using roto = await openRoto(clip, { own: engines, project });
      await roto.object('cup').mask(1001, discMask(0));
      await expect(roto.chooseEngine({ engine: 'absent' }, 'cup')).rejects.toMatchObject({
        code: 'ENGINE_UNAVAILABLE',
      });
      await expect(roto.chooseEngine({ engine: 'one', policy: 'no-such' }, 'cup')).rejects.toThrow(
        /no-such is unknown/,
      );
      expect(roto.history.entries).toHaveLength(1);
    }
    const was = candidate(scripted('absent'));
    {
      await using roto = await openRoto(project, { own: [was] });
      await roto.chooseEngine({ engine: 'absent' }, 'cup');
    }
    await using roto = await openRoto(project, { own: engines });
    expect(await roto.pending()).toBe(5);
    await expect(drain(roto.track())).rejects.toThrow(/its weights are not here; it was chosen for cup/);
  });

  it('takes words where the object’s engine does, and refuses them with what would do where it does not', async () => {
    await using roto = await openRoto(clip, { own: [candidate(scripted('one')), candidate(scripted('reader', true))] });
    const text = { kind: 'text', text: 'the cup' } as const;
    await roto.object('cup').ensure();
    await expect(roto.object('cup').say(1001, [text])).rejects.toMatchObject({ code: 'ENGINE_PROMPT_UNSUPPORTED' });
    await roto.chooseEngine({ engine: 'reader' }, 'cup');
    expect((await roto.engine('cup')).accepts.has('text')).toBe(true);
    await roto.object('cup').say(1001, [text]);
    expect(roto.project.prompts(roto.object('cup').id)[0]?.prompt).toEqual(text);
  });

  it('is listed with what stands against it', async () => {
    const cards = await listEngines({ own: [absent] });
    expect(cards[0]).toMatchObject({ name: 'absent', refused: 'its weights are not here' });
    expect(cards.find((c) => c.name === 'embedded')).toEqual({
      name: 'embedded',
      merit: 'it needs no download',
      accepts: ['point', 'box', 'brush', 'mask'],
      takes: ['profile'],
    });
    expect(cards.find((c) => c.name === 'sam3')?.refused).toContain('cannot run them yet');
  });
});

describe('on the command line', () => {
  it('object --engine keeps a choice with the object, project gives it back, refusals have a code; marker names frames, which an edit list carries', async () => {
    const project = join(folder, 'command.roto');
    {
      await using roto = await openRoto(clip, { project });
      for (let t = 0; t < 6; t++) await roto.object('cup').mask(1001 + t, discMask(t));
    }
    const fast = await rotokit(['object', project, 'cup', '--engine', 'embedded', '--profile', 'fast']);
    expect(fast.stdout).toContain('engine embedded, fast');
    const refused = await rotokit(['object', project, 'cup', '--engine', 'sam3', '--json']);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('ENGINE_UNAVAILABLE')]);
    expect((await rotokit(['object', project, 'cup', '--engine', 'project'])).stdout).not.toContain('engine');
    expect((await rotokit(['marker', project, '1003', '--name', 'hand crosses', '--colour', '#2fa34a'])).stdout).toBe(
      '1003  #2fa34a  hand crosses\n',
    );
    expect((await rotokit(['marker', project, '2000'])).code).toBe(1);
    expect((await rotokit(['export', project, '--as', 'edl', '-o', join(folder, 'edl')])).code).toBe(0);
    expect(readFileSync(join(folder, 'edl', 'command.edl'), 'utf8')).toContain(
      '* LOC: 01:00:00:02 GREEN   hand crosses',
    );
  });
});
