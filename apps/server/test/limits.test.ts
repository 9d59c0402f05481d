/** How much one client can take of the server: time, connections, uploads. */
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { TestStudio } from './support/studio.js';

/** Sends raw bytes and gives everything that comes back until the server hangs up. */
function said(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let all = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (d: Buffer) => {
      all += d.toString();
    });
    socket.on('close', () => resolve(all));
    socket.on('error', reject);
  });
}

it('gives up a request that takes too long, and goes on', async () => {
  const hasty = await TestStudio.start({ limits: { milliseconds: 150, headerMilliseconds: 400 } });
  try {
    const port = Number(new URL(hasty.origin).port);
    const head = `POST /api/projects HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${hasty.cookie}\r\nOrigin: ${hasty.origin}\r\n`;
    const told = await said(port, `${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"path":`);
    expect(told).toMatch(/^HTTP\/1\.1 503 /);
    expect(told).toContain('TIME_OUT');
    expect((await hasty.ask('/api/session')).status).toBe(200);
  } finally {
    await hasty.stop();
  }
});

it('hangs up on whoever sends headers slowly, and takes a bounded number of connections', async () => {
  const strict = await TestStudio.start({ limits: { headerMilliseconds: 200, connections: 4 } });
  try {
    const port = Number(new URL(strict.origin).port);
    expect(await said(port, 'GET / HTTP/1.1\r\nHost: ')).toMatch(/^HTTP\/1\.1 408 /);
    const held = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    await Promise.all(held.map((s) => new Promise((open) => s.once('connect', open))));
    await expect(strict.ask('/api/session')).rejects.toThrow(/ECONNRESET|hang up/);
    for (const s of held) s.destroy();
    const status = () =>
      strict.ask('/api/session').then(
        (a) => a.status,
        () => 0,
      );
    await expect.poll(status).toBe(200);
  } finally {
    await strict.stop();
  }
});

it('takes uploads up to their own limit, and only where a file is expected', async () => {
  const small = await TestStudio.start({ tiny: 2, limits: { uploadBytes: 3e6 } });
  try {
    const { id } = await small.project();
    const { object } = (await small.ask(`/api/projects/${id}/objects`, { method: 'POST', json: {} })).json();
    const put = (path: string, bytes: number) =>
      small
        .ask(`/api/projects/${id}${path}`, {
          method: 'PUT',
          body: Buffer.alloc(bytes),
          headers: { 'content-type': 'application/octet-stream', 'content-length': String(bytes) },
        })
        .then(
          (a) => a.status,
          (e: NodeJS.ErrnoException) => e.code,
        );
    expect(await put(`/objects/${object}/anchors/1001`, 2e6)).toBe(422);
    expect([413, 'ECONNRESET', 'EPIPE']).toContain(await put(`/objects/${object}/anchors/1001`, 4e6));
    expect([413, 'ECONNRESET', 'EPIPE']).toContain(await put('/history', 2e6));
    expect((await small.ask(`/api/projects/${id}`)).json().objects[0].anchors).toEqual([]);
  } finally {
    await small.stop();
  }
});
