import { arithmeticWasm } from './generated/arithmetic-wasm.js';
import { compileKernel, type KernelExports, LinearMemory, startKernel } from './linear-memory.js';

/** The functions of assembly/arithmetic/index.ts; all arguments named like planes are addresses. */
export interface ArithmeticExports extends KernelExports {
  cutBytes(width: number, height: number, count: number): number;
  bandCut(
    lab: number,
    width: number,
    height: number,
    probability: number,
    band: number,
    fixed: number,
    lambda: number,
    clip: number,
    edgeScale: number,
    count: number,
    scratch: number,
    labels: number,
  ): void;
  logRatios(
    object: number,
    objectComponents: number,
    surround: number,
    surroundComponents: number,
    lab: number,
    count: number,
    out: number,
  ): void;
  addWindow(
    lab: number,
    width: number,
    height: number,
    x: number,
    y: number,
    radius: number,
    confidence: number,
    object: number,
    objectComponents: number,
    surround: number,
    surroundComponents: number,
    ratios: number,
    confidences: number,
    weights: number,
  ): void;
  finishWindows(count: number, ratios: number, confidences: number, weights: number): void;
  assign(
    x: number,
    y: number,
    z: number,
    count: number,
    model: number,
    components: number,
    euclidean: boolean,
    moments: number,
  ): void;
  approach(x: number, y: number, z: number, count: number, mx: number, my: number, mz: number, nearest: number): number;
  affineRounds(points: number, count: number, scales: number, rounds: number, motion: number): void;
  resizeRgb(
    rgb: number,
    width: number,
    rowFirst: number,
    rowWeights: number,
    rowTaps: number,
    toHeight: number,
    columnFirst: number,
    columnWeights: number,
    columnTaps: number,
    toWidth: number,
    line: number,
    out: number,
  ): void;
  labFromRgb(rgb: number, pixels: number, out: number, tables: number, rows: number): void;
  regionMapsBytes(width: number, height: number): number;
  regionMaps(
    u: number,
    v: number,
    distance: number,
    soft: number,
    label: number,
    confidence: number,
    agreement: number,
    lab: number,
    width: number,
    height: number,
    radius: number,
    camera: number,
    reach: number,
    maps: number,
    scratch: number,
  ): void;
  outlineBand(
    distance: number,
    fused: number,
    stride: number,
    halfPixels: number,
    columnIndex: number,
    columnPart: number,
    rowIndex: number,
    rowPart: number,
    width: number,
    height: number,
    half: number,
    reach: number,
    rim: number,
    cells: number,
    fixed: number,
    band: number,
    probability: number,
    list: number,
    listFused: number,
    listAt: number,
  ): number;
  labOf(list: number, count: number, rgb: number, lab: number, tables: number, rows: number): void;
  edgeScaleOf(rgb: number, width: number, height: number, step: number, tables: number, rows: number): number;
  soften(
    labels: number,
    band: number,
    width: number,
    height: number,
    list: number,
    listFused: number,
    count: number,
    radius: number,
    values: number,
    bounds: number,
  ): number;
  linksBytes(count: number): number;
  solveLinks(
    right: number,
    below: number,
    total: number,
    inverse: number,
    x: number,
    count: number,
    stride: number,
    rounds: number,
    scratch: number,
  ): void;
  distanceBytes(width: number, height: number): number;
  signedDistance(mask: number, width: number, height: number, out: number, scratch: number): void;
}

/** The compiled arithmetic and its memory. Every call lays its planes out anew; nothing outlives a call. */
export interface Arithmetic {
  readonly wasm: ArithmeticExports;
  readonly memory: LinearMemory;
}

let instance: Arithmetic | undefined;

/** The one instance of this thread, started when first needed. Its memory grows to the largest call and stays there. */
export function arithmetic(): Arithmetic {
  if (!instance) {
    const wasm = startKernel<ArithmeticExports>(compileKernel(arithmeticWasm));
    instance = { wasm, memory: new LinearMemory(wasm) };
  }
  instance.memory.reset();
  return instance;
}
