/**
 * What exporting a long shot takes in memory: `npx tsx bench/export-memory.ts [FRAMES=2000]`.
 *
 * Makes its own input (a plate of links to one picture, objects that drift and breathe, tracked into a project by a scripted engine), then exports the first tenth and all
 * of it, each in a process of its own, and tells peak resident memory, time and what came out. Ends with 1 where a peak is above --limit.
 * Options: [--objects 5] [--size 854x480] [--as exr,coco] [--limit 500, MB] [--keep FOLDER: make the input there once and use it again]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { scriptedEngine } from '@rotokit/core/fakes';
import { frameNumber, type SoftMask, SRGB, size, softMask } from '@rotokit/core/values';
import { createPngSequence } from '@rotokit/media';
import { type DeliverableName, openRoto } from 'rotokit';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    objects: { type: 'string', default: '5' },
    size: { type: 'string', default: '854x480' },
    as: { type: 'string', default: 'exr,coco' },
    limit: { type: 'string', default: '500' },
    keep: { type: 'string' },
    export: { type: 'string' },
  },
});
const FRAMES = Number(positionals[0] ?? 2000);
const [width, height] = values.size.split('x').map(Number) as [number, number];
const names = Array.from({ length: Number(values.objects) }, (_, i) => `object${i + 1}`);
const formats = values.as.split(',') as DeliverableName[];
const FIRST = 1001;

/** A soft blob that drifts through the picture: radius and outline change from frame to frame. */
function blob(object: number, t: number): SoftMask {
  const r = height * (0.1 + 0.02 * Math.sin(t / 9 + object));
  const x = width * (0.5 + 0.35 * Math.sin(t / 60 + 1.3 * object));
  const y = height * (0.5 + 0.3 * Math.cos(t / 47 + 2.1 * object));
  const reach = Math.ceil(r * 1.25 + 3);
  const window = {
    x0: Math.max(0, Math.floor(x) - reach),
    y0: Math.max(0, Math.floor(y) - reach),
    x1: Math.min(width, Math.floor(x) + reach),
    y1: Math.min(height, Math.floor(y) + reach),
  };
  const samples = new Uint16Array((window.x1 - window.x0) * (window.y1 - window.y0));
  let at = 0;
  for (let py = window.y0; py < window.y1; py++)
    for (let px = window.x0; px < window.x1; px++) {
      const [dx, dy] = [px + 0.5 - x, py + 0.5 - y];
      const edge = r * (1 + 0.15 * Math.sin(5 * Math.atan2(dy, dx) + t / 5));
      samples[at++] = Math.round(65535 * Math.min(1, Math.max(0, (edge - Math.hypot(dx, dy)) / 2 + 0.5)));
    }
  return softMask(size(width, height), window, samples);
}

const engine = scriptedEngine({
  name: 'blobs',
  answer: ({ object, frame }) => blob(blobs.get(object) as number, frame),
});
const blobs = new Map<string, number>();
const own = [
  {
    name: 'blobs',
    accepts: ['mask'] as const,
    merit: 'it is drawn',
    assess: async () => ({ kind: 'ready' as const, open: () => engine }),
  },
];

/** The plate and a project in which every frame of every object is tracked. */
async function makeInput(folder: string): Promise<string> {
  const project = join(folder, 'shot.roto');
  if (existsSync(project)) return project;
  const plate = join(folder, 'plate');
  mkdirSync(plate, { recursive: true });
  const sink = await createPngSequence(join(plate, 'plate.####.png'));
  const samples = Uint8Array.from({ length: width * height * 3 }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 24) & 127);
  await sink.write(frameNumber(FIRST), { width, height, channels: 3, samples, colour: SRGB });
  await sink.close();
  for (let t = 1; t < FRAMES; t++) linkSync(join(plate, `plate.${FIRST}.png`), join(plate, `plate.${FIRST + t}.png`));
  await using roto = await openRoto(join(plate, 'plate.####.png'), { project, own, engine: 'blobs' });
  for (const [i, name] of names.entries()) {
    await roto.object(name).mask(FIRST, blob(i, 0));
    blobs.set(roto.project.object(name).id, i);
  }
  let masks = 0;
  for await (const _ of roto.track({ overlap: 'allowed' })) masks++;
  console.log(`${masks} masks of ${names.length} objects on ${FRAMES} frames of ${width}x${height} tracked`);
  return project;
}

/** All bytes below a folder. */
const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .reduce((n, e) => n + statSync(join(e.parentPath, e.name)).size, 0);

async function exportIn(project: string, frames: number): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), 'rotokit-bench-out-'));
  try {
    const begun = performance.now();
    await using roto = await openRoto(project, { access: 'read' });
    const { files } = await roto.export(formats, out, { first: FIRST, last: FIRST + frames - 1 });
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const count = Object.values(files).reduce((n, all) => n + (all?.length ?? 0), 0);
    console.log(
      JSON.stringify({
        frames,
        peak: Math.round(maxRSS / 1024),
        seconds: Math.round((performance.now() - begun) / 1000),
        cpu: Math.round((userCPUTime + systemCPUTime) / 1e6),
        files: count,
        megabytes: Math.round(bytesIn(out) / 1e6),
      }),
    );
  } finally {
    rmSync(out, { recursive: true });
  }
}

async function main(): Promise<void> {
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'rotokit-bench-'));
  try {
    const project = await makeInput(folder);
    for (const frames of [Math.ceil(FRAMES / 10), FRAMES]) {
      const args = [String(frames), '--export', project, '--as', values.as];
      const child = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      if (child.status !== 0) throw new Error(`exporting ${frames} frames ended with ${child.status}`);
      const { peak, seconds, cpu, files, megabytes } = JSON.parse(child.stdout.trim().split('\n').at(-1) as string);
      console.log(
        `${values.as}, ${frames} frames: ${peak} MB at most, ${seconds} s (${cpu} s of processor time), ${files} files, ${megabytes} MB`,
      );
      if (peak > Number(values.limit)) process.exitCode = 1;
    }
  } finally {
    if (!values.keep) rmSync(folder, { recursive: true });
  }
}

await (values.export === undefined ? main() : exportIn(values.export, FRAMES));
