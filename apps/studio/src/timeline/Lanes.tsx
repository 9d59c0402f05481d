import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { showFrame } from '../model/frames.js';
import { unit } from '../model/look.js';
import { removeMarker } from '../model/markers.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { Ready } from './Ready.js';
import { Row } from './Row.js';
import { percent, spanStore, zoomTimeline } from './span.js';
import { ticks } from './strip.js';

/** The scrubbed part: everything in it is placed by percent of the clip; zoomed, it is wider than its window, which scrolls. */
export function Lanes() {
  const clip = usePart(studio, (s) => s.project?.clip);
  const objects = usePart(studio, (s) => s.project?.objects);
  const { zoom } = usePart(spanStore, (s) => s);
  const pane = useRef<HTMLDivElement>(null);
  const film = useRef<HTMLDivElement>(null);
  const width = useWidth(pane);
  useZoom(pane, clip?.frames ?? 1, zoom);
  useFollow(pane, clip);
  if (!clip) return null;
  const { first, frames } = clip;
  const scrub = (e: React.PointerEvent) => {
    if (e.type === 'pointermove' && !(e.buttons & 1)) return;
    if (e.type === 'pointerdown') e.currentTarget.setPointerCapture(e.pointerId);
    studio.set({ scrubbing: true });
    const box = (film.current as HTMLDivElement).getBoundingClientRect();
    showFrame(first + Math.floor(((e.clientX - box.x) / box.width) * frames));
  };
  return (
    <div className="lanes" ref={pane} onPointerUp={letGo} onPointerCancel={letGo}>
      <div className="film" ref={film} style={{ width: `${100 * zoom}%` }}>
        <Ruler
          marks={ticks(first, frames, width * zoom, 64 * unit()).filter(
            (f) => ((first + frames - f) / frames) * width * zoom > 34 * unit(),
          )}
          onScrub={scrub}
        />
        <Ready />
        <Markers first={first} frames={frames} />
        {objects?.map((o) => (
          <Row key={o.id} object={o} first={first} onScrub={scrub} />
        ))}
        <Playhead first={first} frames={frames} />
      </div>
    </div>
  );
}

const letGo = () => studio.set({ scrubbing: false });

type Pane = React.RefObject<HTMLDivElement | null>;

function useWidth(pane: Pane): number {
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const observer = new ResizeObserver(() => setWidth((pane.current?.clientWidth ?? 812) - 12 * unit()));
    observer.observe(pane.current as HTMLDivElement);
    return () => observer.disconnect();
  }, [pane]);
  return width;
}

/** The wheel zooms about the frame under the pointer, a key about the playhead; with Shift, or sideways, the wheel scrolls. */
function useZoom(pane: Pane, frames: number, zoom: number): void {
  const held = useRef<{ readonly part: number; readonly at: number }>(undefined);
  useEffect(() => {
    const element = pane.current as HTMLDivElement;
    const wheel = (e: WheelEvent) => {
      if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) return;
      e.preventDefault();
      const at = e.clientX - element.getBoundingClientRect().x;
      held.current = { part: (element.scrollLeft + at) / element.scrollWidth, at };
      zoomTimeline(Math.exp(-e.deltaY * (e.deltaMode ? 0.06 : 0.002)), frames, element.clientWidth);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [pane, frames]);
  useLayoutEffect(() => {
    const element = pane.current as HTMLDivElement;
    const { frame, project } = studio.get();
    const playhead = (frame - (project?.clip.first ?? frame)) / frames;
    const { part, at } = held.current ?? { part: playhead, at: element.clientWidth / 2 };
    held.current = undefined;
    element.scrollLeft = part * element.scrollWidth - at;
  }, [pane, frames, zoom]);
}

/** Keeps the playhead in the window. */
function useFollow(pane: Pane, clip: { readonly first: number; readonly frames: number } | undefined): void {
  const frame = usePart(studio, (s) => s.frame);
  useEffect(() => {
    const element = pane.current;
    if (!element || !clip || element.scrollWidth <= element.clientWidth) return;
    const x = ((frame - clip.first + 0.5) / clip.frames) * element.scrollWidth;
    const [left, width] = [element.scrollLeft, element.clientWidth];
    if (x < left || x > left + width) element.scrollLeft = x - width / 5;
  }, [pane, frame, clip]);
}

function Ruler({
  marks,
  onScrub,
}: {
  readonly marks: readonly number[];
  readonly onScrub: (e: React.PointerEvent) => void;
}) {
  const clip = usePart(studio, (s) => s.project?.clip);
  const work = usePart(studio, (s) => s.work);
  const frame = usePart(studio, (s) => (s.playing ? s.work[0] : s.frame));
  if (!clip) return null;
  const { first, frames } = clip;
  return (
    <div
      className="ruler"
      role="slider"
      tabIndex={0}
      aria-label="Frame"
      aria-valuemin={first}
      aria-valuemax={first + frames - 1}
      aria-valuenow={frame}
      onPointerDown={onScrub}
      onPointerMove={onScrub}
    >
      <div
        className="area"
        style={{ left: percent(work[0], first, frames), width: `${(100 * (work[1] - work[0] + 1)) / frames}%` }}
      />
      {marks.map((f) => (
        <span key={f} className="tick" style={{ left: percent(f, first, frames) }}>
          {f}
        </span>
      ))}
    </div>
  );
}

function Markers({ first, frames }: { readonly first: number; readonly frames: number }) {
  const markers = usePart(studio, (s) => s.project?.markers);
  return markers?.map(({ frame: f, name, colour }) => (
    <button
      key={f}
      type="button"
      className="marker"
      style={{ left: percent(f, first, frames), background: colour }}
      aria-label={name ? `Marker ${name} on ${f}` : `Marker on ${f}`}
      title={`${name || 'Marker'} on ${f}; a double click takes it away`}
      onClick={() => showFrame(f)}
      onDoubleClick={() => void removeMarker(f)}
    />
  ));
}

function Playhead({ first, frames }: { readonly first: number; readonly frames: number }) {
  const frame = usePart(studio, (s) => s.frame);
  return (
    <div
      className="playhead"
      style={{ left: percent(frame, first, frames), width: `${100 / frames}%` }}
      aria-hidden="true"
    >
      <span>{frame}</span>
    </div>
  );
}
