import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
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
 * Runs the main job of the command, kills it with SIGKILL after `after` reported frames of a phase, and looks whether
 * everything it had reported is there. @returns undefined when the run ended before it could be killed.
 */
export async function killCommand(
  args: readonly string[],
  out: string,
  project: string,
  phase: CommandRound['phase'],
  after: number,
): Promise<CommandRound | undefined> {
  const events = await runAndKill(args, phase, after);
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
    const path = join(out, 'exr', `plate_matte.${String(e.frame).padStart(4, '0')}.exr`);
    if (!existsSync(path)) lost.push(`file ${e.frame}`);
    else decodeExr(readFileSync(path));
  }
  return { phase, reported: told.filter((t) => t.phase === phase).length, lost };
}

function runAndKill(args: readonly string[], phase: string, after: number): Promise<readonly FrameEvent[] | undefined> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [MAIN, ...args, '--json'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let [text, killed] = ['', false];
    const events = () =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as FrameEvent);
    child.stderr.on('data', (d: Buffer) => {
      text += d.toString();
      if (killed || events().filter((e) => e.event === 'frame' && e.phase === phase).length < after) return;
      killed = true;
      child.kill('SIGKILL');
    });
    child.on('error', failed);
    child.on('close', () => done(killed ? events() : undefined));
  });
}
