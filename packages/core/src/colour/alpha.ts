/**
 * Colours times alpha, in place: interleaved RGB of 3 floats a pixel, alpha of 0 to 1. EXR wants colours so; PNG and ProRes want them straight. Only linear
 * light may be multiplied.
 */
export function premultiply(rgb: Float32Array, alpha: Float32Array): Float32Array {
  for (let k = 0, i = 0; k < alpha.length; k++) for (let c = 0; c < 3; c++, i++) rgb[i] *= alpha[k];
  return rgb;
}

/** Alpha below this is taken for none: dividing by it would only blow up noise. */
const LEAST_ALPHA = 1 / 65535;

/** The way back, in place: colours over alpha; where there is no alpha, colours stay (OpenEXR, "Technical Introduction"). */
export function unpremultiply(rgb: Float32Array, alpha: Float32Array): Float32Array {
  for (let k = 0, i = 0; k < alpha.length; k++) {
    const by = alpha[k] >= LEAST_ALPHA ? 1 / alpha[k] : 1;
    for (let c = 0; c < 3; c++, i++) rgb[i] *= by;
  }
  return rgb;
}
