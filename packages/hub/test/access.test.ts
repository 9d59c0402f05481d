import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { dirname, join } from 'node:path';
import { openHub } from '@rotokit/hub';
import { afterEach, expect, it } from 'vitest';
import { follow } from '../src/http/follow.js';
import { proxyFor } from '../src/http/proxy.js';
import { benchForEach, hubOn, pulled, refusalOf, WEIGHTS } from './support/bench.js';
import { HubServer, wellBehaved } from './support/hub-server.js';
import { fakeWeights } from './support/weights.js';

const bench = benchForEach();
const FINAL = (name = 'little') => join(bench.folder, name, 'model.safetensors');
const isWhole = async (name?: string) => (await readFile(FINAL(name))).equals(WEIGHTS);

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanUps.splice(0).reverse()) await clean();
});

const listen = async (server: Server) => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  cleanUps.push(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return (server.address() as AddressInfo).port;
};

it('follows redirects to where the bytes are, and does not take the token there', async () => {
  const store = await HubServer.start();
  cleanUps.push(() => store.stop());
  store.publish('somebody/little', 'model.safetensors', WEIGHTS);
  bench.server.redirect = store.url;
  await pulled(hubOn(bench, { token: 'secret' }), 'little');
  expect(await isWhole()).toBe(true);
  expect(new Set(bench.server.seen.map((s) => s.authorization))).toEqual(new Set(['Bearer secret']));
  expect(new Set(store.seen.map((s) => s.authorization))).toEqual(new Set([undefined]));
  expect((await hubOn(bench).find('little'))?.files[0]?.trust).toBe('announced');
});

it('does not follow redirects for ever, nor to other kinds of addresses', async () => {
  bench.server.redirect = bench.server.url;
  bench.server.announces = undefined;
  const loop = await refusalOf(pulled(hubOn(bench, { attempts: 1 }), 'little'));
  expect(loop).toMatchObject({ code: 'MODEL_UNREACHABLE', message: expect.stringContaining('more than 8 times') });
  bench.server.redirect = 'file:///etc/passwd?';
  const file = await refusalOf(pulled(hubOn(bench, { attempts: 1 }), 'little'));
  expect(file.message).toContain('is not followed');
});

it('asks for the licence of a gated model first, then for a token, and says how to get one', async () => {
  bench.server.token = 'granted';
  const licence = await refusalOf(pulled(hubOn(bench, { token: 'granted' }), 'guarded'));
  expect(licence).toMatchObject({ code: 'MODEL_LICENCE', message: expect.stringContaining('Strict License') });
  expect(licence.fix).toContain('--accept-licence');
  expect(bench.server.seen).toEqual([]);
  const accepted = { acceptLicence: true };
  const none = await refusalOf(pulled(hubOn(bench), 'guarded', accepted));
  expect(none).toMatchObject({ code: 'MODEL_FORBIDDEN', message: expect.stringContaining('no token is set') });
  expect(none.fix).toMatch(/huggingface\.co\/settings\/tokens.*HF_TOKEN/);
  const wrong = await refusalOf(pulled(hubOn(bench, { token: 'other' }), 'guarded', accepted));
  expect(wrong.message).toContain('has not been granted access');
  await pulled(hubOn(bench, { token: 'granted' }), 'guarded', accepted);
  expect(await isWhole('guarded')).toBe(true);
  expect(await pulled(hubOn(bench), 'guarded')).toMatchObject([{ kind: 'have' }]);
});

it('says so when a mirror demands a token for an open model', async () => {
  bench.server.token = 'granted';
  const refusal = await refusalOf(pulled(hubOn(bench), 'little'));
  expect(refusal).toMatchObject({ code: 'MODEL_FORBIDDEN', fix: expect.stringContaining('ROTOKIT_HUB') });
});

it.each([
  ['by the name of the model', 'little/model.safetensors'],
  ['by the repository', 'somebody/little/model.safetensors'],
  ['as one file', 'little.safetensors'],
  ['under its own name', 'model.safetensors'],
])('takes a model from a folder %s, without the network', async (_, name) => {
  const from = join(bench.folder, 'usb stick');
  await mkdir(dirname(join(from, name)), { recursive: true });
  await writeFile(join(from, name), WEIGHTS);
  const events = await pulled(hubOn(bench), 'little', { from });
  expect(events.at(-1)?.kind).toBe('done');
  expect(await isWhole()).toBe(true);
  expect(bench.server.seen).toEqual([]);
  expect((await hubOn(bench).find('little'))?.files[0]?.trust).toBe('first-seen');
});

it('says which names it looked for in a folder, and refuses what is no model or not the pinned one', async () => {
  const from = join(bench.folder, 'other');
  await mkdir(from);
  const missing = await refusalOf(pulled(hubOn(bench), 'little', { from }));
  expect(missing).toMatchObject({ code: 'MODEL_NOT_IN_FOLDER', fix: expect.stringContaining('little.safetensors') });
  await writeFile(join(from, 'little.safetensors'), 'hello, this is not a model');
  expect(await refusalOf(pulled(hubOn(bench), 'little', { from }))).toMatchObject({ code: 'MODEL_CORRUPT' });
  await pulled(hubOn(bench), 'little');
  await hubOn(bench).remove('little');
  await writeFile(join(from, 'little.safetensors'), fakeWeights(1000));
  expect(await refusalOf(pulled(hubOn(bench), 'little', { from }))).toMatchObject({ code: 'MODEL_CORRUPT' });
  expect(await readdir(join(bench.folder, 'little')).catch(() => [])).toEqual([]);
});

it('says so when the folder of models cannot be written', async () => {
  await writeFile(join(bench.folder, 'little'), 'a file where a folder should be');
  expect(await refusalOf(pulled(hubOn(bench), 'little'))).toMatchObject({
    code: 'WRITE_FAILED',
    message: expect.stringContaining('little'),
  });
});

it('goes through a proxy, with its name and password, except for hosts that are excepted', async () => {
  const through: string[] = [];
  const proxy = createServer((request, response) => {
    through.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
    wellBehaved(WEIGHTS, request, response);
  });
  const http = `http://me:pass@127.0.0.1:${await listen(proxy)}`;
  const base = 'http://hub.invalid';
  await pulled(openHub({ folder: bench.folder, base, cards: hubOn(bench).cards, proxy: { http } }), 'little');
  const words = `Basic ${Buffer.from('me:pass').toString('base64')}`;
  const url = `${base}/somebody/little/resolve/main/model.safetensors`;
  expect(through).toEqual([`HEAD ${url} ${words}`, `GET ${url} ${words}`]);
  expect(await isWhole()).toBe(true);
  await hubOn(bench).remove('little');
  await pulled(hubOn(bench, { proxy: { http, except: 'example.org, 127.0.0.1' } }), 'little');
  expect(through).toHaveLength(2);
});

const hasOpenSsl = !spawnSync('openssl', ['version']).error;

it.skipIf(!hasOpenSsl)(`tunnels https through a proxy${hasOpenSsl ? '' : ' [needs openssl]'}`, async () => {
  const [key, cert] = [join(bench.folder, 'key.pem'), join(bench.folder, 'cert.pem')];
  const subject = ['-subj', '/CN=hub.test', '-addext', 'subjectAltName=DNS:hub.test'];
  spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject]);
  const pair = { key: await readFile(key), cert: await readFile(cert) };
  const secure = createSecureServer(pair, (request, response) => wellBehaved(WEIGHTS, request, response));
  const port = await listen(secure as unknown as Server);
  const targets: (string | undefined)[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    targets.push(request.url);
    if (request.url !== 'hub.test:443') {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const tunnel = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      tunnel.pipe(socket).pipe(tunnel);
    });
    tunnel.on('close', () => socket.destroy());
    socket.on('close', () => tunnel.destroy());
    for (const side of [tunnel, socket]) side.on('error', () => side.destroy());
  });
  const https = `http://127.0.0.1:${await listen(proxy)}`;
  const settings = { proxy: { https }, patience: 2000, ca: pair.cert.toString() };
  const ask = (host: string) => ({
    ...{ method: 'GET' as const, url: new URL(`https://${host}/x`), headers: {}, signal: new AbortController().signal },
  });
  const reply = await follow(ask('hub.test'), settings);
  const parts: Buffer[] = [];
  for await (const part of reply.body) parts.push(part as Buffer);
  expect(Buffer.concat(parts).equals(WEIGHTS)).toBe(true);
  await expect(follow(ask('other.test'), settings)).rejects.toThrow(/proxy .* refused with HTTP 403/);
  await expect(follow(ask('hub.test'), { proxy: { https }, patience: 2000 })).rejects.toThrow(/self-signed/);
  expect(targets).toEqual(['hub.test:443', 'other.test:443', 'hub.test:443']);
});

it('reads the usual proxy settings', () => {
  const at = (url: string, except = '') =>
    proxyFor(new URL(url), { http: 'proxy:3128', https: 'http://secure:1', except })?.host;
  expect(at('http://a.org/')).toBe('proxy:3128');
  expect(at('https://a.org/')).toBe('secure:1');
  expect(at('https://a.org/', 'b.org,.a.org')).toBeUndefined();
  expect(at('https://x.a.org/', '*.a.org')).toBeUndefined();
  expect(at('https://aa.org/', 'a.org')).toBe('secure:1');
  expect(at('https://a.org:8443/', 'a.org:443')).toBe('secure:1');
  expect(at('https://a.org/', '*')).toBeUndefined();
  expect(() => proxyFor(new URL('https://a.org'), { https: 'socks5://x' })).toThrow(RangeError);
});

it('refuses an address of the hub that is none', () => {
  expect(() => openHub({ folder: bench.folder, base: 'ftp://x' })).toThrow(RangeError);
});
