/** What axe finds on the page, in both themes: nothing serious. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NEEDS, startChromium } from './support/chromium.js';
import { Desk } from './support/desk.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const at: { browser: Browser; desk: Desk } = {} as never;

/** What axe says of the page as it is now, without what is minor or moderate. */
async function serious(): Promise<string[]> {
  const { page } = at.desk;
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(' ')} ${n.failureSummary ?? ''}`).join('; ')}`);
}

describe.skipIf(NEEDS)(`axe on the studio${NEEDS}`, () => {
  beforeAll(async () => {
    at.browser = await startChromium();
    at.desk = await Desk.start(at.browser);
    await at.desk.open();
    const { x, y } = await Desk.fox();
    await at.desk.click(x, y);
    await at.desk.otherMasks('');
    // Through the debugger's door: the page's own policy lets no script in.
    await at.desk.page.evaluate(await readFile(AXE, 'utf8'));
  });
  afterAll(async () => {
    await at.desk?.stop();
    await at.browser?.close();
  });

  it.each(['dark', 'light'] as const)(
    'finds nothing serious on the desk, in any panel or dialog, %s',
    async (theme) => {
      const { page } = at.desk;
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      expect(await serious()).toEqual([]);
      await page.keyboard.press('d'); // the fields of the brush
      if (theme === 'dark') {
        await page.getByTitle('The engine that follows this object').click();
        await page.getByText(/^Why not/).click();
        await page.locator('.stage').focus();
        await page.keyboard.press('Shift+M');
        await page.getByLabel('Name of the marker').waitFor();
        await page.keyboard.press('7'); // a line between two versions
      }
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        expect([await tab.textContent(), ...(await serious())]).toEqual([await tab.textContent()]);
      }
      for (const keys of ['Control+k', '?', 'Control+o']) {
        await page.locator('.stage').focus();
        await page.keyboard.press(keys);
        await page.getByRole('dialog').waitFor();
        expect([keys, ...(await serious())]).toEqual([keys]);
        await page.keyboard.press('Escape');
      }
    },
  );
});
