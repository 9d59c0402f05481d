import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { benchForEach, CARD, hubOn, pulled, refusalOf, WEIGHTS } from './support/bench.js';
import { answers, dropsAfter, ignoresRanges, wellBehaved } from './support/hub-server.js';
import { fakeWeights, sha256 } from './support/weights.js';

const bench = benchForEach();
const FINAL = () => join(bench.folder, 'little', 'model.safetensors');
const names = () => readdir(join(bench.folder, 'little')).catch(() => []);

it('brings a file, verifies what the source announces, pins it, and leaves nothing beside it', async () => {
  const hub = hubOn(bench);
  expect(await hub.find('little')).toBeUndefined();
  const events = await pulled(hub, 'little');
  expect(events.at(-1)).toEqual({ kind: 'done', file: 'model.safetensors', bytes: WEIGHTS.length });
  expect((await readFile(FINAL())).equals(WEIGHTS)).toBe(true);
  expect(await names()).toEqual(['model.safetensors']);
  expect((await hub.find('little'))?.files).toEqual([
    { name: 'model.safetensors', path: FINAL(), bytes: WEIGHTS.length, sha256: sha256(WEIGHTS), trust: 'announced' },
  ]);
  const pins = JSON.parse(await readFile(join(bench.folder, 'models.lock.json'), 'utf8'));
  expect(pins.pins['little/model.safetensors']).toMatchObject({ sha256: sha256(WEIGHTS), commit: 'c'.repeat(40) });
});

it('does nothing where the model is here already, not even over the network', async () => {
  await pulled(hubOn(bench), 'little');
  const before = bench.server.seen.length;
  expect(await pulled(hubOn(bench), 'little')).toEqual([
    { kind: 'have', file: 'model.safetensors', bytes: WEIGHTS.length },
  ]);
  expect(bench.server.seen).toHaveLength(before);
});

it('goes on where the connection was dropped, again and again', async () => {
  bench.server.next.push(...Array.from({ length: 6 }, () => dropsAfter(400_000)));
  const events = await pulled(hubOn(bench, { attempts: 2 }), 'little');
  // Node drops what it has read and not handed over when a connection breaks; what came to us is not asked for again.
  const { asked } = bench.server;
  expect([asked[0], asked.length]).toEqual([0, 7]);
  const steps = asked.slice(1).map((at, i) => at - asked[i]!);
  expect(Math.min(...steps)).toBeGreaterThan(0);
  expect(Math.max(...steps)).toBeLessThanOrEqual(400_000);
  expect(events.filter((e) => e.kind === 'retry')).toHaveLength(6);
  expect((await readFile(FINAL())).equals(WEIGHTS)).toBe(true);
});

it('goes on with what an interrupted pull had left, after leaving the loop', async () => {
  for await (const event of hubOn(bench).pull('little'))
    if (event.kind === 'progress' && event.bytes > 1_000_000) break;
  const left = (await stat(`${FINAL()}.part`)).size;
  expect(left).toBeGreaterThan(1_000_000);
  expect((await names()).sort()).toEqual(['model.safetensors.part', 'model.safetensors.part.json']);
  expect(await hubOn(bench).find('little')).toBeUndefined();
  const events = await pulled(hubOn(bench), 'little');
  expect(bench.server.asked.at(-1)).toBe(left);
  expect(events.find((e) => e.kind === 'progress')).toMatchObject({
    bytes: left,
    resumed: left,
    total: WEIGHTS.length,
  });
  expect((await readFile(FINAL())).equals(WEIGHTS)).toBe(true);
});

it('begins anew where the file behind the name is another one than before', async () => {
  for await (const event of hubOn(bench).pull('little')) if (event.kind === 'progress' && event.bytes > 1e6) break;
  const changed = fakeWeights(2_500_000, 9);
  bench.server.publish(CARD.repository, 'model.safetensors', changed);
  await pulled(hubOn(bench), 'little');
  expect(bench.server.asked).toEqual([0, 0]);
  expect((await readFile(FINAL())).equals(changed)).toBe(true);
});

it('begins anew, once, where what was left is damaged', async () => {
  for await (const event of hubOn(bench).pull('little')) if (event.kind === 'progress' && event.bytes > 1e6) break;
  const part = await readFile(`${FINAL()}.part`);
  part[500_000]! ^= 1;
  await writeFile(`${FINAL()}.part`, part);
  const events = await pulled(hubOn(bench), 'little');
  expect(bench.server.asked).toEqual([0, part.length, 0]);
  expect(events.filter((e) => e.kind === 'retry')).toHaveLength(1);
  expect((await readFile(FINAL())).equals(WEIGHTS)).toBe(true);
});

it('begins anew where the source refuses or ignores ranges', async () => {
  bench.server.next.push(dropsAfter(100_000), ignoresRanges);
  await pulled(hubOn(bench), 'little');
  expect((await readFile(FINAL())).equals(WEIGHTS)).toBe(true);
  await hubOn(bench).remove('little');
  bench.server.next.push(dropsAfter(100_000), answers(416), ignoresRanges);
  await pulled(hubOn(bench), 'little');
  expect((await readFile(FINAL())).equals(WEIGHTS)).toBe(true);
});

it('does not take another range than the one asked for', async () => {
  bench.server.next.push(dropsAfter(100_000), (bytes, _request, response) => {
    const range = `bytes 50000-${bytes.length - 1}/${bytes.length}`;
    response
      .writeHead(206, { 'content-range': range, 'content-length': bytes.length - 50_000 })
      .end(bytes.subarray(50_000));
  });
  await pulled(hubOn(bench), 'little');
  expect((await readFile(FINAL())).equals(WEIGHTS)).toBe(true);
});

it('is not taken in by a length that is too small or too large', async () => {
  bench.server.next.push((bytes, _request, response) => {
    response.writeHead(200, { 'content-length': 1000 }).end(bytes.subarray(0, 1000));
  });
  await pulled(hubOn(bench), 'little');
  expect((await readFile(FINAL())).equals(WEIGHTS)).toBe(true);
  await hubOn(bench).remove('little');
  bench.server.next.push((bytes, _request, response) => {
    response.writeHead(200, { 'content-length': bytes.length + 1000 });
    response.write(bytes);
  });
  await pulled(hubOn(bench, { patience: 300 }), 'little');
  expect((await readFile(FINAL())).equals(WEIGHTS)).toBe(true);
});

it('gives up on a source that always stops at the same place, says where, and keeps what came', async () => {
  bench.server.usual = (bytes, request, response) =>
    request.headers.range ? answers(503)(bytes, request, response) : dropsAfter(700_000)(bytes, request, response);
  const refusal = await refusalOf(pulled(hubOn(bench, { attempts: 3 }), 'little'));
  expect(refusal).toMatchObject({ code: 'MODEL_UNREACHABLE', message: expect.stringContaining('HTTP 503') });
  expect(refusal.message).toContain(new URL(bench.server.url).host);
  const { size } = await stat(`${FINAL()}.part`);
  expect([size > 400_000, size <= 700_000]).toEqual([true, true]);
});

it('counts a silent connection as lost', async () => {
  bench.server.next.push((bytes, _request, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, 1_500_000));
  });
  await pulled(hubOn(bench, { patience: 150 }), 'little');
  expect(bench.server.asked).toEqual([0, 1_500_000]);
  expect((await readFile(FINAL())).equals(WEIGHTS)).toBe(true);
});

it('deletes corrupted bytes and never gives them the final name', async () => {
  bench.server.usual = (bytes, request, response) => {
    const wrong = Buffer.from(bytes);
    wrong[2_000_000]! ^= 4;
    wellBehaved(wrong, request, response);
  };
  const refusal = await refusalOf(pulled(hubOn(bench), 'little'));
  expect(refusal).toMatchObject({ code: 'MODEL_CORRUPT', message: expect.stringContaining(sha256(WEIGHTS)) });
  expect(await names()).toEqual([]);
});

it('takes a file of unknown digest on first sight, and then holds the source to it', async () => {
  bench.server.announces = undefined;
  const hub = hubOn(bench);
  await pulled(hub, 'little');
  expect((await hub.find('little'))?.files[0]?.trust).toBe('first-seen');
  await hub.remove('little');
  bench.server.publish(CARD.repository, 'model.safetensors', fakeWeights(WEIGHTS.length - 72, 5));
  expect(await refusalOf(pulled(hub, 'little'))).toMatchObject({ code: 'MODEL_CORRUPT' });
  bench.server.publish(CARD.repository, 'model.safetensors', WEIGHTS);
  await pulled(hub, 'little');
  expect((await readFile(FINAL())).equals(WEIGHTS)).toBe(true);
});

it('refuses a replaced file before downloading it, and tells how to trust the new one', async () => {
  await pulled(hubOn(bench), 'little');
  await hubOn(bench).remove('little');
  bench.server.publish(CARD.repository, 'model.safetensors', fakeWeights(1_000_000, 3));
  const gets = bench.server.asked.length;
  const refusal = await refusalOf(pulled(hubOn(bench), 'little'));
  expect(refusal).toMatchObject({ code: 'MODEL_CORRUPT', message: expect.stringContaining('pinned') });
  expect(refusal.fix).toContain('models.lock.json');
  expect(bench.server.asked).toHaveLength(gets);
});

it('holds the source to a digest that was known in advance', async () => {
  const known = (digest: string) => [{ ...CARD, files: [{ name: 'model.safetensors', sha256: digest }] }];
  const refusal = await refusalOf(pulled(hubOn(bench, { cards: known('a'.repeat(64)) }), 'little'));
  expect(refusal).toMatchObject({ code: 'MODEL_CORRUPT', message: expect.stringContaining('a'.repeat(64)) });
  expect(bench.server.asked).toEqual([]);
  const hub = hubOn(bench, { cards: known(sha256(WEIGHTS)) });
  await pulled(hub, 'little');
  expect((await hub.find('little'))?.files[0]?.trust).toBe('known');
});

it('does not take a page of text for weights, where no digest tells', async () => {
  bench.server.announces = undefined;
  bench.server.publish(CARD.repository, 'model.safetensors', Buffer.from('<html>please log in</html>'.repeat(50)));
  expect(await refusalOf(pulled(hubOn(bench), 'little'))).toMatchObject({ code: 'MODEL_CORRUPT' });
  bench.server.publish(CARD.repository, 'model.safetensors', WEIGHTS.subarray(0, 2_000_000));
  const cut = await refusalOf(pulled(hubOn(bench), 'little'));
  expect(cut.message).toContain(`describes ${WEIGHTS.length} bytes, it has 2000000`);
  expect(await names()).toEqual([]);
});

it('waits for a source that is busy, and says at once what is not there', async () => {
  bench.server.next.push(answers(503), answers(429));
  await pulled(hubOn(bench), 'little');
  const cards = [{ ...CARD, repository: 'nobody/nothing' }];
  const refusal = await refusalOf(pulled(hubOn(bench, { cards, folder: join(bench.folder, 'other') }), 'little'));
  expect(refusal).toMatchObject({ code: 'MODEL_UNREACHABLE', message: expect.stringContaining('404') });
});

it('says that nobody answers', async () => {
  const refusal = await refusalOf(pulled(hubOn(bench, { base: 'http://127.0.0.1:9', attempts: 2 }), 'little'));
  expect(refusal).toMatchObject({ code: 'MODEL_UNREACHABLE', message: expect.stringContaining('ECONNREFUSED') });
});

it('ends with the reason of its signal and keeps what came', async () => {
  const stop = new AbortController();
  const reason = new Error('enough');
  const work = (async () => {
    for await (const e of hubOn(bench).pull('little', { signal: stop.signal }))
      if (e.kind === 'progress' && e.bytes > 1_000_000) stop.abort(reason);
  })();
  await expect(work).rejects.toBe(reason);
  expect((await stat(`${FINAL()}.part`)).size).toBeGreaterThan(1_000_000);
  expect(await names()).not.toContain('model.safetensors.pulling');
});

it('adopts a file under its final name when only the pins were lost', async () => {
  await pulled(hubOn(bench), 'little');
  await rm(join(bench.folder, 'models.lock.json'));
  expect(await hubOn(bench).find('little')).toBeUndefined();
  await pulled(hubOn(bench), 'little');
  expect(bench.server.asked).toEqual([0]);
  expect((await readFile(FINAL())).equals(WEIGHTS)).toBe(true);
});

it('refuses pins that cannot be read rather than trusting anew', async () => {
  await writeFile(join(bench.folder, 'models.lock.json'), '{"version":1,"pins":{"little/model.safetensors":{}}}');
  expect(await refusalOf(pulled(hubOn(bench), 'little'))).toMatchObject({ code: 'MODEL_PINS_UNREADABLE' });
});

it('tells sound, damaged and absent files apart, and removes', async () => {
  const hub = hubOn(bench);
  expect(await hub.verify('little')).toEqual([{ kind: 'absent', name: 'model.safetensors' }]);
  await pulled(hub, 'little');
  expect(await hub.verify('little')).toMatchObject([{ kind: 'sound', file: { sha256: sha256(WEIGHTS) } }]);
  const bytes = await readFile(FINAL());
  bytes[77_777]! ^= 1;
  await writeFile(FINAL(), bytes);
  expect(await hub.verify('little')).toMatchObject([
    { kind: 'damaged', expected: sha256(WEIGHTS), found: sha256(bytes) },
  ]);
  await truncate(FINAL(), 1000);
  expect(await hub.verify('little')).toMatchObject([{ kind: 'damaged', found: '1000 bytes' }]);
  expect(await hub.find('little')).toBeUndefined();
  expect(await hub.remove('little')).toBe(1000);
  expect(await hub.remove('little')).toBe(0);
  expect(await names()).toEqual([]);
});

it('names the models there are when asked for another', async () => {
  expect(await refusalOf(hubOn(bench).find('sam9'))).toMatchObject({
    code: 'MODEL_UNKNOWN',
    fix: expect.stringContaining('little'),
  });
});
