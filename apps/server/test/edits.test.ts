/** What the page says of an object, beyond a click: prompts that move, masks that are given, places in the history. */
import { deflateSync } from 'node:zlib';
import { decodeMask, encodeMask, maskArea, maskIou } from '@rotokit/core/values';
import { encodePng } from '@rotokit/formats';
import { type Edited, ProjectState } from '@rotokit/server/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discCentre, discMask, TINY } from '../../../packages/rotokit/test/support/tiny-clip.js';
import { TestStudio } from './support/studio.js';

const at: { studio: TestStudio; project: string; object: string } = {} as never;
beforeAll(async () => {
  at.studio = await TestStudio.start({ tiny: 6 });
  at.project = `/api/projects/${(await at.studio.project()).id}`;
  const made = await at.studio.ask(`${at.project}/objects`, { method: 'POST', json: { name: 'disc' } });
  at.object = made.json().object;
});
afterAll(() => at.studio?.stop());

const state = async () => ProjectState.parse((await at.studio.ask(at.project)).json());
const disc = async () => (await state()).objects[0] as ProjectState['objects'][number];
const point = (t: number, dx = 0) => ({
  kind: 'point',
  at: [discCentre(t).x + dx, discCentre(t).y],
  positive: true,
});
const prompts = () => `${at.project}/objects/${at.object}/prompts`;
const maskOn = async (frame: number, version: string) =>
  decodeMask(
    (await at.studio.ask(`${at.project}/masks/${at.object}/${frame}?v=${encodeURIComponent(version)}`)).body,
    TINY,
  );
const give = (frame: number, type: string, body: Buffer) =>
  at.studio.ask(`${at.project}/objects/${at.object}/anchors/${frame}`, {
    method: 'PUT',
    body,
    headers: { 'content-type': type },
  });

describe('prompts', () => {
  it('are moved in one step: the engine answers to the new place, and one undo puts it back', async () => {
    const first = (
      await at.studio.ask(prompts(), { method: 'POST', json: { frame: 1001, prompts: [point(0)] } })
    ).json() as Edited;
    const [kept] = (await disc()).prompts;
    const moved = await at.studio.ask(`${prompts()}/${kept?.id}`, { method: 'PUT', json: { prompt: point(0, 6) } });
    expect(moved.status).toBe(200);
    const now = await disc();
    expect(now.prompts).toHaveLength(1);
    expect(now.prompts[0]?.prompt).toEqual(point(0, 6));
    expect(now.masks[0]?.[2]).not.toBe(first.mask);
    expect(maskIou(await maskOn(1001, (moved.json() as Edited).mask as string), discMask(0))).toBeGreaterThan(0.6);
    await at.studio.ask(`${at.project}/history/undo`, { method: 'POST', json: {} });
    expect((await disc()).prompts[0]?.prompt).toEqual(point(0));
    expect((await at.studio.ask(`${prompts()}/p999`, { method: 'PUT', json: { prompt: point(0) } })).status).toBe(422);
  });

  it('of words are refused by an engine that takes none, with what it takes', async () => {
    const said = { frame: 1001, prompts: [{ kind: 'text', text: 'the red disc' }] };
    const answer = await at.studio.ask(prompts(), { method: 'POST', json: said });
    expect([answer.status, answer.json().code]).toEqual([422, 'ENGINE_PROMPT_UNSUPPORTED']);
  });
});

describe('a mask that is given', () => {
  it('is the anchor of its frame bit for bit, coded or as PNG', async () => {
    const coded = await give(1003, 'application/octet-stream', Buffer.from(encodeMask(discMask(2))));
    expect(coded.status).toBe(200);
    expect(maskIou(await maskOn(1003, coded.json().mask), discMask(2))).toBe(1);
    const samples = new Uint8Array(TINY.width * TINY.height);
    samples.fill(128, 1000, 1200);
    const png = Buffer.from(encodePng({ kind: 'pixels', ...TINY, channels: 1, samples } as never));
    const made = await give(1004, 'image/png', png);
    expect(made.status).toBe(200);
    const mask = await maskOn(1004, made.json().mask);
    expect(mask.values.some((v) => v === 128 * 257)).toBe(true);
    expect((await disc()).anchors).toEqual([1001, 1003, 1004]);
  });

  it('is refused where it is of another size, of another kind, damaged, or claims to be huge', async () => {
    const other = Buffer.from(
      encodePng({ kind: 'pixels', width: 8, height: 8, channels: 1, samples: new Uint8Array(64) } as never),
    );
    const answer = await give(1005, 'image/png', other);
    expect([answer.status, answer.json().code]).toEqual([422, 'MASK_UNREADABLE']);
    expect(answer.json().message).toContain('it is 8x8, the clip is 256x160');
    const huge = Buffer.from(other);
    huge.writeUInt32BE(65535, 16);
    huge.writeUInt32BE(65535, 20);
    for (const bytes of [huge, other.subarray(0, 20), deflateSync(other), Buffer.alloc(0), Buffer.from([1, 255, 255])])
      expect((await give(1005, 'image/png', bytes)).json().code).toBe('MASK_UNREADABLE');
    expect((await give(1005, 'text/plain', other)).status).toBe(400);
    expect((await disc()).anchors).not.toContain(1005);
    expect(maskArea(discMask(0))).toBeGreaterThan(0);
  });
});

describe('the history', () => {
  it('goes to any place in one request, and not beyond its ends', async () => {
    const { history } = await state();
    const go = (applied: number) => at.studio.ask(`${at.project}/history`, { method: 'PUT', json: { applied } });
    expect((await go(1)).status).toBe(200);
    expect((await disc()).anchors).toEqual([]);
    await go(1e6);
    expect((await state()).history).toEqual(history);
    await go(0);
    expect((await state()).objects).toEqual([]);
    await go(history.applied);
    expect((await disc()).anchors).toEqual([1001, 1003, 1004]);
  });
});
