import { BAND, HALF, type Outline, RIM } from '../propagation/outline-band.js';
import { cutNumbers, type SoftOutline } from '../propagation/soft-outline.js';
import { arithmetic } from './arithmetic.js';
import { placeLabTables } from './lab.js';

/**
 * `softOutline` of the second cut, compiled: probabilities in single precision, so that a value may differ by one and a
 * pixel between two equal answers may fall to the other side.
 */
export function softOutline(o: Outline): SoftOutline | null {
  const { wasm, memory } = arithmetic();
  const { width, height, stride, distance, fused, columns, rows, box, rgb, across } = o;
  const { lambda, clip, radius, step } = cutNumbers(o);
  const n = width * height;
  const floats = (plane: Float32Array): number => {
    const address = memory.take(plane.byteLength);
    memory.floats(address, plane.length).set(plane);
    return address;
  };
  const ints = (plane: Int32Array): number => {
    const address = memory.take(plane.byteLength);
    memory.ints(address, plane.length).set(plane);
    return address;
  };
  const half = [floats(distance), floats(fused), stride, distance.length] as const;
  const places = [ints(columns.index), floats(columns.part), ints(rows.index), floats(rows.part)] as const;
  const tables = placeLabTables(memory);
  const picture = memory.take(n * 3);
  const pixels = memory.bytes(picture, n * 3);
  for (let y = box.y0, q = 0; y < box.y1; y++, q += width * 3) {
    const s = (y * across + box.x0) * 3;
    pixels.set(rgb.subarray(s, s + width * 3), q);
  }
  const [fixed, band, labels] = [memory.take(n), memory.take(n), memory.take(n)];
  const [probability, lab, bounds] = [memory.take(n * 4), memory.take(n * 12), memory.take(16)];
  const cells = memory.take(distance.length);
  // Index, probability and distance of every pixel near the outline.
  const list = [memory.take(n * 4), memory.take(n * 4), memory.take(n * 4)] as const;
  const near = wasm.outlineBand(
    ...([...half, ...places, width, height, HALF, BAND, RIM, cells] as const),
    ...([fixed, band, probability, ...list] as const),
  );
  wasm.labOf(list[0], near, picture, lab, ...tables);
  const scale = wasm.edgeScaleOf(picture, width, height, step, ...tables);
  memory.bytes(labels, n).set(memory.bytes(fixed, n));
  const top = memory.top;
  const scratch = memory.take(wasm.cutBytes(width, height, near));
  const cut = [lab, width, height, probability, band, fixed, lambda, clip, scale, near, scratch, labels] as const;
  wasm.bandCut(...cut);
  memory.reset(top);
  const values = memory.take(n * 2);
  if (!wasm.soften(labels, band, width, height, list[0], list[1], near, radius, values, bounds)) return null;
  const [x0, y0, x1, y1] = memory.ints(bounds, 4) as unknown as [number, number, number, number];
  const out = new Uint16Array((x1 - x0) * (y1 - y0));
  const plane = memory.words(values, n);
  for (let y = y0, q = 0; y < y1; y++, q += x1 - x0) out.set(plane.subarray(y * width + x0, y * width + x1), q);
  return { tight: { x0, y0, x1, y1 }, values: out };
}
