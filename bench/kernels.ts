/**
 * What the compiled kernels cost, against plain TypeScript and, where given, against older JavaScript of like meaning.
 *
 *   npx tsx bench/kernels.ts CLIP [--frame N] [--seconds S] [--against FOLDER]
 *
 * Two neighbouring frames of the clip are scaled to 854x480. FOLDER holds CommonJS modules dis.js (prep, flow) and
 * core.js (lab, sdf, GMM, bandCut). Trust the ratios, not the milliseconds: see compare.ts.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compare, line, type Variants } from './compare.js';
import * as embedded from './embedded.js';
import { outlineScene, regionScene, SIZE, twoFrames } from './scene.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    frame: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '4' },
    against: { type: 'string' },
  },
});
const [clip] = positionals;
if (!clip) throw new TypeError('CLIP is missing: npx tsx bench/kernels.ts CLIP');

const require = createRequire(import.meta.url);
// Untyped on purpose: nothing but this bench knows the older code.
const older = options.against
  ? { flow: require(path.resolve(options.against, 'dis.js')), core: require(path.resolve(options.against, 'core.js')) }
  : undefined;

const report = (what: string, variants: Variants) =>
  process.stdout.write(`${line(what, compare(Number(options.seconds), variants))}\n`);

const [a, b] = await twoFrames(clip, Number(options.frame));
benchFlow();
benchArithmetic();
benchNetwork();

function benchFlow(): void {
  const kernel = new embedded.FlowKernel(embedded.compileKernel(embedded.flowWasm));
  const pyramids = older && [a, b].map(({ rgb }) => older.flow.prep(rgb, SIZE.width, SIZE.height, 5));
  const flowBefore = (how: object) => pyramids && (() => older.flow.flow(pyramids[0], pyramids[1], how));
  let index = 1e6;
  report('pyramid', {
    older: older && (() => older.flow.prep(a.rgb, SIZE.width, SIZE.height, 5)),
    wasm: () => kernel.prepare({ ...a, index: index++ }),
  });
  report('flow one way, full', { older: flowBefore({}), wasm: () => kernel.flow(a, b, 'full') });
  report('flow one way, fast', {
    older: flowBefore({ vr: 1, sor: 3, iters: 6 }),
    wasm: () => kernel.flow(a, b, 'fast'),
  });
}

function benchArithmetic(): void {
  const { half, cut, distance, object, surround, samples, few, out } = regionScene(a);
  const { plainKernels: plain, wasmKernels: wasm } = embedded;
  const { lab, width, height, probability, band, fixed } = cut;
  const region = { x0: 0, y0: 0, w: width, h: height };
  const window = out.subarray(0, 29 * 29);
  const all = (work: (k: typeof plain) => unknown, before?: (() => unknown) | undefined) => ({
    ...{ older: older && before, plain: () => work(plain), wasm: () => work(wasm) },
  });
  const models = older && [
    older.core.GMM.fit(samples, samples.length / 3, 5),
    older.core.GMM.fit(samples, samples.length / 3, 8),
  ];
  const ratiosBefore = (n: number) => () => {
    for (let i = 0; i < n; i++) {
      const [L, A, B] = [lab[i * 3], lab[i * 3 + 1], lab[i * 3 + 2]];
      out[i] = Math.log((models![0].pdf(L, A, B) + 1e-8) / (models![1].pdf(L, A, B) + 1e-8));
    }
  };
  report(
    'cut of a band, 200x200, 15k nodes',
    all(
      (k) => k.bandCut(cut),
      () => older!.core.bandCut(lab, region, probability, band, fixed, 3, { fw: width, clip: 0.01 }),
    ),
  );
  report(
    'log ratios, 40,000 pixels, 5 + 8',
    all((k) => k.logRatios(object, surround, lab, out), ratiosBefore(4e4)),
  );
  report(
    'log ratios, 841 pixels, 5 + 8',
    all((k) => k.logRatios(object, surround, lab, window), ratiosBefore(841)),
  );
  const planes = [new Float32Array(width * height), new Float32Array(width * height)] as const;
  const windows = Array.from({ length: 30 }, (_, i) => {
    const [x, y] = [100 + 70 * Math.cos(i / 4.8), 100 + 80 * Math.sin(i / 4.8)].map(Math.round) as [number, number];
    return { x, y, object, surround, confidence: 0.5 };
  });
  report(
    '30 local windows, 200x200, 5 + 8',
    all((k) => k.windowColours(lab, width, height, windows, 14, ...planes)),
  );
  const maps = new Float32Array(width * height * 27);
  const scene = { width, height, u: distance, v: distance, distance, lab, camera: null, scale: 60 };
  const moved = { soft: probability, label: probability, confidence: probability, agreement: probability };
  report(
    'evidence maps, 200x200',
    all((k) => k.regionMaps({ ...scene, ...moved }, maps)),
  );
  const outline = outlineScene(a, cut, distance);
  report(
    'second cut, 400x400',
    all((k) => k.softOutline(outline)),
  );
  report(
    'mixture fit, 3,500 samples, 8',
    all(
      (k) => k.fitColourModel(samples, 8, 6),
      () => older!.core.GMM.fit(samples, samples.length / 3, 8, 6),
    ),
  );
  report(
    'mixture fit, 300 samples, 3',
    all(
      (k) => k.fitColourModel(few, 3, 5),
      () => older!.core.GMM.fit(few, few.length / 3, 3, 5),
    ),
  );
  report(
    'signed distance, 200x200',
    all(
      (k) => k.signedDistance(fixed, width, height, out),
      () => older!.core.sdf(fixed, width, height),
    ),
  );
  report(
    'Lab, 427x240',
    all(
      (k) => k.labFromRgb(half),
      () => older!.core.lab(half, half.length / 3),
    ),
  );
  report(
    'affine motion, 200x200, step 3',
    all((k) => k.fitAffine(distance, distance, () => 1, width, height, 3)),
  );
}

function benchNetwork(): void {
  const count = embedded.fusionWeightCount(27);
  const file = new Uint8Array(16 + 2 * count);
  const view = new DataView(file.buffer);
  file.set([82, 70, 85, 83]);
  for (const [i, value] of [1, 27, count].entries()) view.setUint32(4 + 4 * i, value, true);
  for (let i = 0; i < count; i++)
    view.setUint16(16 + 2 * i, ((i * 2654435761) & 0x8000) | 0x2c00 | ((i * 40503) & 0x3ff), true);
  const wasm = embedded.loadFusionNetwork(file);
  const plain = embedded.loadPlainFusionNetwork(file);
  for (const [width, height] of [
    [96, 96],
    [160, 160],
    [264, 208],
  ] as const) {
    const maps = Float32Array.from({ length: 27 * width * height }, (_, k) => Math.sin(k * 0.7));
    report(`network, 27 maps, ${width}x${height}`, {
      plain: width < 100 ? () => plain.run(maps, width, height) : undefined,
      wasm: () => wasm.run(maps, width, height),
    });
  }
}
