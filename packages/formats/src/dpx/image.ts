import type { FrameRate } from '@rotokit/core/values';

/** How code values mean light (SMPTE 268M, "Transfer characteristic"). */
export const DPX_TRANSFERS = {
  user: 0,
  printingDensity: 1,
  linear: 2,
  logarithmic: 3,
  video: 4,
  smpte274m: 5,
  rec709: 6,
} as const;
/** The name of a transfer characteristic. */
export type DpxTransfer = keyof typeof DPX_TRANSFERS;

/** Code of an image element's layout by its count of samples: luma, RGB, RGBA (SMPTE 268M, "Descriptor"). */
export const DPX_DESCRIPTORS = { 1: 6, 3: 50, 4: 51 } as const;

/** A DPX picture: one image element, unsigned, top to bottom. */
export interface DpxImage {
  readonly width: number;
  readonly height: number;
  /** Luma or alpha, RGB, or RGBA. */
  readonly channels: 1 | 3 | 4;
  readonly depth: 10 | 16;
  /** Interleaved code values, 0..1023 or 0..65535. */
  readonly samples: Uint16Array;
  readonly transfer: DpxTransfer;
  /** Absent in files that do not say. */
  readonly rate?: FrameRate;
  /** `HH:MM:SS:FF`, with `;` before the frames where numbers are dropped; absent in files that do not say. */
  readonly timecode?: string;
}

/** What the header says beside the picture; texts are cut to the room they have. */
export interface DpxFacts {
  /** 100 bytes. */
  readonly fileName?: string;
  /** 200 bytes. */
  readonly project?: string;
  /** 100 bytes: the program. */
  readonly creator?: string;
  /** 100 bytes. */
  readonly source?: string;
  /** Position in the sequence, from 0, and its length. */
  readonly position?: { readonly frame: number; readonly of: number };
}

/** The bit of a time code that says that numbers are dropped. */
export const DPX_DROP = 0x40;

/** Offsets of the header's fields that are used here (SMPTE 268M). */
export const DPX = {
  magic: 0x53445058,
  headerBytes: 2048,
  genericBytes: 1664,
  industryBytes: 384,
  fileName: 36,
  creator: 160,
  project: 260,
  encryption: 660,
  orientation: 768,
  elements: 770,
  width: 772,
  height: 776,
  element: 780,
  source: 1432,
  aspect: 1628,
  filmFormat: 1680,
  framePosition: 1712,
  filmRate: 1724,
  timecode: 1920,
  tvRate: 1940,
} as const;
