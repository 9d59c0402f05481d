import type { KeptPrompt, Prompt } from '@rotokit/server/api';
import { useState } from 'react';
import { sayDifferently } from '../model/edits.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { type Gesture, movedPrompt, type Pair } from './gesture.js';
import { handStore } from './hand.js';
import { viewStore } from './view.js';

/** What was said about the selected object on this frame, what the hand is about to say, and the brush. Nothing is laid over the picture without need. */
export function Marks() {
  const view = usePart(viewStore, (s) => s.view);
  const frame = usePart(studio, (s) => (s.playing ? undefined : s.frame));
  const object = usePart(studio, (s) => s.project?.objects.find((o) => o.id === s.selected));
  const gesture = usePart(handStore, (s) =>
    s.gesture && s.gesture.kind in { box: 1, lasso: 1 } ? s.gesture : undefined,
  );
  const brush = usePart(studio, (s) => (s.tool === 'brush' || s.tool === 'paint') && s.pointer !== undefined);
  const said = object?.prompts.filter((p) => p.frame === frame && isDrawn(p)) ?? [];
  if (!said.length && !gesture && !brush) return null;
  return (
    <svg className="marks" aria-hidden="true">
      <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
        {said.map((p) => (
          <Movable key={p.id} id={p.id} prompt={p.prompt as Prompt} scale={view.scale} />
        ))}
        {gesture && <Doing gesture={gesture} scale={view.scale} />}
        {brush && <Brush scale={view.scale} />}
      </g>
    </svg>
  );
}

const isDrawn = ({ prompt }: KeptPrompt): boolean => prompt.kind !== 'mask' && prompt.kind !== 'text';

/** Screen pixels that a mark may be dragged without being moved. */
const SLIP = 3;

/** A mark; clicks and boxes can be dragged elsewhere. */
function Movable({ id, prompt, scale }: { readonly id: string; readonly prompt: Prompt; readonly scale: number }) {
  const [by, setBy] = useState<Pair>();
  const size = usePart(studio, (s) => s.project?.clip);
  const fixed = usePart(studio, (s) => s.tool !== 'click' && s.tool !== 'box' && s.tool !== 'hand');
  if (!size) return null;
  const moved = by ? movedPrompt(prompt, by, size) : prompt;
  if (fixed || prompt.kind === 'brush') return <Mark prompt={moved} scale={scale} />;
  return (
    <g
      className="movable"
      onPointerDown={(e) => {
        if (e.button !== 0 || e.altKey) return;
        e.stopPropagation();
        e.currentTarget.setPointerCapture(e.pointerId);
        setBy([0, 0]);
      }}
      onPointerMove={(e) => {
        if (!by) return;
        e.stopPropagation();
        setBy([by[0] + e.movementX / scale, by[1] + e.movementY / scale]);
      }}
      onPointerUp={(e) => {
        if (!by) return;
        e.stopPropagation();
        const far = Math.hypot(...by) * scale > SLIP;
        if (far) void sayDifferently(id, moved).finally(() => setBy(undefined));
        else setBy(undefined);
      }}
      onPointerCancel={() => setBy(undefined)}
    >
      <title>Drag to move</title>
      <Mark prompt={moved} scale={scale} />
    </g>
  );
}

function Mark({ prompt, scale }: { readonly prompt: Prompt; readonly scale: number }) {
  const px = 1 / scale;
  if (prompt.kind === 'point') {
    const [x, y] = prompt.at;
    const arm = 2.6 * px;
    return (
      <g transform={`translate(${x} ${y})`} className={prompt.positive ? 'mark add' : 'mark subtract'}>
        <circle r={5.5 * px} strokeWidth={1.25 * px} />
        <path d={`M${-arm} 0H${arm}${prompt.positive ? `M0 ${-arm}V${arm}` : ''}`} strokeWidth={1.5 * px} />
      </g>
    );
  }
  if (prompt.kind === 'box') {
    const [[x0, y0], [x1, y1]] = [prompt.from, prompt.to];
    const sides = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
    return (
      <>
        <rect className="mark grip" {...sides} strokeWidth={9 * px} />
        <rect className="mark box" {...sides} strokeWidth={1.25 * px} />
      </>
    );
  }
  const path = prompt.path.map(([x, y]) => `${x},${y}`).join(' ');
  const spread = { strokeWidth: 2 * prompt.radius };
  return (
    <polyline className={prompt.positive ? 'mark stroke add' : 'mark stroke subtract'} points={path} {...spread} />
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
  return <rect className="mark box doing" {...corner} {...sides} strokeWidth={1.25 / scale} />;
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
      {hardness < 1 && <circle className="mark brush soft" {...at} r={radius * hardness} strokeWidth={1 / scale} />}
    </>
  );
}
