import { describe, expect, it } from 'vitest';
import { CHECKS, runCheck } from '../src/doctor/checks.js';

describe('rotokit doctor', () => {
  it.each(CHECKS.map((c) => [c.name, c] as const))(
    'looks at %s, and says what to do where it does not pass',
    async (_, check) => {
      const { level, what, fix } = await runCheck(check);
      expect(level, what).not.toBe('fail');
      expect(what.length).toBeGreaterThan(5);
      expect(fix !== undefined).toBe(level === 'warn');
    },
  );

  it('has a line for everything that matters, each once', () => {
    const names = CHECKS.map((c) => c.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of [
      'hardware',
      'memory',
      'preset',
      'cache',
      'batches',
      'encoders',
      'embedded',
      'runtime',
      'neural',
      'models',
      'ports',
      'disk',
      'files',
    ])
      expect(names).toContain(name);
  });

  it('takes what a check throws as a failure with a fix, and goes on', async () => {
    const broken = { name: 'broken', run: () => Promise.reject(new Error('no such library')) };
    expect(await runCheck(broken)).toMatchObject({
      level: 'fail',
      what: 'no such library',
      fix: expect.stringContaining('npm ci'),
    });
  });
});
