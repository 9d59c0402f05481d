import { useEffect, useRef, useState } from 'react';
import { say } from '../model/edits.js';
import { usePart } from '../model/store.js';
import { studio, tellFailure } from '../model/studio-state.js';
import { beginGesture, endGesture, type Gesture, moveGesture, type Pair } from './gesture.js';
import { Marks } from './Marks.js';
import { Readout } from './Readout.js';
import { Stage, theStage, viewStore } from './stage.js';
import { toSource } from './view.js';

/** The picture with its masks, the marks of what was said, and the hand that says more. */
export function Viewer() {
  const canvas = useRef<HTMLCanvasElement>(null);
  useStage(canvas);
  const { gesture, ...hand } = useHand(canvas);
  const tool = usePart(studio, (s) => s.tool);
  return (
    <section className="viewer" aria-label="Picture">
      <div
        id="stage"
        className="stage"
        data-tool={gesture?.kind === 'pan' ? 'panning' : tool}
        role="application"
        aria-label="Picture: click to add to the selected object, Alt-click to take away, drag for a box"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the picture is worked on with keys
        tabIndex={0}
        {...hand}
      >
        <canvas ref={canvas} data-testid="canvas" />
        <Marks gesture={gesture} />
      </div>
      <Readout />
    </section>
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
      stage?.zoom(Math.exp(-e.deltaY * (e.deltaMode ? 0.05 : 0.0016)), { x: e.clientX - box.x, y: e.clientY - box.y });
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

/** Pointer events as gestures: the middle button always pans, Alt takes away. */
function useHand(canvas: React.RefObject<HTMLCanvasElement | null>) {
  const [gesture, setGesture] = useState<Gesture>();
  const place = (e: React.PointerEvent): Pair => {
    const box = (canvas.current as HTMLCanvasElement).getBoundingClientRect();
    const { x, y } = toSource(viewStore.get().view, e.clientX - box.x, e.clientY - box.y);
    return [x, y];
  };
  return {
    gesture,
    onPointerDown(e: React.PointerEvent) {
      if (e.button > 1 || !studio.get().project) return;
      e.currentTarget.setPointerCapture(e.pointerId);
      const { tool, radius } = studio.get();
      setGesture(beginGesture(e.button === 1 ? 'hand' : tool, place(e), e.altKey, radius));
    },
    onPointerMove(e: React.PointerEvent) {
      const at = place(e);
      studio.set({ pointer: { x: at[0], y: at[1] } });
      if (!gesture) return;
      const { view } = viewStore.get();
      if (gesture.kind === 'pan')
        viewStore.set({ view: { ...view, x: view.x + e.movementX, y: view.y + e.movementY }, fitted: false });
      else setGesture(moveGesture(gesture, at, view.scale));
    },
    onPointerUp() {
      const { project } = studio.get();
      const prompt = gesture && project && endGesture(gesture, project.clip);
      setGesture(undefined);
      if (prompt) void say([prompt]);
    },
    onPointerCancel: () => setGesture(undefined),
    onPointerLeave: () => studio.set({ pointer: undefined }),
  };
}
