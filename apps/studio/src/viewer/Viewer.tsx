import { useEffect, useRef } from 'react';
import { usePart } from '../model/store.js';
import { studio, tellFailure } from '../model/studio-state.js';
import { CompareLine } from './CompareLine.js';
import { viewUnder } from './compare-layout.js';
import { drag, giveUp, handStore, press, release, type Touch } from './hand.js';
import { Marks } from './Marks.js';
import { Readout } from './Readout.js';
import { Stage, theStage } from './stage.js';
import { toSource, viewStore } from './view.js';

/** The picture with its masks, the marks of what was said, and the hand that says more. */
export function Viewer() {
  const canvas = useRef<HTMLCanvasElement>(null);
  useStage(canvas);
  const tool = usePart(studio, (s) => s.tool);
  const open = usePart(studio, (s) => s.project !== undefined);
  const panning = usePart(handStore, (s) => s.gesture?.kind === 'pan');
  return (
    <section className="viewer" aria-label="Picture">
      <div
        id="stage"
        className="stage"
        data-tool={panning ? 'panning' : tool}
        role="application"
        aria-label="Picture: click to add to the selected object, Alt-click to take away, drag for a box"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the picture is worked on with keys
        tabIndex={0}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={giveUp}
        onPointerLeave={() => studio.set({ pointer: undefined })}
      >
        <canvas ref={canvas} data-testid="canvas" hidden={!open} />
        <Marks />
        <CompareLine />
        <Busy />
        {!open && <Nothing />}
      </div>
      <Readout />
    </section>
  );
}

/** Says that an answer is on its way, once it has been for half a second: a first click on a large plate takes that long. */
function Busy() {
  const pending = usePart(studio, (s) => s.pending > 0);
  return pending ? <output className="busy">At work on this frame</output> : null;
}

/** What stands where the picture will be. */
function Nothing() {
  return (
    <div className="nothing">
      <p>Open a clip or a project to begin.</p>
      <button type="button" className="primary" onClick={() => studio.set({ dialog: 'open' })}>
        Open
      </button>
      <p>
        <kbd>Ctrl+O</kbd>
      </p>
    </div>
  );
}

function useStage(canvas: React.RefObject<HTMLCanvasElement | null>): void {
  useEffect(() => {
    const element = canvas.current as HTMLCanvasElement;
    let stage: Stage | undefined;
    try {
      stage = new Stage(element);
      theStage.current = stage;
    } catch (error) {
      tellFailure(error);
    }
    const wheel = (e: WheelEvent) => {
      e.preventDefault();
      const box = element.getBoundingClientRect();
      const x = e.clientX - box.x;
      // Where the picture would be if it were not compared with another one.
      const aside = viewUnder(x, box.width).x - viewStore.get().view.x;
      stage?.zoom(Math.exp(-e.deltaY * (e.deltaMode ? 0.05 : 0.0016)), { x: x - aside, y: e.clientY - box.y });
    };
    const parent = element.parentElement as HTMLElement;
    parent.addEventListener('wheel', wheel, { passive: false });
    return () => {
      parent.removeEventListener('wheel', wheel);
      stage?.close();
      theStage.current = undefined;
    };
  }, [canvas]);
}

/** The bit of `buttons` that the rubber end of a pen sets. */
const RUBBER = 32;

const touchOf = (stage: Element, e: PointerEvent): Touch => {
  const box = stage.getBoundingClientRect();
  const { x, y } = toSource(viewUnder(e.clientX - box.x, box.width), e.clientX - box.x, e.clientY - box.y);
  return { at: [x, y], pressure: e.pointerType === 'pen' ? Math.max(0.05, e.pressure) : 1 };
};

/** The middle button pans; Alt or the pen's rubber takes away. */
function down(e: React.PointerEvent): void {
  if ((e.button > 1 && e.button !== 5) || !studio.get().project) return;
  e.currentTarget.setPointerCapture(e.pointerId);
  const positive = !e.altKey && !(e.buttons & RUBBER);
  press(touchOf(e.currentTarget, e.nativeEvent), e.button === 1, positive);
}

function move(e: React.PointerEvent): void {
  const { at } = touchOf(e.currentTarget, e.nativeEvent);
  studio.set({ pointer: { x: at[0], y: at[1] } });
  const { gesture } = handStore.get();
  if (!gesture) return;
  const { view } = viewStore.get();
  if (gesture.kind === 'pan') {
    viewStore.set({ view: { ...view, x: view.x + e.movementX, y: view.y + e.movementY }, fitted: false });
    return;
  }
  const between = e.nativeEvent.getCoalescedEvents?.() ?? [];
  for (const p of between.length ? between : [e.nativeEvent]) drag(touchOf(e.currentTarget, p));
}
