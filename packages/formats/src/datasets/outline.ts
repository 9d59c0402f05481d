import { type Box, boxHeight, boxWidth, MASK_HALF, type SoftMask } from '@rotokit/core/values';

/** A connected part of a mask: its outlines along pixel edges, `x, y, x, y, ...`. */
export interface OutlinedPart {
  readonly outer: readonly number[];
  /** Whether something of it is cut out, which its outer outline alone does not say. */
  readonly hasHoles: boolean;
  /** The pixels it lies in, and which of them are its own: 1 inside. */
  readonly box: Box;
  readonly inside: Uint8Array;
}

/**
 * The parts of everything at or above half of a mask, connected by edges, in the order of their first pixels. An outline goes around its
 * pixels with corners only where it turns.
 */
export function outlineParts(mask: SoftMask): OutlinedPart[] {
  const width = boxWidth(mask.window);
  const height = boxHeight(mask.window);
  const part = new Int32Array(mask.values.length);
  const parts: OutlinedPart[] = [];
  for (let start = 0; start < part.length; start++) {
    if (part[start] || mask.values[start] < MASK_HALF) continue;
    parts.push(partFrom(mask, part, start, parts.length + 1, width, height));
  }
  return parts;
}

function partFrom(
  mask: SoftMask,
  part: Int32Array,
  start: number,
  label: number,
  width: number,
  height: number,
): OutlinedPart {
  const { x0, y0 } = mask.window;
  const box = { x0: width, y0: height, x1: 0, y1: 0 };
  const stack = [start];
  part[start] = label;
  while (stack.length) {
    const at = stack.pop() as number;
    const [x, y] = [at % width, Math.floor(at / width)];
    box.x0 = Math.min(box.x0, x);
    box.x1 = Math.max(box.x1, x + 1);
    box.y0 = Math.min(box.y0, y);
    box.y1 = Math.max(box.y1, y + 1);
    const near = [x > 0 ? at - 1 : -1, x + 1 < width ? at + 1 : -1, at - width, y + 1 < height ? at + width : -1];
    for (const to of near) {
      if (to < 0 || part[to] || mask.values[to] < MASK_HALF) continue;
      part[to] = label;
      stack.push(to);
    }
  }
  const inside = new Uint8Array((box.x1 - box.x0) * (box.y1 - box.y0));
  for (let y = box.y0, i = 0; y < box.y1; y++)
    for (let x = box.x0; x < box.x1; x++, i++) inside[i] = part[y * width + x] === label ? 1 : 0;
  const moved = { x0: box.x0 + x0, y0: box.y0 + y0, x1: box.x1 + x0, y1: box.y1 + y0 };
  const outer = walk(inside, box.x1 - box.x0, moved);
  return { outer, hasHoles: enclosedArea(outer) !== inside.reduce((n, v) => n + v, 0), box: moved, inside };
}

/** Right, down, left, up. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/**
 * Goes around the part that holds the first pixel of the first line, clockwise, with the part on the right hand. Where only corners touch, it turns
 * right, so that what is connected by corners alone stays apart.
 */
function walk(inside: Uint8Array, width: number, box: Box): number[] {
  const height = inside.length / width;
  const has = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && inside[y * width + x] === 1;
  const first = inside.indexOf(1);
  const points: number[] = [];
  let [x, y, direction] = [first, 0, 0];
  do {
    points.push(x + box.x0, y + box.y0);
    const [dx, dy] = STEPS[direction];
    do {
      x += dx;
      y += dy;
    } while (straightOn(has, x, y, direction));
    // The pixel ahead to the left decides between a left turn and a right one.
    const [leftX, leftY] = ahead(x, y, direction, 'left');
    const [rightX, rightY] = ahead(x, y, direction, 'right');
    direction = has(rightX, rightY) && has(leftX, leftY) ? (direction + 3) % 4 : (direction + 1) % 4;
  } while (x !== first || y !== 0);
  return points;
}

function straightOn(has: (x: number, y: number) => boolean, x: number, y: number, direction: number): boolean {
  const [lx, ly] = ahead(x, y, direction, 'left');
  const [rx, ry] = ahead(x, y, direction, 'right');
  return has(rx, ry) && !has(lx, ly);
}

/** The pixel beside the edge that goes on in a direction from a corner. */
function ahead(x: number, y: number, direction: number, side: 'left' | 'right'): [number, number] {
  const right = side === 'right';
  switch (direction) {
    case 0:
      return [x, right ? y : y - 1];
    case 1:
      return [right ? x - 1 : x, y];
    case 2:
      return [x - 1, right ? y - 1 : y];
    default:
      return [right ? x : x - 1, y - 1];
  }
}

function enclosedArea(points: readonly number[]): number {
  let twice = 0;
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length;
    twice += points[i] * points[j + 1] - points[j] * points[i + 1];
  }
  return Math.abs(twice) / 2;
}
