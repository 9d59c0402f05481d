import type { Prompt } from '@rotokit/server/api';
import { useState } from 'react';
import { sayDifferently } from '../model/edits.js';
import { nudgeStore } from '../model/nudge.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { type Handle, movedPrompt, type Pair, reshapedBox } from './gesture.js';
import { viewStore } from './view.js';

/** Screen pixels that a mark may be dragged without being moved. */
const SLIP = 3;

/** What is being dragged, in source pixels: all of it, or a part of a box. */
interface Drag {
  /** Where the pointer came down, in the window. */
  readonly from: Pair;
  readonly by: Pair;
  readonly handle: Handle | undefined;
}

interface MovableProps {
  readonly id: string;
  readonly prompt: Prompt;
  /** Screen pixels for each source pixel, by the size of the page's letters. */
  readonly scale: number;
}

/**
 * A mark. Clicks can be dragged elsewhere, boxes by their corners and edges, with Shift as a whole; strokes while the hand is the tool, because one says more
 * with the others right there. A press without a move picks it for the keys.
 */
export function Movable({ id, prompt, scale }: MovableProps) {
  const [drag, setDrag] = useState<Drag>();
  const size = usePart(studio, (s) => s.project?.clip);
  const tool = usePart(studio, (s) => s.tool);
  const picked = usePart(studio, (s) => s.picked === id);
  const nudged = usePart(nudgeStore, (s) => (s.id === id ? s.prompt : undefined));
  if (!size) return null;
  const now = drag ? dragged(prompt, drag, size) : (nudged ?? prompt);
  const fixed = prompt.kind === 'brush' ? tool !== 'hand' : tool !== 'click' && tool !== 'box' && tool !== 'hand';
  if (fixed) return <Mark prompt={now} scale={scale} picked={picked} />;
  const letGo = () => {
    if (!drag) return;
    studio.set({ picked: id });
    const far = Math.hypot(...drag.by) * viewStore.get().view.scale > SLIP;
    if (far) void sayDifferently(id, now).finally(() => setDrag(undefined));
    else setDrag(undefined);
  };
  return (
    <g
      className="movable"
      onPointerDown={(e) => {
        if (e.button !== 0 || e.altKey) return;
        e.stopPropagation();
        e.currentTarget.setPointerCapture(e.pointerId);
        const told = (e.target as SVGElement).dataset.handle?.split(' ').map(Number);
        setDrag({
          from: [e.clientX, e.clientY],
          by: [0, 0],
          handle: e.shiftKey ? undefined : (told as unknown as Handle | undefined),
        });
      }}
      onPointerMove={(e) => {
        if (!drag) return;
        e.stopPropagation();
        const real = viewStore.get().view.scale;
        const [x, y] = drag.from;
        setDrag({ ...drag, by: [(e.clientX - x) / real, (e.clientY - y) / real] });
      }}
      onPointerUp={(e) => {
        e.stopPropagation();
        letGo();
      }}
      onPointerCancel={() => setDrag(undefined)}
    >
      <title>{TIPS[prompt.kind]}</title>
      <Mark prompt={now} scale={scale} picked={picked} />
      {now.kind === 'box' && <Handles box={now} scale={scale} />}
    </g>
  );
}

const TIPS = {
  point: 'Drag to move; Alt and arrows move it by pixels',
  box: 'Drag a corner or an edge; with Shift the whole box',
  brush: 'Drag to move',
} as const;

function dragged(
  prompt: Prompt,
  { by, handle }: Drag,
  size: { readonly width: number; readonly height: number },
): Prompt {
  return prompt.kind === 'box' && handle ? reshapedBox(prompt, handle, by, size) : movedPrompt(prompt, by, size);
}

const HANDLES: readonly Handle[] = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
];

/** The edges of a box as wide as a hand needs them, and its corners above them. */
function Handles({ box, scale }: { readonly box: Extract<Prompt, { kind: 'box' }>; readonly scale: number }) {
  const px = 1 / scale;
  const [[x0, y0], [x1, y1]] = [box.from, box.to];
  const [w, h] = [x1 - x0, y1 - y0];
  return HANDLES.map(([across, down]) => {
    const corner = across !== 0 && down !== 0;
    const [wide, high] = [across ? 10 * px : w, down ? 10 * px : h];
    const at = {
      x: x0 + ((across + 1) / 2) * w - (across ? wide / 2 : w / 2),
      y: y0 + ((down + 1) / 2) * h - (down ? high / 2 : h / 2),
    };
    const kind = corner ? (across === down ? 'nwse' : 'nesw') : across ? 'ew' : 'ns';
    return (
      <rect
        key={`${across} ${down}`}
        className={corner ? 'handle corner' : 'handle'}
        data-handle={`${across} ${down}`}
        data-way={kind}
        {...at}
        width={wide}
        height={high}
        strokeWidth={px}
      />
    );
  });
}

interface MarkProps {
  readonly prompt: Prompt;
  readonly scale: number;
  readonly picked: boolean;
}

function Mark({ prompt, scale, picked }: MarkProps) {
  const look = picked ? ' picked' : '';
  const px = 1 / scale;
  if (prompt.kind === 'point') {
    const [x, y] = prompt.at;
    const arm = 2.6 * px;
    return (
      <g transform={`translate(${x} ${y})`} className={`mark ${prompt.positive ? 'add' : 'subtract'}${look}`}>
        <circle r={5.5 * px} strokeWidth={1.25 * px} />
        <path d={`M${-arm} 0H${arm}${prompt.positive ? `M0 ${-arm}V${arm}` : ''}`} strokeWidth={1.5 * px} />
      </g>
    );
  }
  if (prompt.kind === 'box') {
    const [[x0, y0], [x1, y1]] = [prompt.from, prompt.to];
    const sides = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
    return <rect className={`mark box${look}`} {...sides} strokeWidth={1.25} />;
  }
  const path = prompt.path.map(([x, y]) => `${x},${y}`).join(' ');
  const spread = { strokeWidth: 2 * prompt.radius };
  return (
    <polyline className={`mark stroke ${prompt.positive ? 'add' : 'subtract'}${look}`} points={path} {...spread} />
  );
}
