import { heldStore } from '../model/compare.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';

/** Parts of the window that an arrow key moves the line by. */
const STEP = 0.02;

const moveTo = (wipe: number): void => studio.set({ wipe: Math.min(1, Math.max(0, wipe)) });

/** The line between two versions of a frame, which a hand or arrow keys move, and what is shown on its sides. */
export function CompareLine() {
  const compare = usePart(studio, (s) => s.compare);
  const wipe = usePart(studio, (s) => s.wipe);
  const frame = usePart(studio, (s) => s.frame);
  const held = usePart(heldStore, (s) => s.held);
  if (compare === 'off') return null;
  const then = held?.frame === frame ? (held.kept ? 'kept version' : 'before the last edit') : 'no other version here';
  const left = `${100 * (compare === 'wipe' ? wipe : 0.5)}%`;
  return (
    <>
      <div className="compare-line" style={{ left }} aria-hidden="true" />
      {compare === 'wipe' && (
        <div
          className="compare-grip"
          style={{ left }}
          role="slider"
          tabIndex={0}
          aria-label="Line between the versions"
          aria-orientation="horizontal"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(100 * wipe)}
          onKeyDown={(e) => {
            const by = { ArrowLeft: -STEP, ArrowRight: STEP }[e.key];
            if (by === undefined || e.altKey) return;
            e.preventDefault();
            e.stopPropagation();
            moveTo(wipe + by);
          }}
          onPointerDown={(e) => {
            e.stopPropagation();
            e.currentTarget.setPointerCapture(e.pointerId);
          }}
          onPointerMove={(e) => {
            if (!(e.buttons & 1)) return;
            e.stopPropagation();
            const box = (e.currentTarget.parentElement as HTMLElement).getBoundingClientRect();
            moveTo((e.clientX - box.x) / box.width);
          }}
          onPointerUp={(e) => e.stopPropagation()}
        />
      )}
      <output className="compare-name then" style={{ right: `calc(100% - ${left} + 0.6rem)` }}>
        {then}
      </output>
      <output className="compare-name" style={{ left: `calc(${left} + 0.6rem)` }}>
        now
      </output>
    </>
  );
}
