/** One test for each line of what keeps others out. Requests enter through the socket, as an attacker's would. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStudio } from '@rotokit/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStudio } from './support/studio.js';

const at: { studio: TestStudio } = {} as never;
beforeAll(async () => {
  at.studio = await TestStudio.start({ clip: true });
});
afterAll(() => at.studio?.stop());

describe('who gets in', () => {
  it('listens on the loopback address, and refuses any other with a reason', async () => {
    expect(at.studio.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await expect(startStudio({ folders: [at.studio.folder], host: '0.0.0.0' })).rejects.toThrow(
      /needs TLS: give --tls-cert/,
    );
    await expect(startStudio({ folders: [at.studio.folder], host: 'studio.example' })).rejects.toThrow(RangeError);
  });

  it('turns the token of the address into a same-site cookie that no script can read, and takes it out of the address', async () => {
    const answer = await at.studio.ask(`/?token=${at.studio.token}`, {
      headers: { cookie: null, origin: null, 'sec-fetch-site': 'none' },
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^rotokit-\d+=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await at.studio.ask('/')).body.toString()).toBe('index.html');
  });

  it('refuses everything without the cookie: page, script, API, events, description', async () => {
    const { id } = await at.studio.project();
    const paths = ['/', '/studio.js', '/api/session', '/api/openapi.json', `/api/projects/${id}/events`, '/nothing'];
    for (const path of paths) {
      expect((await at.studio.ask(path, { headers: { cookie: null } })).status, path).toBe(403);
      const wrong = at.studio.cookie.slice(0, -1) + (at.studio.cookie.endsWith('x') ? 'y' : 'x');
      expect((await at.studio.ask(path, { headers: { cookie: wrong } })).status, path).toBe(403);
    }
    for (const token of ['', 'x', `${at.studio.token}x`, at.studio.token.toUpperCase()])
      expect((await at.studio.ask(`/?token=${token}`, { headers: { cookie: null } })).status).toBe(403);
  });

  it('takes the token in the address of the page only, not in those of the API', async () => {
    const answer = await at.studio.ask(`/api/session?token=${at.studio.token}`, { headers: { cookie: null } });
    expect(answer.status).toBe(403);
  });

  it('refuses names that resolve to this machine but are not its own (DNS rebinding)', async () => {
    const { port } = new URL(at.studio.origin);
    for (const host of [`evil.example:${port}`, '127.0.0.1', `127.0.0.1.evil.example:${port}`, 'localhost:1'])
      expect((await at.studio.ask('/api/session', { headers: { host } })).status, host).toBe(403);
    const own = { host: `localhost:${port}`, origin: `http://localhost:${port}` };
    expect((await at.studio.ask('/api/session', { headers: own })).status).toBe(200);
  });

  it('refuses other sites: a foreign or opaque Origin, a cross-site fetch, a change that does not say where it comes from', async () => {
    const { id } = await at.studio.project();
    for (const origin of [
      'http://evil.example',
      'null',
      at.studio.origin.replace('http', 'https'),
      `${at.studio.origin}.evil.example`,
    ])
      expect((await at.studio.ask('/api/session', { headers: { origin } })).status, origin).toBe(403);
    for (const site of ['cross-site', 'same-site']) {
      const headers = { origin: null, 'sec-fetch-site': site };
      expect((await at.studio.ask('/api/session', { headers })).status, site).toBe(403);
      expect((await at.studio.ask(`/api/projects/${id}/frames/1001/raw`, { headers })).status, site).toBe(403);
    }
    const silent = { origin: null, 'sec-fetch-site': null };
    const answer = await at.studio.ask(`/api/projects/${id}/objects`, { method: 'POST', json: {}, headers: silent });
    expect(answer.status).toBe(403);
    expect((await at.studio.ask(`/api/projects/${id}`)).json().objects).toEqual([]);
  });

  it('takes JSON only as JSON, so that no form of another page can be a request', async () => {
    const { id } = await at.studio.project();
    const headers = { 'content-type': 'text/plain' };
    const answer = await at.studio.ask(`/api/projects/${id}/objects`, { method: 'POST', body: '{}', headers });
    expect(answer.status).toBe(400);
  });
});

describe('what the page may do', () => {
  it('says a strict policy on every answer, refusals included: own files only, nothing inline, no frames', async () => {
    const answers = [
      await at.studio.ask('/'),
      await at.studio.ask('/nothing'),
      await at.studio.ask('/', { headers: { cookie: null } }),
    ];
    for (const { headers } of answers) {
      const policy = String(headers['content-security-policy']);
      expect(policy).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|http:|data:/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('serves the files of the page by name and nothing else of the disk', async () => {
    for (const path of [
      '/../package.json',
      '/..%2fpackage.json',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/fox.roto',
      '//etc/passwd',
      '/.page/index.html',
    ])
      expect((await at.studio.ask(path)).status, path).toBe(404);
  });
});

describe('which files are touched', () => {
  const outside = { folder: '' };
  beforeAll(async () => {
    outside.folder = await mkdtemp(join(tmpdir(), 'rotokit-outside-'));
    await writeFile(join(outside.folder, 'secret.mp4'), 'secret');
    await symlink(outside.folder, join(at.studio.folder, 'link'));
    await symlink(join(outside.folder, 'secret.mp4'), join(at.studio.folder, 'link.mp4'));
    await symlink(join(outside.folder, 'not-yet'), join(at.studio.folder, 'dangling'));
    await mkdir(`${at.studio.folder}-sibling`, { recursive: true });
  });
  afterAll(async () => {
    await rm(outside.folder, { recursive: true, force: true });
    await rm(`${at.studio.folder}-sibling`, { recursive: true, force: true });
  });

  const ways = () => [
    outside.folder,
    '/etc',
    '/',
    '..',
    'a/../..',
    'link',
    'link/secret.mp4',
    'link.mp4',
    `${at.studio.folder}/../${outside.folder.split('/').at(-1)}`,
    `${at.studio.folder}-sibling`,
    `${at.studio.folder}\0/../..`,
    'file:///etc',
    '\\\\server\\share',
  ];

  it('lists and opens nothing outside the opened folders: absolute, climbing, linked, with a zero, a sibling of the same beginning', async () => {
    for (const path of ways()) {
      const listed = await at.studio.ask(`/api/files?folder=${encodeURIComponent(path)}`);
      const opened = await at.studio.ask('/api/projects', { method: 'POST', json: { path } });
      expect([listed.status, opened.status], path).toEqual([404, 404]);
      expect(listed.json().code).toBe('PATH_REFUSED');
      expect(opened.body.toString()).not.toContain('secret');
    }
  });

  it('does not tell files that exist outside from those that do not', async () => {
    const told = async (path: string) =>
      (await at.studio.ask('/api/projects', { method: 'POST', json: { path } })).body.toString();
    expect(await told('/etc/passwd')).toBe(await told('/etc/there-is-no-such-file'));
  });

  it('does not list links', async () => {
    const listed = (await at.studio.ask(`/api/files?folder=${encodeURIComponent(at.studio.folder)}`)).json();
    expect(listed.entries.map((e: { name: string }) => e.name)).toEqual(['fox.mp4', 'fox.roto']);
    expect(listed.parent).toBeUndefined();
  });

  it('exports nowhere outside, not through a link and not through one to a place that is not there yet', async () => {
    const { id } = await at.studio.project();
    for (const folder of [...ways(), 'dangling', 'dangling/deeper']) {
      const answer = await at.studio.ask(`/api/projects/${id}/export`, {
        method: 'POST',
        json: { formats: ['png'], folder },
      });
      if (folder.startsWith('file:') || folder.startsWith('\\')) continue; // plain names of folders here, which are allowed
      expect(answer.status, folder).toBe(404);
    }
    expect(await readdir(outside.folder)).toEqual(['secret.mp4']);
    expect(existsSync(join(outside.folder, 'not-yet'))).toBe(false);
  });
});

describe('how much is done for one client', () => {
  it('refuses a body over the limit, whether it says its length or not', async () => {
    const { id } = await at.studio.project();
    const body = JSON.stringify({ name: 'x'.repeat(2e6) });
    const headers = { 'content-type': 'application/json' };
    const path = `/api/projects/${id}/objects`;
    const refused = async (more: Record<string, string>) => {
      // The server hangs up on whoever goes on sending; what it said first may be lost with the connection.
      const send = at.studio.ask(path, { method: 'POST', body, headers: { ...headers, ...more } });
      return send.then(
        (a) => a.status,
        (e: NodeJS.ErrnoException) => e.code,
      );
    };
    expect([413, 'ECONNRESET', 'EPIPE']).toContain(await refused({ 'content-length': String(body.length) }));
    expect([413, 'ECONNRESET', 'EPIPE']).toContain(await refused({ 'transfer-encoding': 'chunked' }));
    expect((await at.studio.ask(`/api/projects/${id}`)).json().objects).toEqual([]);
  });

  it('answers a bounded number of requests and event streams at a time, and goes on afterwards', async () => {
    const small = await TestStudio.start({ clip: true, limits: { requests: 2, streams: 1 } });
    try {
      const { id } = await small.project();
      const frames = Array.from({ length: 12 }, (_, i) => small.ask(`/api/projects/${id}/frames/${1001 + 6 * i}/raw`));
      const statuses = (await Promise.all(frames)).map((a) => a.status);
      expect(new Set(statuses)).toEqual(new Set([200, 503]));
      expect((await small.ask('/api/session')).status).toBe(200);
      const stop = new AbortController();
      const headers = { cookie: small.cookie };
      const first = await fetch(`${small.origin}/api/projects/${id}/events`, { headers, signal: stop.signal });
      expect(first.status).toBe(200);
      expect((await small.ask(`/api/projects/${id}/events`)).status).toBe(503);
      stop.abort();
      await expect
        .poll(async () => {
          const again = new AbortController();
          const { status } = await fetch(`${small.origin}/api/projects/${id}/events`, {
            headers,
            signal: again.signal,
          });
          again.abort();
          return status;
        })
        .toBe(200);
    } finally {
      await small.stop();
    }
  });

  it('refuses a frame, an object and a version that no project has, without a trace of a stack', async () => {
    const { id } = await at.studio.project();
    const project = `/api/projects/${id}`;
    const paths = [
      '/frames/999999/raw',
      '/frames/1e3/raw',
      '/frames/-1/jpeg',
      '/masks/o1/1001?v=x',
      '/masks/..%2f..%2f/1001?v=anchor/x',
    ];
    for (const path of paths) {
      const answer = await at.studio.ask(project + path);
      expect([400, 404], path).toContain(answer.status);
      expect(answer.body.toString()).not.toMatch(/node_modules|\.js:\d+|\\n\s+at /);
    }
  });
});

describe('what is written down', () => {
  it('logs each request without token, cookie or query', async () => {
    await at.studio.ask(`/?token=${at.studio.token}`, { headers: { cookie: null } });
    await at.studio.ask('/api/files?folder=secret-folder');
    expect(at.studio.log.length).toBeGreaterThan(10);
    const all = at.studio.log.join('\n');
    expect(all).toMatch(/^owner GET \/api\/files 404 [\d.]+ ms$/m);
    expect(all).not.toContain(at.studio.token);
    expect(all).not.toContain('secret-folder');
  });
});
