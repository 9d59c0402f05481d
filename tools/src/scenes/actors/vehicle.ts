import { anyColour } from '../colour.js';
import type { Part, Skin } from '../parts.js';
import { type Picture, picturePyramid } from '../picture.js';
import { type Random, random } from '../random.js';
import { box as boxOutline, ellipse, fillOutline } from '../shapes.js';
import { paintTexture, type TextureSources } from '../textures.js';
import { type Actor, body, face, limb, seen } from './actor.js';
import { anyTexture, colourSkin, type Style } from './skins.js';
import type { Point3 } from './space.js';

/** A boxy vehicle on wheels as data: car, van, cart, toy. Everything not given follows from the seed. */
export interface VehicleSpec {
  readonly kind: 'vehicle';
  readonly seed: number;
  /** Length in 480-line pixels at scale 1. */
  readonly size: number;
  readonly style: Style;
}

/** Paints one side of a box: the body's texture with panes, lamps, lines. */
function side(base: Picture, r: Random, panes: number): Skin {
  const picture: Picture = { width: base.width, height: base.height, rgb: base.rgb.slice() };
  const { width, height } = picture;
  const glass = anyColour(r);
  for (let i = 0; i < panes; i++) {
    const w = (width / panes) * r.range(0.25, 0.45);
    const x = ((i + 0.5) / panes) * width;
    const outline = boxOutline(x, height * r.range(0.25, 0.45), w, height * r.range(0.1, 0.22), 0);
    fillOutline(picture, outline, { colour: glass, slopeX: 0, slopeY: r.range(-0.01, 0.01) });
  }
  for (let i = r.int(0, 7); i > 0; i--) {
    const w = r.range(0.02, 0.1) * width;
    const x = r.range(0, width);
    const y = r.range(0.4, 1) * height;
    const outline = r.chance(0.5) ? ellipse(x, y, w, w, 0) : boxOutline(x, y, w, r.range(0.01, 0.06) * height, 0);
    fillOutline(picture, outline, { colour: anyColour(r), slopeX: 0, slopeY: 0 });
  }
  return picturePyramid(picture);
}

interface Block {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  readonly z: number;
  /** front, back, left, right, top */
  readonly skins: readonly Skin[];
  /** How far the top is drawn in at the front and the back. */
  readonly rake: number;
}

/** Adds those faces of a block that look towards us. */
function addBlock(b: ReturnType<typeof body>, k: Block, bias: number): void {
  const { x0, x1, y0, y1, z, rake } = k;
  const p = (x: number, y: number, zz: number): Point3 => ({ x, y, z: zz });
  const top = [p(x0 + rake, y0, -z), p(x1 - rake, y0, -z), p(x1 - rake, y0, z), p(x0 + rake, y0, z)];
  const low = [p(x0, y1, -z), p(x1, y1, -z), p(x1, y1, z), p(x0, y1, z)];
  const sin = Math.sin(b.yaw);
  const cos = Math.cos(b.yaw);
  const lit = (facing: number) => 0.72 + 0.33 * facing;
  if (sin > 0.02) face(b, [top[2], top[1], low[1], low[2]], k.skins[0], lit(sin), bias);
  if (sin < -0.02) face(b, [top[0], top[3], low[3], low[0]], k.skins[1], lit(-sin), bias);
  if (cos > 0.02) face(b, [top[0], top[1], low[1], low[0]], k.skins[2], lit(cos), bias);
  if (cos < -0.02) face(b, [top[2], top[3], low[3], low[2]], k.skins[3], lit(-cos), bias);
  const roof = top.map((q) => seen(b, q).y);
  // The roof shows when its far edge is seen above its near edge.
  const far = Math.min(...roof);
  if (Math.max(...roof) - far > 1) face(b, top, k.skins[4], 1.1, bias + 1);
}

/** Builds a vehicle. Its middle is half way up the body. */
export function vehicle(spec: VehicleSpec, sources: TextureSources): Actor {
  const r = random(spec.seed);
  const s = spec.size;
  const height = r.range(0.18, 0.32) * s;
  const broad = r.range(0.18, 0.26) * s;
  const cabin = r.range(0.1, 0.25) * s;
  const paint = r.chance(0.65)
    ? ({ kind: 'plain', seed: r.seed(), colour: anyColour(r), unevenness: 0.08 } as const)
    : anyTexture(r, spec.style);
  const base = paintTexture(paint, Math.ceil(256 * sources.detail), Math.ceil(160 * sources.detail), sources);
  const blockSkins = (panes: number) => [
    side(base, r, 1),
    side(base, r, 1),
    side(base, r, panes),
    side(base, r, panes),
    picturePyramid(base),
  ];
  const lower: Block = {
    x0: -s / 2,
    x1: s / 2,
    y0: -height / 2,
    y1: height / 2,
    z: broad,
    skins: blockSkins(r.int(0, 4)),
    rake: 0,
  };
  const from = r.range(-0.5, -0.3) * s;
  const to = r.range(0.15, 0.45) * s;
  const upper: Block = {
    x0: from,
    x1: to,
    y0: -height / 2 - cabin,
    y1: -height / 2,
    z: broad * 0.92,
    skins: blockSkins(r.int(2, 5)),
    rake: cabin * r.range(0, 0.7),
  };
  const wheel = r.range(0.07, 0.12) * s;
  const tyre = colourSkin([0.08, 0.08, 0.09], 32, sources, r);
  const hub = colourSkin(anyColour(r), 32, sources, r);
  const speed = r.range(0.1, 0.8);
  const hasCabin = r.chance(0.85);

  const addWheel = (b: ReturnType<typeof body>, x: number, z: number, t: number): void => {
    const inner = { x, y: height / 2, z: z * 0.8 };
    const outer = { x, y: height / 2, z };
    const at = seen(b, outer);
    const slant = Math.max(0.12, Math.abs(Math.cos(b.yaw)));
    const bias = Math.sign(z) * Math.cos(b.yaw) > 0 ? 4 : -4;
    limb(b, inner, outer, wheel * 0.5, wheel * 0.5, tyre, 0, bias + 1);
    const round = (radius: number, skin: Skin, order: number) =>
      b.list.push({
        kind: 'round',
        skin,
        x: at.x,
        y: at.y,
        rx: radius * slant * at.near,
        ry: radius * at.near,
        angle: 0,
        spin: 0,
        depth: at.depth + bias + order,
      });
    round(wheel, tyre, 0);
    round(wheel * 0.55, hub, -0.5);
    for (let i = 0; i < 3; i++) {
      const a = speed * t + (i * 2 * Math.PI) / 3;
      const tip = { x: x + wheel * 0.5 * Math.cos(a), y: outer.y + wheel * 0.5 * Math.sin(a), z };
      limb(b, outer, tip, wheel * 0.07, wheel * 0.07, tyre, 0, bias - 1);
    }
  };

  const parts = (time: number, yaw: number): Part[] => {
    const b = body(yaw, 3.5 * s);
    addBlock(b, lower, 0);
    if (hasCabin) addBlock(b, upper, -0.5);
    for (const x of [-0.32 * s, 0.32 * s]) for (const z of [broad, -broad]) addWheel(b, x, z, time);
    return b.list;
  };
  return { parts, foot: height / 2 + wheel };
}
