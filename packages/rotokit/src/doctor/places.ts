import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bytesText } from '@rotokit/core/resources';
import { reasonOf } from '@rotokit/core/values';
import { modelFolder } from '../models/home.js';
import { type Check, type Finding, pass, warn } from './finding.js';
import { inFolder } from './parts.js';

async function projectFile(): Promise<Finding> {
  const [{ clipRecord }, { createRoto }] = await Promise.all([
    import('@rotokit/core/project'),
    import('@rotokit/store'),
  ]);
  return inFolder(async (folder) => {
    const clip = {
      path: 'probe.mov',
      size: { width: 8, height: 8 },
      frames: 1,
      rate: { num: 24, den: 1 },
      first: 1001,
    };
    const store = await createRoto(join(folder, 'probe.roto'), [clipRecord(clip)]);
    await store.close();
    return pass('project files can be made');
  });
}

async function files(): Promise<Finding> {
  const wanted = { 'the current folder': process.cwd(), 'temporary files': tmpdir(), models: modelFolder(process.env) };
  const closed: string[] = [];
  for (const [what, folder] of Object.entries(wanted)) {
    const refusal = await whyNotWritable(folder);
    if (refusal) closed.push(`${what}: ${refusal}`);
  }
  return closed.length
    ? warn(
        closed.join('; '),
        'Work in a folder of your own; set TMPDIR and ROTOKIT_MODELS to folders that can be written.',
      )
    : pass('the current folder, temporary files and models can be written');
}

/** Why a folder cannot be written; one that is not there yet is made when it is needed, so the one above it counts. */
async function whyNotWritable(folder: string): Promise<string | undefined> {
  try {
    await access(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    const above = dirname(folder);
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return absent && above !== folder ? whyNotWritable(above) : reasonOf(error);
  }
}

async function disk(): Promise<Finding> {
  const free = async (folder: string) => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  };
  const [here, temporary] = [await free(process.cwd()), await free(tmpdir())];
  const what = `${bytesText(here)} free in ${process.cwd()}, ${bytesText(temporary)} in ${tmpdir()}`;
  return Math.min(here, temporary) < 1e9
    ? warn(what, 'Make room: 100 frames of 4K EXR mattes take about 100 MB.')
    : pass(what);
}

async function ports(): Promise<Finding> {
  const server = createServer();
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return pass('the studio can listen on 127.0.0.1');
  } catch (error) {
    return warn(
      `no port can be opened on 127.0.0.1: ${reasonOf(error)}`,
      'The command and the library work; `rotokit serve` does not.',
    );
  } finally {
    server.close();
  }
}

function verifier(program: string, packageName: string): Check {
  return {
    name: program,
    async run() {
      const there = !spawnSync(program, ['-h'], { stdio: 'ignore' }).error;
      return there
        ? pass(`${program} (optional, for tests and comparisons)`)
        : warn(
            `${program} is not installed (optional)`,
            `apt-get install ${packageName}, to run every test and comparison.`,
          );
    },
  };
}

/** Disk, folders, ports, and programs of other people. */
export const PLACE_CHECKS: readonly Check[] = [
  { name: 'project', run: projectFile },
  { name: 'files', run: files },
  { name: 'disk', run: disk },
  { name: 'ports', run: ports },
  verifier('ffmpeg', 'ffmpeg'),
  verifier('oiiotool', 'openimageio-tools'),
];
