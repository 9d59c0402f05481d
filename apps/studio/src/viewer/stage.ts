import { boxIsEmpty } from '@rotokit/core/values';
import { heldStore } from '../model/compare.js';
import { pictures, shownObjects } from '../model/desk.js';
import { coarser, fetchFrame, proxyKey } from '../model/player.js';
import { type StudioState, studio, tellFailure } from '../model/studio-state.js';
import { type Plate, PROXY_LINES } from '../pictures/pictures.js';
import { handStore } from './hand.js';
import { Renderer, type Scene } from './renderer.js';
import { changeOf, gather } from './scene.js';
import { centred, fitView, viewStore, zoomAt } from './view.js';

/** Frames beside the shown one that are fetched exactly. */
const NEAR = [0, 1, -1, 2, -2];
/** Where a picture that is here takes longer than this to be shown, in milliseconds, while the timeline is dragged, it is drawn more coarsely. */
const SLOW_MS = 36;

const nextDrawing = (): Promise<unknown> => new Promise(requestAnimationFrame);

/** The parts of the state that the picture depends on. */
const PARTS = [
  'project',
  'frame',
  'playing',
  'scrubbing',
  'selected',
  'solo',
  'mode',
  'compare',
  'wipe',
  'backdrop',
  'gain',
  'gamma',
  'tint',
  'theme',
  'detail',
] as const;

/** The canvas and what keeps it up to date: fetching, drawing on demand, zooming. */
export class Stage {
  readonly #canvas: HTMLCanvasElement;
  #renderer: Renderer;
  #last: Plate | undefined;
  #scene: Scene | undefined;
  #before: StudioState | undefined;
  #drawn = '';
  #fitted = '';
  /** The frame shown while the timeline is dragged, and the following of the hand while it is under way. */
  #followed: number | undefined;
  #following: Promise<void> | undefined;
  #asked = false;
  #ended = false;
  readonly #stop: () => void;

  /** @throws Error when there is no WebGL2. */
  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#renderer = new Renderer(canvas);
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(canvas);
    const restored = () => {
      this.#renderer = new Renderer(canvas);
      this.#scene = undefined;
      this.redraw();
    };
    canvas.addEventListener('webglcontextlost', (e) => e.preventDefault());
    canvas.addEventListener('webglcontextrestored', restored);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => this.redraw();
    scheme.addEventListener('change', redraw);
    const unlisten = [
      studio.listen(() => this.#changed()),
      ...[viewStore, handStore, heldStore].map((s) => s.listen(redraw)),
    ];
    this.#stop = () => {
      this.#ended = true;
      observer.disconnect();
      scheme.removeEventListener('change', redraw);
      for (const f of unlisten) f();
    };
    this.#changed();
  }

  /** Lets go of the canvas. */
  close(): void {
    this.#stop();
  }

  /** Draws before the next refresh of the screen. */
  redraw(): void {
    if (this.#asked || this.#ended) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      if (!this.#ended) this.#draw();
    });
  }

  /** The whole picture in the window. */
  fit(): void {
    const { project } = studio.get();
    if (project)
      viewStore.set({
        view: fitView(project.clip, this.#window(), studio.get().compare === 'side' ? 2 : 1),
        fitted: true,
      });
  }

  /** One source pixel for each CSS pixel, or another scale, about the middle. */
  zoomTo(scale: number): void {
    const { project } = studio.get();
    if (project) viewStore.set({ view: centred(project.clip, this.#window(), scale), fitted: false });
  }

  /** Zooms by a factor about a point of the window, its middle unless told. */
  zoom(factor: number, at?: { readonly x: number; readonly y: number }): void {
    const { width, height } = this.#window();
    const view = zoomAt(viewStore.get().view, factor, at ?? { x: width / 2, y: height / 2 });
    viewStore.set({ view, fitted: false });
  }

  #window(): { width: number; height: number } {
    return { width: this.#canvas.clientWidth || 1, height: this.#canvas.clientHeight || 1 };
  }

  #resize(): void {
    if (viewStore.get().fitted) this.fit();
    this.#scene = undefined;
    this.redraw();
  }

  /** Drawing buffer pixels for each CSS pixel: the screen's own, fewer while playing where drawing cannot keep up. */
  #ratio(s: StudioState): number {
    const whole = devicePixelRatio || 1;
    // A picture that moves has fewer lines than the clip: drawing more than those shows nothing more.
    const lines = Math.min(1, PROXY_LINES / (s.project?.clip.height ?? PROXY_LINES));
    const enough = Math.max(0.5 * whole, lines / viewStore.get().view.scale);
    const ratio = s.playing || s.scrubbing ? Math.min(whole * s.detail, enough) : whole;
    const { width, height } = this.#window();
    const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
    if (this.#canvas.width === w && this.#canvas.height === h) return ratio;
    this.#canvas.width = w;
    this.#canvas.height = h;
    this.#scene = undefined;
    return ratio;
  }

  #changed(): void {
    const s = studio.get();
    const all = pictures();
    if (!s.project || !all) return;
    const before = this.#before;
    this.#before = s;
    if (before && PARTS.every((part) => before[part] === s[part])) return;
    if (s.project.id !== this.#fitted) {
      this.#fitted = s.project.id;
      heldStore.set({ held: undefined });
      this.fit();
    }
    if (before && before.compare !== s.compare && viewStore.get().fitted) this.fit();
    if (s.scrubbing) this.#follow();
    else this.#followed = undefined;
    if (!s.scrubbing && !s.playing) {
      const frames = NEAR.map((d) => s.frame + d).filter((f) => this.#has(s, f));
      all.raw.keepOnly(new Set(frames.map(String)));
      all.proxy.keepOnly(new Set([proxyKey(s.frame)]));
      const wanted = new Set(frames.flatMap((f) => maskKeys(f)));
      all.masks.keepOnly(wanted);
      for (const f of frames) this.#fetch(f);
    }
    this.redraw();
  }

  /**
   * Follows the hand that drags the timeline: one picture at a time, then the one where the hand is by then. A hand that is faster than pictures sees fewer
   * of them, never none.
   */
  #follow(): void {
    this.#following ??= this.#chase().finally(() => {
      this.#following = undefined;
    });
  }

  async #chase(): Promise<void> {
    for (let slow = 0; ; ) {
      const { scrubbing, frame, detail } = studio.get();
      const all = pictures();
      if (!all || !scrubbing || frame === this.#followed || this.#ended) return;
      const [began, here] = [performance.now(), all.reel.has(frame)];
      fetchFrame(frame, 'proxy');
      const loaded = await all.proxy.load(proxyKey(frame)).then(
        () => true,
        () => false,
      );
      if (loaded) this.#followed = frame;
      else if (frame === studio.get().frame) return;
      this.redraw();
      // One drawing for each: what comes sooner than the screen can show it is not worth making.
      await nextDrawing();
      slow = here && performance.now() - began > SLOW_MS ? slow + 1 : 0;
      if (slow < 2) continue;
      slow = 0;
      studio.set({ detail: coarser(detail) });
    }
  }

  #has({ project }: StudioState, frame: number): boolean {
    const clip = project?.clip;
    return clip !== undefined && frame >= clip.first && frame < clip.first + clip.frames;
  }

  /** Fetches a frame and its masks; draws when something of the shown frame arrives. */
  #fetch(frame: number): void {
    const all = pictures();
    if (!all) return;
    if (frame !== studio.get().frame) {
      fetchFrame(frame, 'raw');
      return;
    }
    const arrived = () => this.redraw();
    const failed = (error: unknown) => {
      if ((error as Error).name !== 'AbortError') tellFailure(error);
    };
    if (!all.raw.now(String(frame))) all.raw.load(String(frame)).then(arrived, failed);
    for (const key of maskKeys(frame)) if (!all.masks.now(key)) all.masks.load(key).then(arrived, failed);
  }

  #draw(): void {
    const now = studio.get();
    // While the timeline is dragged the last picture that came, with its own masks.
    const s = now.scrubbing && this.#followed !== undefined ? { ...now, frame: this.#followed } : now;
    const all = pictures();
    const gathered = all && gather(s, all, viewStore.get().view, this.#last);
    if (!gathered) return;
    const { scene, complete } = gathered;
    const ratio = this.#ratio(s);
    this.#last = scene.plate;
    const change = changeOf(this.#scene, scene);
    if (change === 'everything') this.#renderer.draw(scene, ratio);
    else if (!boxIsEmpty(change)) this.#renderer.draw(scene, ratio, change);
    this.#scene = scene;
    if (complete) this.#tell(s.frame, scene.masks.map((m) => m.key).join());
  }

  /** Marks on the canvas what it shows, once all of it is there: how tests and people with a debugger can tell. */
  #tell(frame: number, masks: string): void {
    const drawn = `${frame} ${masks}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#canvas.dataset.frame = String(frame);
    this.#canvas.dataset.masks = masks;
    this.#canvas.dispatchEvent(new CustomEvent('shown', { detail: { frame, masks } }));
  }
}

function maskKeys(frame: number): readonly string[] {
  const { project } = studio.get();
  const all = pictures();
  if (!project || !all) return [];
  return shownObjects().flatMap((o) => {
    const version = o.versions[frame - project.clip.first];
    return version === undefined ? [] : [all.maskKey(o.id, frame, version)];
  });
}

/** The stage that is mounted, for commands. */
export const theStage: { current: Stage | undefined } = { current: undefined };
