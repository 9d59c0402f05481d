import { MARKER_COLOURS, removeMarker, setMarker } from '../model/markers.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { Icon } from '../shell/Icon.js';

/** The marker of the frame that is shown: its name and colour; where there is none, a button that sets one. */
export function MarkerField() {
  const frame = usePart(studio, (s) => (s.playing ? undefined : s.frame));
  const marker = usePart(studio, (s) => s.project?.markers.find((m) => m.frame === frame));
  if (frame === undefined) return null;
  if (!marker)
    return (
      <button
        type="button"
        className="square"
        aria-label="Mark this frame"
        title="Mark this frame (Shift+M)"
        onClick={() => void setMarker(frame)}
      >
        <Icon name="flag" />
      </button>
    );
  const rename = (name: string) => name.trim() !== marker.name && void setMarker(frame, { name: name.trim() });
  const colours = [...new Set([...MARKER_COLOURS, marker.colour])];
  const next = colours[(colours.indexOf(marker.colour) + 1) % colours.length] as string;
  return (
    <span className="marker-field">
      <button
        type="button"
        className="square"
        aria-label="Another colour for the marker"
        title="Another colour"
        onClick={() => void setMarker(frame, { colour: next })}
      >
        <span className="swatch" style={{ background: marker.colour }} />
      </button>
      <input
        key={`${frame} ${marker.name}`}
        aria-label="Name of the marker"
        placeholder="Name of the marker"
        maxLength={200}
        defaultValue={marker.name}
        onBlur={(e) => rename(e.target.value)}
        onKeyDown={(e) => e.key === 'Enter' && e.currentTarget.blur()}
      />
      <button
        type="button"
        className="square quiet"
        aria-label="Take the marker away"
        title="Take the marker away (Shift+M)"
        onClick={() => void removeMarker(frame)}
      >
        <Icon name="cross" />
      </button>
    </span>
  );
}
