import { anyColour, type Colour, nearColour, paletteAt, type Recolour, recolourer } from './colour.js';
import { fractalNoise } from './noise.js';
import { blankPicture, crop, type Picture, resize } from './picture.js';
import { type Random, random } from './random.js';
import { box, ellipse, fillOutline, shard } from './shapes.js';

/** A texture as data. The same description paints the same picture. */
export type Texture =
  /** 1/f noise looked up in a palette: stone, cloud, soil. `slope` about 1; `stretch` > 1 lengthens the grain in x. */
  | {
      readonly kind: 'noise';
      readonly seed: number;
      readonly colours?: readonly Colour[];
      readonly slope?: number;
      readonly stretch?: number;
    }
  /** One colour with faint unevenness: cloth, paint, skin. */
  | { readonly kind: 'plain'; readonly seed: number; readonly colour?: Colour; readonly unevenness?: number }
  /** Opaque shapes of many sizes dropped on each other: the dead-leaves model of Lee, Mumford and Huang, IJCV 2001. */
  | { readonly kind: 'leaves'; readonly seed: number; readonly count: number }
  /** Bent stripes. */
  | { readonly kind: 'stripes'; readonly seed: number }
  /** A regular grid of boxes: windows, bricks, tiles, checks. */
  | { readonly kind: 'grid'; readonly seed: number }
  /** Thin strokes in about one direction: grass, fur, hair, wood. */
  | { readonly kind: 'strokes'; readonly seed: number; readonly angle?: number }
  /** A window of a photograph from the assets, recoloured. `zoom` = how much of it is seen (1 = all that fits). */
  | {
      readonly kind: 'photo';
      readonly seed: number;
      readonly photo: number;
      readonly zoom: number;
      readonly recolour?: Recolour;
    }
  /** A window of the scene's own background, so that the thing painted with it hardly differs from what is behind. */
  | { readonly kind: 'camouflage'; readonly seed: number };

/** A stretch of filmed footage that can be read frame by frame. */
export interface Footage {
  readonly frames: number;
  read(frame: number): Picture;
}

/** A filmed performer cut out of the background: RGBA, straight (not premultiplied) alpha. */
export interface KeyedFootage {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  read(frame: number): Uint8Array;
}

/** Real pictures a scene may use; everything may be empty. */
export interface Assets {
  readonly photos: readonly Picture[];
  readonly footage: readonly Footage[];
  readonly performers: readonly KeyedFootage[];
}

/** No real pictures at all. */
export const noAssets: Assets = { photos: [], footage: [], performers: [] };

/** What textures may quote: the assets and, once it is painted, the scene's background. */
export interface TextureSources extends Assets {
  /** Size of surfaces relative to those of a 480-line picture, at most 1: small pictures need no fine texture. */
  readonly detail: number;
  readonly background?: Picture;
}

/** A smooth palette of a few colours. */
export function anyPalette(random: Random, count = random.int(2, 6)): Colour[] {
  const first = anyColour(random);
  return Array.from({ length: count }, (_, i) =>
    i === 0 ? first : random.chance(0.5) ? nearColour(first, 0.18, random) : anyColour(random),
  );
}

function fromPalette(values: Float32Array, colours: readonly Colour[], width: number, height: number): Picture {
  const out = blankPicture(width, height);
  const colour = new Float32Array(3);
  for (let i = 0, o = 0; i < values.length; i++, o += 3) {
    paletteAt(colours, values[i], colour, 0);
    out.rgb[o] = colour[0] * 255;
    out.rgb[o + 1] = colour[1] * 255;
    out.rgb[o + 2] = colour[2] * 255;
  }
  return out;
}

/** Multiplies a picture by 1 + depth * (noise - 0.5). */
function unevenLight(picture: Picture, depth: number, slope: number, random: Random): void {
  const noise = fractalNoise(picture.width, picture.height, slope, random);
  for (let i = 0, o = 0; i < noise.length; i++, o += 3) {
    const light = 1 + depth * (noise[i] - 0.5) * 2;
    for (let c = 0; c < 3; c++) picture.rgb[o + c] = Math.max(0, Math.min(255, picture.rgb[o + c] * light));
  }
}

function plain(width: number, height: number, colour: Colour, unevenness: number, random: Random): Picture {
  const out = blankPicture(width, height);
  for (let o = 0; o < out.rgb.length; o += 3) {
    out.rgb[o] = colour[0] * 255;
    out.rgb[o + 1] = colour[1] * 255;
    out.rgb[o + 2] = colour[2] * 255;
  }
  unevenLight(out, unevenness, random.range(0.3, 1.1), random);
  return out;
}

function leaves(width: number, height: number, count: number, random: Random): Picture {
  const out = fromPalette(fractalNoise(width, height, 1, random), anyPalette(random), width, height);
  const base = Array.from({ length: random.int(3, 9) }, () => anyColour(random));
  const largest = 0.28 * Math.max(width, height);
  for (let i = 0; i < count; i++) {
    const radius = Math.min((0.012 * Math.max(width, height)) / (random.next() + 0.03), largest);
    const colour = nearColour(random.pick(base), 0.07, random);
    const x = random.range(0, width);
    const y = random.range(0, height);
    const form = random.int(0, 3);
    const outline =
      form === 0
        ? ellipse(x, y, radius, radius * random.range(0.3, 1), random.range(0, Math.PI))
        : form === 1
          ? box(x, y, radius, radius * random.range(0.1, 1), random.chance(0.5) ? random.range(0, Math.PI) : 0)
          : shard(x, y, radius, random);
    const slope = random.range(0, 0.35) / radius;
    const toLight = random.range(0, 2 * Math.PI);
    fillOutline(out, outline, { colour, slopeX: slope * Math.cos(toLight), slopeY: slope * Math.sin(toLight) });
  }
  unevenLight(out, 0.18, 0.7, random);
  if (random.chance(0.7)) unevenLight(out, random.range(0.05, 0.25), 0.25, random);
  return out;
}

function stripes(width: number, height: number, random: Random): Picture {
  const bend = fractalNoise(width, height, 1.2, random);
  const angle = random.range(0, Math.PI);
  const period = random.range(0.02, 0.2) * Math.max(width, height);
  const wave = random.range(0, 1.5) * period;
  const hard = random.chance(0.4);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const along = x * Math.cos(angle) + y * Math.sin(angle) + wave * bend[i];
      const v = 0.5 + 0.5 * Math.sin((along * 2 * Math.PI) / period);
      bend[i] = hard ? Math.max(0, Math.min(1, (v - 0.5) * period + 0.5)) : v;
    }
  }
  const out = fromPalette(bend, anyPalette(random), width, height);
  unevenLight(out, 0.2, 0.8, random);
  return out;
}

function grid(width: number, height: number, random: Random): Picture {
  const wall = anyColour(random);
  const out = plain(width, height, wall, 0.15, random);
  const cellX = Math.max(5, random.range(0.03, 0.2) * width);
  const cellY = Math.max(5, cellX * random.range(0.4, 1.8));
  const colour = anyColour(random);
  const share = random.range(0.25, 0.47);
  const offset = random.chance(0.3) ? 0.5 : 0;
  const spread = random.range(0, 0.15);
  for (let row = 0; row * cellY < height + cellY; row++) {
    for (let column = -1; column * cellX < width + cellX; column++) {
      const x = (column + 0.5 + (row % 2) * offset) * cellX;
      fillOutline(out, box(x, (row + 0.5) * cellY, cellX * share, cellY * share, 0), {
        colour: nearColour(colour, spread, random),
        slopeX: 0,
        slopeY: random.range(0, 0.2) / cellY,
      });
    }
  }
  unevenLight(out, 0.12, 0.8, random);
  return out;
}

function strokes(width: number, height: number, angle: number, random: Random): Picture {
  const colours = anyPalette(random, 4);
  const out = fromPalette(fractalNoise(width, height, 1, random), colours, width, height);
  const count = Math.min(4000, (width * height) / 40);
  const thickness = random.range(0.5, 1.6);
  for (let i = 0; i < count; i++) {
    const length = random.range(3, 14);
    const turn = angle + random.normal() * 0.25;
    const outline = box(
      random.range(0, width),
      random.range(0, height),
      length,
      thickness * random.range(0.4, 1),
      turn,
    );
    fillOutline(out, outline, { colour: nearColour(random.pick(colours), 0.08, random), slopeX: 0, slopeY: 0 });
  }
  return out;
}

function photo(width: number, height: number, source: Picture, zoom: number, change: Recolour | undefined, r: Random) {
  const fit = Math.min(source.width / width, source.height / height) * zoom;
  const w = Math.max(8, Math.floor(width * fit));
  const h = Math.max(8, Math.floor(height * fit));
  const part = crop(source, r.int(0, source.width - w + 1), r.int(0, source.height - h + 1), w, h);
  const out = resize(part, width, height);
  if (change) {
    const apply = recolourer(change);
    for (let o = 0; o < out.rgb.length; o += 3) apply(out.rgb, o);
  }
  return out;
}

/** Paints a texture at the given size. RangeError where it quotes a photograph or a background that is not there. */
export function paintTexture(texture: Texture, width: number, height: number, sources: TextureSources): Picture {
  const r = random(texture.seed);
  switch (texture.kind) {
    case 'noise': {
      const values = fractalNoise(width, height, texture.slope ?? r.range(0.7, 1.3), r, texture.stretch ?? 1);
      return fromPalette(values, texture.colours ?? anyPalette(r), width, height);
    }
    case 'plain':
      return plain(width, height, texture.colour ?? anyColour(r), texture.unevenness ?? r.range(0.06, 0.3), r);
    case 'leaves':
      return leaves(width, height, texture.count, r);
    case 'stripes':
      return stripes(width, height, r);
    case 'grid':
      return grid(width, height, r);
    case 'strokes':
      return strokes(width, height, texture.angle ?? r.range(0, Math.PI), r);
    case 'photo': {
      const source = sources.photos[texture.photo];
      if (!source)
        throw new RangeError(`texture.photo: ${texture.photo} is not one of ${sources.photos.length} photos`);
      return photo(width, height, source, texture.zoom, texture.recolour, r);
    }
    case 'camouflage': {
      const behind = sources.background;
      if (!behind) throw new RangeError('texture.kind: camouflage needs a painted background');
      return crop(behind, r.int(0, behind.width - width), r.int(0, behind.height - height), width, height);
    }
  }
}
