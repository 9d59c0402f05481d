/** What is added by the largest 4-connected piece of `inside`, as the box it lies in; undefined where nothing is inside. */
export interface Piece {
  readonly area: number;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** The largest 4-connected piece of a square grid. `inside` is emptied on the way. */
export function largestPiece(inside: Uint8Array, side: number): Piece | undefined {
  let largest: Piece | undefined;
  const stack: number[] = [];
  for (let start = 0; start < inside.length; start++) {
    if (!inside[start]) continue;
    let [area, x0, y0, x1, y1] = [0, side, side, -1, -1];
    inside[start] = 0;
    stack.push(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const [x, y] = [at % side, (at / side) | 0];
      area++;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
      const visit = (next: number) => {
        if (!inside[next]) return;
        inside[next] = 0;
        stack.push(next);
      };
      if (x > 0) visit(at - 1);
      if (x + 1 < side) visit(at + 1);
      if (y > 0) visit(at - side);
      if (y + 1 < side) visit(at + side);
    }
    if (!largest || area > largest.area) largest = { area, x0, y0, x1, y1 };
  }
  return largest;
}
