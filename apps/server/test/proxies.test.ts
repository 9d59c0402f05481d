/** Pictures for playing: made in the background, kept on disk, found again. */
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProxySource } from '@rotokit/media';
import { type Studio, type StudioOptions, startStudio } from '@rotokit/server';
import { Proxies } from '@rotokit/server/api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyClip } from '../../../packages/rotokit/test/support/tiny-clip.js';
import { Calm } from '../src/pictures/calm.js';
import { clipIdentity } from '../src/pictures/clip-identity.js';
import { type MakerParts, ProxyMaker } from '../src/pictures/proxy-maker.js';
import { clipShelf, ProxyShelf } from '../src/pictures/proxy-shelf.js';
import { Client } from './support/client.js';
import { standInPage } from './support/studio.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotokit-proxies-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A maker over a clip without pictures: each "JPEG" is the frame's number. Frames in `broken` cannot be read. */
async function makerOf(name: string, frames: number, more: Partial<MakerParts> & { broken?: readonly number[] } = {}) {
  const { broken = [], ...parts } = more;
  const asked: number[] = [];
  const jpeg = async (index: number) => {
    asked.push(index);
    if (broken.includes(index)) throw new Error('it cannot be read');
    await delay(1);
    return Buffer.from(`picture ${index}`);
  };
  const source = { info: { frames }, jpeg } as unknown as ProxySource;
  const shelf = clipShelf(join(folder, name), 1e6);
  const made: number[] = [];
  const all = { source, shelf, made: (i: number) => made.push(i), full: async () => undefined, ...parts };
  return { maker: await ProxyMaker.over(all), asked, made, shelf };
}

/** A shelf that takes everything and has nothing. */
const NOWHERE = {
  key: String,
  store: { holds: async (keys: readonly string[]) => keys.map(() => false), put: async () => {} },
} as unknown as MakerParts['shelf'];

describe('the maker of pictures for playing', () => {
  it('makes all of them in order, and nothing a second time', async () => {
    const { maker, asked, shelf } = await makerOf('order', 6);
    expect(await maker.run()).toBeUndefined();
    expect(asked).toEqual([0, 1, 2, 3, 4, 5]);
    expect(Buffer.from((await shelf.store.get(shelf.key(3))) as Uint8Array).toString()).toBe('picture 3');
    const again = await makerOf('order', 6);
    expect(await again.maker.run()).toBeUndefined();
    expect(again.asked).toEqual([]);
  });

  it('goes where the user is, on to the end, then to what is left', async () => {
    const { maker, asked } = await makerOf('aim', 400, { shelf: NOWHERE });
    maker.aim(390);
    maker.skip(395);
    await maker.run();
    expect(asked.slice(0, 11)).toEqual([390, 391, 392, 393, 394, 396, 397, 398, 399, 0, 1]);
    expect(asked).toHaveLength(399);
  });

  it('does not jump to what it reaches soon, nor to what is there, nor again at once', async () => {
    const { maker, asked } = await makerOf('jumps', 1000, {
      shelf: NOWHERE,
      made(index) {
        if (index === 3) maker.aim(200); // soon
        if (index === 5) maker.aim(800);
        if (index === 802) maker.aim(400); // a moment later
      },
    });
    await maker.run();
    expect(asked.slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(asked.slice(6, 206)).toEqual(Array.from({ length: 200 }, (_, i) => 800 + i));
    expect(asked[206]).toBe(6);
  });

  it('steps aside after the frame under way, and goes on', async () => {
    const { maker, asked } = await makerOf('pause', 20, { made: (index) => index === 4 && maker.pause() });
    let ended = false;
    const run = maker.run().then(() => (ended = true));
    await delay(60);
    expect([asked.length, ended]).toEqual([5, false]);
    maker.resume();
    await run;
    expect(asked).toHaveLength(20);
  });

  it('passes over frames that cannot be read, and stops with the reason where there is no room', async () => {
    const broken = await makerOf('broken', 5, { broken: [2] });
    expect(await broken.maker.run()).toBeUndefined();
    expect(broken.made).toEqual([0, 1, 2, 3, 4]);
    expect(await broken.shelf.store.get(broken.shelf.key(2))).toBeUndefined();
    const { maker, asked } = await makerOf('full', 5, {
      full: async () => (asked.length === 3 ? 'no room' : undefined),
    });
    expect(await maker.run()).toBe('no room');
    expect(asked).toHaveLength(3);
  });

  it('fails where nothing can be written', async () => {
    await writeFile(join(folder, 'a-file'), '');
    const { maker } = await makerOf('a-file/below', 3);
    await expect(maker.run()).rejects.toThrow(/ENOTDIR|EEXIST/);
  });

  it('may share its folder with another one', async () => {
    const [a, b] = await Promise.all([makerOf('shared', 40), makerOf('shared', 40)]);
    await Promise.all([a.maker.run(), b.maker.run()]);
    for (let i = 0; i < 40; i++)
      expect(Buffer.from((await a.shelf.store.get(String(i))) ?? []).toString()).toBe(`picture ${i}`);
  });
});

describe('the shelf of all clips', () => {
  it('lets the clips used longest ago go, never one in use', async () => {
    const place = join(folder, 'shelf');
    const earlier = new ProxyShelf(place, 2500);
    const clips = [];
    for (const name of ['old', 'middle', 'new']) {
      const clip = await earlier.clip(name, 540);
      await clip.store.put('0', new Uint8Array(1000));
      clips.push(clip);
    }
    for (const [i, clip] of clips.entries()) await utimes(join(clip.folder, 'used'), 1000 + i, 1000 + i);
    const now = new ProxyShelf(place, 2500);
    const old = await now.clip('old', 540);
    await now.tidy();
    expect(await old.store.get('0')).toHaveLength(1000);
    expect(await (await now.clip('middle', 540)).store.get('0')).toBeUndefined();
    expect(await (await now.clip('new', 540)).store.get('0')).toHaveLength(1000);
    expect((await readdir(place)).every((n) => /^[0-9a-f]{32}$/.test(n))).toBe(true);
  });

  it('knows a clip by its place, its size and when it was written; a sequence by all of its pictures', async () => {
    const clip = join(folder, 'clip.mov');
    await writeFile(clip, 'one');
    const before = await clipIdentity(clip);
    expect(await clipIdentity(clip)).toBe(before);
    await utimes(clip, 5, 5);
    expect(await clipIdentity(clip)).not.toBe(before);
    for (const n of [1, 2]) await writeFile(join(folder, `s.000${n}.exr`), 'x');
    const pictures = await clipIdentity(join(folder, 's.####.exr'));
    await writeFile(join(folder, 's.0002.exr'), 'longer');
    expect(await clipIdentity(join(folder, 's.%04d.exr'))).not.toBe(pictures);
    await expect(clipIdentity(join(folder, 'none.mov'))).rejects.toThrow();
  });
});

describe('calm', () => {
  it('comes a moment after nobody needs the machine any more', async () => {
    const calm = new Calm();
    const heard: boolean[] = [];
    calm.listen((now) => heard.push(now));
    const [a, b] = [calm.hold(), calm.hold()];
    a();
    a(); // once is enough
    await delay(500);
    expect(calm.now).toBe(false);
    b();
    await expect.poll(() => calm.now).toBe(true);
    calm.hold();
    expect(heard).toEqual([true, false]);
    calm.close();
  });
});

describe('an open project', () => {
  const open: { studio: Studio; client: Client }[] = [];
  afterEach(async () => {
    for (const { studio } of open.splice(0)) await studio.close();
  });

  async function begin(options: Partial<StudioOptions>) {
    const page = join(folder, '.page');
    await standInPage(page);
    const studio = await startStudio({ folders: [folder], page, ...options });
    const client = new Client(studio.url);
    open.push({ studio, client });
    const { id } = (await client.ask('/api/session')).json().projects[0] as { id: string };
    const ask = async (path: string) => (await client.ask(`/api/projects/${id}${path}`)).body;
    const state = async () => Proxies.parse(JSON.parse((await ask('/proxies')).toString()));
    const complete = () => expect.poll(async () => (await state()).state, { timeout: 20_000 }).toBe('complete');
    return { studio, ask, state, complete };
  }
  const isJpeg = (bytes: Buffer) => bytes.length > 500 && bytes.readUInt16BE(0) === 0xffd8;

  it('has them made by itself, hands them out in packs, finds them again, and makes again what came to harm', async () => {
    const clip = await writeTinyClip(folder, 12);
    const config = join(folder, 'config');
    const first = await begin({ open: clip, config });
    await first.complete();
    expect((await first.state()).ready).toEqual([[1001, 1012]]);
    const one = await first.ask('/frames/1003/jpeg?height=540');
    expect(isJpeg(one)).toBe(true);
    const pack = await first.ask('/proxies/1003?count=16');
    expect(pack.readUInt32LE(0)).toBe(one.length);
    expect(pack.subarray(4, 4 + one.length).equals(one)).toBe(true);
    expect(pack.subarray(-24).equals(Buffer.alloc(24))).toBe(true); // six frames beyond the end
    await open.pop()?.studio.close();

    const shelf = join(config, 'cache', 'proxies');
    const place = join(shelf, (await readdir(shelf))[0] as string);
    const files = (await readdir(place)).filter((n) => n.length === 64);
    expect(files).toHaveLength(12);
    for (const file of files) await writeFile(join(place, file), (await readFile(join(place, file))).subarray(0, 100));
    const second = await begin({ open: clip, config });
    expect(await second.state()).toEqual({ ready: [[1001, 1012]], state: 'complete' });
    expect((await second.ask('/frames/1003/jpeg?height=540')).equals(one)).toBe(true);
  });

  it('goes on without them where they cannot be kept, and says why', async () => {
    const clip = await writeTinyClip(await mkdtemp(join(folder, 'clips-')), 3);
    await writeFile(join(folder, 'no-folder'), '');
    const where = { folders: [dirname(clip)], config: join(folder, 'config'), cache: join(folder, 'no-folder') };
    const { ask, state } = await begin({ open: clip, ...where });
    expect(await state()).toMatchObject({
      ready: [],
      state: 'stopped',
      note: expect.stringContaining('cannot be kept'),
    });
    expect(isJpeg(await ask('/frames/1002/jpeg'))).toBe(true);
  });
});
