import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM } from '../../../../tests/support/chromium.js';

/** What the tests need, in the words of their titles; empty when it is here. */
export const NEEDS = CHROMIUM ? '' : ' [needs chromium: apt-get install chromium]';

/** Chromium without a window, with WebGL2 drawn by the processor. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM as string,
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  });
