import { lerp, stream } from './noise.js';
import { addLeaf } from './plants.js';
import { type Rgb, Soup, type Vec } from './soup.js';
import { heightAt } from './terrain.js';

/** Leaves that sail down; `moveTo` puts them where they are at a time in seconds. */
export interface Drift {
  readonly soup: Soup;
  moveTo(time: number): void;
}

const COLOURS: Rgb[] = [
  [0.5, 0.36, 0.06],
  [0.42, 0.2, 0.04],
  [0.4, 0.4, 0.08],
];

/** Two dozen leaves. */
export function fallingLeaves(): Drift {
  const soup = new Soup();
  const random = stream(99);
  const pieces: {
    readonly first: number;
    readonly last: number;
    readonly at: (t: number) => Vec;
    readonly spin: number;
  }[] = [];
  for (let i = 0; i < 24; i++) {
    const first = soup.count;
    addLeaf(soup, [0, 0, 0], 0.02 + 0.012 * random(), COLOURS[i % 3], random, 1, 0.7);
    const [x, z, top, rate, sway, phase] = [
      lerp(-3, 5, random()),
      lerp(-2.5, 5, random()),
      3.4 * random() + 0.3,
      0.45 + 0.35 * random(),
      0.1 + 0.2 * random(),
      7 * random(),
    ];
    pieces.push({
      first,
      last: soup.count,
      spin: 2 + 3 * random(),
      at: (t) => [
        x + sway * Math.sin(2.2 * t + phase) - 0.15 * t,
        Math.max(heightAt(x, z) + 0.01, top - rate * t + 0.05 * Math.sin(4.4 * t + phase)),
        z + sway * Math.cos(1.7 * t + phase),
      ],
    });
  }
  const [corners, normals] = [soup.corners.slice(), soup.normals.slice()];
  return {
    soup,
    moveTo(time) {
      for (const { first, last, at, spin } of pieces) {
        const [c, s] = [Math.cos(spin * time), Math.sin(spin * time)];
        const to = at(time);
        for (let k = 3 * first; k < 3 * last; k++) {
          const [x, y, z] = [corners[3 * k], corners[3 * k + 1], corners[3 * k + 2]];
          soup.corners[3 * k] = to[0] + c * x - s * y;
          soup.corners[3 * k + 1] = to[1] + s * x + c * y;
          soup.corners[3 * k + 2] = to[2] + z;
        }
        for (let k = first; k < last; k++) {
          const [x, y] = [normals[3 * k], normals[3 * k + 1]];
          soup.normals[3 * k] = c * x - s * y;
          soup.normals[3 * k + 1] = s * x + c * y;
        }
      }
    },
  };
}
