/**
 * Scratch planes by name, kept between frames: asking for a plane twice gives the same memory, its old contents
 * included. A walk over a long clip therefore allocates nothing once the largest region has been seen.
 */
export class Planes {
  readonly #floats = new Map<string, Float32Array>();
  readonly #bytes = new Map<string, Uint8Array>();
  readonly #words = new Map<string, Uint16Array>();
  readonly #indices = new Map<string, Int32Array>();

  /** A float plane of `length` values with whatever was in it. */
  floats(name: string, length: number): Float32Array {
    let plane = this.#floats.get(name);
    if (!plane || plane.length < length) {
      plane = new Float32Array(roomFor(length));
      this.#floats.set(name, plane);
    }
    return plane.subarray(0, length);
  }

  /** A byte plane of `length` values with whatever was in it. */
  bytes(name: string, length: number): Uint8Array {
    let plane = this.#bytes.get(name);
    if (!plane || plane.length < length) {
      plane = new Uint8Array(roomFor(length));
      this.#bytes.set(name, plane);
    }
    return plane.subarray(0, length);
  }

  /** A 16-bit plane of `length` values with whatever was in it. */
  words(name: string, length: number): Uint16Array {
    let plane = this.#words.get(name);
    if (!plane || plane.length < length) {
      plane = new Uint16Array(roomFor(length));
      this.#words.set(name, plane);
    }
    return plane.subarray(0, length);
  }

  /** A list of `length` pixel indices with whatever was in it. */
  indices(name: string, length: number): Int32Array {
    let plane = this.#indices.get(name);
    if (!plane || plane.length < length) {
      plane = new Int32Array(roomFor(length));
      this.#indices.set(name, plane);
    }
    return plane.subarray(0, length);
  }
}

/** A quarter more than asked for, so that a slowly growing object does not allocate on every frame. */
const roomFor = (length: number): number => Math.ceil(length * 1.25);
