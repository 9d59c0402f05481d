/** One frame as the flow wants it: its place in the clip and its 8-bit rgb at working size (about 480 lines). */
export interface FlowFrame {
  /** Place in the clip: the same index is always the same picture. */
  readonly index: number;
  readonly width: number;
  readonly height: number;
  /** Interleaved R, G, B bytes, `3 * width * height` of them. */
  readonly rgb: Uint8Array;
}

/** One flow field on the half grid, in half-grid pixels: a pixel at x, y goes to x + u, y + v. */
export interface FlowField {
  readonly u: Float32Array;
  readonly v: Float32Array;
}

/** Flow of two frames both ways on the half grid, floor(width/2) x floor(height/2), rounded to 1/64 px. */
export interface FlowPair {
  readonly width: number;
  readonly height: number;
  /** From frame b to frame a; values at b's pixels. */
  readonly backward: FlowField;
  /** From frame a to frame b; values at a's pixels. */
  readonly forward: FlowField;
}

/**
 * How much work a flow may be. `full`: 12 descent steps a patch and three rounds of refinement on every level. `fast`:
 * half the steps and one round of fewer sweeps, about 60 % of the time (docs/performance.md has the errors of both).
 */
export type FlowProfile = 'full' | 'fast';

/** Flow of the frame pairs of one clip, computed in worker threads and kept in a bounded cache. */
export interface FlowService {
  /**
   * The flow of a pair: from the cache, from the computation already under way, or started now. Asking early is how one
   * prefetches. Asking for (b, a) returns the same planes with forward and backward swapped. The planes are the
   * caller's own. Rejects with `ENGINE_FAILED` when the computation fails or the service is closed before it ends.
   */
  pair(a: FlowFrame, b: FlowFrame): Promise<FlowPair>;
  /** Only from a to b: half the work, and kept nowhere. Taken from the pair where that is in the cache. Rejects as `pair` does. */
  forward(a: FlowFrame, b: FlowFrame): Promise<FlowField>;
  /** Stops the threads and frees everything. Closing twice is harmless; asking for a pair afterwards is a TypeError. */
  close(): Promise<void>;
}
