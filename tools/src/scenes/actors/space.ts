/** A point of an actor's own space: x forward, y down, z to the actor's left; 480-line pixels. */
export interface Point3 {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** A point on the actor's picture plane, with its distance behind that plane and its magnification. */
export interface Seen {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
  readonly near: number;
}

/** Looks at an actor that is turned by `yaw` (0: it faces right) from a distance of `distance` pixels. */
export function lookAt(p: Point3, yaw: number, distance: number): Seen {
  const cos = Math.cos(yaw);
  const sin = Math.sin(yaw);
  const depth = -p.x * sin + p.z * cos;
  const near = 1 / Math.max(0.3, 1 + depth / distance);
  return { x: (p.x * cos + p.z * sin) * near, y: p.y * near, depth, near };
}

/** A point at `length` from `from` in the direction given by a swing forward and a swing outward (0, 0: straight down). */
export function limbEnd(from: Point3, length: number, forward: number, outward: number): Point3 {
  return {
    x: from.x + length * Math.sin(forward) * Math.cos(outward),
    y: from.y + length * Math.cos(forward) * Math.cos(outward),
    z: from.z + length * Math.sin(outward),
  };
}
