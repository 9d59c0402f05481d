import type { Transfer } from './transfer.js';

const log10 = Math.log10;
const log2 = Math.log2;

/** ARRI LogC3 at EI 800 ("ALEXA Log C Curve", 2017). */
const C3 = { cut: 0.010591, a: 5.555556, b: 0.052272, c: 0.24719, d: 0.385537, e: 5.367655, f: 0.092809 };
const logc3: Transfer = {
  toLinear: (v) => (v > C3.e * C3.cut + C3.f ? (10 ** ((v - C3.d) / C3.c) - C3.b) / C3.a : (v - C3.f) / C3.e),
  fromLinear: (v) => (v > C3.cut ? C3.c * log10(C3.a * v + C3.b) + C3.d : C3.e * v + C3.f),
};

/** ARRI LogC4 ("ARRI LogC4 Logarithmic Color Space Specification", 2022). */
const C4 = (() => {
  const [a, b, c] = [(2 ** 18 - 16) / 117.45, (1023 - 95) / 1023, 95 / 1023];
  const s = (7 * Math.LN2 * 2 ** (7 - (14 * c) / b)) / (a * b);
  return { a, b, c, s, t: (2 ** (14 * (-c / b) + 6) - 64) / a };
})();
const logc4: Transfer = {
  toLinear: (v) => (v < 0 ? v * C4.s + C4.t : (2 ** ((14 * (v - C4.c)) / C4.b + 6) - 64) / C4.a),
  fromLinear: (v) => (v < C4.t ? (v - C4.t) / C4.s : ((log2(C4.a * v + 64) - 6) / 14) * C4.b + C4.c),
};

/** Sony S-Log3 ("Technical Summary for S-Gamut3.Cine/S-Log3", 2014). */
const slog3: Transfer = {
  toLinear: (v) =>
    v >= 171.2102946929 / 1023
      ? 10 ** ((v * 1023 - 420) / 261.5) * (0.18 + 0.01) - 0.01
      : ((v * 1023 - 95) * 0.01125) / (171.2102946929 - 95),
  fromLinear: (v) =>
    v >= 0.01125
      ? (420 + log10((v + 0.01) / (0.18 + 0.01)) * 261.5) / 1023
      : ((v * (171.2102946929 - 95)) / 0.01125 + 95) / 1023,
};

/** Panasonic V-Log ("V-Log/V-Gamut Reference Manual", 2014). */
const V = { b: 0.00873, c: 0.241514, d: 0.598206 };
const vlog: Transfer = {
  toLinear: (v) => (v < 0.181 ? (v - 0.125) / 5.6 : 10 ** ((v - V.d) / V.c) - V.b),
  fromLinear: (v) => (v < 0.01 ? 5.6 * v + 0.125 : V.c * log10(v + V.b) + V.d),
};

/** RED Log3G10 ("White Paper on REDWideGamutRGB and Log3G10", 2018). */
const R = { a: 0.224282, b: 155.975327, c: 0.01, g: 15.1927 };
const log3g10: Transfer = {
  toLinear: (v) => (v < 0 ? v / R.g - R.c : (10 ** (v / R.a) - 1) / R.b - R.c),
  fromLinear: (v) => (v + R.c < 0 ? (v + R.c) * R.g : R.a * log10((v + R.c) * R.b + 1)),
};

/** ACEScct (AMPAS S-2016-001). */
const acescct: Transfer = {
  toLinear: (v) => (v <= 0.155251141552511 ? (v - 0.0729055341958355) / 10.5402377416545 : 2 ** (v * 17.52 - 9.72)),
  fromLinear: (v) => (v <= 0.0078125 ? 10.5402377416545 * v + 0.0729055341958355 : (log2(v) + 9.72) / 17.52),
};

/** ACEScc (AMPAS S-2014-003); light below 0 becomes its lowest code. */
const acescc: Transfer = {
  toLinear: (v) => (v <= (9.72 - 15) / 17.52 ? (2 ** (v * 17.52 - 9.72) - 2 ** -16) * 2 : 2 ** (v * 17.52 - 9.72)),
  fromLinear: (v) => (log2(v < 2 ** -15 ? 2 ** -16 + Math.max(0, v) / 2 : v) + 9.72) / 17.52,
};

/** Canon Log 2 and 3 ("Canon Log Gamma Curves", 2018): light relative to 90 % reflectance, so that 0.18 is mid grey here. */
const CANON = 0.9;
const clog2: Transfer = {
  toLinear(v) {
    const x = (v - 0.092864125) / 0.24136077;
    return (CANON * Math.sign(x) * (10 ** Math.abs(x) - 1)) / 87.099375;
  },
  fromLinear(v) {
    const x = v / CANON;
    return Math.sign(x) * 0.24136077 * log10(87.099375 * Math.abs(x) + 1) + 0.092864125;
  },
};
const clog3: Transfer = {
  toLinear(v) {
    if (v < 0.097465473) return (-CANON * (10 ** ((0.12783901 - v) / 0.36726845) - 1)) / 14.98325;
    if (v <= 0.15277891) return (CANON * (v - 0.12512219)) / 1.9754798;
    return (CANON * (10 ** ((v - 0.12240537) / 0.36726845) - 1)) / 14.98325;
  },
  fromLinear(v) {
    const x = v / CANON;
    if (x < -0.014) return -0.36726845 * log10(1 - 14.98325 * x) + 0.12783901;
    if (x <= 0.014) return 1.9754798 * x + 0.12512219;
    return 0.36726845 * log10(14.98325 * x + 1) + 0.12240537;
  },
};

/** Blackmagic DaVinci Intermediate ("DaVinci Wide Gamut Intermediate", 2021). */
const D = { a: 0.0075, b: 7, c: 0.07329248, m: 10.44426855, linCut: 0.00262409, logCut: 0.02740668 };
const davinci: Transfer = {
  toLinear: (v) => (v > D.logCut ? 2 ** (v / D.c - D.b) - D.a : v / D.m),
  fromLinear: (v) => (v > D.linCut ? (log2(v + D.a) + D.b) * D.c : v * D.m),
};

/** Apple Log ("Apple Log Profile White Paper", 2023); light below its lowest becomes code 0. */
const A = { r0: -0.05641088, rt: 0.01, c: 47.28711236, beta: 0.00964052, gamma: 0.08550479, delta: 0.69336945 };
const applelog: Transfer = {
  toLinear(v) {
    if (v >= A.c * (A.rt - A.r0) ** 2) return 2 ** ((v - A.delta) / A.gamma) - A.beta;
    return Math.sqrt(Math.max(0, v) / A.c) + A.r0;
  },
  fromLinear(v) {
    if (v >= A.rt) return A.gamma * log2(v + A.beta) + A.delta;
    return v > A.r0 ? A.c * (v - A.r0) ** 2 : 0;
  },
};

/** Kodak Cineon: printing density codes 95 to 685 of 1023, 0.002 density a code, negative's gamma 0.6. */
const BLACK = 10 ** ((95 - 685) / 300);
const cineon: Transfer = {
  toLinear: (v) => (10 ** ((v * 1023 - 685) / 300) - BLACK) / (1 - BLACK),
  fromLinear: (v) => (log10(Math.max(1e-10, v * (1 - BLACK) + BLACK)) * 300 + 685) / 1023,
};

/** Curves that cameras and grading record with. */
export const CAMERA_LOGS = {
  logc3,
  logc4,
  slog3,
  vlog,
  log3g10,
  acescct,
  acescc,
  clog2,
  clog3,
  davinci,
  applelog,
  cineon,
} as const satisfies Record<string, Transfer>;
