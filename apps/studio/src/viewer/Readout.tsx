import { pictures } from '../model/desk.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { theStage } from './stage.js';
import { viewStore } from './view.js';

/** What is under the pointer, and how large the picture is shown. */
export function Readout() {
  const scale = usePart(viewStore, (s) => s.view.scale);
  return (
    <div className="readout">
      <Pixel />
      <span className="spring" />
      <ViewSliders />
      <div className="zoom">
        <button type="button" onClick={() => theStage.current?.fit()} title="Fit (F)">
          Fit
        </button>
        <button type="button" onClick={() => theStage.current?.zoomTo(1)} title="One to one (Z)">
          1:1
        </button>
        <output aria-label="Zoom">{Math.round(scale * 100)}%</output>
      </div>
    </div>
  );
}

function Pixel() {
  const pointer = usePart(studio, (s) => s.pointer);
  const frame = usePart(studio, (s) => s.frame);
  const object = usePart(studio, (s) => s.project?.objects.find((o) => o.id === s.selected));
  const first = usePart(studio, (s) => s.project?.clip.first ?? 0);
  const all = pictures();
  if (!pointer || !all) return <output className="pixel" aria-label="Pixel under the pointer" />;
  const [x, y] = [Math.floor(pointer.x), Math.floor(pointer.y)];
  const rgb = all.pixel(frame, x, y);
  const version = object?.versions[frame - first];
  const alpha = object && version !== undefined ? all.alpha(all.maskKey(object.id, frame, version), x, y) : undefined;
  return (
    <output className="pixel" aria-label="Pixel under the pointer">
      <span className="xy">
        {x}, {y}
      </span>
      {rgb && (
        <>
          <svg className="chip" viewBox="0 0 1 1" aria-hidden="true">
            <rect width="1" height="1" fill={`rgb(${rgb.join(' ')})`} />
          </svg>
          <span className="r">{rgb[0]}</span>
          <span className="g">{rgb[1]}</span>
          <span className="b">{rgb[2]}</span>
        </>
      )}
      {alpha !== undefined && <span className="a">A {alpha.toFixed(4)}</span>}
    </output>
  );
}

function ViewSliders() {
  const gain = usePart(studio, (s) => s.gain);
  const gamma = usePart(studio, (s) => s.gamma);
  const stops = Math.log2(gain);
  return (
    <div className="sliders">
      <label>
        Gain
        <input
          type="range"
          min={-4}
          max={4}
          step={0.1}
          value={stops}
          onChange={(e) => studio.set({ gain: 2 ** Number(e.target.value) })}
          onDoubleClick={() => studio.set({ gain: 1 })}
        />
        <output>{stops.toFixed(1)}</output>
      </label>
      <label>
        Gamma
        <input
          type="range"
          min={0.3}
          max={3}
          step={0.05}
          value={gamma}
          onChange={(e) => studio.set({ gamma: Number(e.target.value) })}
          onDoubleClick={() => studio.set({ gamma: 1 })}
        />
        <output>{gamma.toFixed(2)}</output>
      </label>
    </div>
  );
}
