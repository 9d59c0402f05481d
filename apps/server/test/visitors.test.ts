/** Who may come in from other machines: TLS, a token for each user, links for looking only. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStudio } from '@rotokit/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyClip } from '../../../packages/rotokit/test/support/tiny-clip.js';
import { visitorFile } from '../src/http/visitor-file.js';
import { Visitors } from '../src/http/visitors.js';
import { Client } from './support/client.js';
import { madeUp, operationsOf, randomOf } from './support/fuzz.js';
import { standInPage, TestStudio } from './support/studio.js';

const folder = mkdtempSync(join(tmpdir(), 'rotokit-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A certificate of our own for some names. */
function certificate(name: string, names: string): { cert: string; key: string } {
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  const subject = ['-subj', '/CN=rotokit test', '-addext', `subjectAltName=${names}`];
  const out = ['-keyout', files.key, '-out', files.cert];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      ...subject,
      ...out,
    ],
    { stdio: 'ignore' },
  );
  return files;
}

describe('--host with TLS', () => {
  const page = join(folder, 'page');
  const common = { folders: [folder], page, config: join(folder, 'config') };
  beforeAll(() => standInPage(page));

  it('refuses other addresses than the loopback one without a certificate, with one for another name, and with a foreign key', async () => {
    const own = certificate('own', 'DNS:studio.example,IP:127.0.0.1');
    const other = certificate('other', 'DNS:other.example');
    const refused = (host: string, tls?: { cert: string; key: string }) =>
      startStudio({ ...common, host, ...(tls ? { tls } : {}) }).then(
        (s) => s.close().then(() => 'served'),
        (e: Error) => e.message,
      );
    expect(await refused('0.0.0.0')).toMatch(/needs TLS: give --tls-cert and --tls-key/);
    expect(await refused('192.0.2.7')).toMatch(/needs TLS/);
    expect(await refused('192.0.2.7', own)).toMatch(/is not for 192\.0\.2\.7; it is for studio\.example, 127\.0\.0\.1/);
    expect(await refused('0.0.0.0', { cert: own.cert, key: other.key })).toMatch(/is not the key of the certificate/);
    expect(await refused('0.0.0.0', { cert: own.key, key: own.key })).toMatch(/is not a certificate in PEM/);
    expect(await refused('0.0.0.0', { cert: own.cert, key: own.cert })).toMatch(/is not a private key/);
  });

  it('serves by the names of its certificate only, with cookies that are bound to the host and never sent without TLS', async () => {
    const tls = certificate('served', 'DNS:localhost,IP:127.0.0.1');
    const studio = await startStudio({ ...common, host: '0.0.0.0', tls, users: ['anna', 'ben'] });
    try {
      expect(studio.url).toMatch(/^https:\/\/localhost:\d+\/\?token=/);
      const trust = { ca: await readFile(tls.cert), servername: 'localhost' };
      const [anna, ben] = studio.users.map((u) => new Client(u.url as string, trust)) as [Client, Client];
      expect(anna.token).not.toBe(ben.token);
      const entered = await anna.ask(`/?token=${anna.token}`, { headers: { cookie: null, origin: null } });
      const cookie = /^__Host-rotokit-\d+=[\w-]{32}; Path=\/; Secure; HttpOnly; SameSite=Strict$/;
      expect(entered.headers['set-cookie']?.[0]).toMatch(cookie);
      expect((await ben.ask('/api/session')).json().visitor).toEqual({ name: 'ben', access: 'edit' });
      const { port } = new URL(studio.url);
      const asked = async (headers: Record<string, string>) => (await anna.ask('/api/session', { headers })).status;
      expect(await asked({ host: `evil.example:${port}` })).toBe(403);
      expect(await asked({ host: `127.0.0.1:${port}`, origin: `https://127.0.0.1:${port}` })).toBe(200);
      expect(await asked({ origin: `http://localhost:${port}` })).toBe(403);
      await expect(new Client(studio.url.replace('https', 'http')).ask('/api/session')).rejects.toThrow();
    } finally {
      await studio.close();
    }
  });

  it('addresses of users outlive the server by the digest of their token, until their day, until they are renewed, taken back or no longer named', async () => {
    const tls = certificate('kept', 'DNS:localhost,IP:127.0.0.1');
    const config = join(folder, 'kept');
    const trust = { ca: await readFile(tls.cert), servername: 'localhost' };
    const options = { ...common, config, host: '0.0.0.0', tls };
    const first = await startStudio({ ...options, users: ['anna', 'ben'] });
    const { port } = new URL(first.url);
    const again = (more: object) => startStudio({ ...options, port: Number(port), ...more });
    const [anna, ben] = first.users.map((u) => new Client(u.url as string, trust)) as [Client, Client];
    const kim = new Client((await anna.ask('/api/links', { method: 'POST', json: { name: 'kim' } })).json().url, trust);
    const of = (c: Client) => c.ask('/api/session').then((a) => a.status);
    await first.close();
    const files = readdirSync(config).filter((n) => n.startsWith('visitors-'));
    expect([files.length, statSync(join(config, files[0] as string)).mode & 0o777]).toEqual([1, 0o600]);
    const text = readFileSync(join(config, files[0] as string), 'utf8');
    for (const c of [anna, ben, kim]) expect(text).not.toContain(c.token);

    const second = await again({ users: ['anna', 'ben'] });
    expect(second.users.map((u) => [u.name, u.url])).toEqual([
      ['anna', undefined],
      ['ben', undefined],
    ]);
    expect(await Promise.all([anna, ben, kim].map(of))).toEqual([200, 200, 200]);
    const list = (await anna.ask('/api/links')).json() as { id: string; name: string; until: number }[];
    expect(Math.round((list[0]!.until - Date.now()) / 86_400_000)).toBe(30);
    const id = (name: string) => list.find((l) => l.name === name)?.id;
    const take = (name: string) => anna.ask(`/api/links/${id(name)}`, { method: 'DELETE' }).then((a) => a.status);
    expect([await take('anna'), await take('kim')]).toEqual([404, 204]);
    await second.close();

    const third = await again({ users: ['anna', 'ben'], renew: ['ben'] });
    const renewed = new Client(third.users[1]?.url as string, trust);
    expect(await Promise.all([anna, ben, renewed, kim].map(of))).toEqual([200, 403, 200, 403]);
    await third.close();

    const fourth = await again({ users: ['anna'] });
    expect(await Promise.all([anna, renewed].map(of))).toEqual([200, 403]);
    await fourth.close();
    await expect(again({ users: ['anna'], renew: ['zoe'] })).rejects.toThrow(/zoe is to be renewed/);
  });

  it('end on their day, with what is open by them', async () => {
    let now = 1_000_000;
    const file = visitorFile(join(folder, 'ended'), folder);
    const visitors = await Visitors.open({ file, milliseconds: 500 }, () => now);
    const { visitor, token } = await visitors.invite('anna', 'edit');
    expect(visitors.admit(token)?.name).toBe('anna');
    now += 500;
    expect([visitors.admit(token), visitor.gone.aborted]).toEqual([undefined, true]);
    visitors.close();
    const later = await Visitors.open({ file, milliseconds: 500 }, () => now);
    expect(later.list()).toEqual([]);
    later.close();
  });

  it('rotokit serve takes each user and folder by an option of its own, and what stands behind them as the clip', async () => {
    const clip = await writeTinyClip(folder, 2);
    const main = join(import.meta.dirname, '../../../packages/rotokit/dist/command/main.js');
    const args = ['serve', '--json', '--folder', folder, '--user', 'anna', '--user', 'ben'];
    const project = join(folder, 'served.roto');
    const env = { ...process.env, ROTOKIT_CONFIG: join(folder, 'served'), ROTOKIT_CACHE: join(folder, 'cache') };
    const child = spawn(process.execPath, [main, ...args, '-p', project, clip], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = new Promise((done) => child.once('exit', done));
    try {
      const told = await new Promise<string>((done) => child.stdout.once('data', (d: Buffer) => done(d.toString())));
      const { users } = JSON.parse(told) as { users: { name: string; url: string }[] };
      expect(users.map((u) => u.name)).toEqual(['anna', 'ben']);
      const session = (await new Client(users[1]?.url as string).ask('/api/session')).json();
      expect([session.visitor.name, session.projects[0].path]).toEqual(['ben', project]);
    } finally {
      child.kill('SIGINT');
      await ended;
    }
  });

  it('names users in words only', async () => {
    for (const name of ['', 'a\nGET /', '../x', 'x'.repeat(41)])
      await expect(startStudio({ ...common, users: [name] })).rejects.toThrow(/a visitor's name is/);
  });
});

describe('links for looking only', () => {
  const at: { studio: TestStudio; project: string; object: string } = {} as never;
  beforeAll(async () => {
    at.studio = await TestStudio.start({ tiny: 4 });
    at.project = (await at.studio.project()).id;
    const made = await at.studio.ask(`/api/projects/${at.project}/objects`, { method: 'POST', json: { name: 'disc' } });
    at.object = made.json().object;
  });
  afterAll(() => at.studio?.stop());

  const link = async (name = 'kim') =>
    (await at.studio.ask('/api/links', { method: 'POST', json: { name } })).json() as { id: string; url: string };

  it('show open projects, frames and events, and no folders, presets or links', async () => {
    const kim = new Client((await link()).url);
    const session = (await kim.ask('/api/session')).json();
    expect(session).toMatchObject({ visitor: { name: 'kim', access: 'view' }, folders: [], recent: [] });
    expect((await kim.ask(`/api/projects/${at.project}`)).json().objects[0].name).toBe('disc');
    expect((await kim.ask(`/api/projects/${at.project}/frames/1001/raw`)).status).toBe(200);
    const stop = new AbortController();
    const headers = { cookie: kim.cookie };
    const events = await fetch(`${kim.origin}/api/projects/${at.project}/events`, { headers, signal: stop.signal });
    expect(events.status).toBe(200);
    stop.abort();
    for (const path of [
      '/api/links',
      '/api/presets',
      '/api/batch',
      '/api/models',
      '/api/resources',
      '/api/files?folder=.',
    ])
      expect([(await kim.ask(path)).status, (await kim.ask(path)).json().code], path).toEqual([403, 'READ_ONLY']);
  });

  it('change nothing by any route of the description, whatever is sent', async () => {
    const kim = new Client((await link()).url);
    const before = (await at.studio.ask(`/api/projects/${at.project}`)).body.toString();
    const all = operationsOf((await at.studio.ask('/api/openapi.json')).json());
    const changing = all.filter((o) => o.method !== 'GET');
    expect(changing.length).toBeGreaterThan(20);
    const known = { project: at.project, object: at.object, frame: '1001', direction: 'undo', kind: 'export' };
    const random = randomOf(3);
    for (const operation of changing) {
      for (let n = 0; n < 3; n++) {
        const { method, path, body } = madeUp(operation, known, random);
        const answer = await kim.ask(path, {
          method,
          headers: { 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body }),
        });
        expect([answer.status, answer.json().code], `${method} ${path}`).toEqual([403, 'READ_ONLY']);
      }
    }
    expect((await at.studio.ask(`/api/projects/${at.project}`)).body.toString()).toBe(before);
  });

  it('are taken back at once, with what is open by them', async () => {
    const { id, url } = await link('sam');
    const sam = new Client(url);
    const headers = { cookie: sam.cookie };
    const events = await fetch(`${sam.origin}/api/projects/${at.project}/events`, { headers });
    const ended = (async () => {
      for await (const _ of events.body as unknown as AsyncIterable<Uint8Array>);
    })();
    expect((await at.studio.ask(`/api/links/${id}`, { method: 'DELETE' })).status).toBe(204);
    await ended;
    expect((await sam.ask('/api/session')).status).toBe(403);
    const own = (await at.studio.ask('/api/links')).json().find((l: { access: string }) => l.access === 'edit');
    expect((await at.studio.ask(`/api/links/${own.id}`, { method: 'DELETE' })).status).toBe(404);
  });

  it('tell their secret once, and never to the list or the log', async () => {
    const { url } = await link('lee');
    const lee = new Client(url);
    await lee.ask(`/${lee.token}`);
    await lee.ask(`/api/${encodeURIComponent(`\nGET /api/nothing?${lee.cookie}`)}`);
    await lee.ask(`/api/session?token=${lee.token}`);
    const list = (await at.studio.ask('/api/links')).body.toString();
    const log = at.studio.log.join('\n');
    for (const text of [list, log]) expect(text).not.toContain(lee.token);
    expect(log).toMatch(/^lee GET \/\*\*\* 40[34] [\d.]+ ms$/m);
    expect(log).not.toMatch(/^GET \/api\/nothing/m);
    expect(log).not.toContain(at.studio.token);
  });
});
