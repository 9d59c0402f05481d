import { useEffect, useRef } from 'react';
import { toggleTracking } from '../model/edits.js';
import { showFrame, shuttle, step, stepAnchor } from '../model/frames.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { Icon, type IconName } from '../shell/Icon.js';
import { MarkerField } from './MarkerField.js';

/** Playing, stepping, the work area, tracking. */
export function Transport() {
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
      <MarkerField />
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

/** The frame that is shown; typing a number goes there. Written from outside while nobody types: it changes with every frame of playing. */
function FrameField() {
  const field = useRef<HTMLInputElement>(null);
  const frame = usePart(studio, (s) => s.frame);
  useEffect(() => {
    if (field.current && document.activeElement !== field.current) field.current.value = String(frame);
  }, [frame]);
  return (
    <input
      ref={field}
      className="frame"
      inputMode="numeric"
      aria-label="Frame"
      defaultValue={frame}
      onKeyDown={(e) => e.key === 'Enter' && e.currentTarget.blur()}
      onBlur={(e) => {
        const wanted = Math.round(Number(e.target.value));
        if (Number.isFinite(wanted)) showFrame(wanted);
        e.target.value = String(studio.get().frame);
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
