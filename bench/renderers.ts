/**
 * Shapes as other programs draw them, beside our own rasteriser: area in common over joint area at one half, on every
 * tenth frame, for each object of label masks (DAVIS layout, or a folder of PNG with one number an object).
 *
 *   npx tsx bench/renderers.ts MASKS HOST FOLDER [--scale 4]      HOST is blender, mlt (rendered by melt) or svg (by rsvg-convert)
 *
 * Shapes have no resolution: with a scale, the fitted shapes are drawn so many times larger, by the host and by us. "Soft" is the sum
 * of the lesser values over the sum of the greater ones, which counts what lies along the outline by how much of a
 * pixel it covers. Files and pictures stay in FOLDER.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { rasteriseShapes, ShapeFitter, shapeDefaults } from '@rotokit/core/shapes';
import {
  boxWidth,
  type FrameIndex,
  frameNumber,
  frameRange,
  MASK_HALF,
  MASK_ONE,
  type ObjectShapes,
  objectId,
  type Shape,
  type ShapeScene,
  type SoftMask,
} from '@rotokit/core/values';
import { decodePng, HOSTS } from '@rotokit/formats';
import { readAnnotation } from '../packages/rotokit/src/eval/data-set.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { scale: { type: 'string', default: '1' } },
});
const [masks, host, folder] = positionals;
const scale = Number(options.scale);
if (!masks || !folder || (host !== 'blender' && host !== 'mlt' && host !== 'svg') || !(scale > 0))
  throw new TypeError('npx tsx bench/renderers.ts MASKS blender|mlt|svg FOLDER [--scale FACTOR]');

const EVERY = 10;
const frames: ReadonlyMap<number, SoftMask>[] = [];
for (const name of readdirSync(masks).sort()) frames.push(await readAnnotation(path.join(masks, name)));
const labels = [...new Set(frames.flatMap((f) => [...f.keys()]))].sort((a, b) => a - b);
const fitted = frames.flatMap((f) => [...f.values()])[0]!.size;
const size = { width: Math.round(scale * fitted.width), height: Math.round(scale * fitted.height) };
const looks = frames.map((_, i) => i).filter((i) => i % EVERY === 0);

for (const label of labels) {
  const object: ObjectShapes = {
    object: objectId(`o${label}`),
    name: `object${label}`,
    colour: [255, 255, 255],
    shapes: shapesOf(label),
  };
  const scene: ShapeScene = {
    ...{ shot: `shot${label}`, size, rate: { num: 24, den: 1 }, objects: [object] },
    ...{ range: frameRange(0, frames.length), first: frameNumber(1001) },
  };
  const place = path.resolve(folder, `${host}-${label}-x${scale}`);
  for (const file of HOSTS[host].files(scene)) {
    const to = path.join(place, file.name);
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, file.text);
  }
  const pictures = { blender: byBlender, mlt: byMelt, svg: bySvg }[host](place, scene, object.name);
  const looked: Agreement[] = [];
  for (const [n, i] of looks.entries()) {
    const png = await decodePng(readFileSync(pictures[n]!));
    if (png.kind === 'indexed') throw new TypeError(`${pictures[n]} is indexed`);
    looked.push(agreement(rasteriseShapes(object, i as FrameIndex, size), png, host === 'mlt' ? 3 : 0));
  }
  const said = (['hard', 'soft'] as const).map((kind) => {
    const all = looked.map((l) => l[kind]);
    const worst = Math.min(...all);
    const mean = all.reduce((a, b) => a + b, 0) / all.length;
    return `${kind}: worst ${worst.toFixed(4)} on frame index ${looks[all.indexOf(worst)]}, mean ${mean.toFixed(4)}`;
  });
  process.stdout.write(
    `${masks} ${host} x${scale} object ${label}: ${object.shapes.length} shapes; ${said.join('; ')}\n`,
  );
}

function shapesOf(label: number): ObjectShapes['shapes'] {
  const fitter = new ShapeFitter({ name: `object${label}`, settings: shapeDefaults(fitted) });
  for (const [i, frame] of frames.entries()) {
    const mask = frame.get(label);
    if (mask) fitter.add(i as FrameIndex, mask);
  }
  const steps = fitter.fit();
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value.shapes.map(scaled);
}

/** A shape drawn `scale` times larger. */
function scaled(shape: Shape): Shape {
  const larger = (v: Float64Array) => v.map((a) => scale * a);
  return { ...shape, keys: shape.keys.map((k) => ({ ...k, outline: larger(k.outline), feather: larger(k.feather) })) };
}

/** How much of two pictures is common to both, at one half and softly. */
interface Agreement {
  readonly hard: number;
  readonly soft: number;
}

/** Of our mask and a picture; `channel` counts only where there are that many. */
function agreement(
  mask: SoftMask,
  { samples, channels }: { readonly samples: ArrayLike<number>; readonly channels: number },
  channel: number,
): Agreement {
  const one = samples instanceof Uint16Array ? 65535 : 255;
  const { x0, y0, x1, y1 } = mask.window;
  let [common, joint, lesser, greater] = [0, 0, 0, 0];
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const inWindow = x >= x0 && x < x1 && y >= y0 && y < y1;
      const value = inWindow ? mask.values[(y - y0) * boxWidth(mask.window) + x - x0]! : 0;
      const sample = samples[(y * size.width + x) * channels + Math.min(channel, channels - 1)]!;
      const [ours, theirs] = [value >= MASK_HALF, 2 * sample > one];
      if (ours && theirs) common++;
      if (ours || theirs) joint++;
      lesser += Math.min(value / MASK_ONE, sample / one);
      greater += Math.max(value / MASK_ONE, sample / one);
    }
  }
  return { hard: joint ? common / joint : 1, soft: greater ? lesser / greater : 1 };
}

function bySvg(place: string, { shot, first }: ShapeScene, name: string): string[] {
  return looks.map((i) => {
    const to = path.join(place, `${i}.png`);
    execFileSync('rsvg-convert', ['-o', to, path.join(place, name, `${shot}_${name}.${first + i}.svg`)]);
    return to;
  });
}

function byMelt(place: string, { shot }: ShapeScene): string[] {
  const png = ['vcodec=png', 'pix_fmt=rgba', 'mlt_image_format=rgba', 'real_time=-1', 'an=1'];
  const at = (i: number | string) => path.join(place, `melt_${i}.png`);
  execFileSync(
    'melt',
    ['-silent', path.join(place, `${shot}_${labelName(shot)}.mlt`), '-consumer', `avformat:${at('%05d')}`, ...png],
    {
      stdio: 'ignore',
      env: { ...process.env, QT_QPA_PLATFORM: 'offscreen' },
    },
  );
  return looks.map((i) => at(String(i + 1).padStart(5, '0')));
}

function labelName(shot: string): string {
  return shot.replace('shot', 'object');
}

function byBlender(place: string, { shot, first }: ShapeScene, name: string): string[] {
  const script = path.join(place, 'render.py');
  writeFileSync(
    script,
    `import bpy
exec(compile(open('${place}/${shot}_masks.py').read(), 'masks', 'exec'))
scene.use_nodes = True
tree = scene.node_tree
tree.nodes.clear()
node = tree.nodes.new('CompositorNodeMask')
node.mask = bpy.data.masks['${name}']
node.size_source, node.size_x, node.size_y = 'FIXED', ${size.width}, ${size.height}
tree.links.new(node.outputs[0], tree.nodes.new('CompositorNodeComposite').inputs[0])
render = scene.render
render.resolution_x, render.resolution_y, render.resolution_percentage = ${size.width}, ${size.height}, 100
scene.view_settings.view_transform = 'Raw'
render.image_settings.file_format, render.image_settings.color_mode, render.image_settings.color_depth = 'PNG', 'BW', '16'
render.threads_mode, render.threads = 'FIXED', 1
for i in ${JSON.stringify(looks)}:
    scene.frame_set(${first} + i)
    render.filepath = '${place}/%d.png' % i
    bpy.ops.render.render(write_still=True)
`,
  );
  execFileSync('blender', ['-b', '--factory-startup', '--python-exit-code', '1', '-P', script], { stdio: 'pipe' });
  return looks.map((i) => path.join(place, `${i}.png`));
}
