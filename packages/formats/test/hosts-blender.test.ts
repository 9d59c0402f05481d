import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FrameIndex,
  frameNumber,
  frameRange,
  objectId,
  type ShapeKey,
  type ShapeScene,
} from '@rotokit/core/values';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { itWith } from '../../../tests/support/needs.js';
import { decodePng, HOSTS } from '../src/index.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotokit-masks-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [W, H, POINTS, RADIUS] = [240, 180, 16, 60];
const widthAt = (a: number) => 12 + 6 * Math.cos(a);
const middleAt = (frame: number) => [110 + 5 * frame, 90] as const;

/** A circle on its way to the right, its edge 6 pixels wide on the left and 18 on the right. */
function circle(frame: number): ShapeKey {
  const outline = new Float64Array(6 * POINTS);
  const [mx, my] = middleAt(frame);
  const handle = (4 / 3) * Math.tan(Math.PI / 2 / POINTS) * RADIUS;
  const angles = Array.from({ length: POINTS }, (_, i) => (2 * Math.PI * i) / POINTS);
  for (const [i, a] of angles.entries()) {
    const [x, y] = [mx + RADIUS * Math.cos(a), my + RADIUS * Math.sin(a)];
    const [hx, hy] = [-handle * Math.sin(a), handle * Math.cos(a)];
    outline.set([x, y, x - hx, y - hy, x + hx, y + hy], 6 * i);
  }
  return { frame: frame as FrameIndex, outline, feather: Float64Array.from(angles, widthAt), edited: false };
}

const scene: ShapeScene = {
  ...{ shot: 'soft', size: { width: W, height: H }, rate: { num: 24, den: 1 } },
  ...{ range: frameRange(0, 5), first: frameNumber(1001) },
  objects: [
    {
      ...{ object: objectId('o1'), name: 'ball', colour: [9, 9, 9] },
      shapes: [
        {
          ...{ id: '1', name: 'ball 1', mode: 'add', corners: Array.from({ length: POINTS }, () => false) },
          ...{ visible: [frameRange(0, 5)], keys: [circle(0), circle(4)] },
        },
      ],
    },
  ],
};

/** Runs the script of masks and renders the mask on some frames. */
const render = (masks: string, frames: readonly number[]) => `
import bpy
exec(compile(open(${JSON.stringify(masks)}).read(), 'masks', 'exec'))
s = bpy.context.scene
s.use_nodes = True
t = s.node_tree
t.nodes.clear()
n = t.nodes.new('CompositorNodeMask')
n.mask = bpy.data.masks['ball']
n.size_source, n.size_x, n.size_y = 'FIXED', ${W}, ${H}
t.links.new(n.outputs[0], t.nodes.new('CompositorNodeComposite').inputs[0])
r = s.render
r.resolution_x, r.resolution_y, r.resolution_percentage = ${W}, ${H}, 100
r.image_settings.file_format, r.image_settings.color_mode, r.image_settings.color_depth = 'PNG', 'BW', '16'
r.threads_mode, r.threads = 'FIXED', 1
s.view_settings.view_transform = 'Raw'
for i in ${JSON.stringify(frames)}:
    s.frame_set(1001 + i)
    r.filepath = ${JSON.stringify(folder)} + '/%d.png' % i
    bpy.ops.render.render(write_still=True)
`;

describe("Blender's masks", () => {
  itWith('blender', 'have a soft edge as wide as the feather of each point, half of it on the outline', async () => {
    const [masks, script] = [join(folder, 'masks.py'), join(folder, 'render.py')];
    writeFileSync(masks, HOSTS.blender.files(scene)[0]!.text);
    writeFileSync(script, render(masks, [0, 2]));
    execFileSync('blender', ['-b', '--factory-startup', '--python-exit-code', '1', '-P', script], { stdio: 'pipe' });
    for (const frame of [0, 2]) {
      const png = await decodePng(readFileSync(join(folder, `${frame}.png`)));
      if (png.kind === 'indexed') throw new TypeError('the picture is indexed');
      const [mx, my] = middleAt(frame);
      let worst = 0;
      for (let y = 0; y < H; y++)
        for (let x = 0; x < W; x++) {
          const [dx, dy] = [x + 0.5 - mx, y + 0.5 - my];
          const ramp = 0.5 - (Math.hypot(dx, dy) - RADIUS) / widthAt(Math.atan2(dy, dx));
          const value = png.samples[(y * W + x) * png.channels]! / 65535;
          worst = Math.max(worst, Math.abs(value - Math.min(1, Math.max(0, ramp))));
        }
      expect(worst, `frame ${frame}`).toBeLessThan(0.12);
    }
  });
});
