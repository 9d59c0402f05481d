import type { ColourTags } from '../values/index.js';
import { CAMERA_LOGS } from './camera-logs.js';
import { applyCube, type CubeLut } from './cube.js';
import { type Matrix3, type Triple, transformed } from './matrix.js';
import { matrixByName, type PrimariesName } from './primaries.js';
import { DISPLAY_TRANSFERS } from './transfer.js';

/** Every curve by its name. */
export const TRANSFERS = { ...DISPLAY_TRANSFERS, ...CAMERA_LOGS } as const;
/** The name of a curve. */
export type TransferName = keyof typeof TRANSFERS;

/** What numbers of a picture mean. */
export interface ColourSpace {
  readonly transfer: TransferName;
  readonly primaries: PrimariesName;
}

/** Curves and spaces that are used together, by the names people say. */
export const COLOUR_SPACES = {
  srgb: { transfer: 'srgb', primaries: 'rec709' },
  rec709: { transfer: 'rec709', primaries: 'rec709' },
  rec2020: { transfer: 'rec2020', primaries: 'rec2020' },
  'rec2100-pq': { transfer: 'pq', primaries: 'rec2020' },
  'rec2100-hlg': { transfer: 'hlg', primaries: 'rec2020' },
  'p3-d65': { transfer: 'gamma26', primaries: 'p3d65' },
  'display-p3': { transfer: 'srgb', primaries: 'p3d65' },
  'linear-rec709': { transfer: 'linear', primaries: 'rec709' },
  'linear-rec2020': { transfer: 'linear', primaries: 'rec2020' },
  'aces2065-1': { transfer: 'linear', primaries: 'aces2065' },
  acescg: { transfer: 'linear', primaries: 'acescg' },
  acescct: { transfer: 'acescct', primaries: 'acescg' },
  acescc: { transfer: 'acescc', primaries: 'acescg' },
  'arri-logc3': { transfer: 'logc3', primaries: 'awg3' },
  'arri-logc4': { transfer: 'logc4', primaries: 'awg4' },
  'sony-slog3': { transfer: 'slog3', primaries: 'sgamut3' },
  'sony-slog3-cine': { transfer: 'slog3', primaries: 'sgamut3cine' },
  'panasonic-vlog': { transfer: 'vlog', primaries: 'vgamut' },
  'red-log3g10': { transfer: 'log3g10', primaries: 'redwide' },
  'canon-log2': { transfer: 'clog2', primaries: 'cgamut' },
  'canon-log3': { transfer: 'clog3', primaries: 'cgamut' },
  'davinci-intermediate': { transfer: 'davinci', primaries: 'davinciwide' },
  'apple-log': { transfer: 'applelog', primaries: 'rec2020' },
  cineon: { transfer: 'cineon', primaries: 'rec709' },
} as const satisfies Record<string, ColourSpace>;
/** The name of a space with its curve. */
export type ColourSpaceName = keyof typeof COLOUR_SPACES;

/** ITU-T H.273 transfer characteristics; unspecified ones are taken for sRGB in what is displayed. */
const TRANSFER_OF_CODE: Readonly<Record<number, TransferName>> = {
  1: 'rec709',
  4: 'gamma22',
  5: 'gamma28',
  6: 'rec709',
  8: 'linear',
  13: 'srgb',
  14: 'rec2020',
  15: 'rec2020',
  16: 'pq',
  17: 'gamma26',
  18: 'hlg',
};
const PRIMARIES_OF_CODE: Readonly<Record<number, PrimariesName>> = {
  1: 'rec709',
  9: 'rec2020',
  11: 'p3d65',
  12: 'p3d65',
};

/** The space that a picture's tags name; what they leave open counts as sRGB. */
export const spaceOfTags = (tags: ColourTags): ColourSpace => ({
  transfer: TRANSFER_OF_CODE[tags.transfer] ?? 'srgb',
  primaries: PRIMARIES_OF_CODE[tags.primaries] ?? 'rec709',
});

/** Colours of one space to another: through a table first where there is one, then to light, between primaries, and to codes. */
export function colourConversion(from: ColourSpace, to: ColourSpace, lut?: CubeLut): (rgb: Triple) => Triple {
  const [a, b] = [TRANSFERS[from.transfer], TRANSFERS[to.transfer]];
  const matrix: Matrix3 | undefined =
    from.primaries === to.primaries ? undefined : matrixByName(from.primaries, to.primaries);
  return (rgb) => {
    const [r, g, bl] = lut ? applyCube(lut, rgb) : rgb;
    const light: Triple = [a.toLinear(r), a.toLinear(g), a.toLinear(bl)];
    const [x, y, z] = matrix ? transformed(matrix, light) : light;
    return [b.fromLinear(x), b.fromLinear(y), b.fromLinear(z)];
  };
}
