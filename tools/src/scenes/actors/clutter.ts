import { anyColour, nearColour } from '../colour.js';
import { sway, swayAt } from '../noise.js';
import type { Part } from '../parts.js';
import { random } from '../random.js';
import type { TextureSources } from '../textures.js';
import type { Actor } from './actor.js';
import { anySkin, colourSkin, type Style } from './skins.js';

/** Things that stand or hang about: posts, fences, foliage, ropes. They occlude, or fill the space behind. */
export interface ClutterSpec {
  readonly kind: 'clutter';
  readonly seed: number;
  /** Height in 480-line pixels at scale 1. */
  readonly size: number;
  readonly style: Style;
  readonly form: 'post' | 'fence' | 'foliage' | 'rope';
}

/** Builds a piece of clutter. Its middle is half way up. */
export function clutter(spec: ClutterSpec, sources: TextureSources): Actor {
  const r = random(spec.seed);
  const s = spec.size;
  const wind = sway(1, 0.15, r);
  const skin = r.chance(0.5) ? anySkin(128, spec.style, sources, r) : colourSkin(anyColour(r), 64, sources, r);
  const foot = s / 2;
  const upright = (x: number, radius: number, lean = 0): Part => {
    const ends = { x0: x + lean, y0: -s / 2, x1: x, y1: s / 2 };
    return { kind: 'capsule', skin, ...ends, r0: radius, r1: radius * 1.1, bulge: 0, spin: 0, depth: 0 };
  };
  if (spec.form === 'post') {
    const radius = r.range(0.01, 0.08) * s;
    const lean = r.normal() * 0.03 * s;
    return { foot, parts: () => [upright(0, radius, lean)] };
  }
  if (spec.form === 'rope') {
    const lean = r.range(-0.5, 0.5) * s;
    return { foot, parts: (time) => [upright(0, 0.004 * s, lean + 0.02 * s * swayAt(wind, time))] };
  }
  if (spec.form === 'fence') {
    const gap = r.range(0.25, 0.6) * s;
    const count = r.int(3, 9);
    const radius = r.range(0.01, 0.035) * s;
    const list = Array.from({ length: count }, (_, i) => upright((i - count / 2) * gap, radius));
    for (const y of [-0.3 * s, 0.15 * s]) {
      const ends = { x0: (-count / 2) * gap, y0: y, x1: (count / 2) * gap, y1: y };
      list.push({ kind: 'capsule', skin, ...ends, r0: radius, r1: radius, bulge: 0, spin: 0, depth: 1 });
    }
    return { foot, parts: () => list };
  }
  const green = anyColour(r);
  const shades = Array.from({ length: 3 }, () => colourSkin(nearColour(green, 0.1, r), 32, sources, r));
  const spread = r.range(0.2, 0.5) * s;
  const leaf = r.range(0.02, 0.06) * s;
  const leaves = Array.from({ length: r.int(40, 140) }, () => ({
    x: r.normal() * spread * 0.5,
    y: r.normal() * s * 0.22 - s * 0.1,
    angle: r.range(0, 3.1),
    size: leaf * r.range(0.5, 1.5),
    skin: r.pick(shades),
    swing: r.range(0.2, 1),
  }));
  const parts = (time: number): Part[] => {
    const gust = swayAt(wind, time) * 0.02 * s;
    return [
      { ...upright(0, 0.02 * s), depth: 5 },
      ...leaves.map((l): Part => {
        const x = l.x + gust * l.swing;
        return {
          kind: 'round',
          skin: l.skin,
          x,
          y: l.y,
          rx: l.size,
          ry: l.size * 0.4,
          angle: l.angle + 0.05 * gust,
          spin: 0,
          depth: 0,
        };
      }),
    ];
  };
  return { foot, parts };
}
