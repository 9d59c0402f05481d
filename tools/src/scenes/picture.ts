/** An opaque picture: interleaved 8-bit sRGB, rows top to bottom, no padding. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** A cut-out: interleaved 8-bit R, G, B, A, colour premultiplied by alpha, with a transparent border one pixel wide. */
export interface Sprite {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** The same thing at full, half, quarter, ... size, for drawing it small without aliasing. */
export interface Pyramid<T> {
  readonly levels: readonly T[];
}

/** An empty (black) picture. */
export function blankPicture(width: number, height: number): Picture {
  return { width, height, rgb: new Uint8Array(width * height * 3) };
}

function halve(bytes: Uint8Array, width: number, height: number, channels: number): Uint8Array {
  const w = width >> 1;
  const h = height >> 1;
  const out = new Uint8Array(w * h * channels);
  const row = width * channels;
  for (let y = 0, o = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      let i = 2 * y * row + 2 * x * channels;
      for (let c = 0; c < channels; c++, i++, o++) {
        out[o] = (bytes[i] + bytes[i + channels] + bytes[i + row] + bytes[i + row + channels] + 2) >> 2;
      }
    }
  }
  return out;
}

/** A picture with its halvings down to 8 pixels. */
export function picturePyramid(picture: Picture): Pyramid<Picture> {
  const levels = [picture];
  let last = picture;
  while (last.width >= 16 && last.height >= 16) {
    last = {
      width: last.width >> 1,
      height: last.height >> 1,
      rgb: halve(last.rgb, last.width, last.height, 3),
    };
    levels.push(last);
  }
  return { levels };
}

/** A cut-out with its halvings down to 8 pixels. */
export function spritePyramid(sprite: Sprite): Pyramid<Sprite> {
  const levels = [sprite];
  let last = sprite;
  while (last.width >= 16 && last.height >= 16) {
    last = {
      width: last.width >> 1,
      height: last.height >> 1,
      rgba: halve(last.rgba, last.width, last.height, 4),
    };
    levels.push(last);
  }
  return { levels };
}

/** The level of a pyramid at which `scale` (drawn size : stored size) is nearest to 1 from above or slightly below. */
export function levelFor<T>(pyramid: Pyramid<T>, scale: number): number {
  const wanted = Math.floor(Math.log2(1 / Math.max(scale, 1e-6)) + 0.3);
  return Math.max(0, Math.min(pyramid.levels.length - 1, wanted));
}

/** Resizes by bilinear sampling of the nearest larger halving. */
export function resize(picture: Picture, width: number, height: number): Picture {
  const pyramid = picturePyramid(picture);
  const scale = Math.max(width / picture.width, height / picture.height);
  const source = pyramid.levels[levelFor(pyramid, scale)];
  const out = blankPicture(width, height);
  const sx = source.width / width;
  const sy = source.height / height;
  for (let y = 0, o = 0; y < height; y++) {
    const v = Math.max(0, Math.min(source.height - 1.001, (y + 0.5) * sy - 0.5));
    const y0 = v | 0;
    const fy = v - y0;
    const down = source.height > 1 ? source.width * 3 : 0;
    for (let x = 0; x < width; x++) {
      const u = Math.max(0, Math.min(source.width - 1.001, (x + 0.5) * sx - 0.5));
      const x0 = u | 0;
      const fx = u - x0;
      const i = (y0 * source.width + x0) * 3;
      for (let c = 0; c < 3; c++, o++) {
        const top = source.rgb[i + c] * (1 - fx) + source.rgb[i + 3 + c] * fx;
        const low = source.rgb[i + down + c] * (1 - fx) + source.rgb[i + down + 3 + c] * fx;
        out.rgb[o] = top * (1 - fy) + low * fy + 0.5;
      }
    }
  }
  return out;
}

/** A window of a picture; the parts outside repeat the picture's edge. */
export function crop(picture: Picture, left: number, top: number, width: number, height: number): Picture {
  const out = blankPicture(width, height);
  for (let y = 0, o = 0; y < height; y++) {
    const row = Math.max(0, Math.min(picture.height - 1, top + y)) * picture.width;
    for (let x = 0; x < width; x++, o += 3) {
      const i = (row + Math.max(0, Math.min(picture.width - 1, left + x))) * 3;
      out.rgb[o] = picture.rgb[i];
      out.rgb[o + 1] = picture.rgb[i + 1];
      out.rgb[o + 2] = picture.rgb[i + 2];
    }
  }
  return out;
}
