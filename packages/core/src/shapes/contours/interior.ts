import type { Contour } from './contour.js';

/** Which points lie inside a contour, answered from a small picture of it. */
export interface Interior {
  has(x: number, y: number): boolean;
}

/** Longest side of the picture, in its own pixels. */
const LONGEST = 224;

/** A picture of the inside of a contour, about a pixel fine for objects of ordinary size. */
export function interiorOf({ xy }: Contour): Interior {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k < xy.length; k += 2) {
    x0 = Math.min(x0, xy[k]);
    x1 = Math.max(x1, xy[k]);
    y0 = Math.min(y0, xy[k + 1]);
    y1 = Math.max(y1, xy[k + 1]);
  }
  const scale = Math.min(1, LONGEST / Math.max(x1 - x0, y1 - y0, 1));
  const width = Math.max(1, Math.ceil((x1 - x0) * scale));
  const height = Math.max(1, Math.ceil((y1 - y0) * scale));
  const inside = new Uint8Array(width * height);
  const rows: number[][] = Array.from({ length: height }, () => []);
  for (let k = 0; k < xy.length; k += 2) {
    const j = k + 2 < xy.length ? k + 2 : 0;
    const [ax, ay] = [(xy[k] - x0) * scale, (xy[k + 1] - y0) * scale];
    const [bx, by] = [(xy[j] - x0) * scale, (xy[j + 1] - y0) * scale];
    const [top, bottom] = [Math.min(ay, by), Math.max(ay, by)];
    for (let r = Math.max(0, Math.ceil(top - 0.5)); r + 0.5 < bottom && r < height; r++)
      rows[r].push(ax + ((bx - ax) * (r + 0.5 - ay)) / (by - ay));
  }
  rows.forEach((crossings, r) => {
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2)
      for (let c = Math.max(0, Math.ceil(crossings[i] - 0.5)); c + 0.5 < crossings[i + 1] && c < width; c++)
        inside[r * width + c] = 1;
  });
  return {
    has(x, y) {
      const c = Math.floor((x - x0) * scale);
      const r = Math.floor((y - y0) * scale);
      return c >= 0 && r >= 0 && c < width && r < height && inside[r * width + c] === 1;
    },
  };
}
