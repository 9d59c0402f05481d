import { anyColour, type Colour } from '../colour.js';
import type { Skin } from '../parts.js';
import { blankPicture, type Picture, picturePyramid } from '../picture.js';
import type { Random } from '../random.js';
import { box, ellipse, fillOutline } from '../shapes.js';
import { paintTexture, type Texture, type TextureSources } from '../textures.js';

/** What the surfaces of an actor are made of. */
export interface Style {
  /** How many photographs the assets have; 0 keeps everything procedural. */
  readonly photos: number;
  /** Probability that a surface is cut from the background. */
  readonly camouflage: number;
  /** Probability that the back of a thing looks different from its front. */
  readonly twoSided: number;
}

/** A plain procedural style. */
export const proceduralStyle: Style = { photos: 0, camouflage: 0, twoSided: 0.4 };

/** Draws the description of a texture that suits a thing. */
export function anyTexture(random: Random, style: Style): Texture {
  const seed = random.seed();
  if (random.chance(style.camouflage)) return { kind: 'camouflage', seed };
  if (style.photos > 0 && random.chance(0.5)) {
    const recolour = { hue: random.next(), saturation: random.range(0.3, 1.3), gamma: random.range(0.6, 1.5) };
    const photo = random.int(0, style.photos);
    const zoom = random.range(0.12, 0.6);
    return random.chance(0.7) ? { kind: 'photo', seed, photo, zoom, recolour } : { kind: 'photo', seed, photo, zoom };
  }
  const kind = random.next();
  if (kind < 0.2) return { kind: 'noise', seed };
  if (kind < 0.5) return { kind: 'plain', seed };
  if (kind < 0.63) return { kind: 'stripes', seed };
  if (kind < 0.72) return { kind: 'grid', seed };
  if (kind < 0.82) return { kind: 'strokes', seed };
  return { kind: 'leaves', seed, count: random.int(8, 60) };
}

/** Lays `second` over the middle half of `first`, with soft vertical seams: the other side of a thing. */
function joinSides(first: Picture, second: Picture): Picture {
  const out = blankPicture(first.width, first.height);
  for (let y = 0, i = 0; y < first.height; y++) {
    for (let x = 0; x < first.width; x++) {
      const away = Math.abs(x / first.width - 0.5);
      const share = Math.max(0, Math.min(1, (0.27 - away) / 0.04));
      for (let c = 0; c < 3; c++, i++) out.rgb[i] = first.rgb[i] + (second.rgb[i] - first.rgb[i]) * share;
    }
  }
  return out;
}

/** Paints a few small marks in other colours: buttons, badges, eyes, dirt. They show once the thing is near or turns. */
function mark(picture: Picture, count: number, random: Random): void {
  const { width, height } = picture;
  for (let i = 0; i < count; i++) {
    const x = random.range(0, width);
    const y = random.range(0, height);
    const w = random.range(0.01, 0.09) * width;
    const h = random.range(0.01, 0.12) * height;
    const outline = random.chance(0.5) ? ellipse(x, y, w, h, random.range(0, 3)) : box(x, y, w, h, 0);
    fillOutline(picture, outline, { colour: anyColour(random), slopeX: 0, slopeY: 0 });
  }
}

/** The side a surface is painted with, for one that would have `side` in a 480-line picture. */
const detailed = (side: number, sources: TextureSources): number =>
  Math.max(24, Math.round((side * sources.detail) / 8) * 8);

/** Paints a skin from a description, with marks and, by the style's chance, another back. */
export function paintSkin(
  texture: Texture,
  side: number,
  style: Style,
  sources: TextureSources,
  random: Random,
  marks = random.chance(0.4) ? random.int(1, 8) : 0,
): Skin {
  const size = detailed(side, sources);
  let picture = paintTexture(texture, size, size, sources);
  if (random.chance(style.twoSided)) {
    picture = joinSides(picture, paintTexture(anyTexture(random, style), size, size, sources));
  }
  mark(picture, marks, random);
  return picturePyramid(picture);
}

/** A skin of a texture that suits a thing. */
export function anySkin(side: number, style: Style, sources: TextureSources, random: Random): Skin {
  return paintSkin(anyTexture(random, style), side, style, sources, random);
}

/** A skin of nearly one colour. */
export function colourSkin(colour: Colour, side: number, sources: TextureSources, random: Random): Skin {
  const size = detailed(side, sources);
  return picturePyramid(paintTexture({ kind: 'plain', seed: random.seed(), colour }, size, size, sources));
}
