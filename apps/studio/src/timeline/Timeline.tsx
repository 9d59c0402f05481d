import { useEffect, useRef, useState } from 'react';
import { clearAnchor, toggleTracking } from '../model/edits.js';
import { showFrame, shuttle, step, stepAnchor } from '../model/frames.js';
import type { ObjectModel } from '../model/project-model.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { Icon, type IconName } from '../shell/Icon.js';
import { confidenceStrip, STRIP_LINES, ticks } from './strip.js';

/** Transport, ruler with the work area, one row for each object, the playhead. */
export function Timeline() {
  const project = usePart(studio, (s) => s.project);
  if (!project) return <section className="timeline" aria-label="Timeline" />;
  return (
    <section className="timeline" aria-label="Timeline">
      <Transport />
      <div className="rows">
        <div className="heads">
          <div className="head ruler-head">
            <Standing />
          </div>
          {project.objects.map((o) => (
            <Head key={o.id} object={o} />
          ))}
        </div>
        <Lanes />
      </div>
    </section>
  );
}

function Head({ object }: { readonly object: ObjectModel }) {
  const selected = usePart(studio, (s) => s.selected === object.id);
  return (
    <button
      type="button"
      className={selected ? 'head selected' : 'head'}
      onClick={() => studio.set({ selected: object.id })}
    >
      <svg className="chip" viewBox="0 0 1 1" aria-hidden="true">
        <rect width="1" height="1" fill={object.colour} />
      </svg>
      <span>{object.name}</span>
    </button>
  );
}

/** How much of the clip has a mask that is up to date. */
function Standing() {
  const objects = usePart(studio, (s) => s.project?.objects);
  const all = objects?.reduce((n, o) => n + (o.anchors.length ? o.versions.length : 0), 0) ?? 0;
  const left = objects?.reduce((n, o) => n + o.old.reduce((m, v) => m + v, 0), 0) ?? 0;
  if (!all) return <span />;
  return <span>{left ? `${left} to track` : 'all tracked'}</span>;
}

function Transport() {
  const playing = usePart(studio, (s) => s.playing);
  const tracking = usePart(
    studio,
    (s) => s.project?.jobs.some((j) => j.kind === 'track' && (j.state === 'running' || j.state === 'waiting')) ?? false,
  );
  return (
    <div className="transport" role="toolbar" aria-label="Transport">
      <Button icon="previous" label="Previous frame (Left)" run={() => step(-1)} />
      <Button icon={playing < 0 ? 'stop' : 'back'} label="Play back (J)" run={() => shuttle(playing < 0 ? 0 : -1)} />
      <Button icon={playing > 0 ? 'stop' : 'play'} label="Play (L)" run={() => shuttle(playing > 0 ? 0 : 1)} />
      <Button icon="next" label="Next frame (Right)" run={() => step(1)} />
      <FrameField />
      <Button icon="anchorBack" label="Previous anchor ([)" run={() => stepAnchor(-1)} />
      <Button icon="anchorNext" label="Next anchor (])" run={() => stepAnchor(1)} />
      <WorkArea />
      <Speed />
      <span className="spring" />
      <button
        type="button"
        className={tracking ? 'stop-track' : 'primary'}
        onClick={() => void toggleTracking()}
        title="T"
      >
        <Icon name={tracking ? 'stop' : 'track'} />
        {tracking ? 'Stop tracking' : 'Track'}
      </button>
    </div>
  );
}

const Button = ({
  icon,
  label,
  run,
}: {
  readonly icon: IconName;
  readonly label: string;
  readonly run: () => void;
}) => (
  <button type="button" className="square" aria-label={label} title={label} onClick={run}>
    <Icon name={icon} />
  </button>
);

function FrameField() {
  const frame = usePart(studio, (s) => s.frame);
  return (
    <input
      key={frame}
      className="frame"
      inputMode="numeric"
      aria-label="Frame"
      defaultValue={frame}
      onKeyDown={(e) => e.key === 'Enter' && e.currentTarget.blur()}
      onBlur={(e) => {
        const wanted = Math.round(Number(e.target.value));
        if (Number.isFinite(wanted)) showFrame(wanted);
      }}
    />
  );
}

function WorkArea() {
  const work = usePart(studio, (s) => s.work);
  return (
    <output className="work" aria-label="Work area" title="Work area: I and O set its ends, Alt+X the whole clip">
      {work[0]} – {work[1]}
    </output>
  );
}

function Speed() {
  const playing = usePart(studio, (s) => s.playing);
  const rate = usePart(studio, (s) => s.shownRate);
  return <output className="speed">{playing ? `${rate.toFixed(1)} fps` : ''}</output>;
}

/** The scrubbed part: everything in it is placed by percent of the clip. */
function Lanes() {
  const project = usePart(studio, (s) => s.project);
  const lanes = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const observer = new ResizeObserver(() => setWidth(lanes.current?.clientWidth ?? 800));
    observer.observe(lanes.current as HTMLDivElement);
    return () => observer.disconnect();
  }, []);
  if (!project) return null;
  const { first, frames } = project.clip;
  const scrub = (e: React.PointerEvent) => {
    if (e.type === 'pointermove' && !(e.buttons & 1)) return;
    if (e.type === 'pointerdown') e.currentTarget.setPointerCapture(e.pointerId);
    const box = (lanes.current as HTMLDivElement).getBoundingClientRect();
    showFrame(first + Math.floor(((e.clientX - box.x) / box.width) * frames));
  };
  return (
    <div className="lanes" ref={lanes}>
      <Ruler marks={ticks(first, frames, width)} onScrub={scrub} />
      {project.objects.map((o) => (
        <Row key={o.id} object={o} first={first} onScrub={scrub} />
      ))}
      <Playhead first={first} frames={frames} />
    </div>
  );
}

const percent = (frame: number, first: number, frames: number) => `${(100 * (frame - first)) / frames}%`;

function Ruler({
  marks,
  onScrub,
}: {
  readonly marks: readonly number[];
  readonly onScrub: (e: React.PointerEvent) => void;
}) {
  const clip = usePart(studio, (s) => s.project?.clip);
  const work = usePart(studio, (s) => s.work);
  const frame = usePart(studio, (s) => s.frame);
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

function Row({
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
