import type { KeptPrompt, Prompt } from '@rotokit/server/api';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import type { Gesture } from './gesture.js';
import { viewStore } from './stage.js';

/** What was said about the selected object on this frame, what the hand is about to say, and the brush. */
export function Marks({ gesture }: { readonly gesture: Gesture | undefined }) {
  const view = usePart(viewStore, (s) => s.view);
  const frame = usePart(studio, (s) => s.frame);
  const playing = usePart(studio, (s) => s.playing);
  const object = usePart(studio, (s) => s.project?.objects.find((o) => o.id === s.selected));
  const said = playing ? [] : (object?.prompts.filter((p) => p.frame === frame) ?? []);
  return (
    <svg className="marks" aria-hidden="true">
      <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
        {said.map(({ id, prompt }) => drawable(prompt) && <Mark key={id} prompt={prompt} scale={view.scale} />)}
        {gesture && <Doing gesture={gesture} scale={view.scale} colour={object?.colour ?? '#e69f00'} />}
        <Brush scale={view.scale} />
      </g>
    </svg>
  );
}

const drawable = (p: KeptPrompt['prompt']): p is Prompt => p.kind !== 'mask' && p.kind !== 'text';

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
    return <rect className="mark box" x={x0} y={y0} width={x1 - x0} height={y1 - y0} strokeWidth={1.25 * px} />;
  }
  const path = prompt.path.map(([x, y]) => `${x},${y}`).join(' ');
  const spread = { strokeWidth: 2 * prompt.radius };
  return (
    <polyline className={prompt.positive ? 'mark stroke add' : 'mark stroke subtract'} points={path} {...spread} />
  );
}

function Doing({
  gesture,
  scale,
  colour,
}: {
  readonly gesture: Gesture;
  readonly scale: number;
  readonly colour: string;
}) {
  if (gesture.kind === 'box') {
    const [[ax, ay], [bx, by]] = [gesture.from, gesture.to];
    const corner = { x: Math.min(ax, bx), y: Math.min(ay, by) };
    const sides = { width: Math.abs(ax - bx), height: Math.abs(ay - by) };
    return <rect className="mark box doing" {...corner} {...sides} strokeWidth={1.25 / scale} />;
  }
  if (gesture.kind !== 'stroke') return null;
  const ends = gesture.path.length === 1 ? [...gesture.path, gesture.path[0]] : gesture.path;
  const points = ends.map((p) => p?.join(',')).join(' ');
  return (
    <polyline
      className="mark doing-stroke"
      points={points}
      stroke={gesture.positive ? colour : '#101012'}
      strokeWidth={2 * gesture.radius}
    />
  );
}

function Brush({ scale }: { readonly scale: number }) {
  const tool = usePart(studio, (s) => s.tool);
  const radius = usePart(studio, (s) => s.radius);
  const pointer = usePart(studio, (s) => s.pointer);
  if (tool !== 'brush' || !pointer) return null;
  return <circle className="mark brush" cx={pointer.x} cy={pointer.y} r={radius} strokeWidth={1.25 / scale} />;
}
