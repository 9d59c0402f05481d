import { isRotokitError } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { davisPalette, decodeExr, decodePng, type ExrImage, encodeExr, encodePng, halfChannel } from '../src/index.js';
import { mutated } from './mutations.js';
import { seeded } from './pictures.js';

const W = 40;
const H = 35;
const wave = Array.from({ length: W * H }, (_, i) => 0.5 + 0.5 * Math.sin(i / 17));
const exr = (compression: ExrImage['compression']): ExrImage => ({
  displayWindow: { width: W, height: H },
  dataWindow: { x0: 0, y0: 0, x1: W, y1: H },
  compression,
  channels: [halfChannel('A', wave), { name: 'id', type: 'uint', values: Uint32Array.from(wave, (v) => v * 9) }],
  attributes: { views: { type: 'stringvector', value: ['l', 'r'] } },
});
const seeds: Uint8Array[] = [
  ...(['none', 'zips', 'zip'] as const).map((c) => encodeExr(exr(c))),
  encodePng({ kind: 'pixels', width: W, height: H, channels: 1, samples: Uint16Array.from(wave, (v) => v * 65535) }),
  encodePng({ kind: 'pixels', width: W, height: H, channels: 1, samples: Uint8Array.from(wave, (v) => v * 255) }),
  encodePng({
    kind: 'indexed',
    width: W,
    height: H,
    indices: Uint8Array.from(wave, (v) => v * 9),
    palette: davisPalette(),
  }),
];

/** Gives damaged PNG chunks right checksums, so that mutations reach what lies behind them. */
async function resealed(bytes: Uint8Array): Promise<Uint8Array> {
  const { crc32 } = await import('node:zlib');
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  for (let at = 8; at + 12 <= out.length; ) {
    const length = view.getUint32(at);
    if (at + 12 + length > out.length) break;
    view.setUint32(at + 8 + length, crc32(out.subarray(at + 4, at + 8 + length)));
    at += 12 + length;
  }
  return out;
}

describe('hostile input', () => {
  it('ends 2,000 mutated EXR and PNG files in a picture or in a coded error', async () => {
    const random = seeded(20261122);
    const before = process.memoryUsage().arrayBuffers;
    const wrong: unknown[] = [];
    let pictures = 0;
    for (let run = 0; run < 2000; run++) {
      const png = run % seeds.length >= 3;
      const broken = mutated(seeds[run % seeds.length], random);
      const input = png && random() < 0.8 ? await resealed(broken) : broken;
      try {
        const image = png ? decodePng(input) : decodeExr(input);
        if ('channels' in image || 'indices' in image) pictures++;
      } catch (error) {
        if (!isRotokitError(error) || !error.code.startsWith('MEDIA_')) wrong.push({ run, error });
      }
    }
    expect(wrong).toEqual([]);
    expect(pictures).toBeGreaterThan(100); // the mutations are not all fatal, so the readers' insides were reached
    expect(pictures).toBeLessThan(1900);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(256e6);
  });

  it('gives up on a bomb before it unpacks', () => {
    const zeros = encodePng({ kind: 'pixels', width: 4000, height: 4000, channels: 1, samples: new Uint8Array(16e6) });
    expect(zeros.length).toBeLessThan(40_000);
    const view = new DataView(zeros.buffer);
    view.setUint32(16, 100); // the header now claims 100 x 100, the stream still unpacks to 16 MB
    view.setUint32(20, 100);
    return resealed(zeros).then((bomb) =>
      expect(() => decodePng(bomb)).toThrow(expect.objectContaining({ code: 'MEDIA_UNREADABLE' })),
    );
  });
});
