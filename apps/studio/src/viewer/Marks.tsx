import type { Prompt } from '@rotokit/server/api';
import { unit } from '../model/look.js';
import { isPlaced } from '../model/nudge.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { useLiveView } from './compare-layout.js';
import type { Gesture } from './gesture.js';
import { handStore } from './hand.js';
import { Movable } from './Movable.js';

/** What was said about the selected object on this frame, what the hand is about to say, and the brush. Nothing is laid over the picture without need. */
export function Marks() {
  const view = useLiveView();
  const frame = usePart(studio, (s) => (s.playing ? undefined : s.frame));
  const object = usePart(studio, (s) => s.project?.objects.find((o) => o.id === s.selected));
  const gesture = usePart(handStore, (s) =>
    s.gesture && s.gesture.kind in { box: 1, lasso: 1 } ? s.gesture : undefined,
  );
  const brush = usePart(studio, (s) => (s.tool === 'brush' || s.tool === 'paint') && s.pointer !== undefined);
  const said = object?.prompts.filter((p) => p.frame === frame && isPlaced(p)) ?? [];
  if (!said.length && !gesture && !brush) return null;
  return (
    <svg className="marks" aria-hidden="true">
      <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
        {said.map((p) => (
          <Movable key={p.id} id={p.id} prompt={p.prompt as Prompt} scale={view.scale / unit()} />
        ))}
        {gesture && <Doing gesture={gesture} scale={view.scale / unit()} />}
        {brush && <Brush scale={view.scale / unit()} />}
      </g>
    </svg>
  );
}

function Doing({ gesture, scale }: { readonly gesture: Gesture; readonly scale: number }) {
  if (gesture.kind === 'lasso')
    return (
      <polygon
        className={gesture.positive ? 'mark lasso add' : 'mark lasso subtract'}
        points={gesture.path.map((p) => p.join(',')).join(' ')}
        strokeWidth={1.5 / scale}
      />
    );
  if (gesture.kind !== 'box') return null;
  const [[ax, ay], [bx, by]] = [gesture.from, gesture.to];
  const corner = { x: Math.min(ax, bx), y: Math.min(ay, by) };
  const sides = { width: Math.abs(ax - bx), height: Math.abs(ay - by) };
  return <rect className="mark box doing" {...corner} {...sides} strokeWidth={1.25} />;
}

/** The brush under the pointer; the inner ring is where paint is full. */
function Brush({ scale }: { readonly scale: number }) {
  const radius = usePart(studio, (s) => s.radius);
  const hardness = usePart(studio, (s) => (s.tool === 'paint' ? s.hardness : 1));
  const pointer = usePart(studio, (s) => s.pointer);
  if (!pointer) return null;
  const at = { cx: pointer.x, cy: pointer.y };
  return (
    <>
      <circle className="mark brush" {...at} r={radius} strokeWidth={1.25 / scale} />
      {hardness < 1 && <circle className="mark brush soft" {...at} r={radius * hardness} strokeWidth={1} />}
    </>
  );
}
