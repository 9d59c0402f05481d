import { frameIndex, objectId, reasonOf, sameSize, sourcePoint } from '@rotokit/core/values';
import { checkModel } from '../models/check.js';
import { checkScene } from '../models/check-scene.js';
import { hubOf } from '../models/home.js';
import { type Check, type Finding, fail, pass, REINSTALL, warn } from './finding.js';

/** Less than the embedded engine reaches on the made-up ball, which has no texture: far less means that something is broken. */
const EMBEDDED_IOU = 0.7;

async function embedded(): Promise<Finding> {
  const { embeddedEngine } = await import('@rotokit/embedded');
  const { steps } = await checkModel(embeddedEngine());
  const worst = Math.min(...steps.map((s) => s.iou));
  const what = `embedded finds and follows a ball, IoU ${worst.toFixed(3)} at worst`;
  return worst >= EMBEDDED_IOU ? pass(what) : fail(what, REINSTALL);
}

const INSTALL = 'npm install onnxruntime-node@1.30.0, for SAM 2.1 and EdgeTAM. The embedded engine needs no runtime.';

async function runtime(): Promise<Finding> {
  const { openNodeInference } = await import('@rotokit/ort/node');
  try {
    const inference = await openNodeInference({ threads: 1 });
    const { version } = inference.provenance;
    await inference.close();
    return pass(`ONNX Runtime ${version}`);
  } catch (error) {
    return warn(reasonOf(error), INSTALL);
  }
}

/** Every graph of a miniature is written, opened and run; what it sees means nothing. */
async function neural(): Promise<Finding> {
  const [{ headerLength, readHeader }, { MINIATURE, randomWeights }, { neuralEngine }, { openNodeInference }] =
    await Promise.all([
      import('@rotokit/graph'),
      import('@rotokit/models'),
      import('@rotokit/neural'),
      import('@rotokit/ort/node'),
    ]);
  const probe = await openNodeInference({ threads: 1 }).catch(() => undefined);
  if (!probe) return warn('not looked at: no ONNX Runtime', INSTALL);
  await probe.close();
  const bytes = Buffer.concat([...randomWeights(MINIATURE)]);
  const header = readHeader(bytes.subarray(8, 8 + headerLength(bytes, bytes.length)), bytes.length);
  const weights = { header, file: { bytes }, digest: 'random' };
  let deaths = 0;
  const onThreadDeath = () => void deaths++;
  const inference = () => openNodeInference({ threads: 1, onThreadDeath });
  const { source, centre } = checkScene();
  const session = await neuralEngine({ name: MINIATURE.name, config: MINIATURE, weights, inference }).open(source);
  try {
    const object = objectId('ball');
    const { x, y } = centre(0);
    const prompts = [{ kind: 'point', at: sourcePoint(x, y), positive: true } as const];
    const [mask] = await session.segment(frameIndex(0), [{ object, prompts }]);
    let frames = 0;
    const objects = mask ? [{ object, mask, priority: 0 }] : [];
    const walk = { from: frameIndex(0), to: frameIndex(2), objects, overlap: 'exclusive' } as const;
    for await (const tracked of session.propagate(walk))
      if (tracked.objects.every((o) => sameSize(o.mask.size, source.info.size))) frames++;
    const what = 'a neural model with random weights is opened and run through three frames';
    if (frames !== 2) return fail(what, REINSTALL);
    const killed = `${what}; its thread was killed and started again ${deaths === 1 ? 'once' : `${deaths} times`}`;
    return deaths ? warn(killed, 'See what ends threads here: a limit on memory, most often.') : pass(what);
  } finally {
    await session.close();
    await source.close();
  }
}

async function models(): Promise<Finding> {
  const hub = hubOf(process.env);
  const here = (await Promise.all(hub.cards.map((c) => hub.find(c.name)))).filter((m) => m !== undefined);
  if (!here.length) return warn('no models are here (optional)', 'rotokit models pull sam2.1-tiny');
  const { chooseEngine } = await import('../engines/choose.js');
  const lines: string[] = [];
  let bad: string | undefined;
  for (const { card } of here) {
    try {
      const { engine } = await chooseEngine(card.name, ['point']);
      const { works, steps } = await checkModel(engine);
      lines.push(`${card.name} IoU ${Math.min(...steps.map((s) => s.iou)).toFixed(3)} at worst`);
      if (!works) bad ??= card.name;
    } catch (error) {
      lines.push(reasonOf(error));
      bad ??= card.name;
    }
  }
  const what = lines.join('; ');
  return bad ? fail(what, `rotokit models verify ${bad}; then \`rotokit models check ${bad}\``) : pass(what);
}

/** Every engine on a tiny case that is made up here. */
export const ENGINE_CHECKS: readonly Check[] = [
  { name: 'embedded', run: embedded },
  { name: 'runtime', run: runtime },
  { name: 'neural', run: neural },
  { name: 'models', run: models },
];
