import { anyColour } from '../colour.js';
import type { Part } from '../parts.js';
import { random } from '../random.js';
import type { TextureSources } from '../textures.js';
import { type Actor, body, limb, seen } from './actor.js';
import { person } from './person.js';
import { colourSkin, type Style } from './skins.js';

/** A person on a two-wheeler: thin frame, rings with spokes, pedalling legs. */
export interface CycleSpec {
  readonly kind: 'cycle';
  readonly seed: number;
  /** Height of the rider in 480-line pixels at scale 1. */
  readonly size: number;
  readonly style: Style;
}

/** Builds a cyclist. Its middle is the rider's pelvis. */
export function cycle(spec: CycleSpec, sources: TextureSources): Actor {
  const r = random(spec.seed);
  const h = spec.size;
  const rider = person({ kind: 'person', seed: r.seed(), size: h, style: spec.style, action: 'ride' }, sources);
  const wheel = r.range(0.16, 0.2) * h;
  const axle = r.range(0.36, 0.42) * h;
  const reach = r.range(0.28, 0.34) * h;
  const tube = r.range(0.006, 0.014) * h;
  const frame = colourSkin(anyColour(r), 32, sources, r);
  const tyre = colourSkin([0.1, 0.1, 0.1], 32, sources, r);
  const speed = r.range(0.2, 0.7);
  const parts = (time: number, yaw: number): Part[] => {
    const b = body(yaw, 4 * h);
    const slant = Math.max(0.08, Math.abs(Math.cos(yaw)));
    const hubs = [-reach, reach].map((x) => ({ x, y: axle, z: 0 }));
    for (const hub of hubs) {
      const at = seen(b, hub);
      const k = at.near;
      b.list.push({
        kind: 'ring',
        skin: tyre,
        x: at.x,
        y: at.y,
        rx: wheel * slant * k,
        ry: wheel * k,
        angle: 0,
        band: 0.025 * h * k,
        depth: at.depth + 3,
      });
      for (let i = 0; i < 5; i++) {
        const a = speed * time + (i * 2 * Math.PI) / 5;
        const rim = { x: hub.x + wheel * Math.cos(a), y: hub.y + wheel * Math.sin(a), z: 0 };
        limb(b, hub, rim, 0.003 * h, 0.003 * h, tyre, 0, 3);
      }
    }
    const crank = { x: 0.02 * h, y: axle * 0.95, z: 0 };
    const saddle = { x: -0.03 * h, y: 0.03 * h, z: 0 };
    const head = { x: reach * 0.75, y: 0.08 * h, z: 0 };
    const tubes = [
      [hubs[0], crank],
      [hubs[0], saddle],
      [saddle, crank],
      [crank, head],
      [saddle, head],
      [head, hubs[1]],
      [head, { x: head.x - 0.02 * h, y: -0.06 * h, z: 0 }],
    ] as const;
    for (const [p, q] of tubes) limb(b, p, q, tube, tube, frame, 0, 1);
    return [...b.list, ...rider.parts(time, yaw)];
  };
  return { parts, foot: axle + wheel };
}
