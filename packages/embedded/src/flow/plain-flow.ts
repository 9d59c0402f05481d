import { FLOW_PROFILES } from './flow-kernel.js';
import { type PlainLevel, plainPyramid, plainSample } from './plain-pyramid.js';
import { plainRefine } from './plain-refine.js';
import { plainSearch } from './plain-search.js';
import type { FlowField, FlowFrame, FlowProfile } from './types.js';

/**
 * The flow from frame a to frame b in plain TypeScript, on the half grid, not rounded: what the WebAssembly kernel is
 * compared with in tests. Frames are at least 16x16. Written to be read, not to be fast.
 */
export function plainFlow(a: FlowFrame, b: FlowFrame, profile: FlowProfile): FlowField {
  const from = plainPyramid(a);
  const to = plainPyramid(b);
  const { iterations, outer, outerFinest, sweeps } = FLOW_PROFILES[profile];
  let flow: FlowField | undefined;
  for (let level = from.length - 1; level >= 0; level--) {
    const [first, second] = [from[level]!, to[level]!];
    const start = flow ? enlarge(flow, from[level + 1]!, first) : still(first);
    flow = plainSearch(first, second, start, iterations);
    const rounds = level === 0 ? outerFinest : outer;
    if (rounds > 0) plainRefine(first, second, flow, rounds, sweeps);
  }
  return flow!;
}

const still = ({ width, height }: PlainLevel): FlowField => ({
  u: new Float32Array(width * height),
  v: new Float32Array(width * height),
});

/** A coarse flow on the grid of the next finer level: sampled at pixel centres, values doubled. */
function enlarge(flow: FlowField, coarse: PlainLevel, fine: PlainLevel): FlowField {
  const [rx, ry] = [coarse.width / fine.width, coarse.height / fine.height];
  const plane = (src: Float32Array) =>
    Float32Array.from({ length: fine.width * fine.height }, (_, k) => {
      const x = ((k % fine.width) + 0.5) * rx - 0.5;
      const y = (Math.floor(k / fine.width) + 0.5) * ry - 0.5;
      return 2 * plainSample(src, coarse.width, coarse.height, x, y);
    });
  return { u: plane(flow.u), v: plane(flow.v) };
}
