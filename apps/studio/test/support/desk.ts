import { copyFile, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idealClick } from '@rotokit/core/evaluation';
import { type Studio, startStudio } from '@rotokit/server';
import type { Browser, Page } from 'playwright-core';
import { openSample } from 'rotokit/sample';

const CANVAS = 'canvas[data-testid=canvas]';

/** A studio over a copy of the sample clip, and a page in a browser that looks at it. */
export class Desk {
  readonly folder: string;
  readonly page: Page;
  readonly errors: string[] = [];
  studio: Studio;

  private constructor(folder: string, studio: Studio, page: Page) {
    this.folder = folder;
    this.studio = studio;
    this.page = page;
    page.on('pageerror', (e) => this.errors.push(e.message));
    page.on('console', (m) => m.type() === 'error' && this.errors.push(m.text()));
  }

  static async start(browser: Browser, scheme: 'dark' | 'light' = 'dark'): Promise<Desk> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'rotokit-desk-')));
    await copyFile((await openSample()).clip, join(folder, 'fox.mp4'));
    const studio = await startStudio({
      folders: [folder],
      open: join(folder, 'fox.mp4'),
      cache: join(folder, '.cache'),
    });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: scheme });
    return new Desk(folder, studio, page);
  }

  /** Opens the page and waits for the first frame. */
  async open(): Promise<void> {
    await this.page.goto(this.studio.url);
    await this.shows(1001);
  }

  /** Waits until the canvas shows a frame with all that belongs to it. */
  async shows(frame: number): Promise<void> {
    await this.page.waitForFunction(
      ([c, f]) => document.querySelector<HTMLCanvasElement>(c as string)?.dataset.frame === f,
      [CANVAS, String(frame)],
    );
  }

  /** Names of the masks that the canvas shows. */
  masks(): Promise<string> {
    return this.page.locator(CANVAS).evaluate((c: HTMLCanvasElement) => c.dataset.masks ?? '');
  }

  /** Waits until the canvas shows other masks than these. */
  async otherMasks(before: string): Promise<void> {
    await this.page.waitForFunction(
      ([c, b]) => document.querySelector<HTMLCanvasElement>(c as string)?.dataset.masks !== b,
      [CANVAS, before],
    );
  }

  /** Where a source pixel lies on the screen while the picture fits the window. */
  async place(x: number, y: number): Promise<[number, number]> {
    const box = await this.page.locator(CANVAS).boundingBox();
    if (!box) throw new Error('there is no canvas');
    const scale = Math.min((box.width - 24) / 854, (box.height - 24) / 480);
    return [box.x + (box.width - 854 * scale) / 2 + x * scale, box.y + (box.height - 480 * scale) / 2 + y * scale];
  }

  /** Clicks on a source pixel. */
  async click(x: number, y: number): Promise<void> {
    await this.page.mouse.click(...(await this.place(x, y)));
  }

  /** Where an ideal user clicks on the fox of the first frame. */
  static async fox(): Promise<{ x: number; y: number }> {
    const prompt = idealClick((await openSample()).truth(0));
    if (prompt.kind !== 'point') throw new Error('the ideal prompt is a click');
    return prompt.at;
  }

  /** A row of the picture as it is on the screen at one to one, four bytes a pixel. */
  async rowOfPixels(width: number, height: number, row: number): Promise<number[]> {
    const box = await this.page.locator(CANVAS).boundingBox();
    if (!box) throw new Error('there is no canvas');
    const left = box.x + Math.round((box.width - width) / 2);
    const top = box.y + Math.round((box.height - height) / 2);
    const shot = await this.page.screenshot({ clip: { x: left, y: top + row, width, height: 1 } });
    return this.page.evaluate(
      async ([bytes, wide]) => {
        const png = new Blob([new Uint8Array(bytes as number[])], { type: 'image/png' });
        const bitmap = await createImageBitmap(png, { colorSpaceConversion: 'none' });
        const drawn = new OffscreenCanvas(wide as number, 1).getContext('2d') as OffscreenCanvasRenderingContext2D;
        drawn.drawImage(bitmap, 0, 0);
        return [...drawn.getImageData(0, 0, wide as number, 1).data];
      },
      [[...shot], width],
    );
  }

  /** Ends the page and the server and removes the folder. */
  async stop(): Promise<void> {
    await this.page.close();
    await this.studio.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
