import { usePart } from '../model/store.js';
import { type StudioState, studio } from '../model/studio-state.js';
import { type View, viewStore } from './view.js';

type Compare = Pick<StudioState, 'compare' | 'wipe'>;

/** A part of the window that shows one version of the frame: from where to where, in CSS pixels, and how the picture lies in it. */
export interface Part {
  readonly version: 'now' | 'then';
  readonly from: number;
  readonly to: number;
  readonly view: View;
}

/** The parts of a window of some width: one, or two with the older version on the left. Side by side each half has the picture in its middle. */
export function partsOf({ compare, wipe }: Compare, view: View, width: number): readonly Part[] {
  if (compare === 'off') return [{ version: 'now', from: 0, to: width, view }];
  const line = compare === 'wipe' ? wipe * width : width / 2;
  const by = compare === 'side' ? width / 4 : 0;
  return [
    { version: 'then', from: 0, to: line, view: { ...view, x: view.x - by } },
    { version: 'now', from: line, to: width, view: { ...view, x: view.x + by } },
  ];
}

/** How the picture lies in the part of the window under a place. */
export function viewUnder(x: number, width: number): View {
  const parts = partsOf(studio.get(), viewStore.get().view, width);
  return (parts.find((p) => x < p.to) ?? (parts.at(-1) as Part)).view;
}

/** Width of the window that the picture is shown in. */
export const stageWidth = (): number => document.getElementById('stage')?.clientWidth ?? 1;

/** How the picture lies where the frame is shown as it is now, as a hook. */
export function useLiveView(): View {
  const view = usePart(viewStore, (s) => s.view);
  const compare = usePart(studio, (s) => s.compare);
  return (partsOf({ compare, wipe: 0 }, view, stageWidth()).at(-1) as Part).view;
}
