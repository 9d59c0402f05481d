import type { Box, SoftMask } from '@rotokit/core/values';

/** A seeded generator of numbers in [0, 1) (mulberry32), so that every run tests the same inputs. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A soft disc, cut to its box. */
export function disc(width: number, height: number, x: number, y: number, radius: number, edge = 4): SoftMask {
  const clamp = (v: number, most: number) => Math.max(0, Math.min(most, Math.round(v)));
  const window: Box = {
    x0: clamp(x - radius - edge, width),
    y0: clamp(y - radius - edge, height),
    x1: clamp(x + radius + edge, width),
    y1: clamp(y + radius + edge, height),
  };
  const values = new Uint16Array((window.x1 - window.x0) * (window.y1 - window.y0));
  let i = 0;
  for (let v = window.y0; v < window.y1; v++) {
    for (let u = window.x0; u < window.x1; u++) {
      const inside = 0.5 + (radius - Math.hypot(u + 0.5 - x, v + 0.5 - y)) / edge;
      values[i++] = Math.round(65535 * Math.max(0, Math.min(1, inside)));
    }
  }
  return { size: { width, height }, window, values };
}
