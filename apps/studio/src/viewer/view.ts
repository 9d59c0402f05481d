import { createStore } from '../model/store.js';

/** How the picture lies in the window: screen = source * scale + offset, in CSS pixels from the window's top left. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest scale: a source pixel is 64 screen pixels. */
const MOST = 64;

/** The whole picture, centred, with a little room around it; of `parts` pictures beside one another, each is to fit. */
export function fitView(picture: Size, window: Size, parts = 1): View {
  const room = 12;
  const scale = Math.max(
    0.01,
    Math.min((window.width / parts - 2 * room) / picture.width, (window.height - 2 * room) / picture.height),
  );
  return centred(picture, window, scale);
}

/** The picture's middle in the window's middle at a scale, on whole screen pixels so that one to one is exact. */
export function centred(picture: Size, window: Size, scale: number): View {
  const middle = (room: number, side: number) => Math.round((room - side * scale) / 2);
  return { scale, x: middle(window.width, picture.width), y: middle(window.height, picture.height) };
}

/** Zooms by a factor about a point of the window, which stays where it is. */
export function zoomAt(view: View, factor: number, at: { readonly x: number; readonly y: number }): View {
  const scale = Math.min(MOST, Math.max(0.02, view.scale * factor));
  const k = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * k, y: at.y - (at.y - view.y) * k };
}

/** From the window to the picture, in source pixels. */
export const toSource = (v: View, x: number, y: number): { readonly x: number; readonly y: number } => ({
  x: (x - v.x) / v.scale,
  y: (y - v.y) / v.scale,
});

/** How the picture lies in the window; part of no document, so it is kept apart from the studio's state. */
export const viewStore = createStore<{ readonly view: View; readonly fitted: boolean }>({
  view: { scale: 1, x: 0, y: 0 },
  fitted: true,
});
