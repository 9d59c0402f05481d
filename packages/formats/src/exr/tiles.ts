import { ByteReader, damaged } from '../bytes/byte-reader.js';

/** How a part is cut into tiles, and how many smaller pictures of itself it holds. */
export interface ExrTiles {
  readonly width: number;
  readonly height: number;
  /** One picture; smaller ones, half the size each time; or halved in each direction by itself. */
  readonly levels: 'one' | 'mipmap' | 'ripmap';
  /** Whether a half of an odd size is rounded up. */
  readonly roundsUp: boolean;
}

const LEVELS = ['one', 'mipmap', 'ripmap'] as const;

/** The attribute `tiles` (OpenEXR File Layout, "tiledesc"). Stops the decoder where it makes no sense. */
export function readTiles(bytes: Uint8Array): ExrTiles {
  const from = new ByteReader(bytes);
  const [width, height, mode] = [from.u32(), from.u32(), from.u8()];
  const levels = LEVELS[mode & 15];
  if (!width || !height || !levels || mode >> 4 > 1) return damaged('its tiles make no sense');
  return { width, height, levels, roundsUp: mode >> 4 === 1 };
}

/** Sizes of the levels along one side, the full one first. */
function sizesOf(size: number, longest: number, roundsUp: boolean): number[] {
  const sizes: number[] = [];
  for (let step = 1; ; step *= 2) {
    sizes.push(Math.max(1, roundsUp ? Math.ceil(size / step) : Math.floor(size / step)));
    if (roundsUp ? step >= longest : step * 2 > longest) return sizes;
  }
}

/** How many tiles a part has in its full picture, and on all levels: that many places its table has, the full picture's first. */
export function tileCounts(
  tiles: ExrTiles,
  width: number,
  height: number,
): { readonly full: number; readonly all: number } {
  const [across, down] = [(w: number) => Math.ceil(w / tiles.width), (h: number) => Math.ceil(h / tiles.height)];
  const full = across(width) * down(height);
  const { levels, roundsUp } = tiles;
  if (levels === 'one') return { full, all: full };
  if (levels === 'mipmap') {
    const longest = Math.max(width, height);
    const [ws, hs] = [sizesOf(width, longest, roundsUp), sizesOf(height, longest, roundsUp)];
    return { full, all: ws.reduce((n, w, i) => n + across(w) * down(hs[i]!), 0) };
  }
  const sum = (sizes: number[], count: (n: number) => number) => sizes.reduce((n, s) => n + count(s), 0);
  const [ws, hs] = [sizesOf(width, width, roundsUp), sizesOf(height, height, roundsUp)];
  return { full, all: sum(ws, across) * sum(hs, down) };
}
