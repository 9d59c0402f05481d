/** The colour of the screen that spilled, and how much of it an object may have: the mean of the other two, or the larger of them. */
export interface DespillOptions {
  readonly screen: 'green' | 'blue';
  readonly limit?: 'average' | 'larger';
  /** Gives the light that was taken back as grey, so that edges do not darken. True unless told. */
  readonly keepLuminance?: boolean;
}

/** Rec. ITU-R BT.709 luminance of linear red, green, blue. */
const LUMINANCE = [0.2126, 0.7152, 0.0722] as const;

/**
 * Takes a screen's colour out of straight linear colours, in place: its channel is held at what the other two allow.
 * @param rgb interleaved, 3 floats a pixel; only foreground colours, not premultiplied.
 */
export function despill(rgb: Float32Array, options: DespillOptions): Float32Array {
  const { screen, limit = 'average', keepLuminance = true } = options;
  const key = screen === 'green' ? 1 : 2;
  const [p, q] = key === 1 ? [0, 2] : [0, 1];
  for (let i = 0; i < rgb.length; i += 3) {
    const [a, b] = [rgb[i + p], rgb[i + q]];
    const most = limit === 'average' ? (a + b) / 2 : Math.max(a, b);
    const spilled = rgb[i + key] - most;
    if (!(spilled > 0)) continue;
    rgb[i + key] = most;
    if (!keepLuminance) continue;
    const back = spilled * LUMINANCE[key];
    for (let c = 0; c < 3; c++) rgb[i + c] += back;
  }
  return rgb;
}
