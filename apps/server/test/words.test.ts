/** Words for an object: taken where its engine takes them, and the state says so before anybody types. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptedEngine } from '@rotokit/core/fakes';
import { maskFromPlane } from '@rotokit/core/values';
import { type EngineCandidate, openRoto } from 'rotokit';
import { afterAll, expect, it } from 'vitest';
import { writeTinyClip } from '../../../packages/rotokit/test/support/tiny-clip.js';
import { JobBook } from '../src/host/job-book.js';
import { ProjectHost } from '../src/host/project-host.js';

const folder = mkdtempSync(join(tmpdir(), 'rotokit-words-'));
afterAll(() => rmSync(folder, { recursive: true }));

const reader = scriptedEngine({
  name: 'reader',
  words: (text, s) => maskFromPlane(s, new Uint16Array(s.width * s.height).fill(text === 'nothing' ? 0 : 65535)),
});
const own: EngineCandidate = {
  name: 'reader',
  accepts: [...reader.accepts],
  merit: 'it reads',
  assess: async () => ({ kind: 'ready', open: () => reader }),
};

it('are said where the engine of the object takes them, listed, and taken back; refused for an object whose engine takes none', async () => {
  const project = join(folder, 'plate.roto');
  const roto = await openRoto(await writeTinyClip(folder, 3), { project, own: [own], engine: 'embedded' });
  const request = { id: '0123456789ab', path: project, project, folders: [folder] };
  const host = new ProjectHost(roto, await JobBook.open(project), request, () => {});
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
