import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frameRate, maskToPlane } from '@rotokit/core/values';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { itWith } from '../../../tests/support/needs.js';
import { channelFloats, cryptomatteExr, decodeExr, encodeExr } from '../src/index.js';
import { disc } from './pictures.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotokit-blender-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [W, H] = [96, 64];
const objects = [
  { name: 'hero', mask: disc(W, H, 35, 30, 18, 10) },
  { name: 'red car', mask: disc(W, H, 60, 34, 17, 8) },
];

/** A compositor of one Cryptomatte node on a picture, whose matte goes to a float EXR. */
const scene = (picture: string, name: string, out: string) => `
import bpy
s = bpy.context.scene
s.use_nodes = True
t = s.node_tree
t.nodes.clear()
n = t.nodes.new('CompositorNodeCryptomatteV2')
n.source = 'IMAGE'
n.image = bpy.data.images.load(${JSON.stringify(picture)})
n.image.size[:] # asking makes Blender read the picture
n.matte_id = ${JSON.stringify(name)}
c = t.nodes.new('CompositorNodeComposite')
c.use_alpha = False
t.links.new(n.outputs['Matte'], c.inputs['Image'])
r = s.render
r.resolution_x, r.resolution_y, r.resolution_percentage = ${W}, ${H}, 100
r.image_settings.file_format = 'OPEN_EXR'
r.image_settings.color_depth = '32'
r.image_settings.exr_codec = 'ZIP'
s.view_settings.view_transform = 'Raw'
r.filepath = ${JSON.stringify(out)}
bpy.ops.render.render(write_still=True)
`;

describe("Blender's Cryptomatte node", () => {
  itWith('blender', 'gives each matte by its name within 1/1024 of ours', () => {
    const picture = join(folder, 'crypto.exr');
    const frame = { size: { width: W, height: H }, rate: frameRate(24), frame: 1001, objects };
    writeFileSync(picture, encodeExr(cryptomatteExr(frame)));
    const planes = objects.map((o) => maskToPlane(o.mask));
    for (const [i, { name }] of objects.entries()) {
      const [script, out] = [join(folder, `m${i}.py`), join(folder, `m${i}.exr`)];
      writeFileSync(script, scene(picture, name, out));
      execFileSync('blender', ['-b', '--factory-startup', '-P', script], { stdio: 'pipe' });
      const image = decodeExr(readFileSync(out));
      const matte = channelFloats(image.channels.find((c) => c.name === 'R')!);
      let worst = 0;
      for (let k = 0; k < W * H; k++) {
        const whole = Math.max(65535, planes[0]![k]! + planes[1]![k]!);
        worst = Math.max(worst, Math.abs(matte[k]! - planes[i]![k]! / whole));
      }
      expect(worst).toBeLessThan(1 / 1024);
    }
  });
});
