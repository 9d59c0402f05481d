/** The 4-connected components of one value of a mask. */
export interface Components {
  /** Per pixel its component, 1 and up in raster order of their first pixels; 0 = the other value. */
  readonly labels: Int32Array;
  /** Pixels of each component, by label; entry 0 is 0. */
  readonly areas: number[];
}

const scratch = { labels: new Int32Array(0), stack: new Int32Array(0) };

/** Labels the component of `start` with `id`; returns its area. Every pixel enters the stack once. */
function flood(mask: Uint8Array, width: number, labels: Int32Array, n: number, start: number, id: number): number {
  const stack = scratch.stack;
  const value = mask[start] > 0;
  let size = 0;
  let area = 0;
  const visit = (p: number): void => {
    if (labels[p] === 0 && mask[p] > 0 === value) {
      labels[p] = id;
      stack[size++] = p;
    }
  };
  visit(start);
  while (size > 0) {
    const p = stack[--size];
    const x = p % width;
    area++;
    if (x > 0) visit(p - 1);
    if (x < width - 1) visit(p + 1);
    if (p >= width) visit(p - width);
    if (p < n - width) visit(p + width);
  }
  return area;
}

/** The 4-connected components of the set (`set` true, the default) or unset pixels. Writes into `labels` when given. */
export function labelComponents(
  mask: Uint8Array,
  width: number,
  height: number,
  set = true,
  labels: Int32Array = new Int32Array(width * height),
): Components {
  const n = width * height;
  if (scratch.stack.length < n) scratch.stack = new Int32Array(n);
  labels.fill(0, 0, n);
  const areas = [0];
  for (let p = 0; p < n; p++) {
    if (labels[p] === 0 && mask[p] > 0 === set) areas.push(flood(mask, width, labels, n, p, areas.length));
  }
  return { labels, areas };
}

/** Removes 4-connected set components of fewer than `minArea` pixels, then fills unset ones of fewer. In place. */
export function cleanup(mask: Uint8Array, width: number, height: number, minArea: number): void {
  const n = width * height;
  if (scratch.labels.length < n) scratch.labels = new Int32Array(n);
  for (const set of [true, false]) {
    const { labels, areas } = labelComponents(mask, width, height, set, scratch.labels);
    if (!areas.some((a, id) => id > 0 && a < minArea)) continue;
    for (let p = 0; p < n; p++) if (labels[p] > 0 && areas[labels[p]] < minArea) mask[p] = set ? 0 : 1;
  }
}
