import type { Page } from 'playwright-core';

/** Frames a second that are shown while the timeline is dragged to and fro for three seconds, one movement a drawing. */
export const scrub = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const canvas = document.querySelector('canvas[data-testid=canvas]') as HTMLCanvasElement;
    const ruler = document.querySelector('.ruler') as HTMLElement;
    const box = ruler.getBoundingClientRect();
    const began = performance.now();
    const seen = new Set<string>();
    canvas.addEventListener('shown', () => seen.add(`${canvas.dataset.frame} ${performance.now()}`));
    for (let now = began; now < began + 3000; now = await new Promise(requestAnimationFrame)) {
      const x = box.x + box.width * (0.5 + 0.48 * Math.sin((now - began) / 700));
      ruler.dispatchEvent(
        new PointerEvent('pointermove', { bubbles: true, buttons: 1, clientX: x, clientY: box.y + 8 }),
      );
    }
    ruler.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
    return (1000 * seen.size) / (performance.now() - began);
  });

/** Plays by a key for so many milliseconds; what the page says of the frames shown a second in the end. */
export async function play(page: Page, key: 'l' | 'j', ms: number): Promise<string> {
  await page.keyboard.press(key);
  await page.waitForTimeout(ms);
  const said = await page.locator('.speed').textContent();
  await page.keyboard.press('k');
  return said ?? '';
}
