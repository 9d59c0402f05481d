/**
 * How well confidences tell bad masks from good ones: `tsx tools/src/review/main.ts [clips] [first seed]`. Follows the
 * objects of generated clips with the embedded engine from the first mask, from the last one and from both, and prints for
 * the three together what the review queue finds at several thresholds. What the defaults of `tracking/settings.ts` were
 * set by.
 */
import { BAD_BELOW, regionJ, reviewQuality } from '@rotokit/core/evaluation';
import { maskDigest, planTracking, track } from '@rotokit/core/tracking';
import { frameIndex, frameRange, objectId } from '@rotokit/core/values';
import { embeddedEngine } from '@rotokit/embedded';
import { type KnownClip, knownClips } from './clips.js';

interface Judged {
  readonly iou: number;
  readonly confidence: number;
}

const engine = embeddedEngine({ threads: 0, profile: 'fast' });
const object = objectId('object');

/** Follows the object of a clip from the true masks of some frames. */
async function follow({ source, truth }: KnownClip, anchors: readonly number[]): Promise<Judged[]> {
  const plan = planTracking({
    range: frameRange(0, truth.length),
    objects: [
      { object, priority: 0, anchors: anchors.map((f) => ({ frame: frameIndex(f), digest: maskDigest(truth[f]) })) },
    ],
    engine,
    overlap: 'exclusive',
    tracked: () => undefined,
  });
  const session = await engine.open(source);
  const judged: Judged[] = [];
  try {
    for await (const done of track(session, plan, { anchorMask: (_, f) => truth[f] }))
      judged.push({ iou: regionJ(done.mask, truth[done.frame]), confidence: done.confidence.value });
  } finally {
    await session.close();
  }
  return judged;
}

/** Chance that a bad frame has a lower confidence than a good one (area under the ROC curve). */
function separation(frames: readonly Judged[]): number {
  const bad = frames.filter((f) => f.iou < BAD_BELOW);
  const good = frames.filter((f) => f.iou >= BAD_BELOW);
  let wins = 0;
  for (const b of bad)
    for (const g of good) wins += b.confidence < g.confidence ? 1 : b.confidence === g.confidence ? 0.5 : 0;
  return wins / (bad.length * good.length);
}

const [count = 12, firstSeed = 71000] = process.argv.slice(2).map(Number);
const oneWay: Judged[] = [];
const bothWays: Judged[] = [];
for await (const clip of knownClips(count, firstSeed)) {
  const last = clip.truth.length - 1;
  const single = [...(await follow(clip, [0])), ...(await follow(clip, [last]))];
  const between = await follow(clip, [0, last]);
  oneWay.push(...single);
  bothWays.push(...between);
  const mean = (frames: readonly Judged[]) => (frames.reduce((s, f) => s + f.iou, 0) / frames.length).toFixed(3);
  console.log(`clip ${clip.seed}: mean IoU one way ${mean(single)}, between two anchors ${mean(between)}`);
}
for (const [name, frames] of [
  ['one way', oneWay],
  ['between two anchors', bothWays],
] as const) {
  console.log(`\n${name}: ${frames.length} frames, separation ${separation(frames).toFixed(3)}`);
  for (const below of [0.3, 0.4, 0.5, 0.6, 0.7]) {
    const q = reviewQuality(frames.map((f) => ({ iou: f.iou, flagged: f.confidence < below })));
    const [precision, recall] = [q.precision.toFixed(2), q.recall.toFixed(2)];
    console.log(`  below ${below}: lists ${q.flagged}, bad ${q.bad}, precision ${precision}, recall ${recall}`);
  }
}
