import { sway, swayAt } from '../noise.js';
import type { Part } from '../parts.js';
import { random } from '../random.js';
import type { TextureSources } from '../textures.js';
import { type Actor, ball, body, face, limb } from './actor.js';
import { anySkin, anyTexture, paintSkin, type Style } from './skins.js';
import { limbEnd, type Point3 } from './space.js';

/** An animal as data: four legs, or two thin ones and wings. Everything not given follows from the seed. */
export interface AnimalSpec {
  readonly kind: 'animal';
  readonly seed: number;
  /** Length of trunk and neck in 480-line pixels at scale 1. */
  readonly size: number;
  readonly style: Style;
  readonly legs?: 2 | 4;
}

/** Builds an animal. Its middle is the middle of the trunk. */
export function animal(spec: AnimalSpec, sources: TextureSources): Actor {
  const r = random(spec.seed);
  const legs = spec.legs ?? (r.chance(0.75) ? 4 : 2);
  const s = spec.size;
  const fat = r.range(0.1, 0.22) * s;
  const legLength = (legs === 4 ? r.range(0.22, 0.5) : r.range(0.4, 0.7)) * s;
  const legRadius = (legs === 4 ? r.range(0.025, 0.06) : r.range(0.007, 0.02)) * s;
  const neckLength = (legs === 4 ? r.range(0.08, 0.4) : r.range(0.2, 0.6)) * s;
  const headSize = r.range(0.06, 0.12) * s;
  const tailLength = r.range(0.05, 0.5) * s;
  const hide = r.chance(0.6)
    ? paintSkin({ kind: 'strokes', seed: r.seed() }, 256, spec.style, sources, r)
    : anySkin(256, spec.style, sources, r);
  const legSkin = r.chance(0.5) ? hide : anySkin(96, spec.style, sources, r);
  const headSkin = r.chance(0.6) ? hide : paintSkin(anyTexture(r, spec.style), 128, spec.style, sources, r, 5);
  const wing = legs === 2 ? anySkin(128, spec.style, sources, r) : undefined;
  const pace = r.range(0.15, 0.6);
  const stride = r.range(0.15, 0.7);
  const knee = r.range(0.2, 1.1);
  const order = r.chance(0.5) ? [0, Math.PI, Math.PI, 0] : [0, 0.5, Math.PI, Math.PI + 0.5];
  const sways = Array.from({ length: 6 }, () => sway(0.25, 0.2, r));
  const neckRise = r.range(0.2, 1.4);
  const ears = r.chance(0.6);

  const addLeg = (b: ReturnType<typeof body>, index: number, t: number): void => {
    const side = index % 2 === 0 ? 1 : -1;
    const fore = legs === 2 ? 0 : index < 2 ? 0.36 : -0.36;
    const phase = pace * t + order[index];
    const forward = stride * Math.sin(phase);
    const bend = knee * Math.max(0, Math.sin(phase + 1.8)) * (fore > 0 ? 1 : -1);
    const hip: Point3 = { x: fore * s, y: fat * 0.4, z: side * fat * 0.55 };
    const joint = limbEnd(hip, legLength * 0.52, forward, 0);
    const foot = limbEnd(joint, legLength * 0.52, forward - bend, 0);
    limb(b, hip, joint, legRadius * (legs === 4 ? 2 : 1.1), legRadius * 1.1, legSkin);
    limb(b, joint, foot, legRadius, legRadius * 0.8, legSkin);
    limb(b, foot, { ...foot, x: foot.x + legRadius * 2.4 }, legRadius * 0.9, legRadius * 0.8, headSkin);
  };

  const addWing = (b: ReturnType<typeof body>, side: number, t: number): void => {
    const flap = 0.7 * Math.sin(pace * 1.5 * t) + 0.2;
    const span = 0.55 * s;
    const root = { x: 0.15 * s, y: -fat * 0.5, z: side * fat * 0.7 };
    const tip = { x: -0.1 * s, y: root.y - span * Math.sin(flap), z: root.z + side * span * Math.cos(flap) };
    const corners = [root, tip, { ...tip, x: tip.x - 0.12 * s }, { ...root, x: root.x - 0.4 * s }];
    face(b, corners, wing!, 0.85 + 0.2 * flap, side * -2);
  };

  const parts = (time: number, yaw: number): Part[] => {
    const b = body(yaw, 4 * s);
    for (let i = 0; i < legs; i++) addLeg(b, i, time);
    const heave = 0.02 * s * Math.sin(2 * pace * time);
    const rump = { x: -0.38 * s, y: heave, z: 0 };
    const chest = { x: 0.38 * s, y: -heave, z: 0 };
    limb(b, rump, chest, fat * 0.95, fat, hide, fat * 0.1);
    const rise = neckRise + 0.5 * swayAt(sways[0], time);
    const head = {
      x: chest.x + neckLength * Math.cos(rise),
      y: chest.y - fat * 0.4 - neckLength * Math.sin(rise),
      z: 0.3 * neckLength * swayAt(sways[1], time),
    };
    limb(b, { ...chest, y: chest.y - fat * 0.3 }, head, Math.min(fat * 0.65, headSize * 1.2), headSize * 0.7, hide);
    const dip = 0.35 + 0.5 * swayAt(sways[2], time);
    const nose = { x: head.x + headSize * 1.7 * Math.cos(dip), y: head.y + headSize * 1.7 * Math.sin(dip), z: head.z };
    ball(b, head, headSize * 0.9, headSize * 0.85, 0, headSkin, -1);
    limb(b, head, nose, headSize * 0.7, headSize * 0.35, headSkin, 0, -1.5);
    if (ears) {
      for (const side of [1, -1]) {
        const root = { x: head.x - headSize * 0.3, y: head.y - headSize * 0.6, z: head.z + side * headSize * 0.5 };
        limb(b, root, { ...root, y: root.y - headSize * 0.9 }, headSize * 0.28, headSize * 0.08, headSkin);
      }
    }
    const wag = swayAt(sways[3], time);
    const mid = { x: rump.x - fat * 0.7 - tailLength * 0.5, y: rump.y - fat * 0.2, z: wag * tailLength * 0.5 };
    limb(b, { ...rump, x: rump.x - fat * 0.6 }, mid, legRadius * 1.2, legRadius * 0.8, hide);
    limb(
      b,
      mid,
      { x: mid.x - tailLength * 0.4, y: mid.y + tailLength * 0.4, z: mid.z * 2 },
      legRadius * 0.8,
      legRadius * 0.4,
      hide,
    );
    if (wing) for (const side of [1, -1]) addWing(b, side, time);
    return b.list;
  };
  return { parts, foot: fat * 0.4 + legLength };
}
