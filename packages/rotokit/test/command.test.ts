import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { discCentre, rotokit, temporaryFolder, writeTinyClip } from './support/tiny-clip.js';

const folder = temporaryFolder();
let clip: string;
beforeAll(async () => {
  clip = await writeTinyClip(folder);
});

const at = (t: number) => `${discCentre(t).x.toFixed(1)},${discCentre(t).y.toFixed(1)}`;
const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l) as { event: string; frame?: number });

describe('the command', () => {
  it('does the main job in one line: events on standard error, the result on standard output, files on disk', async () => {
    const out = join(folder, 'main');
    const formats = 'exr,png,davis,prores,vp9,preview,contact';
    const { code, stdout, stderr } = await rotokit([
      'roto',
      clip,
      '--object',
      'hero',
      '--click',
      at(0),
      '--as',
      formats,
      '-o',
      out,
      '--json',
    ]);
    expect(stderr).not.toContain('"error"');
    expect(code).toBe(0);
    const made = JSON.parse(stdout) as { frames: number; tracked: number; files: Record<string, string[]> };
    expect(made).toMatchObject({ frames: 12, tracked: 11 });
    expect(Object.keys(made.files).sort()).toEqual(formats.split(',').sort());
    for (const paths of Object.values(made.files)) for (const p of paths) expect(statSync(p).size).toBeGreaterThan(0);
    expect(readdirSync(join(out, 'exr'))).toHaveLength(12);
    const events = lines(stderr);
    expect(events.filter((e) => e.event === 'frame')).toHaveLength(11 + 12);
    const again = await rotokit([
      'roto',
      clip,
      '--object',
      'hero',
      '--click',
      at(0),
      '--as',
      'exr',
      '-o',
      out,
      '--json',
    ]);
    expect(JSON.parse(again.stdout)).toMatchObject({ tracked: 0, frames: 12 });
  });

  it('builds a project step by step, corrects it, and undoes', async () => {
    const project = join(folder, 'steps.roto');
    expect((await rotokit(['new', clip, '-p', project])).code).toBe(0);
    expect((await rotokit(['new', clip, '-p', project])).stderr).toContain('PROJECT_EXISTS');
    expect((await rotokit(['prompt', project, '--object', 'hero', '--click', at(0)])).code).toBe(0);
    expect((await rotokit(['track', project, '--json'])).stdout).toContain('"tracked":11');
    expect((await rotokit(['prompt', project, '--object', 'hero', '--click', `${at(6)}@1007`])).code).toBe(0);
    expect((await rotokit(['track', project, '--json'])).stdout).toContain('"tracked":10');
    expect((await rotokit(['object', project])).stdout).toContain('anchors 1001 1007');
    expect((await rotokit(['history', project, '--undo'])).stdout).toContain('hero, frame 1007');
    expect((await rotokit(['object', project])).stdout).toContain('anchors 1001 ');
    expect((await rotokit(['review', project, '--json'])).stdout).toMatch(/^\[/);
    const stale = await rotokit(['export', project, '--as', 'exr', '-o', join(folder, 'steps')]);
    expect(stale.stderr).toContain('10 masks are missing or older than an edit');
    expect((await rotokit(['track', project, '--json'])).stdout).toContain('"tracked":10');
    const made = await rotokit(['export', project, '--as', 'exr', '-o', join(folder, 'steps')]);
    expect(made).toMatchObject({ code: 0 });
    expect(made.stderr).not.toContain('older than an edit');
    expect(readdirSync(join(folder, 'steps', 'exr'))).toHaveLength(12);
  });

  it('ends with 2 for wrong usage and 1 with a code and a fix for what the world refuses', async () => {
    const usage = await rotokit(['roto', clip, '--click', '1;2', '-o', join(folder, 'x')]);
    expect(usage).toMatchObject({ code: 2 });
    expect(usage.stderr).toContain('A click is X,Y');
    expect(await rotokit(['roto', clip, '-o', join(folder, 'x')])).toMatchObject({ code: 2 });
    expect(await rotokit(['nonsense'])).toMatchObject({ code: 2 });
    const missing = await rotokit(['info', join(folder, 'none.mov'), '--json']);
    expect(missing).toMatchObject({ code: 1 });
    expect(JSON.parse(missing.stderr)).toMatchObject({ event: 'error', code: 'MEDIA_NOT_FOUND' });
    const text = await rotokit(['roto', clip, '--text', 'a disc', '-o', join(folder, 'x')]);
    expect(text.stderr).toContain('ENGINE_UNAVAILABLE: the engine auto is not available: sam3: ');
    const words = await rotokit(['roto', clip, '--text', 'a disc', '--engine', 'embedded', '-o', join(folder, 'x')]);
    expect(words.stderr).toContain('ENGINE_PROMPT_UNSUPPORTED');
  });

  it('keeps finished frames when it is cancelled and ends with 130', async () => {
    const out = join(folder, 'cancelled');
    const args = ['roto', clip, '--click', at(0), '--as', 'exr', '-o', out, '--json'];
    let told = 0;
    const ended = await rotokit(args, (line, kill) => {
      if (line.includes('"tracking"') && line.includes('"frame"') && ++told === 3) kill('SIGINT');
    });
    expect(ended.code).toBe(130);
    const rest = JSON.parse((await rotokit(args)).stdout) as { tracked: number };
    expect(rest.tracked).toBeLessThanOrEqual(11 - told);
  });

  it('has an example in the help of every command and completions for three shells', async () => {
    const { stdout } = await rotokit(['--help']);
    const names = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map((m) => m[1] as string).filter((n) => n !== 'help');
    expect(names).toEqual(
      expect.arrayContaining([
        'roto',
        'info',
        'new',
        'object',
        'prompt',
        'track',
        'review',
        'export',
        'history',
        'eval',
        'bench',
        'demo',
        'doctor',
      ]),
    );
    for (const name of names)
      expect((await rotokit([name, '--help'])).stdout, name).toMatch(/Examples?:\n {2}(eval "\$\()?rotokit /);
    for (const shell of ['bash', 'zsh', 'fish'])
      expect((await rotokit(['completion', shell])).stdout).toContain('roto');
  });
});
