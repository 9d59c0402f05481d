import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = resolve(import.meta.dirname, '../dist/command/main.js');
const BYTES = 3_000_000;

/** A whole `.safetensors` file of one tensor of zeros. */
function weights(): Buffer {
  const header = JSON.stringify({ w: { dtype: 'U8', shape: [BYTES], data_offsets: [0, BYTES] } });
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([prefix, Buffer.from(header), Buffer.alloc(BYTES)]);
}

const FILE = weights();
let pace = Number.POSITIVE_INFINITY;
const server = createServer((request, response) => {
  if (request.url?.includes('/sam3/') && request.headers.authorization !== 'Bearer right') {
    response.writeHead(401).end();
    return;
  }
  const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
  const range = from ? { 'content-range': `bytes ${from}-${FILE.length - 1}/${FILE.length}` } : {};
  response.writeHead(from ? 206 : 200, { 'content-length': FILE.length - from, etag: '"one"', ...range });
  if (request.method === 'HEAD') response.end();
  else if (FILE.length - from <= pace) response.end(FILE.subarray(from));
  else response.write(FILE.subarray(from, from + pace));
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotokit-models-'));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs `rotokit models ...` as a user does; `onError` sees what it says as it comes. */
function models(
  args: readonly string[],
  env: Record<string, string> = {},
  onError?: (text: string, stop: () => void) => void,
) {
  const here = {
    PATH: process.env.PATH,
    ROTOKIT_MODELS: folder,
    ROTOKIT_HUB: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  const child = spawn(process.execPath, [MAIN, 'models', ...args], {
    env: { ...here, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (d: Buffer) => (stdout += d));
  child.stderr.on('data', (d: Buffer) => {
    stderr += d;
    onError?.(stderr, () => child.killed || child.kill('SIGINT'));
  });
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((done) => {
    child.on('close', (code) => done({ code, stdout, stderr }));
  });
}

const path = (model = 'sam2.1-tiny') => join(folder, model, 'model.safetensors');

describe('rotokit models', () => {
  it('lists every model with its terms and says what is here', async () => {
    const { code, stdout } = await models(['list', '--json']);
    expect(code).toBe(0);
    const listed = JSON.parse(stdout) as {
      folder: string;
      models: { name: string; licence: { gated: boolean }; installed: null }[];
    };
    expect(listed.folder).toBe(folder);
    expect(listed.models.map((m) => [m.name, m.licence.gated, m.installed])).toEqual([
      ['sam2.1-tiny', false, null],
      ['sam2.1-small', false, null],
      ['sam2.1-base-plus', false, null],
      ['sam2.1-large', false, null],
      ['edgetam', false, null],
      ['sam3', true, null],
    ]);
    expect((await models(['list'])).stdout).toMatch(/sam2\.1-tiny +- .*Apache-2\.0/);
  });

  it('pulls from a mirror, verifies, notices damage, and removes', async () => {
    const pulled = await models(['pull', 'sam2.1-tiny', '--json']);
    expect(pulled.code).toBe(0);
    const events = pulled.stderr
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l));
    expect(events.at(-1)).toMatchObject({ event: 'pull', model: 'sam2.1-tiny', kind: 'done', bytes: FILE.length });
    expect(JSON.parse(pulled.stdout)).toMatchObject([
      { name: 'sam2.1-tiny', files: [{ path: path(), trust: 'first-seen' }] },
    ]);
    expect((await readFile(path())).equals(FILE)).toBe(true);
    expect((await models(['list'])).stdout).toMatch(/sam2\.1-tiny +here, 3\.0 MB/);
    expect(await models(['verify'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sound +sam2\.1-tiny/) });
    const damaged = await readFile(path());
    damaged[1_000_000]! ^= 1;
    await writeFile(path(), damaged);
    const verdict = await models(['verify', 'sam2.1-tiny']);
    expect(verdict).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^damaged.*\n.*models remove sam2\.1-tiny/),
    });
    expect(await models(['remove', 'sam2.1-tiny'])).toMatchObject({ code: 0, stdout: 'sam2.1-tiny: 3.0 MB freed\n' });
    expect((await models(['verify', 'sam2.1-tiny'])).stdout).toMatch(/^absent/);
  });

  it('takes a model from a folder', async () => {
    const from = await mkdtemp(join(folder, 'stick-'));
    await writeFile(join(from, 'edgetam.safetensors'), FILE);
    const pulled = await models(['pull', 'edgetam', '--from', from], { ROTOKIT_HUB: 'http://127.0.0.1:9' });
    expect(pulled).toMatchObject({ code: 0, stdout: expect.stringContaining(path('edgetam')) });
    const missing = await models(['pull', 'sam2.1-small', '--from', from, '--json']);
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.stderr)).toMatchObject({ event: 'error', code: 'MODEL_NOT_IN_FOLDER' });
  });

  it('asks for the licence and the token of a gated model', async () => {
    const licence = await models(['pull', 'sam3']);
    expect(licence).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^MODEL_LICENCE: .*SAM License.*\n.*--accept-licence/),
    });
    const token = await models(['pull', 'sam3', '--accept-licence']);
    expect(token).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/MODEL_FORBIDDEN: .*no token.*\n.*HF_TOKEN/),
    });
    expect(await models(['pull', 'sam3', '--accept-licence'], { HF_TOKEN: 'right' })).toMatchObject({ code: 0 });
  });

  it('can be cancelled, and goes on where it stopped', async () => {
    pace = 1_200_000;
    const cancelled = await models(['pull', 'sam2.1-large', '--json'], {}, (text, stop) => {
      if (/"bytes":1\d{6}/.test(text)) stop();
    });
    expect(cancelled.code).toBe(130);
    expect(await readdir(join(folder, 'sam2.1-large'))).toEqual([
      'model.safetensors.part',
      'model.safetensors.part.json',
    ]);
    pace = Number.POSITIVE_INFINITY;
    const done = await models(['pull', 'sam2.1-large', '--json']);
    expect(done.code).toBe(0);
    expect(done.stderr).toMatch(/"resumed":1\d{6}/);
  });

  it('tells wrong usage from refusals', async () => {
    expect((await models(['pull'])).code).toBe(2);
    expect((await models(['dance'])).code).toBe(2);
    expect(await models(['pull', 'sam9'])).toMatchObject({ code: 1, stderr: expect.stringContaining('MODEL_UNKNOWN') });
    expect((await models(['list'], { ROTOKIT_HUB: 'nonsense' })).code).toBe(2);
  });
});
