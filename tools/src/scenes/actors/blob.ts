import type { Part } from '../parts.js';
import { random } from '../random.js';
import type { TextureSources } from '../textures.js';
import type { Actor } from './actor.js';
import { anySkin, type Style } from './skins.js';

/** A thing without limbs: a stone, a leaf, a fish, a bag. Deforms and turns, may carry smaller lumps on its surface. */
export interface BlobSpec {
  readonly kind: 'blob';
  readonly seed: number;
  /** Diameter in 480-line pixels at scale 1. */
  readonly size: number;
  readonly style: Style;
  /** How much its outline changes over time, 0..1; absent: by the seed. */
  readonly softness?: number;
}

const steps = 96;

/** Builds a blob. */
export function blob(spec: BlobSpec, sources: TextureSources): Actor {
  const r = random(spec.seed);
  const rx = spec.size * r.range(0.3, 0.55);
  const ry = spec.size * r.range(0.3, 0.5);
  const skin = anySkin(spec.size > 150 ? 384 : 192, spec.style, sources, r);
  const softness = spec.softness ?? (r.chance(0.75) ? r.range(0, 0.9) : 0);
  const rough = r.range(0.1, 0.6);
  const waves = Array.from({ length: r.int(4, 9) }, (_, i) => ({
    order: i + 2,
    amount: (rough / (i + 2)) * r.normal(),
    moving: softness * r.range(0.05, 0.4) * (rough / Math.sqrt(i + 2)),
    speed: r.range(0.08, 0.6),
    phase: r.range(0, 6.28),
  }));
  const roll = r.chance(0.3) ? r.range(-0.03, 0.03) : 0;
  const lumps = Array.from({ length: r.chance(0.5) ? r.int(1, 6) : 0 }, () => ({
    turn: r.range(0, 2 * Math.PI),
    height: r.range(-0.8, 0.8),
    size: r.range(0.1, 0.35),
    skin: anySkin(64, spec.style, sources, r),
  }));
  const outlineAt = (time: number): Float32Array => {
    const out = new Float32Array(steps);
    for (let i = 0; i < steps; i++) {
      const angle = (i / steps) * 2 * Math.PI;
      let radius = 1;
      for (const w of waves) {
        radius += (w.amount + w.moving * Math.sin(w.speed * time + w.phase)) * Math.cos(w.order * angle + w.phase);
      }
      out[i] = Math.max(0.35, Math.min(1.6, radius));
    }
    return out;
  };
  const parts = (time: number, yaw: number): Part[] => {
    const turn = yaw + 2 * Math.PI * roll * time;
    const spin = turn / (2 * Math.PI);
    const list: Part[] = [
      { kind: 'round', skin, x: 0, y: 0, rx, ry, angle: 0, spin, outline: outlineAt(time), depth: 0 },
    ];
    for (const lump of lumps) {
      const flat = Math.sqrt(1 - lump.height ** 2);
      const at = lump.turn + turn;
      const x = 0.8 * rx * flat * Math.cos(at);
      const depth = rx * Math.sin(at) * flat;
      const size = lump.size * Math.min(rx, ry);
      list.push({
        kind: 'round',
        skin: lump.skin,
        x,
        y: 0.8 * ry * lump.height,
        rx: size,
        ry: size,
        angle: 0,
        spin: spin + lump.turn,
        depth,
      });
    }
    return list;
  };
  return { parts, foot: ry };
}
