import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { regionJ } from '@rotokit/core/evaluation';
import { scriptedSource } from '@rotokit/core/fakes';
import { clipRecord } from '@rotokit/core/project';
import { frameIndex, maskFromPlane, objectId, reasonOf, type SoftMask, SRGB, size } from '@rotokit/core/values';
import { embeddedEngine } from '@rotokit/embedded';
import { createRoto } from '@rotokit/store';

/** What a check found: `warn` means the work goes on without it. */
export interface Finding {
  readonly level: 'pass' | 'warn' | 'fail';
  readonly what: string;
  readonly fix?: string;
}

/** One thing that can be looked at, by name. */
export interface Check {
  readonly name: string;
  run(): Promise<Finding>;
}

const pass = (what: string): Finding => ({ level: 'pass', what });
const GIGABYTE = 2 ** 30;

async function nodeVersion(): Promise<Finding> {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  const fits = major > 20 || (major === 20 && minor >= 19);
  return fits
    ? pass(`Node ${process.versions.node}`)
    : { level: 'fail', what: `Node ${process.versions.node}`, fix: 'Install Node 20.19 or newer.' };
}

async function machine(): Promise<Finding> {
  const [cores, memory] = [availableParallelism(), totalmem() / GIGABYTE];
  const what = `${cores} cores, ${memory.toFixed(0)} GB of memory`;
  return memory < 2
    ? { level: 'warn', what, fix: 'Close other programs: a 1080p clip takes about 600 MB.' }
    : pass(what);
}

async function simd(): Promise<Finding> {
  // A module with one function that returns a v128 constant: accepted only where WebAssembly SIMD is.
  const probe = Uint8Array.of(
    0,
    97,
    115,
    109,
    1,
    0,
    0,
    0,
    1,
    5,
    1,
    96,
    0,
    1,
    123,
    3,
    2,
    1,
    0,
    10,
    10,
    1,
    8,
    0,
    65,
    0,
    253,
    15,
    253,
    98,
    11,
  );
  const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } };
  return wasm.validate(probe)
    ? pass('WebAssembly with SIMD')
    : { level: 'fail', what: 'no WebAssembly SIMD', fix: 'Install an official build of Node 20.19 or newer.' };
}

async function media(): Promise<Finding> {
  // Loaded here, so that a native part that does not load is one failed line and not the end of the doctor.
  const { missingEncoders } = await import('@rotokit/media');
  const missing = missingEncoders();
  if (!missing.length) return pass('decoders, and encoders for ProRes 4444, VP9 with alpha and H.264');
  return {
    level: 'warn',
    what: `no encoder ${missing.join(', ')}`,
    fix: 'Deliver EXR or PNG instead, or reinstall with `npm ci`.',
  };
}

async function disk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = (bavail * bsize) / GIGABYTE;
  const what = `${free.toFixed(1)} GB free in ${folder}`;
  return free < 1
    ? { level: 'warn', what, fix: 'Make room: 100 frames of 4K EXR mattes take about 100 MB.' }
    : pass(what);
}

async function projectFile(): Promise<Finding> {
  const folder = await mkdtemp(join(tmpdir(), 'rotokit-doctor-'));
  try {
    await writeFile(join(folder, 'probe'), 'x');
    const facts = {
      path: 'probe.mov',
      size: { width: 8, height: 8 },
      frames: 1,
      rate: { num: 24, den: 1 },
      first: 1001,
    };
    const store = await createRoto(join(folder, 'probe.roto'), [clipRecord(facts)]);
    await store.close();
    return pass('project files can be made');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A disc over a speckled ground that moves 3 pixels a frame: the smallest thing there is to follow. */
function discFrames(width: number, height: number, count: number) {
  const discAt = (t: number): SoftMask => {
    const plane = new Uint16Array(width * height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) if (Math.hypot(x - 70 - 3 * t, y - 70) < 30) plane[y * width + x] = 65535;
    return maskFromPlane(size(width, height), plane);
  };
  const speckle = (x: number, y: number) => ((Math.imul(x, 73856093) ^ Math.imul(y, 19349663)) >>> 8) % 60;
  const pictures = Array.from({ length: count }, (_, t) => {
    const samples = new Uint8Array(width * height * 3);
    for (let y = 0, k = 0; y < height; y++) {
      for (let x = 0; x < width; x++, k += 3) {
        const inside = Math.hypot(x - 70 - 3 * t, y - 70) < 30;
        const v = inside ? speckle(x - 3 * t, y) : 90 + speckle(x + 1000, y);
        samples.set(inside ? [190 + v, 60 + v, 40 + v] : [v, v, v + 20], k);
      }
    }
    return samples;
  });
  return { discAt, pictures };
}

async function engine(): Promise<Finding> {
  const [width, height, count] = [256, 160, 4];
  const { discAt, pictures } = discFrames(width, height, count);
  const source = scriptedSource(pictures.map((samples) => ({ format: 'rgb8', width, height, samples, colour: SRGB })));
  const session = await embeddedEngine({}).open(source);
  try {
    const object = { object: objectId('disc'), mask: discAt(0), priority: 0 };
    let worst = 1;
    for await (const { frame, objects } of session.propagate({
      from: frameIndex(0),
      to: frameIndex(count - 1),
      objects: [object],
      overlap: 'exclusive',
    })) {
      worst = Math.min(worst, regionJ((objects[0] as { mask: SoftMask }).mask, discAt(frame)));
    }
    const what = `the embedded engine follows a disc, IoU ${worst.toFixed(3)} at worst`;
    return worst > 0.9
      ? pass(what)
      : { level: 'fail', what, fix: 'Reinstall with `npm ci`; if it stays, report it with this line.' };
  } finally {
    await session.close();
    await source.close();
  }
}

async function verifier(program: string, packageName: string): Promise<Finding> {
  if (!spawnSync(program, ['-h'], { stdio: 'ignore' }).error)
    return pass(`${program} (optional, for tests and comparisons)`);
  return {
    level: 'warn',
    what: `${program} is not installed (optional)`,
    fix: `apt-get install ${packageName}, to run every test and comparison.`,
  };
}

/** Everything that is looked at, in order. */
export const CHECKS: readonly Check[] = [
  { name: 'node', run: nodeVersion },
  { name: 'machine', run: machine },
  { name: 'simd', run: simd },
  { name: 'media', run: media },
  { name: 'project', run: projectFile },
  { name: 'disk', run: () => disk(process.cwd()) },
  { name: 'engine', run: engine },
  { name: 'ffmpeg', run: () => verifier('ffmpeg', 'ffmpeg') },
  { name: 'oiiotool', run: () => verifier('oiiotool', 'openimageio-tools') },
];

/** Runs one check; whatever it throws is a failure with its reason. */
export async function runCheck(check: Check): Promise<Finding> {
  try {
    return await check.run();
  } catch (error) {
    return {
      level: 'fail',
      what: reasonOf(error),
      fix: 'Reinstall with `npm ci`; if it stays, report it with this line.',
    };
  }
}
