/**
 * How code values of 0 to 1 mean light, and back. Scene curves give scene-linear light in which 0.18 is mid grey; display curves give light relative to
 * white; PQ gives multiples of 100 cd/m². `toLinear` and `fromLinear` undo one another wherever the curve is not flat.
 */
export interface Transfer {
  toLinear(code: number): number;
  fromLinear(light: number): number;
}

/** A curve for light of 0 and more, continued below 0 by its mirror image. */
const mirrored = (t: Transfer): Transfer => ({
  toLinear: (v) => (v < 0 ? -t.toLinear(-v) : t.toLinear(v)),
  fromLinear: (v) => (v < 0 ? -t.fromLinear(-v) : t.fromLinear(v)),
});

const gamma = (g: number): Transfer => mirrored({ toLinear: (v) => v ** g, fromLinear: (v) => v ** (1 / g) });

/** Rec. ITU-R BT.709-6 and BT.2020-2 camera curve, with the constants that make it smooth (BT.2020 gives them to five digits). */
const [ALPHA, BETA] = [1.09929682680944, 0.018053968510807];
const rec709: Transfer = mirrored({
  toLinear: (v) => (v < 4.5 * BETA ? v / 4.5 : ((v + ALPHA - 1) / ALPHA) ** (1 / 0.45)),
  fromLinear: (v) => (v < BETA ? 4.5 * v : ALPHA * v ** 0.45 - (ALPHA - 1)),
});

/** IEC 61966-2-1. */
const srgb: Transfer = mirrored({
  toLinear: (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4),
  fromLinear: (v) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055),
});

/** SMPTE ST 2084; 1 is 100 cd/m², so that code 1 is 100. */
const PQ = {
  m1: 2610 / 16384,
  m2: (2523 / 4096) * 128,
  c1: 3424 / 4096,
  c2: (2413 / 4096) * 32,
  c3: (2392 / 4096) * 32,
};
const pq: Transfer = mirrored({
  toLinear(v) {
    const p = v ** (1 / PQ.m2);
    return 100 * (Math.max(0, p - PQ.c1) / (PQ.c2 - PQ.c3 * p)) ** (1 / PQ.m1);
  },
  fromLinear(v) {
    const p = (v / 100) ** PQ.m1;
    return ((PQ.c1 + PQ.c2 * p) / (1 + PQ.c3 * p)) ** PQ.m2;
  },
});

/** Rec. ITU-R BT.2100-2 hybrid log-gamma: the camera's curve, light of 0 to 1. */
const HLG = { a: 0.17883277, b: 1 - 4 * 0.17883277, c: 0.5 - 0.17883277 * Math.log(4 * 0.17883277) };
const hlg: Transfer = mirrored({
  toLinear: (v) => (v <= 0.5 ? (v * v) / 3 : (Math.exp((v - HLG.c) / HLG.a) + HLG.b) / 12),
  fromLinear: (v) => (v <= 1 / 12 ? Math.sqrt(3 * v) : HLG.a * Math.log(12 * v - HLG.b) + HLG.c),
});

/** Curves for displays and for linear light. */
export const DISPLAY_TRANSFERS = {
  linear: { toLinear: (v) => v, fromLinear: (v) => v },
  srgb,
  rec709,
  rec2020: rec709,
  bt1886: gamma(2.4),
  gamma22: gamma(2.2),
  gamma26: gamma(2.6),
  gamma28: gamma(2.8),
  pq,
  hlg,
} as const satisfies Record<string, Transfer>;
