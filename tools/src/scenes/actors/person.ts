import { anyColour, skinColour } from '../colour.js';
import { sway, swayAt } from '../noise.js';
import type { Part } from '../parts.js';
import { type Random, random } from '../random.js';
import type { TextureSources } from '../textures.js';
import { type Actor, ball, body, limb } from './actor.js';
import { anySkin, anyTexture, colourSkin, paintSkin, type Style } from './skins.js';
import { limbEnd, type Point3 } from './space.js';

/** A clothed figure on two legs as data. Everything not given follows from the seed. */
export interface PersonSpec {
  readonly kind: 'person';
  readonly seed: number;
  /** Height in 480-line pixels at scale 1. */
  readonly size: number;
  readonly style: Style;
  /** What it does; 'ride' sits still and pedals. */
  readonly action?: 'walk' | 'run' | 'dance' | 'stand' | 'ride';
}

/** The lengths and radii of one figure, as shares of its height. */
function build(r: Random) {
  return {
    thigh: r.range(0.22, 0.26),
    shin: r.range(0.21, 0.25),
    torso: r.range(0.26, 0.31),
    upperArm: r.range(0.15, 0.18),
    foreArm: r.range(0.14, 0.17),
    head: r.range(0.055, 0.075),
    broad: r.range(0.085, 0.13),
    deep: r.range(0.06, 0.09),
    leg: r.range(0.03, 0.055),
    arm: r.range(0.02, 0.035),
    hip: r.range(0.04, 0.06),
  };
}

function wardrobe(r: Random, size: number, style: Style, sources: TextureSources) {
  const side = size > 260 ? 256 : 128;
  const skin = colourSkin(skinColour(r), 64, sources, r);
  const cloth = () => anySkin(side, style, sources, r);
  const shirt = cloth();
  const trousers = r.chance(0.75) ? cloth() : skin;
  return {
    skin,
    shirt,
    trousers,
    sleeve: r.chance(0.6) ? shirt : skin,
    foreArm: r.chance(0.35) ? shirt : skin,
    shin: r.chance(0.7) ? trousers : skin,
    shoe: colourSkin(anyColour(r), 64, sources, r),
    hair: paintSkin(
      r.chance(0.8) ? { kind: 'strokes', seed: r.seed(), angle: 1.4 } : anyTexture(r, style),
      64,
      style,
      sources,
      r,
      0,
    ),
    face: paintSkin(
      { kind: 'plain', seed: r.seed(), colour: skinColour(r) },
      96,
      { ...style, twoSided: 0 },
      sources,
      r,
      5,
    ),
    skirt: r.chance(0.22) ? cloth() : undefined,
    pack: r.chance(0.2) ? cloth() : undefined,
    hat: r.chance(0.2) ? cloth() : undefined,
    prop: r.chance(0.2) ? cloth() : undefined,
  };
}

/** How the joints move: amplitudes of the gait and slow sways of each joint on top. */
function motion(r: Random, action: NonNullable<PersonSpec['action']>) {
  const lively = { walk: 0.08, run: 0.1, dance: 0.8, stand: 0.12, ride: 0.06 }[action];
  const pace = {
    walk: r.range(0.18, 0.4),
    run: r.range(0.35, 0.7),
    dance: r.range(0.15, 0.5),
    stand: 0.1,
    ride: r.range(0.2, 0.6),
  };
  return {
    pace: pace[action],
    phase: r.range(0, 6.28),
    stride: { walk: r.range(0.3, 0.55), run: r.range(0.6, 0.95), dance: 0.4, stand: 0.04, ride: 0.4 }[action],
    knee: { walk: 0.6, run: 1.5, dance: 0.9, stand: 0.05, ride: 0.5 }[action],
    lean: { walk: 0.06, run: 0.22, dance: 0, stand: 0, ride: 0.5 }[action] + r.normal() * 0.05,
    elbow: action === 'run' ? 1.5 : action === 'ride' ? 0.5 : r.range(0.1, 0.9),
    sways: Array.from({ length: 12 }, () => sway(lively, action === 'dance' ? 0.35 : 0.15, r)),
    swing: action === 'ride' ? 0.05 : 0.9,
  };
}

type Build = ReturnType<typeof build>;
type Wardrobe = ReturnType<typeof wardrobe>;
type Motion = ReturnType<typeof motion>;

function addLeg(
  b: ReturnType<typeof body>,
  h: number,
  k: Build,
  w: Wardrobe,
  m: Motion,
  side: number,
  t: number,
): void {
  const ride = m.lean > 0.35;
  const phase = m.pace * t + m.phase + (side > 0 ? 0 : Math.PI);
  const extra = swayAt(m.sways[side > 0 ? 0 : 1], t);
  const forward = (ride ? 0.9 : 0) + m.stride * Math.sin(phase) + extra;
  const bend = (ride ? 1 : 0.08) + m.knee * Math.max(0, Math.sin(phase + 1.9)) + Math.max(0, -extra);
  const outward = side * (0.03 + Math.abs(swayAt(m.sways[2], t)) * 0.5);
  const hip: Point3 = { x: 0, y: 0, z: side * k.hip * h };
  const knee = limbEnd(hip, k.thigh * h, forward, outward);
  const ankle = limbEnd(knee, k.shin * h, forward - bend, outward * 0.6);
  const toe = limbEnd(ankle, 0.075 * h, forward - bend + 1.35, 0);
  limb(b, hip, knee, k.leg * 1.35 * h, k.leg * h, w.trousers, 0.005 * h);
  limb(b, knee, ankle, k.leg * h, k.leg * 0.62 * h, w.shin, 0.008 * h);
  limb(b, ankle, toe, k.leg * 0.75 * h, k.leg * 0.5 * h, w.shoe, 0, -1);
}

function addArm(
  b: ReturnType<typeof body>,
  h: number,
  k: Build,
  w: Wardrobe,
  m: Motion,
  neck: Point3,
  side: number,
  t: number,
) {
  const phase = m.pace * t + m.phase + (side > 0 ? Math.PI : 0);
  const extra = swayAt(m.sways[side > 0 ? 3 : 4], t) * 1.6;
  const raise = swayAt(m.sways[side > 0 ? 5 : 6], t);
  const forward = (m.lean > 0.35 ? 0.9 : m.lean) + m.swing * m.stride * Math.sin(phase) + extra;
  const outward = side * (0.12 + Math.abs(raise));
  const shoulder = { x: neck.x, y: neck.y + 0.035 * h, z: neck.z + side * k.broad * h };
  const elbow = limbEnd(shoulder, k.upperArm * h, forward, outward);
  const hand = limbEnd(elbow, k.foreArm * h, forward + m.elbow + Math.max(0, extra), outward * 0.8);
  limb(b, shoulder, elbow, k.arm * 1.3 * h, k.arm * h, w.sleeve, 0.004 * h);
  limb(b, elbow, hand, k.arm * h, k.arm * 0.75 * h, w.foreArm);
  ball(b, hand, k.arm * 1.05 * h, k.arm * 1.2 * h, 0, w.skin, -1);
  return hand;
}

function addTrunk(
  b: ReturnType<typeof body>,
  h: number,
  k: Build,
  w: Wardrobe,
  m: Motion,
  neck: Point3,
  t: number,
): void {
  // Seen from the side a trunk is as thick as it is deep, from the front as broad as the shoulders.
  const frontal = Math.abs(Math.sin(b.yaw));
  const chest = (k.deep + (k.broad - k.deep) * frontal) * h;
  limb(b, { x: 0, y: -0.01 * h, z: 0 }, { ...neck, y: neck.y + chest * 0.75 }, chest * 0.85, chest, w.shirt);
  if (w.skirt) {
    const flare = k.thigh * h * (0.6 + 0.3 * Math.abs(swayAt(m.sways[7], t)));
    const hem = { x: -swayAt(m.sways[8], t) * 0.1 * h, y: k.thigh * 0.8 * h, z: 0 };
    limb(b, { x: 0, y: -0.02 * h, z: 0 }, hem, chest * 0.8, chest * 0.8 + flare * 0.4, w.skirt, 0, -1);
  }
  if (w.pack) {
    const at = { x: neck.x * 0.6 - (k.deep + 0.05) * h, y: neck.y * 0.6, z: 0 };
    ball(b, at, (0.055 + 0.03 * frontal) * h, k.torso * 0.48 * h, 0, w.pack);
  }
}

function addHead(
  b: ReturnType<typeof body>,
  h: number,
  k: Build,
  w: Wardrobe,
  m: Motion,
  neck: Point3,
  t: number,
): void {
  const r = k.head * h;
  const nod = 0.15 * swayAt(m.sways[9], t);
  const head = { x: neck.x + 0.02 * h + r * nod, y: neck.y - r * 1.25, z: neck.z };
  limb(b, neck, head, r * 0.55, r * 0.5, w.skin, 0, 1);
  ball(b, head, r * 0.88, r * 1.15, nod, w.face);
  ball(b, { x: head.x - r * 0.28, y: head.y - r * 0.3, z: head.z }, r * 0.95, r * 1.02, nod, w.hair, 0.1);
  if (w.hat) ball(b, { x: head.x, y: head.y - r * 0.9, z: head.z }, r * 1.25, r * 0.55, nod, w.hat, -1);
}

/** Builds a person. Its middle is the pelvis. */
export function person(spec: PersonSpec, sources: TextureSources): Actor {
  const r = random(spec.seed);
  const action = spec.action ?? r.pick(['walk', 'walk', 'run', 'dance', 'dance', 'stand'] as const);
  const h = spec.size;
  const k = build(r);
  const w = wardrobe(r, h, spec.style, sources);
  const m = motion(r, action);
  const propLength = r.range(0.3, 0.9) * h;
  const parts = (time: number, yaw: number): Part[] => {
    const b = body(yaw, 4 * h);
    const lean = m.lean + 0.4 * swayAt(m.sways[10], time);
    const neck = {
      x: k.torso * h * Math.sin(lean),
      y: -k.torso * h * Math.cos(lean),
      z: 0.1 * h * swayAt(m.sways[11], time),
    };
    for (const side of [1, -1]) addLeg(b, h, k, w, m, side, time);
    addTrunk(b, h, k, w, m, neck, time);
    const hands = [1, -1].map((side) => addArm(b, h, k, w, m, neck, side, time));
    addHead(b, h, k, w, m, neck, time);
    if (w.prop) limb(b, hands[0], stick(hands[0], propLength, m, time), 0.009 * h, 0.007 * h, w.prop, 0, -3);
    const bob = action === 'ride' ? 0 : Math.abs(Math.sin(m.pace * time + m.phase)) * m.stride * 0.05 * h;
    return bob === 0 ? b.list : b.list.map((part) => lift(part, bob));
  };
  return { parts, foot: (k.thigh + k.shin) * h };
}

/** The far end of a stick held in a hand. */
function stick(hand: Point3, length: number, m: Motion, time: number): Point3 {
  const tilt = 2.6 + 0.8 * swayAt(m.sways[7], time);
  return limbEnd(hand, length, tilt, 0.2);
}

/** Moves a part up. */
function lift(part: Part, by: number): Part {
  if (part.kind === 'capsule') return { ...part, y0: part.y0 - by, y1: part.y1 - by };
  if (part.kind === 'round') return { ...part, y: part.y - by };
  return part;
}
