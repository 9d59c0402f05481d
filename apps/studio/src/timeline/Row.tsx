import { useEffect, useRef, useState } from 'react';
import { clearAnchor } from '../model/edits.js';
import { showFrame } from '../model/frames.js';
import type { ObjectModel } from '../model/project-model.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { percent } from './span.js';
import { confidenceStrip, STRIP_LINES } from './strip.js';

/** An object's row: its confidence over the clip and its anchors. */
export function Row({
  object,
  first,
  onScrub,
}: {
  readonly object: ObjectModel;
  readonly first: number;
  readonly onScrub: (e: React.PointerEvent) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const selected = usePart(studio, (s) => s.selected === object.id);
  const frames = object.versions.length;
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(confidenceStrip(object, first), 0, 0);
  }, [object, first]);
  return (
    <div className={selected ? 'row selected' : 'row'} onPointerDown={onScrub} onPointerMove={onScrub}>
      <canvas ref={canvas} width={frames} height={STRIP_LINES} aria-label={`Confidence of ${object.name}`} role="img" />
      {object.anchors.map((a) => (
        <Anchor key={a} object={object} frame={a} at={percent(a + 0.5, first, frames)} />
      ))}
    </div>
  );
}

/** Pixels that an anchor must be dragged up or down to be let go. */
const AWAY = 28;

/** An anchor: a click goes there, dragging it off its row gives the frame back to the tracker. */
function Anchor({ object, frame, at }: { readonly object: ObjectModel; readonly frame: number; readonly at: string }) {
  const [from, setFrom] = useState<number>();
  const [away, setAway] = useState(0);
  const gone = Math.abs(away) > AWAY;
  const end = () => {
    setFrom(undefined);
    setAway(0);
  };
  return (
    <button
      type="button"
      className={gone ? 'anchor gone' : 'anchor'}
      style={{ left: at, transform: `translate(-50%, ${away}px) rotate(45deg)` }}
      aria-label={`Anchor of ${object.name} on ${frame}`}
      title={`Anchor on ${frame}: drag it away to give the frame back to the tracker`}
      onPointerDown={(e) => {
        e.stopPropagation();
        e.currentTarget.setPointerCapture(e.pointerId);
        setFrom(e.clientY);
        studio.set({ selected: object.id });
        showFrame(frame);
      }}
      onPointerMove={(e) => from !== undefined && setAway(e.clientY - from)}
      onPointerUp={() => {
        if (gone) void clearAnchor(object.id, frame);
        end();
      }}
      onPointerCancel={end}
      onClick={() => showFrame(frame)}
    />
  );
}
