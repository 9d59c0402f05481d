import { type Box, boxHeight, boxWidth } from '@rotokit/core/values';
import type { FlowPair } from '../flow/types.js';
import type { ObjectMemory } from '../memory/object-memory.js';
import { type Shape, shapeOf } from '../memory/shape.js';
import type { Bench } from './bench.js';

/** What the last frame's memory says about a region of the new frame; planes of width x height pixels. */
export interface Warped {
  readonly region: Box;
  readonly width: number;
  readonly height: number;
  /** The last soft mask, moved. */
  readonly soft: Float32Array;
  /** Label memory and its confidence, moved; the confidence is lowered where the flow contradicts itself. */
  readonly label: Float32Array;
  readonly confidence: Float32Array;
  /** Whether the flow there and the flow back agree, 0..1; 0 for what comes from outside the picture. */
  readonly agreement: Float32Array;
  /** `soft` at one half, its signed distance, its shape (`null` when it is empty). */
  readonly mask: Uint8Array;
  readonly distance: Float32Array;
  readonly shape: Shape | null;
}

/** Moves the memory of an object along the flow: each pixel of the region asks where it was on the last frame. */
export function warpMemory(bench: Bench, memory: ObjectMemory, flow: FlowPair, region: Box): Warped {
  const { planes, kernels } = bench;
  const [width, height] = [boxWidth(region), boxHeight(region)];
  const n = width * height;
  const soft = planes.floats('warp.soft', n);
  const label = planes.floats('warp.label', n);
  const confidence = planes.floats('warp.confidence', n);
  const agreement = planes.floats('warp.agreement', n);
  const { pixels } = memory;
  const sources = [pixels.soft, pixels.label, pixels.confidence] as const;
  movePlanes(flow, region, sources, [soft, label, confidence], agreement);
  const mask = planes.bytes('warp.mask', n);
  for (let k = 0; k < n; k++) mask[k] = soft[k] > 0.5 ? 1 : 0;
  const distance = kernels.signedDistance(mask, width, height, planes.floats('warp.distance', n));
  return {
    ...{ region, width, height, soft, label, confidence, agreement, mask, distance },
    shape: shapeOf(mask, region),
  };
}

type Three = readonly [soft: Float32Array, label: Float32Array, confidence: Float32Array];

/**
 * Bilinear samples of three half-grid planes at each pixel's place on the last frame. What comes from outside the
 * picture: half the clamped soft mask, an undecided label, no confidence.
 */
function movePlanes(flow: FlowPair, region: Box, from: Three, to: Three, agreement: Float32Array): void {
  const { width: w, height: h, backward, forward } = flow;
  const [softFrom, labelFrom, confidenceFrom] = from;
  const [soft, label, confidence] = to;
  const right = w - 1;
  const bottom = h - 1;
  for (let y = region.y0, q = 0; y < region.y1; y++) {
    for (let x = region.x0; x < region.x1; x++, q++) {
      const k = y * w + x;
      const bu = backward.u[k];
      const bv = backward.v[k];
      const X = x + bu;
      const Y = y + bv;
      const inPicture = X >= 0 && Y >= 0 && X <= right && Y <= bottom;
      const px = X < 0 ? 0 : X > w - 1.001 ? w - 1.001 : X;
      const py = Y < 0 ? 0 : Y > h - 1.001 ? h - 1.001 : Y;
      const xi = px | 0;
      const yi = py | 0;
      const fx = px - xi;
      const fy = py - yi;
      const i = yi * w + xi;
      const j = i + w;
      const w00 = (1 - fx) * (1 - fy);
      const w01 = fx * (1 - fy);
      const w10 = (1 - fx) * fy;
      const w11 = fx * fy;
      const s = softFrom[i] * w00 + softFrom[i + 1] * w01 + softFrom[j] * w10 + softFrom[j + 1] * w11;
      if (!inPicture) {
        soft[q] = s * 0.5;
        label[q] = 0.5;
        confidence[q] = 0;
        agreement[q] = 0;
        continue;
      }
      const { u, v } = forward;
      const ex = bu + (u[i] * w00 + u[i + 1] * w01 + u[j] * w10 + u[j + 1] * w11);
      const ey = bv + (v[i] * w00 + v[i + 1] * w01 + v[j] * w10 + v[j + 1] * w11);
      const sure = Math.exp(-(ex * ex + ey * ey) / (0.5 + 0.02 * (bu * bu + bv * bv)));
      const c = confidenceFrom;
      soft[q] = s;
      label[q] = labelFrom[i] * w00 + labelFrom[i + 1] * w01 + labelFrom[j] * w10 + labelFrom[j + 1] * w11;
      confidence[q] = (c[i] * w00 + c[i + 1] * w01 + c[j] * w10 + c[j + 1] * w11) * sure;
      agreement[q] = sure;
    }
  }
}
