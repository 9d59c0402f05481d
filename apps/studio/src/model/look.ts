import { note, type StudioState, studio } from './studio-state.js';

/** How the page itself looks; it belongs to the person and the screen, so it is kept in this browser. */
type Look = Pick<StudioState, 'theme' | 'size'>;

const KEY = 'rotokit.look';
const [SMALLEST, LARGEST] = [0.8, 2];

/** Brings back how the page looked, and keeps it from now on. */
export function recallLook(): void {
  const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Look>;
  const theme = kept.theme === 'dark' || kept.theme === 'light' ? kept.theme : 'system';
  const size = Number.isFinite(kept.size) ? within(kept.size as number) : 1;
  studio.set({ theme, size });
  let before = studio.get();
  show(before);
  studio.listen(() => {
    const now = studio.get();
    if (now.theme === before.theme && now.size === before.size) return;
    before = now;
    show(now);
    localStorage.setItem(KEY, JSON.stringify({ theme: now.theme, size: now.size } satisfies Look));
  });
}

function show({ theme, size }: Look): void {
  const { style, dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  style.setProperty('--size', String(size));
}

const within = (size: number) => Math.round(100 * Math.min(LARGEST, Math.max(SMALLEST, size))) / 100;

/** Makes letters and controls larger or smaller by a factor; 0 takes the screen's own size. */
export function resize(factor: number): void {
  const size = factor ? within(studio.get().size * factor) : 1;
  studio.set({ size });
  note(size === 1 ? 'Controls as the screen asks for' : `Controls at ${Math.round(100 * size)} %`);
}

/** CSS pixels of a tenth of the sheet's `rem`: 1 on small screens, more where everything is drawn larger. */
export const unit = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 10;
