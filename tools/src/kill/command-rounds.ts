import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, parse, resolve } from 'node:path';
import { decodeExr } from '@rotokit/formats';
import { openRoto } from 'rotokit';

const MAIN = resolve(import.meta.dirname, '../../../packages/rotokit/dist/command/main.js');

/** What one killed run of the command had reported, and what of it was not there afterwards. */
export interface CommandRound {
  /** Where the run was when it was killed: after how many reported frames of which phase. */
  readonly phase: 'tracking' | 'export';
  readonly reported: number;
  /** Frames that were reported done and are not there, or whose file does not read. Must be empty. */
  readonly lost: readonly string[];
}

interface FrameEvent {
  readonly event: string;
  readonly phase: string;
  readonly frame: number;
  readonly object?: string;
}

/**
 * Runs the main job of the command, kills it with SIGKILL `delay` milliseconds after `after` reported frames of a phase,
 * and looks whether everything it had reported is there. @returns undefined when the run ended before it could be killed.
 */
export async function killCommand(
  args: readonly string[],
  out: string,
  project: string,
  phase: CommandRound['phase'],
  after: number,
  delay = 0,
): Promise<CommandRound | undefined> {
  const events = await runAndKill(args, phase, after, delay);
  if (!events) return undefined;
  const told = events.filter((e) => e.event === 'frame');
  const lost: string[] = [];
  if (existsSync(project)) {
    const roto = await openRoto(project, { access: 'read' });
    try {
      for (const e of told.filter((t) => t.phase === 'tracking')) {
        if (!(await roto.object(e.object as string).maskOn(e.frame))) lost.push(`mask ${e.object} ${e.frame}`);
      }
    } finally {
      await roto.close();
    }
  } else if (told.length) lost.push('the project');
  for (const e of told.filter((t) => t.phase === 'export')) {
    const path = join(out, 'exr', `${parse(project).name}_matte.${String(e.frame).padStart(4, '0')}.exr`);
    if (!existsSync(path)) lost.push(`file ${e.frame}`);
    else decodeExr(readFileSync(path));
  }
  return { phase, reported: told.filter((t) => t.phase === phase).length, lost };
}

function runAndKill(
  args: readonly string[],
  phase: string,
  after: number,
  delay: number,
): Promise<readonly FrameEvent[] | undefined> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [MAIN, ...args, '--json'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let [text, aimed, ended] = ['', false, false];
    const events = () =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as FrameEvent);
    child.stderr.on('data', (d: Buffer) => {
      text += d.toString();
      if (aimed || events().filter((e) => e.event === 'frame' && e.phase === phase).length < after) return;
      aimed = true;
      setTimeout(() => ended || child.kill('SIGKILL'), delay);
    });
    child.on('exit', () => {
      ended = true;
    });
    child.on('error', failed);
    child.on('close', (_, signal) => done(signal === 'SIGKILL' ? events() : undefined));
  });
}
