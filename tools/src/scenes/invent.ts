import type { ActorSpec } from './actors/build.js';
import type { ClutterSpec } from './actors/clutter.js';
import type { Style } from './actors/skins.js';
import { anyTexture } from './actors/skins.js';
import type { Backdrop } from './backdrop.js';
import type { Camera } from './camera.js';
import { sway } from './noise.js';
import type { Path } from './path.js';
import { type Random, random } from './random.js';
import type { Finish, Role, Scene, Spray } from './scene.js';

/** What kind of scene to invent. */
export interface Invention {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** 1: calm, clear scenes; 2: + look-alikes, occluders, camouflage; 3: + growth, turning, dust; 4: + fast motion, blur, long drifts. */
  readonly level: 1 | 2 | 3 | 4;
  /** How many photographs, pieces of footage and performers the assets have. */
  readonly assets: { readonly photos: number; readonly footage: number; readonly performers: number };
}

function backdrop(r: Random, o: Invention): Backdrop {
  const kind = r.next();
  const { photos, footage } = o.assets;
  const recolour = {
    hue: r.range(-0.5, 0.5) * (r.chance(0.6) ? 0.2 : 1),
    saturation: r.range(0.5, 1.3),
    gamma: r.range(0.7, 1.4),
  };
  const content: Backdrop['content'] =
    footage > 0 && o.level >= 2 && kind < 0.22
      ? {
          kind: 'footage',
          footage: r.int(0, footage),
          first: r.int(0, 60),
          mirror: r.chance(0.5),
          ...(r.chance(0.4) ? { recolour } : {}),
        }
      : photos > 0 && kind < 0.68
        ? {
            kind: 'texture',
            texture: { kind: 'photo', seed: r.seed(), photo: r.int(0, photos), zoom: r.range(0.6, 1), recolour },
          }
        : kind < 0.86
          ? { kind: 'landscape', seed: r.seed() }
          : {
              kind: 'texture',
              texture: r.chance(0.6)
                ? { kind: 'leaves', seed: r.seed(), count: r.int(300, 1500) }
                : anyTexture(r, { photos: 0, camouflage: 0, twoSided: 0 }),
            };
  const ground = r.chance(0.5) ? { ground: { horizon: r.range(0.15, 0.6), depth: r.range(0.3, 1.5) } } : {};
  const ripple = r.chance(o.level >= 3 ? 0.35 : 0.15)
    ? {
        ripple: {
          amount: r.range(0.4, 3),
          cell: r.range(14, 60),
          x: sway(1.2, r.range(0.1, 0.5), r),
          y: sway(1.2, r.range(0.1, 0.5), r),
        },
      }
    : {};
  const blur = r.chance(0.3) ? { blur: r.range(0.8, 4) } : {};
  return { content, ...blur, ...ground, ...ripple };
}

/** Draws the description of one actor of about the given height. */
function actor(r: Random, size: number, style: Style, o: Invention): ActorSpec {
  const seed = r.seed();
  const kind = r.next();
  if (o.assets.performers > 0 && kind < 0.22) {
    return { kind: 'performer', seed, size, performer: r.int(0, o.assets.performers), plain: r.chance(0.15) };
  }
  if (kind < 0.46) return { kind: 'person', seed, size, style };
  if (kind < 0.64) return { kind: 'animal', seed, size: size * 0.8, style };
  if (kind < 0.76) return { kind: 'vehicle', seed, size: size * 1.2, style };
  if (kind < 0.86) return { kind: 'cycle', seed, size, style };
  return { kind: 'blob', seed, size: size * 0.8, style };
}

/** The hero's way through the scene. */
function heroPath(r: Random, o: Invention, size: number, fast: number): Path {
  const rightwards = r.chance(0.5) ? 1 : -1;
  const growing = r.chance(o.level >= 3 ? 0.45 : 0.15);
  const to = growing ? (r.chance(0.75) ? r.range(1.6, Math.min(6, 520 / size)) : r.range(0.35, 0.7)) : 1;
  const approach = growing && Math.abs(Math.log(to)) > 0.4;
  const speed = approach ? fast * 0.4 : fast;
  const turning = r.chance(o.level >= 3 ? 0.4 : 0.15);
  const yaw =
    (approach ? r.range(0.8, 2.3) * (to > 1 ? 1 : -1) : 0) +
    (rightwards > 0 ? 0 : Math.PI) * (approach ? 0 : 1) +
    r.normal() * 0.35;
  return {
    x: r.range(-140, 140),
    y: r.range(-50, 70),
    at: o.frames / 2,
    vx: rightwards * speed,
    vy: r.normal() * speed * 0.15,
    ...(r.chance(0.5) ? { wanderX: sway(r.range(2, 5 + 3 * o.level * fast * 0.5), r.range(0.08, 0.35), r) } : {}),
    ...(r.chance(0.5) ? { wanderY: sway(r.range(1, 4 + 4 * o.level), r.range(0.08, 0.4), r) } : {}),
    ...(r.chance(0.3) ? { jitter: { seed: r.seed(), amount: r.range(0.2, 1.5) } } : {}),
    ...(growing ? { growth: { to, until: o.frames, horizon: r.range(-120, 20) } } : {}),
    yaw,
    ...(turning ? { yawRate: r.normal() * 0.05 } : {}),
    ...(r.chance(0.5) ? { yawSway: sway(r.range(0.1, 0.6), 0.15, r) } : {}),
    ...(r.chance(0.35) ? { tilt: sway(r.range(0.03, 0.25), r.range(0.08, 0.4), r) } : {}),
  };
}

function camera(r: Random, tracked: boolean, still: boolean): Camera {
  return {
    vx: still ? 0 : r.normal() * (tracked ? 0.6 : 2),
    vy: still ? 0 : r.normal() * 0.6,
    ...(still ? {} : { wanderX: sway(r.range(0, 14), 0.12, r), wanderY: sway(r.range(0, 8), 0.12, r) }),
    ...(r.chance(0.6) ? { shake: { seed: r.seed(), amount: r.range(0.1, 1.6) } } : {}),
    ...(r.chance(0.4) && !still ? { zoomRate: r.normal() * 0.004 } : {}),
    ...(r.chance(0.4) && !still ? { roll: sway(r.range(0.005, 0.04), 0.12, r) } : {}),
    ...(tracked ? { follow: { actor: 0, strength: r.range(0.75, 1), lag: r.range(0, 5) } } : {}),
  };
}

/** A piece of clutter and where it stands. */
function clutterRole(
  r: Random,
  style: Style,
  forms: readonly ClutterSpec['form'][],
  parallax: number,
  reach: number,
): Role {
  const size = r.range(80, 520);
  return {
    actor: { kind: 'clutter', seed: r.seed(), size, style, form: r.pick(forms) },
    path: { x: r.range(-reach, reach), y: r.range(-60, 200) - size * 0.15, at: 0, vx: 0, vy: 0, yaw: 0 },
    parallax,
    object: -1,
  };
}

/** An extra that moves about: often the hero's twin. */
function extra(r: Random, hero: ActorSpec, size: number, style: Style, o: Invention, near: boolean): Role {
  const twin = r.chance(0.4);
  const direction = r.chance(0.5) ? 1 : -1;
  return {
    actor: twin ? hero : actor(r, size * r.range(0.6, 1.3), style, o),
    path: {
      x: r.range(-330, 330),
      y: r.range(-70, 90),
      at: r.range(0, o.frames),
      vx: direction * r.range(0, 8),
      vy: r.normal() * 0.5,
      yaw: direction > 0 ? 0 : Math.PI,
      ...(r.chance(0.4) ? { wanderX: sway(r.range(2, 12), 0.2, r) } : {}),
    },
    parallax: near ? r.range(1, 1.3) : r.range(0.7, 1),
    object: -1,
    ahead: r.range(-9, 9),
  };
}

function finish(r: Random): Finish {
  return {
    blur: r.chance(0.6) ? r.range(0.3, 1.1) : 0,
    grain: r.chance(0.75) ? r.range(0.3, 6) : 0,
    quality: Math.round(r.range(45, 97)),
    saturation: r.range(0.6, 1.2),
    gainDrift: r.chance(0.5) ? r.normal() * 0.006 : 0,
    vignette: r.chance(0.5) ? r.range(0, 0.8) : 0,
    ...(r.chance(0.3) ? { dapple: { seed: r.seed(), strength: r.range(0.2, 0.7), size: r.range(200, 900) } } : {}),
  };
}

function spray(r: Random): Spray {
  const water = r.chance(0.4);
  const grey = r.range(0.4, 0.9);
  return {
    role: 0,
    seed: r.seed(),
    colour: water ? [0.9, 0.94, 0.97] : [grey, grey * r.range(0.8, 1), grey * r.range(0.6, 1)],
    rate: water ? r.range(8, 30) : r.range(1, 5),
    size: water ? r.range(2, 9) : r.range(15, 60),
    opacity: water ? r.range(0.4, 0.9) : r.range(0.15, 0.55),
    life: r.range(5, 16),
    speed: water ? r.range(2, 9) : r.range(0.5, 3),
  };
}

/** Invents a scene with one object. The same seed and options give the same scene. */
export function inventScene(seed: number, o: Invention): Scene {
  const r = random(seed);
  const style: Style = {
    photos: o.assets.photos,
    camouflage: o.level >= 2 ? r.range(0, 0.4) : 0.05,
    twoSided: o.level >= 3 ? 0.5 : 0.25,
  };
  const tracked = r.chance(0.6);
  const still = r.chance(0.2);
  const base = r.chance(0.2) ? r.range(70, 150) : r.range(170, 430);
  // A hero that will come near starts small.
  const fast =
    (tracked ? r.range(0.5, 7) : r.range(0.3, 5)) *
    (o.level >= 4 ? r.range(1, 3.5) : o.level >= 2 ? r.range(0.7, 1.7) : 0.8);
  const path = heroPath(r, o, base, fast);
  const growth = path.growth?.to ?? 1;
  const size =
    growth > 1.5 ? Math.max(55, Math.min(base, r.range(300, 560) / growth)) : growth < 0.8 ? Math.max(base, 200) : base;
  const hero = actor(r, size, style, o);
  const roles: Role[] = [];
  const shadow = r.chance(0.55) ? { shadow: r.range(0.2, 0.65) } : {};
  roles.push({ actor: hero, path, parallax: 1, object: 0, ahead: r.range(0, 40), ...shadow });
  const behind: Role[] = [];
  for (let i = r.chance(0.6) ? r.int(1, 4) : 0; i > 0; i--)
    behind.push(
      clutterRole(
        r,
        style,
        ['post', 'post', 'foliage', 'foliage', 'foliage', 'fence', 'foliage'],
        r.range(0.75, 1),
        700,
      ),
    );
  for (let i = r.chance(o.level >= 2 ? 0.5 : 0.2) ? r.int(1, 3) : 0; i > 0; i--)
    behind.push(extra(r, hero, size, style, o, false));
  const front: Role[] = [];
  for (let i = r.chance(o.level >= 2 ? 0.4 : 0.12) ? r.int(1, 4) : 0; i > 0; i--)
    front.push(
      clutterRole(
        r,
        style,
        ['post', 'post', 'post', 'post', 'foliage', 'foliage', 'foliage', 'rope', 'fence'],
        r.range(1.05, 1.8),
        600,
      ),
    );
  if (r.chance(o.level >= 2 ? 0.2 : 0.05)) front.push(extra(r, hero, size, style, o, true));
  const cameraSpec = camera(r, tracked, still && !tracked);
  const follow = cameraSpec.follow ? { follow: { ...cameraSpec.follow, actor: behind.length } } : {};
  const blurred = r.chance(0.75);
  const open = blurred ? (o.level >= 4 && r.chance(0.4) ? r.range(0.7, 1) : r.range(0.2, 0.8)) : 0;
  const travel = open * (fast + growth + 3);
  return {
    width: o.width,
    height: o.height,
    frames: o.frames,
    seed: r.seed(),
    backdrop: backdrop(r, o),
    backdropParallax: r.range(0.55, 1),
    camera: { ...cameraSpec, ...follow },
    roles: [...behind, ...roles, ...front],
    sprays: r.chance(o.level >= 3 ? 0.22 : 0.04) ? [{ ...spray(r), role: behind.length }] : [],
    shutter: { open, samples: blurred ? Math.max(2, Math.min(9, Math.round(travel / 2.5))) : 1 },
    light: {
      x: r.range(-1, 1),
      y: r.range(-1, 0.2),
      z: r.range(0.2, 1) * (r.chance(0.75) ? 1 : -0.3),
      contrast: r.range(0.15, 0.75),
    },
    finish: finish(r),
  };
}
