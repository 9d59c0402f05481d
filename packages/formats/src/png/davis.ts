/**
 * The colours of DAVIS and PASCAL VOC annotations: 256 entries of red, green, blue. Colour `i` spreads the bits of
 * `i` over the three channels, lowest three bits to the highest bits of red, green and blue, and so on (PASCAL VOC
 * development kit, `VOClabelcolormap`). 0 is black, 1 dark red, 2 dark green.
 */
export function davisPalette(): Uint8Array {
  const palette = new Uint8Array(768);
  for (let i = 0; i < 256; i++) {
    for (let bit = 0; bit < 8; bit++) {
      const group = (i >> (3 * bit)) & 7;
      for (let c = 0; c < 3; c++) palette[3 * i + c] |= ((group >> c) & 1) << (7 - bit);
    }
  }
  return palette;
}
