import { onPath } from './needs.js';

/** Where a Chromium is installed, if one is. */
export const CHROMIUM = onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');
