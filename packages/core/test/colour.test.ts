import { describe, expect, it } from 'vitest';
import { describeWithPython } from '../../../tests/support/python.js';
import {
  applyCube,
  COLOUR_SPACES,
  colourConversion,
  matrixBetween,
  matrixByName,
  PRIMARIES,
  parseCube,
  premultiply,
  rgbToXyz,
  spaceOfTags,
  TRANSFERS,
  type TransferName,
  type Triple,
  transformed,
  unpremultiply,
} from '../src/colour/index.js';

/** Published pairs of light and code: mid grey and white as the makers' papers give them. */
const KNOWN: readonly (readonly [TransferName, light: number, code: number, digits: number])[] = [
  ['srgb', 0.214041, 0.5, 6],
  ['rec709', 0.018053968510807, 4.5 * 0.018053968510807, 9],
  ['rec709', 1, 1, 12],
  ['pq', 100, 1, 9],
  ['pq', 1, 0.508078, 6],
  ['hlg', 1 / 12, 0.5, 9],
  ['hlg', 1, 1, 7],
  ['logc3', 0.18, 0.391007, 6],
  ['logc4', 0.18, 0.278396, 6],
  ['slog3', 0.18, 420 / 1023, 9],
  ['slog3', 0, 95 / 1023, 9],
  ['vlog', 0.18, 433 / 1023, 3],
  ['vlog', 0, 0.125, 9],
  ['log3g10', 0.18, 1 / 3, 5],
  ['log3g10', 0, 0.091551, 6],
  ['acescct', 0.18, 0.413588, 6],
  ['acescc', 0.18, 0.413588, 6],
  ['clog2', 0.18, 0.398254, 4],
  ['clog3', 0.18, 0.343389, 4],
  ['davinci', 0.18, 0.336043, 6],
  ['applelog', 0.18, 0.488272, 4],
  ['cineon', 1, 685 / 1023, 9],
];

describe('curves', () => {
  it.each(KNOWN)('%s gives light %d the code %d', (name, light, code, digits) => {
    expect(TRANSFERS[name].fromLinear(light)).toBeCloseTo(code, digits);
    expect(TRANSFERS[name].toLinear(code)).toBeCloseTo(light, Math.min(digits, 3));
  });

  it('undo themselves over all codes and a little beyond', () => {
    for (const [name, t] of Object.entries(TRANSFERS)) {
      const least = { applelog: 0, acescc: -0.3, pq: 0, hlg: 0, cineon: 0 }[name as string] ?? -0.05;
      for (let code = least; code <= 1.0; code += 0.0073)
        expect(t.fromLinear(t.toLinear(code)), `${name} ${code}`).toBeCloseTo(code, 4);
    }
  });

  it('rise everywhere', () => {
    for (const [name, t] of Object.entries(TRANSFERS))
      for (let code = 0.001; code <= 1; code += 0.001)
        expect(t.toLinear(code), `${name} ${code}`).toBeGreaterThan(t.toLinear(code - 0.001) - 1e-12);
  });
});

describe('primaries', () => {
  it('give the matrices of the standards', () => {
    const expected = [0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193, 0.1192, 0.9505];
    rgbToXyz(PRIMARIES.rec709).forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i]!, 3);
    });
  });

  it('keep white white, and come back', () => {
    for (const from of Object.values(PRIMARIES)) {
      for (const v of transformed(matrixBetween(from, PRIMARIES.acescg), [1, 1, 1])) expect(v).toBeCloseTo(1, 9);
      const there = transformed(matrixBetween(from, PRIMARIES.rec709), [0.2, 0.5, 0.7]);
      const back = transformed(matrixBetween(PRIMARIES.rec709, from), there);
      [0.2, 0.5, 0.7].forEach((v, i) => {
        expect(back[i]).toBeCloseTo(v, 9);
      });
    }
  });

  it('are found from the tags of a clip', () => {
    expect(spaceOfTags({ primaries: 9, transfer: 16, matrix: 0, range: 'full' })).toEqual(COLOUR_SPACES['rec2100-pq']);
    expect(spaceOfTags({ primaries: 2, transfer: 2, matrix: 0, range: 'full' })).toEqual(COLOUR_SPACES.srgb);
  });
});

describe('a .cube table', () => {
  const cube = (size: number, f: (rgb: Triple) => Triple) => {
    const rows: string[] = [];
    for (let b = 0; b < size; b++)
      for (let g = 0; g < size; g++)
        for (let r = 0; r < size; r++)
          rows.push(f([r, g, b].map((v) => v / (size - 1)) as unknown as Triple).join(' '));
    return `# made by a test\nTITLE "t"\nLUT_3D_SIZE ${size}\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 1 1 1\n\n${rows.join('\n')}\n`;
  };

  it('of three dimensions gives back its entries, planes between them, and neutrals on its diagonal', () => {
    const lut = parseCube(cube(5, ([r, g, b]) => [g * g, 1 - r, b]));
    expect(applyCube(lut, [0.25, 0.5, 1])).toEqual([0.25, 0.75, 1]);
    const plane = parseCube(cube(3, ([r, g, b]) => [r + 2 * g - b, r, g]));
    for (const rgb of [
      [0.1, 0.7, 0.3],
      [0.9, 0.2, 0.55],
      [2, -1, 0.5],
    ] as const) {
      const [r, g, b] = rgb.map((v) => Math.min(1, Math.max(0, v))) as unknown as Triple;
      const found = applyCube(plane, rgb);
      [r + 2 * g - b, r, g].forEach((v, i) => {
        expect(found[i]).toBeCloseTo(v, 5);
      });
    }
    const curve = parseCube(cube(4, (rgb) => rgb.map((v) => v * v) as unknown as Triple));
    const [x, y, z] = applyCube(curve, [0.4, 0.4, 0.4]);
    expect(x === y && y === z).toBe(true);
  });

  it('of one dimension has a curve for each channel and its own domain', () => {
    const lut = parseCube('LUT_1D_SIZE 3\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 2 2 2\n0 0 1\n0.5 0 0.5\n1 0 0\n');
    expect(applyCube(lut, [1, 1, 0.5])).toEqual([0.5, 0, 0.75]);
    expect(applyCube(lut, [9, 9, 9])).toEqual([1, 0, 0]);
  });

  it.each([
    '',
    'LUT_3D_SIZE 2\n0 0 0\n',
    'LUT_3D_SIZE 999\n',
    'LUT_1D_SIZE 2\n0 0\n1 1 1\n',
    'LUT_1D_SIZE 2\n0 0 x\n1 1 1\n',
    'HELLO\n',
    'LUT_1D_SIZE 2\nDOMAIN_MIN 1 1 1\n0 0 0\n1 1 1\n',
  ])('that is damaged ends in a coded error', (text) => {
    expect(() => parseCube(text)).toThrow(expect.objectContaining({ code: 'LUT_UNREADABLE' }));
  });

  it('stands before the light in a conversion', () => {
    const invert = parseCube('LUT_1D_SIZE 2\n1 1 1\n0 0 0\n');
    const convert = colourConversion(COLOUR_SPACES.srgb, COLOUR_SPACES['linear-rec709'], invert);
    expect(convert([0, 0, 0])[0]).toBeCloseTo(1, 9);
  });
});

describe('alpha', () => {
  it('is multiplied in and taken out again, and colours without alpha stay', () => {
    const alpha = Float32Array.of(1, 0.25, 0);
    const straight = Float32Array.of(1, 2, 3, 0.5, 4, 1, 7, 8, 9);
    const pre = premultiply(straight.slice(), alpha);
    expect([...pre]).toEqual([1, 2, 3, 0.125, 1, 0.25, 0, 0, 0]);
    expect([...unpremultiply(Float32Array.of(...pre.slice(0, 6), 7, 8, 9), alpha)]).toEqual([...straight]);
  });
});

describeWithPython('PyOpenColorIO', 'curves and primaries in OpenColorIO', (run) => {
  const CAMERAS = [
    ['ACEScct_to_ACES2065-1', 'acescct'],
    ['ACEScc_to_ACES2065-1', 'acescc'],
    ['APPLE_LOG_to_ACES2065-1', 'apple-log'],
    ['ARRI_ALEXA-LOGC-EI800-AWG_to_ACES2065-1', 'arri-logc3'],
    ['ARRI_LOGC4_to_ACES2065-1', 'arri-logc4'],
    ['CANON_CLOG2-CGAMUT_to_ACES2065-1', 'canon-log2'],
    ['CANON_CLOG3-CGAMUT_to_ACES2065-1', 'canon-log3'],
    ['PANASONIC_VLOG-VGAMUT_to_ACES2065-1', 'panasonic-vlog'],
    ['RED_LOG3G10-RWG_to_ACES2065-1', 'red-log3g10'],
    ['SONY_SLOG3-SGAMUT3_to_ACES2065-1', 'sony-slog3'],
    ['SONY_SLOG3-SGAMUT3.CINE_to_ACES2065-1', 'sony-slog3-cine'],
  ] as const;
  const CURVES = [
    ['CURVE - ST-2084_to_LINEAR', 'pq'],
    ['CURVE - HLG-OETF-INVERSE', 'hlg', 3], // there 18 % grey is code 0.42
    ['CURVE - APPLE_LOG_to_LINEAR', 'applelog'],
    ['CURVE - CANON_CLOG2_to_LINEAR', 'clog2'],
    ['CURVE - CANON_CLOG3_to_LINEAR', 'clog3'],
  ] as const;
  const colours: Triple[] = Array.from({ length: 60 }, (_, i) => [
    0.05 + (i % 10) * 0.09,
    0.1 + ((i * 3) % 10) * 0.08,
    0.07 + ((i * 7) % 10) * 0.085,
  ]);
  const ocio = (styles: readonly string[]) =>
    run(
      `
import json, sys
import PyOpenColorIO as o
config = o.Config.CreateRaw()
styles, colours = json.loads(sys.argv[1])
out = []
for s in styles:
    p = config.getProcessor(o.BuiltinTransform(style=s)).getDefaultCPUProcessor()
    out.append([p.applyRGB(c) for c in colours])
print(json.dumps(out))`,
      JSON.stringify([styles, colours]),
    ) as Triple[][];
  /** Relative; where OpenColorIO cuts negative light off (ACEScc), nothing is said. */
  const off = (a: Triple, b: Triple) =>
    Math.max(...a.map((v, i) => (b[i] === 0 ? 0 : Math.abs(v - b[i]!) / Math.max(0.02, Math.abs(b[i]!)))));

  it('agree for every camera, from codes to ACES', () => {
    const seen = ocio(CAMERAS.map(([style]) => style));
    CAMERAS.forEach(([style, name], n) => {
      const { transfer, primaries } = COLOUR_SPACES[name];
      const matrix = matrixByName(primaries, 'aces2065');
      const worst = Math.max(
        ...colours.map((c, i) =>
          off(transformed(matrix, c.map(TRANSFERS[transfer].toLinear) as unknown as Triple), seen[n]![i]!),
        ),
      );
      expect(worst, style).toBeLessThan(2e-3);
    });
  });

  it('agree for PQ, HLG, Apple and Canon', () => {
    const seen = ocio(CURVES.map(([style]) => style));
    CURVES.forEach(([style, name, scale = 1], n) => {
      const worst = Math.max(
        ...colours.map((c, i) =>
          off(c.map((v) => scale * TRANSFERS[name].toLinear(v)) as unknown as Triple, seen[n]![i]!),
        ),
      );
      expect(worst, style).toBeLessThan(1e-3);
    });
  });
});
