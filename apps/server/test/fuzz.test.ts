/** Made-up requests: every answer is a result or a refusal with a code, nothing outside the project is touched, memory does not grow. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { madeUp, operationsOf, randomOf } from './support/fuzz.js';
import { TestStudio } from './support/studio.js';

/** ROTOKIT_FUZZ=5000 makes that many; docs/studio.md says what came of it. */
const REQUESTS = Number(process.env.ROTOKIT_FUZZ ?? 400);

/** Everything below a folder with sizes and times, except what the server may write. */
function listed(folder: string, except: RegExp): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => !except.test(name))
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    });
}

it(`answers ${REQUESTS} made-up requests without an error of its own`, { timeout: 600_000 }, async () => {
  const outside = await TestStudio.start();
  const studio = await TestStudio.start({ clip: true });
  try {
    const before = [listed(outside.folder, /^$/), listed(studio.folder, /\.roto|^\.page|^\.config/)];
    const { id } = await studio.project();
    const object = (await studio.ask(`/api/projects/${id}/objects`, { method: 'POST', json: {} })).json()
      .object as string;
    const known = {
      project: id,
      object,
      frame: '1010',
      prompt: 'p1',
      job: 'job1',
      direction: 'undo',
      v: 'run1.abc',
      colour: '56b4e9',
      height: '120',
      folder: studio.folder,
    };
    const operations = operationsOf((await studio.ask('/api/openapi.json')).json()).filter((o) => !isHeavy(o));
    const random = randomOf(7);
    const statuses = new Map<number, number>();
    let first = 0;
    for (let n = 0; n < REQUESTS; n++) {
      const { method, path, body } = madeUp(operations[n % operations.length]!, known, random);
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await studio.ask(path, { method, headers, ...(body === undefined ? {} : { body }) });
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const said = `${method} ${path} ${body}: ${answer.status} ${answer.body.toString().slice(0, 300)}`;
      expect(answer.status < 500 || answer.status === 503, said).toBe(true);
      if (answer.status >= 400) expect(answer.json().code, said).toMatch(/^[A-Z_]+$/);
      if (n === Math.floor(REQUESTS / 2)) first = process.memoryUsage().rss;
    }
    expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 20);
    expect(process.memoryUsage().rss - first).toBeLessThan(200e6);
    expect(listed(outside.folder, /^$/)).toEqual(before[0]);
    expect(listed(studio.folder, /\.roto|^\.page|^\.config/)).toEqual(before[1]);
    if (process.env.ROTOKIT_FUZZ) console.log(Object.fromEntries(statuses));
  } finally {
    await studio.stop();
    await outside.stop();
  }
});

/** Jobs write files on purpose, and closing would leave the rest of the requests without a project. */
const isHeavy = ({ method, path }: { method: string; path: string }) =>
  path.endsWith('/export') || path.endsWith('/track') || (method === 'DELETE' && path === '/projects/{project}');
