import type { Engine, EngineSession, FrameSource } from '@rotokit/core/ports';
import type { PromptKind } from '@rotokit/core/values';
import { createFlowService } from './flow/flow-service.js';
import type { FlowProfile } from './flow/types.js';
import { clickWeights, fusionWeights } from './fusion/generated/weights.js';
import { loadFusionNetwork } from './fusion/network.js';
import { wasmKernels } from './kernels/kernels.js';
import type { Fuser } from './propagation/fuser.js';
import { linearFuser } from './propagation/linear-fuser.js';
import { networkFuser, weightsDigest } from './propagation/network-fuser.js';
import type { Observation } from './propagation/track.js';
import type { WalkTools } from './propagation/walk.js';
import { EmbeddedSession } from './session.js';

/** Quality against time: docs/performance.md has the figures of both. */
export type EmbeddedProfile = 'full' | 'fast';

/** How the embedded engine works. Results depend on `profile` only, never on the number of threads. */
export interface EmbeddedOptions {
  /** Worker threads for optical flow; 0 does everything in the calling thread. 1 unless given. */
  readonly threads?: number;
  /** `fast` looks at a smaller picture and refines the flow less; outlines are still cut at the clip's own size. */
  readonly profile?: EmbeddedProfile;
  /** Bytes of optical flow kept for walks back and forth over the same frames: 64 MB, about 80 pairs at 854x480. */
  readonly flowCacheBytes?: number;
  /** For training: another fuser than the one that is shipped. */
  readonly fuser?: Fuser;
  /**
   * For training: told of the evidence of every object on every frame that was followed, before it is decided. The maps
   * then cover the whole region whatever the fuser asks for. The planes are overwritten afterwards.
   */
  readonly observe?: (o: Observation) => void;
}

/** What a profile means: how the flow is refined, and the lines of the picture everything but the last cut works on. */
const PROFILES: Readonly<Record<EmbeddedProfile, { readonly flow: FlowProfile; readonly lines: number }>> = {
  full: { flow: 'full', lines: 480 },
  fast: { flow: 'fast', lines: 360 },
};

const ACCEPTS: ReadonlySet<PromptKind> = new Set<PromptKind>(['point', 'box', 'brush', 'mask']);

/**
 * The engine that needs no download: optical flow, evidence maps over a region, a small fusion network, graph cuts
 * (docs/embedded-engine.md). Follows any number of objects through clips of any size.
 */
export function embeddedEngine(options: EmbeddedOptions = {}): Engine {
  const { threads = 1, profile = 'full', flowCacheBytes = 64e6, observe } = options;
  if (!Number.isInteger(threads) || threads < 0) throw new RangeError(`threads must be 0 or more, not ${threads}`);
  const { flow, lines } = PROFILES[profile];
  const fuser = options.fuser ?? shippedFuser();
  const clicks = clickWeights ? bytesOf(clickWeights) : null;
  const network = clicks ? loadFusionNetwork(clicks) : undefined;
  return {
    name: 'embedded',
    provenance: {
      engine: 'embedded',
      profile,
      fuser: fuser.name,
      clicks: clicks ? weightsDigest(clicks) : 'untrained',
    },
    accepts: ACCEPTS,
    async open(source: FrameSource): Promise<EngineSession> {
      const tools: Omit<WalkTools, 'source' | 'grids'> = {
        ...{
          kernels: wasmKernels,
          flow: createFlowService({ threads, profile: flow, cacheBytes: flowCacheBytes }),
          fuser,
          observe,
        },
      };
      return new EmbeddedSession(source, tools, lines, network);
    },
  };
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** The trained network; the hand-set sum in a build without weights, from which training starts. */
const shippedFuser = (): Fuser => (fusionWeights ? networkFuser(bytesOf(fusionWeights)) : linearFuser());
