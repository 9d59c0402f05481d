/** A point or direction: x right along the trail, y up, z away from the camera; metres. */
export type Vec = readonly [x: number, y: number, z: number];
/** A linear, scene-referred colour. */
export type Rgb = readonly [r: number, g: number, b: number];

/** How a surface answers light; the numbers index tables of the shader. */
export const KIND = { ground: 0, bark: 1, leaf: 2, grass: 3, skin: 4, fur: 5 } as const;
/** Whom a triangle belongs to: nobody, the fox that is followed, the other fox. */
export const OWNER = { none: 0, hero: 1, other: 2 } as const;

/** What every triangle of a batch shares. */
export interface Look {
  readonly kind: number;
  readonly owner?: number;
  /** Light that comes through from behind, 0..1, for leaves and grass; the tree's number for bark. */
  readonly aux?: number;
}

/** Triangles with one normal and one colour each: everything in the scene is small enough for that. */
export class Soup {
  count = 0;
  /** Three corners of a triangle after one another: 9 numbers each. */
  corners = new Float32Array(9 * 1024);
  normals = new Float32Array(3 * 1024);
  colours = new Float32Array(3 * 1024);
  kinds = new Uint8Array(1024);
  owners = new Uint8Array(1024);
  aux = new Float32Array(1024);

  #grow(): void {
    const wider = <T extends Float32Array | Uint8Array>(a: T): T => {
      const b = a instanceof Uint8Array ? new Uint8Array(2 * a.length) : new Float32Array(2 * a.length);
      b.set(a);
      return b as T;
    };
    this.corners = wider(this.corners);
    this.normals = wider(this.normals);
    this.colours = wider(this.colours);
    this.kinds = wider(this.kinds);
    this.owners = wider(this.owners);
    this.aux = wider(this.aux);
  }

  /** Adds a triangle; its normal is that of its plane unless given. */
  add(a: Vec, b: Vec, c: Vec, colour: Rgb, look: Look, normal?: Vec): void {
    if (this.count === this.kinds.length) this.#grow();
    const i = this.count++;
    const n = normal ?? unit(cross(minus(b, a), minus(c, a)));
    for (let k = 0; k < 3; k++) {
      this.corners[9 * i + k] = a[k];
      this.corners[9 * i + 3 + k] = b[k];
      this.corners[9 * i + 6 + k] = c[k];
      this.normals[3 * i + k] = n[k];
      this.colours[3 * i + k] = colour[k];
    }
    this.kinds[i] = look.kind;
    this.owners[i] = look.owner ?? OWNER.none;
    this.aux[i] = look.aux ?? 0;
  }

  /** Two triangles a-b-c and a-c-d. */
  quad(a: Vec, b: Vec, c: Vec, d: Vec, colour: Rgb, look: Look, normal?: Vec): void {
    this.add(a, b, c, colour, look, normal);
    this.add(a, c, d, colour, look, normal);
  }
}

/** a - b. */
export const minus = (a: Vec, b: Vec): Vec => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
/** a + k b. */
export const plus = (a: Vec, b: Vec, k = 1): Vec => [a[0] + k * b[0], a[1] + k * b[1], a[2] + k * b[2]];
/** The cross product. */
export const cross = (a: Vec, b: Vec): Vec => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
/** The scalar product. */
export const dot = (a: Vec, b: Vec): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
/** The direction of a vector; of none, zero. */
export const unit = (a: Vec): Vec => {
  const n = Math.hypot(a[0], a[1], a[2]) || 1;
  return [a[0] / n, a[1] / n, a[2] / n];
};
/** A colour between two. */
export const blend = (a: Rgb, b: Rgb, t: number): Rgb => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];
/** A colour made brighter or darker. */
export const dim = (a: Rgb, k: number): Rgb => [a[0] * k, a[1] * k, a[2] * k];
