import type { Failure, Proxies, Session } from '@rotokit/server/api';
import type { ProjectModel } from './project-model.js';
import { createStore } from './store.js';

/** What the pointer does on the picture. */
export type Tool = 'click' | 'box' | 'brush' | 'paint' | 'lasso' | 'hand';
/** How picture and masks are shown together. */
export type ViewMode = 'overlay' | 'outline' | 'matte' | 'cutout' | 'difference' | 'plate';
/** What the right side shows. */
export type SidePanel = 'review' | 'export' | 'history' | 'presets' | 'batch' | 'models' | 'resources';

/** Something to tell the user at the bottom of the page. */
export interface Notice {
  readonly kind: 'note' | 'failure';
  readonly text: string;
  readonly fix?: string;
}

/** Everything the page knows. Frames are numbers as shown. */
export interface StudioState {
  readonly session: Session | undefined;
  readonly project: ProjectModel | undefined;
  /** Which frames can be played without decoding; undefined until the server told. */
  readonly proxies: Proxies | undefined;
  /** Whether the event stream is up. */
  readonly connected: boolean;
  readonly frame: number;
  readonly playing: -1 | 0 | 1;
  /** While the timeline is dragged: pictures for playing are shown, the exact one when the hand lets go. */
  readonly scrubbing: boolean;
  /** Speed of playing: 1 is real time. */
  readonly speed: number;
  /** How finely the picture is drawn while playing, 1 unless drawing falls behind. */
  readonly detail: number;
  /** Frames a second shown while playing. */
  readonly shownRate: number;
  readonly selected: string | undefined;
  /** The only object shown, while one is. */
  readonly solo: string | undefined;
  readonly tool: Tool;
  readonly radius: number;
  /** Of the paint brush, 0 to 1. */
  readonly hardness: number;
  readonly mode: ViewMode;
  /** Two versions of the frame beside one another, or on both sides of a line. */
  readonly compare: 'off' | 'wipe' | 'side';
  /** Where the line is: 0 the left end of the window, 1 the right one. */
  readonly wipe: number;
  readonly backdrop: 'checker' | 'black' | 'white' | 'grey';
  readonly gain: number;
  readonly gamma: number;
  readonly tint: number;
  /** First and last frame to play, track and export. */
  readonly work: readonly [number, number];
  readonly panel: SidePanel;
  readonly dialog: 'open' | 'palette' | 'keys' | undefined;
  readonly notice: Notice | undefined;
  /** How many edits are on their way. */
  readonly pending: number;
  /** The pixel under the pointer. */
  readonly pointer: { readonly x: number; readonly y: number } | undefined;
  /** Which item of the review queue is being looked at. */
  readonly reviewing: string | undefined;
  /** The prompt that keys move. */
  readonly picked: string | undefined;
  /** The object that is getting another name. */
  readonly naming: string | undefined;
  readonly theme: 'system' | 'dark' | 'light';
  /** How large letters and controls are, times what the screen asks for. */
  readonly size: number;
}

/** The page's state. */
export const studio = createStore<StudioState>({
  session: undefined,
  project: undefined,
  proxies: undefined,
  connected: false,
  frame: 1001,
  playing: 0,
  scrubbing: false,
  speed: 1,
  detail: 1,
  shownRate: 0,
  selected: undefined,
  solo: undefined,
  tool: 'click',
  radius: 12,
  hardness: 1,
  mode: 'overlay',
  compare: 'off',
  wipe: 0.5,
  backdrop: 'checker',
  gain: 1,
  gamma: 1,
  tint: 0.4,
  work: [1001, 1001],
  panel: 'review',
  dialog: undefined,
  notice: undefined,
  pending: 0,
  pointer: undefined,
  reviewing: undefined,
  picked: undefined,
  naming: undefined,
  theme: 'system',
  size: 1,
});

/** Tells the user something. */
export const note = (text: string): void => studio.set({ notice: { kind: 'note', text } });

/** Tells the user what went wrong and what to do. */
export function tellFailure(error: unknown): void {
  const failure = (error as { failure?: Failure }).failure;
  const text = failure?.message ?? (error instanceof Error ? error.message : String(error));
  studio.set({ notice: { kind: 'failure', text, ...(failure ? { fix: failure.fix } : {}) } });
}
