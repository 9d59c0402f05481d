import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM } from '../../../../tests/support/chromium.js';

/** What the tests need, in the words of their titles; empty when it is here. */
export const NEEDS = CHROMIUM ? '' : ' [needs chromium: apt-get install chromium]';

/**
 * Chromium without a window. WebGL2 is drawn by the processor, and so is the page, but not by the same means: with ANGLE's own
 * switches the page would be put together by the software GPU as well, at 23 ms for each change of a letter.
 */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM as string,
    args: ['--no-sandbox', '--enable-unsafe-swiftshader'],
  });
