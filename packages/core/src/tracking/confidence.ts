import type { TrackSignals } from '../ports/index.js';
import type { SoftMask } from '../values/index.js';
import { type Confidence, confidenceOf, type Doubt, doubtOf } from './doubt.js';
import { type MaskMeasure, measureMask, movedIou } from './measure.js';
import type { ConfidenceSettings } from './settings.js';

/** How fast the usual outline and velocity follow what is seen. */
const FOLLOW = 0.25;
/** Objects smaller than this (pixels of area) change by a good part of themselves when one pixel flips. */
const SMALL = 400;

/** Judges one object along one walk, frame by frame from the anchor on. */
export interface ConfidenceMeter {
  /**
   * The confidence in the next frame of the walk.
   * @param takeover share of another object's last mask that this mask covers now, 0 to 1.
   */
  next(mask: SoftMask, signals: TrackSignals, takeover?: number): Confidence;
}

/** A meter for a walk that starts from an anchor's mask. */
export function confidenceMeter(anchor: SoftMask, settings: ConfidenceSettings): ConfidenceMeter {
  const first = measureMask(anchor);
  let last = { mask: anchor, measure: first };
  let usual = raggedness(first);
  let velocity: { x: number; y: number } | undefined;
  let inherited = 0;

  const changes = (mask: SoftMask, now: MaskMeasure, searched: boolean): Doubt[] => {
    const before = last.measure;
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    const doubts: Doubt[] = [];
    const slack = (Math.sqrt(SMALL) / Math.sqrt(Math.max(1, now.area)) + 1) * (now.atBorder ? 1.5 : 1);
    const add = (reason: Doubt['reason'], doubt: number) => doubts.push({ reason, doubt });
    if (!searched) {
      add('area-jump', doubtOf(Math.abs(Math.log(now.area / before.area)) / slack, settings.area));
      add('shape-jump', doubtOf(1 - (1 - movedIou(last.mask, mask, dx, dy)) / slack, settings.shape));
      const off = velocity ? Math.hypot(dx - velocity.x, dy - velocity.y) : 0;
      add('possible-swap', doubtOf(off / Math.sqrt(now.area) / slack, settings.jump));
    }
    if (usual) add('torn-edge', doubtOf(raggedness(now) / usual, settings.outline));
    if (first.area) {
      const detail = Math.log(raggedness(now) / raggedness(first));
      const grown = Math.log(now.area / first.area);
      add('far-from-anchor', grown < 0 ? doubtOf(-grown, settings.shrunk) : doubtOf(grown, settings.grown));
      add('far-from-anchor', doubtOf(Math.abs(detail), settings.detail));
    }
    return doubts;
  };

  const follow = (mask: SoftMask, now: MaskMeasure) => {
    const before = last.measure;
    if (now.area && before.area) {
      const [dx, dy] = [now.x - before.x, now.y - before.y];
      velocity = velocity
        ? { x: velocity.x + FOLLOW * (dx - velocity.x), y: velocity.y + FOLLOW * (dy - velocity.y) }
        : { x: dx, y: dy };
    } else velocity = undefined;
    if (now.area) usual = usual ? usual + FOLLOW * (raggedness(now) - usual) : raggedness(now);
    last = { mask, measure: now };
  };

  return {
    next(mask, signals, takeover = 0) {
      const now = measureMask(mask);
      const gone = signals.state === 'searching' || (!now.area && last.measure.area > 0);
      const own = [...signalDoubts(signals, settings), ...eventDoubts(signals, gone, settings)];
      own.push({ reason: 'possible-swap', doubt: doubtOf(takeover, settings.takeover) });
      const jumpy = !last.measure.area || signals.state !== 'tracked';
      if (now.area) own.push(...changes(mask, now, jumpy));
      const all = gone ? own : [...own, { reason: 'drift' as const, doubt: inherited }];
      const here = confidenceOf(own).value;
      // A hidden object's mask is empty and nothing follows from it; what follows is judged when it is found again.
      if (!gone) inherited = Math.max(inherited * settings.fade, (1 - here) * settings.inherit);
      follow(mask, now);
      return confidenceOf(all);
    },
  };
}

const raggedness = (m: MaskMeasure) => (m.area ? m.outline / Math.sqrt(m.area) : 0);

function signalDoubts(s: TrackSignals, settings: ConfidenceSettings): Doubt[] {
  // While the object is searched for, a low score says nothing that `lost` does not say.
  if (s.state === 'searching') return [];
  return [
    { reason: 'low-score', doubt: doubtOf(s.score, settings.score) },
    { reason: 'torn-edge', doubt: doubtOf(s.certainty, settings.certainty) },
    { reason: 'flow-disagreement', doubt: doubtOf(s.flowAgreement, settings.flow) },
  ];
}

function eventDoubts(s: TrackSignals, gone: boolean, settings: ConfidenceSettings): Doubt[] {
  const doubts: Doubt[] = [];
  if (gone) doubts.push({ reason: 'lost', doubt: settings.lost });
  if (s.state === 'found') doubts.push({ reason: 'found', doubt: settings.found });
  if (s.state === 'cut') doubts.push({ reason: 'shot-cut', doubt: settings.cut });
  return doubts;
}
