/** Engines of single objects in the process of a project: words where one takes them, one job over several, what an edit in its middle does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { scriptedEngine } from '@rotokit/core/fakes';
import { encodeMask, maskFromPlane } from '@rotokit/core/values';
import { type EngineCandidate, openRoto, type Roto } from 'rotokit';
import { afterAll, expect, it } from 'vitest';
import { discMask, writeTinyClip } from '../../../packages/rotokit/test/support/tiny-clip.js';
import { JobBook } from '../src/host/job-book.js';
import { ProjectHost } from '../src/host/project-host.js';

const folder = mkdtempSync(join(tmpdir(), 'rotokit-engines-'));
afterAll(() => rmSync(folder, { recursive: true }));

const reader = scriptedEngine({
  name: 'reader',
  words: (text, s) => maskFromPlane(s, new Uint16Array(s.width * s.height).fill(text === 'nothing' ? 0 : 65535)),
});
const slow = scriptedEngine({ name: 'slow', beforeFrame: () => delay(80) });
const own = [reader, slow].map(
  (engine): EngineCandidate => ({
    name: engine.name,
    accepts: [...engine.accepts],
    merit: 'for this test',
    assess: async () => ({ kind: 'ready', open: () => engine }),
  }),
);

let clips = 0;

/** A project in its own process's clothes, over a clip of some frames. */
async function opened(frames: number): Promise<{ readonly host: ProjectHost; readonly roto: Roto }> {
  const here = join(folder, String(clips++));
  await mkdir(here);
  const project = join(here, 'plate.roto');
  const roto = await openRoto(await writeTinyClip(here, frames), { project, own, engine: 'embedded' });
  const request = { id: '0123456789ab', path: project, project, folders: [here] };
  return { host: new ProjectHost(roto, await JobBook.open(project), request, () => {}), roto };
}

it('are said where the engine of the object takes them, listed, and taken back; refused for an object whose engine takes none', async () => {
  const { host } = await opened(3);
  try {
    const { object: cup } = await host.addObject('cup');
    const { object: glass } = await host.addObject('glass');
    await host.chooseEngine({ engine: 'reader' }, cup);
    const objects = async () => (await host.state()).objects;
    expect((await objects()).map((o) => [o.engine.name, o.engine.accepts.includes('text')])).toEqual([
      ['reader', true],
      ['embedded', false],
    ]);
    const words = [{ kind: 'text', text: 'the red cup' }] as const;
    await expect(host.say(glass, 1001, words)).rejects.toMatchObject({ code: 'ENGINE_PROMPT_UNSUPPORTED' });
    await host.say(cup, 1001, words);
    const said = (await objects())[0]?.prompts ?? [];
    expect(said.map((p) => p.prompt)).toEqual(words);
    await host.takeBack(cup, said[0]?.id as string);
    expect((await objects())[0]?.anchors).toEqual([]);
  } finally {
    await host.close();
  }
});

it('track in one job; an engine chosen in its middle counts at once for what is left', {
  timeout: 30_000,
}, async () => {
  const { host, roto } = await opened(12);
  try {
    const { object: cup } = await host.addObject('cup');
    const { object: glass } = await host.addObject('glass');
    for (const object of [cup, glass]) {
      await host.chooseEngine({ engine: 'slow' }, object);
      await host.giveMask(object, 1001, encodeMask(discMask(0)));
    }
    const { id } = await host.track({});
    const job = async () => (await host.jobs()).find((j) => j.id === id);
    await expect.poll(async () => (await job())?.done ?? 0, { interval: 10, timeout: 10_000 }).toBeGreaterThan(0);
    await host.chooseEngine({ engine: 'reader' }, glass);
    await expect.poll(async () => (await job())?.state, { timeout: 20_000 }).toBe('done');
    const engines = (object: string) => {
      const { id: of } = roto.project.object(object);
      return new Set(roto.project.trackedFrames(of).map((t) => roto.project.run(t.run)?.engine));
    };
    expect([[...engines('cup')], [...engines('glass')]]).toEqual([['slow'], ['reader']]);
    expect((await host.state()).objects.map((o) => o.stale)).toEqual([[], []]);
  } finally {
    await host.close();
  }
});
