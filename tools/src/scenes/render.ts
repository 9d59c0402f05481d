import type { Actor } from './actors/actor.js';
import { buildActor } from './actors/build.js';
import { drawBackdrop, paintBackdrop } from './backdrop.js';
import { screenMap, type View, viewAt } from './camera.js';
import { type Canvas, createCanvas } from './canvas.js';
import { createFinisher } from './finish.js';
import { compose, type Matrix, rotation, scaling, translation } from './matrix.js';
import { drawPart } from './parts.js';
import { type Pose, poseAt } from './path.js';
import { objectCount, type Role, type Scene } from './scene.js';
import { castShadow } from './shadow.js';
import type { Look } from './solids.js';
import { drawSpray } from './spray.js';
import { type Assets, noAssets, type TextureSources } from './textures.js';

/** One rendered frame. */
export interface RenderedFrame {
  readonly index: number;
  /** Interleaved 8-bit sRGB. */
  readonly rgb: Uint8Array;
  /** Per object the exact share of each pixel that it covers, over the time the shutter is open: 0..255. */
  readonly masks: readonly Uint8Array[];
}

/** A scene with everything painted and built, ready to be drawn at any time. */
interface Stage {
  readonly scene: Scene;
  readonly actors: readonly Actor[];
  readonly backdropAt: (frame: number) => ReturnType<ReturnType<typeof paintBackdrop>['at']>;
}

function build(scene: Scene, assets: Assets): Stage {
  const scale = scene.height / 480;
  const detail = Math.min(1, scale);
  const backdrop = paintBackdrop(scene.backdrop, scale, { ...assets, detail });
  const sources: TextureSources = { ...assets, detail, background: backdrop.at(0) };
  return { scene, actors: scene.roles.map((role) => buildActor(role.actor, sources)), backdropAt: backdrop.at };
}

/** The map from an actor's own coordinates to the screen. */
function placement(role: Role, pose: Pose, view: View, scene: Scene): Matrix {
  return compose(
    screenMap(view, role.parallax, scene.width, scene.height),
    translation(pose.x, pose.y),
    rotation(pose.tilt),
    scaling(pose.scale),
  );
}

/** Draws one moment of the scene. */
function drawMoment(stage: Stage, canvas: Canvas, frame: number, time: number): View {
  const { scene, actors } = stage;
  const paths = scene.roles.map((role) => role.path);
  const view = viewAt(scene.camera, paths, time, scene.frames / 2);
  const map = screenMap(view, scene.backdropParallax, scene.width, scene.height);
  drawBackdrop(canvas, stage.backdropAt(frame), scene.backdrop, map, view, time);
  const { x, y, z, contrast } = scene.light;
  const size = Math.hypot(x, y, z) || 1;
  const light = [x / size, y / size, z / size] as const;
  scene.roles.forEach((role, i) => {
    const pose = poseAt(role.path, time);
    const to = placement(role, pose, view, scene);
    const parts = actors[i].parts(time + (role.ahead ?? 0), pose.yaw).sort((a, b) => b.depth - a.depth);
    if (role.shadow) castShadow(canvas, parts, to, actors[i].foot, light, role.shadow);
    const look: Look = { owner: role.object, opacity: 1, light, contrast, gain: 1 };
    for (const part of parts) drawPart(canvas, part, to, look);
    for (const spray of scene.sprays) {
      if (spray.role === i)
        drawSpray(canvas, spray, role, actors[i].foot, time, screenMap(view, role.parallax, scene.width, scene.height));
    }
  });
  return view;
}

/** Draws frame after frame into buffers that are used again. */
function* frames(stage: Stage, indices: Iterable<number>): Generator<RenderedFrame> {
  const { scene } = stage;
  const objects = objectCount(scene);
  const canvas = createCanvas(scene.width, scene.height, objects);
  const finisher = createFinisher(scene.finish, scene.seed, scene.width, scene.height);
  const sum = new Int32Array(canvas.rgb.length);
  const light = new Float32Array(canvas.rgb.length);
  const cover = canvas.masks.map((mask) => new Uint16Array(mask.length));
  const samples = scene.shutter.open > 0 ? Math.max(1, Math.min(64, scene.shutter.samples)) : 1;
  for (const index of indices) {
    sum.fill(0);
    for (const plane of cover) plane.fill(0);
    let view: View = { x: 0, y: 0, zoom: 1, roll: 0 };
    for (let s = 0; s < samples; s++) {
      const time = index + ((s + 0.5) / samples - 0.5) * scene.shutter.open;
      view = drawMoment(stage, canvas, index, time);
      const { rgb, masks } = canvas;
      for (let i = 0; i < rgb.length; i++) sum[i] += rgb[i] * rgb[i];
      for (let k = 0; k < objects; k++) {
        const from = masks[k];
        const to = cover[k];
        for (let i = 0; i < from.length; i++) to[i] += from[i];
      }
    }
    for (let i = 0; i < light.length; i++) light[i] = sum[i] / samples;
    const masks = cover.map((plane) => {
      const mask = new Uint8Array(plane.length);
      for (let i = 0; i < plane.length; i++) mask[i] = plane[i] / samples + 0.5;
      return mask;
    });
    yield { index, rgb: finisher.develop(light, index, view), masks };
  }
}

/**
 * Renders a scene. The same scene and assets give the same bytes.
 *
 * @param only the frames wanted, in any order; absent: all
 * @throws RangeError where the scene quotes a photograph, footage or performer that the assets do not have
 */
export async function* renderScene(
  scene: Scene,
  assets: Assets = noAssets,
  only?: readonly number[],
): AsyncGenerator<RenderedFrame> {
  const indices = only ?? Array.from({ length: scene.frames }, (_, i) => i);
  for (const frame of frames(build(scene, assets), indices)) {
    yield frame;
    // Lets signals and other work in between two frames.
    await new Promise((done) => setImmediate(done));
  }
}
