import { keepVersion, toggleCompare } from '../model/compare.js';
import { selectedObject } from '../model/desk.js';
import { addObject, clearAnchor, move, settleReview, stepReview, toggleTracking } from '../model/edits.js';
import { clearWork, setWork, showFrame, shuttle, step, stepAnchor } from '../model/frames.js';
import { resize } from '../model/look.js';
import { stepMarker, toggleMarker } from '../model/markers.js';
import { nudge } from '../model/nudge.js';
import { type StudioState, studio } from '../model/studio-state.js';
import { zoomTimeline } from '../timeline/span.js';
import { theStage } from '../viewer/stage.js';
import { chooseMaskFile } from './mask-files.js';

/** Something that can be done by key, from the palette, or by a button. */
export interface Command {
  readonly title: string;
  readonly group: 'Frames' | 'Picture' | 'Say' | 'Work' | 'Review' | 'Page';
  /** Keys as written for people: `Ctrl+Z`, `Shift+Left`. The first is shown in tips. */
  readonly keys: readonly string[];
  run(): void;
}

const set = (change: Partial<StudioState>) => () => studio.set(change);
const ends = () => {
  const { work } = studio.get();
  return { first: work[0], last: work[1] };
};
const grow = (factor: number) => () =>
  studio.set({
    radius: Math.min(400, Math.max(1, Math.round(studio.get().radius * factor + (factor > 1 ? 0.6 : -0.6)))),
  });

const harden = (by: number) =>
  studio.set({ hardness: Math.round(10 * Math.min(1, Math.max(0, studio.get().hardness + by))) / 10 });

const brushInHand = () => studio.get().tool === 'brush' || studio.get().tool === 'paint';

/** The brackets size the brush while it is in the hand, as in paint programs; otherwise they go from anchor to anchor. */
const bracket = (by: -1 | 1) => () => (brushInHand() ? grow(by > 0 ? 1.15 : 1 / 1.15)() : stepAnchor(by));

/** Moving the picked prompt by a pixel, with Shift by ten. */
function nudges(): Command[] {
  const ways = [
    ['left', 'Left', -1, 0],
    ['right', 'Right', 1, 0],
    ['up', 'Up', 0, -1],
    ['down', 'Down', 0, 1],
  ] as const;
  return ways.flatMap(([way, key, x, y]): Command[] => [
    { group: 'Say', title: `Move what was said ${way}`, keys: [`Alt+${key}`], run: () => nudge([x, y]) },
    { group: 'Say', title: `Ten pixels ${way}`, keys: [`Alt+Shift+${key}`], run: () => nudge([10 * x, 10 * y]) },
  ]);
}

/** Everything the keyboard can do, in the order the cheat sheet shows it. */
export const COMMANDS: readonly Command[] = [
  { group: 'Frames', title: 'Play or stop', keys: ['Space'], run: () => shuttle(studio.get().playing ? 0 : 1) },
  { group: 'Frames', title: 'Play back; again: faster', keys: ['J'], run: () => shuttle(-1) },
  { group: 'Frames', title: 'Stop', keys: ['K'], run: () => shuttle(0) },
  { group: 'Frames', title: 'Play on; again: faster', keys: ['L'], run: () => shuttle(1) },
  { group: 'Frames', title: 'Next frame', keys: ['Right'], run: () => step(1) },
  { group: 'Frames', title: 'Previous frame', keys: ['Left'], run: () => step(-1) },
  { group: 'Frames', title: 'Ten frames on', keys: ['Shift+Right'], run: () => step(10) },
  { group: 'Frames', title: 'Ten frames back', keys: ['Shift+Left'], run: () => step(-10) },
  { group: 'Frames', title: 'First frame of the work area', keys: ['Home'], run: () => showFrame(ends().first) },
  { group: 'Frames', title: 'Last frame of the work area', keys: ['End'], run: () => showFrame(ends().last) },
  { group: 'Frames', title: 'Previous anchor (brush: smaller)', keys: ['['], run: bracket(-1) },
  { group: 'Frames', title: 'Next anchor (brush: larger)', keys: [']'], run: bracket(1) },
  { group: 'Frames', title: 'Work area begins here', keys: ['I'], run: () => setWork('in') },
  { group: 'Frames', title: 'Work area ends here', keys: ['O'], run: () => setWork('out') },
  { group: 'Frames', title: 'Whole clip as work area', keys: ['Alt+X'], run: clearWork },
  {
    group: 'Frames',
    title: 'Marker here, or take it away',
    keys: ['Shift+M'],
    run: () => void toggleMarker(studio.get().frame),
  },
  { group: 'Frames', title: 'Next marker', keys: ['.'], run: () => stepMarker(1) },
  { group: 'Frames', title: 'Previous marker', keys: [','], run: () => stepMarker(-1) },
  { group: 'Frames', title: 'Timeline: zoom in', keys: ['Ctrl+Up'], run: () => zoomTimeline(2) },
  { group: 'Frames', title: 'Timeline: zoom out', keys: ['Ctrl+Down'], run: () => zoomTimeline(0.5) },
  { group: 'Picture', title: 'Overlay', keys: ['1'], run: set({ mode: 'overlay' }) },
  { group: 'Picture', title: 'Outline', keys: ['2'], run: set({ mode: 'outline' }) },
  { group: 'Picture', title: 'Matte', keys: ['3'], run: set({ mode: 'matte' }) },
  { group: 'Picture', title: 'Cut-out over a backdrop', keys: ['4'], run: set({ mode: 'cutout' }) },
  { group: 'Picture', title: 'Plate', keys: ['5'], run: set({ mode: 'plate' }) },
  {
    group: 'Picture',
    title: 'Changes against another version',
    keys: ['6'],
    run: set({ mode: 'difference', compare: 'off' }),
  },
  { group: 'Picture', title: 'Two versions: wipe', keys: ['7'], run: () => toggleCompare('wipe') },
  { group: 'Picture', title: 'Two versions: side by side', keys: ['8'], run: () => toggleCompare('side') },
  { group: 'Picture', title: 'Keep this version to compare with', keys: ['V'], run: keepVersion },
  { group: 'Picture', title: 'Fit the picture', keys: ['F'], run: () => theStage.current?.fit() },
  { group: 'Picture', title: 'One to one', keys: ['Z'], run: () => theStage.current?.zoomTo(1) },
  { group: 'Picture', title: 'Zoom in', keys: ['+', '='], run: () => theStage.current?.zoom(1.25) },
  { group: 'Picture', title: 'Zoom out', keys: ['-'], run: () => theStage.current?.zoom(0.8) },
  { group: 'Picture', title: 'Gain and gamma back to 1', keys: ['G'], run: set({ gain: 1, gamma: 1 }) },
  { group: 'Say', title: 'Click tool (Alt: take away, drag: box)', keys: ['C'], run: set({ tool: 'click' }) },
  { group: 'Say', title: 'Box tool', keys: ['M'], run: set({ tool: 'box' }) },
  {
    group: 'Say',
    title: 'Brush: the engine finds the edge (Alt: take away)',
    keys: ['B'],
    run: set({ tool: 'brush' }),
  },
  { group: 'Say', title: 'Paint: exactly these pixels (Alt: take away)', keys: ['D'], run: set({ tool: 'paint' }) },
  { group: 'Say', title: 'Lasso (Alt: take away)', keys: ['Q'], run: set({ tool: 'lasso' }) },
  { group: 'Say', title: 'Paint brush softer', keys: ['{'], run: () => harden(-0.1) },
  { group: 'Say', title: 'Paint brush harder', keys: ['}'], run: () => harden(0.1) },
  { group: 'Say', title: 'Mask from a picture file (or paste one)', keys: ['Shift+O'], run: chooseMaskFile },
  ...nudges(),
  { group: 'Say', title: 'Hand', keys: ['H'], run: set({ tool: 'hand' }) },
  {
    group: 'Say',
    title: 'Another name for the object',
    keys: ['F2'],
    run: () => studio.set({ naming: studio.get().selected }),
  },
  { group: 'Say', title: 'New object', keys: ['Shift+N'], run: () => void addObject() },
  { group: 'Say', title: 'Clear this frame of the object', keys: ['Delete', 'Backspace'], run: clearHere },
  { group: 'Work', title: 'Undo', keys: ['Ctrl+Z'], run: () => void move('undo') },
  { group: 'Work', title: 'Redo', keys: ['Ctrl+Shift+Z', 'Ctrl+Y'], run: () => void move('redo') },
  { group: 'Work', title: 'Track, or stop tracking', keys: ['T'], run: () => void toggleTracking() },
  { group: 'Review', title: 'Next frame to review', keys: ['N'], run: () => stepReview(1) },
  { group: 'Review', title: 'Previous frame to review', keys: ['P'], run: () => stepReview(-1) },
  { group: 'Review', title: 'Accept it', keys: ['A'], run: () => void settleReview('accepted') },
  { group: 'Review', title: 'Ignore it', keys: ['X'], run: () => void settleReview('ignored') },
  { group: 'Page', title: 'Review queue', keys: ['Alt+1'], run: set({ panel: 'review' }) },
  { group: 'Page', title: 'Export', keys: ['E', 'Alt+2'], run: set({ panel: 'export' }) },
  { group: 'Page', title: 'History', keys: ['Alt+3'], run: set({ panel: 'history' }) },
  { group: 'Page', title: 'Presets', keys: ['Alt+4'], run: set({ panel: 'presets' }) },
  { group: 'Page', title: 'Batch of clips', keys: ['Alt+5'], run: set({ panel: 'batch' }) },
  { group: 'Page', title: 'Models', keys: ['Alt+6'], run: set({ panel: 'models' }) },
  { group: 'Page', title: 'Resources', keys: ['Alt+7'], run: set({ panel: 'resources' }) },
  { group: 'Page', title: 'Open a clip or project', keys: ['Ctrl+O'], run: set({ dialog: 'open' }) },
  { group: 'Page', title: 'Find a command', keys: ['Ctrl+K'], run: set({ dialog: 'palette' }) },
  { group: 'Page', title: 'Keys', keys: ['?'], run: set({ dialog: 'keys' }) },
  { group: 'Page', title: 'Larger controls', keys: ['Alt+=', 'Alt++'], run: () => resize(1.1) },
  { group: 'Page', title: 'Smaller controls', keys: ['Alt+-'], run: () => resize(1 / 1.1) },
  { group: 'Page', title: 'Controls as the screen asks for', keys: ['Alt+0'], run: () => resize(0) },
  { group: 'Page', title: 'Dark theme', keys: [], run: set({ theme: 'dark' }) },
  { group: 'Page', title: 'Light theme', keys: [], run: set({ theme: 'light' }) },
  { group: 'Page', title: 'Theme of the system', keys: [], run: set({ theme: 'system' }) },
];

function clearHere(): void {
  const object = selectedObject();
  const { frame } = studio.get();
  if (object?.anchors.includes(frame)) void clearAnchor(object.id, frame);
}

const NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
};

/** A key event as the commands write it. Shift is not named for signs that need it, such as `?`. */
export function keyOf(e: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = NAMES[e.key] ?? (e.key.length === 1 ? e.key.toUpperCase() : e.key);
  const letter = /^[A-Z]$/.test(key) || key.length > 1;
  const held = [e.ctrlKey || e.metaKey ? 'Ctrl' : '', e.altKey ? 'Alt' : '', e.shiftKey && letter ? 'Shift' : ''];
  return [...held.filter(Boolean), key].join('+');
}

/** Listens to the keyboard. Whoever types into a field keeps the keys, except those with Ctrl. */
export function listenToKeys(): () => void {
  const down = (e: KeyboardEvent) => {
    const target = e.target as HTMLElement;
    const typing =
      target.closest('input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]') !== null;
    const { dialog, project } = studio.get();
    if (dialog && e.key === 'Escape') return studio.set({ dialog: undefined });
    if (dialog || (typing && !e.ctrlKey && !e.metaKey)) return;
    const key = keyOf(e);
    // A button in focus keeps Space, which presses it; a slider keeps the arrows.
    if (key === 'Space' && target.closest('button, summary, a')) return;
    if (target instanceof HTMLInputElement && target.type === 'range' && /^(Left|Right|Home|End)$/.test(key)) return;
    const command = COMMANDS.find((c) => c.keys.includes(key));
    if (!command || (!project && command.group !== 'Page')) return;
    e.preventDefault();
    command.run();
  };
  window.addEventListener('keydown', down);
  return () => window.removeEventListener('keydown', down);
}
