/** Hiera, the image encoder of SAM 2 (Ryali et al. 2023): four stages, each half as wide and twice as deep in channels. */
export interface HieraConfig {
  readonly kind: 'hiera';
  /** Channels of the first stage; they double from stage to stage, and so do the heads. */
  readonly dim: number;
  readonly heads: number;
  readonly blocks: readonly [number, number, number, number];
  /** Side of the attention windows of each stage, in tokens. */
  readonly windows: readonly [number, number, number, number];
  /** Blocks, counted from 0 through all stages, that attend to the whole picture. */
  readonly globalBlocks: readonly number[];
  /** Side of the coarse position table that is stretched over the picture. */
  readonly background: number;
}

/** RepViT, the image encoder of EdgeTAM (Wang et al. 2024). */
export interface RepVitConfig {
  readonly kind: 'repvit';
  readonly channels: readonly [number, number, number, number];
  readonly blocks: readonly [number, number, number, number];
}

/** What EdgeTAM shrinks each remembered frame to (Zhou et al. 2025): `latents1d` global and a `grid`×`grid` of local tokens. */
export interface PerceiverConfig {
  readonly latents1d: number;
  readonly grid: number;
  readonly layers: number;
  readonly mlp: number;
}

/** All that the graphs of one model depend on. Frozen; a variant is another object. */
export interface VideoModelConfig {
  /** As people name it: `sam2.1-hiera-tiny`. */
  readonly name: string;
  /** Side of the square input in pixels, a multiple of 32. */
  readonly imageSize: number;
  readonly encoder: HieraConfig | RepVitConfig;
  /** Channels of the features, 256. */
  readonly hidden: number;
  /** The mask decoder: heads of its attention, width of its feed-forward layers. */
  readonly decoder: { readonly heads: number; readonly mlp: number };
  /** Memory attention: layers, width of the feed-forward layers, and their names in the file. */
  readonly attention: { readonly layers: number; readonly mlp: number; readonly mlpNames: readonly [string, string] };
  readonly memory: {
    /** Channels of a remembered token, 64. */
    readonly channels: number;
    /** Width inside the two blocks that fuse picture and mask. */
    readonly fuserMlp: number;
    /** Rows of the temporal position table: the frames that are remembered at most, the prompted one included. */
    readonly slots: number;
    /** Whether an embedding marks memories of frames on which the object is hidden. */
    readonly marksOcclusion: boolean;
    /** Whether pointers carry their distance in time. */
    readonly timesPointers: boolean;
    /** Whether memories are rounded to bfloat16, as the reference does. */
    readonly rounds: boolean;
    /** The perceiver behind the memory encoder, where there is one. */
    readonly perceiver?: PerceiverConfig;
  };
}

/** Side of the stride-16 map that everything behind the encoder works on, in tokens. */
export const gridOf = (c: VideoModelConfig): number => c.imageSize / 16;

/** Tokens of one remembered frame. */
export const tokensPerFrame = (c: VideoModelConfig): number => {
  const p = c.memory.perceiver;
  return p ? p.latents1d + p.grid ** 2 : gridOf(c) ** 2;
};
