import { inferenceContract } from '@rotokit/core/contracts/inference';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NEEDS_CHROMIUM, TestPage } from './support/chromium.js';

const shared: { page?: TestPage } = {};
beforeAll(async () => {
  if (!NEEDS_CHROMIUM) shared.page = await TestPage.start();
});
afterAll(() => shared.page?.stop());

inferenceContract('onnxruntime-web in Chromium, two threads', {
  open: () => shared.page!.open({ threads: 2 }),
  weights: async (location, bytes) => ({ location, bytes }),
  skip: NEEDS_CHROMIUM,
});

const title = `onnxruntime-web in Chromium${NEEDS_CHROMIUM ? ` [needs ${NEEDS_CHROMIUM}]` : ''}`;
describe.skipIf(NEEDS_CHROMIUM)(title, () => {
  it('uses threads where the page is isolated, and says so in its provenance', async () => {
    const inference = await shared.page!.open({ threads: 2 });
    expect(inference.provenance).toMatchObject({ runtime: 'onnxruntime-web', device: 'wasm', threads: 2 });
    await inference.close();
  });

  it('refuses WebGPU where the browser has no adapter, and does without it when asked to choose', async () => {
    await expect(shared.page!.open({ threads: 2, device: 'webgpu' })).rejects.toThrow(/adapter/);
    const inference = await shared.page!.open({ threads: 2, device: 'auto' });
    expect(inference.provenance.device).toBe('wasm');
    await inference.close();
  });
});
