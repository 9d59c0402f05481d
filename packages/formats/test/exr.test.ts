import { emptyMask, frameRate, maskToPlane, sameMask } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import {
  channelFloats,
  decodeExr,
  type ExrAttributes,
  type ExrImage,
  encodeExr,
  exrTimeCode,
  floatFromHalf,
  halfChannel,
  maskFromExr,
  matteChannelNames,
  matteExr,
} from '../src/index.js';
import { disc, seeded } from './pictures.js';

const random = seeded(7);
const box = { x0: 3, y0: 5, x1: 40, y1: 55 };
const samples = 37 * 50;
const mixed = (compression: ExrImage['compression'], attributes: ExrAttributes = {}): ExrImage => ({
  displayWindow: { width: 64, height: 60 },
  dataWindow: box,
  compression,
  pixelAspect: 1,
  channels: [
    { name: 'hero.A', type: 'half', values: Uint16Array.from({ length: samples }, () => random() * 65536) },
    { name: 'Z', type: 'float', values: Float32Array.from({ length: samples }, (_, i) => Math.sin(i / 30)) },
    { name: 'B', type: 'half', values: new Uint16Array(samples) },
    { name: 'id', type: 'uint', values: Uint32Array.from({ length: samples }, (_, i) => (i % 37) * 0x1000001) },
  ],
  attributes,
});

describe('EXR', () => {
  it.each(['none', 'zips', 'zip'] as const)('gives back every bit of mixed channels written with %s', (compression) => {
    const image = mixed(compression);
    const read = decodeExr(encodeExr(image));
    expect(read.channels.map((c) => c.name)).toEqual(['B', 'Z', 'hero.A', 'id']);
    for (const channel of image.channels) expect(read.channels).toContainEqual(channel);
    expect({ ...read, channels: [] }).toEqual({ ...image, channels: [] });
  });

  it('keeps attributes of every kind, and those it does not know byte by byte', () => {
    const attributes: ExrAttributes = {
      comments: { type: 'string', value: 'größer als 31 Bytes, und das ist erlaubt' },
      aNameThatIsLongerThanThirtyOneBytes: { type: 'int', value: -5 },
      views: { type: 'stringvector', value: ['left', '', 'right'] },
      framesPerSecond: { type: 'rational', value: { num: 24000, den: 1001 } },
      timeCode: exrTimeCode(107892, frameRate(30000, 1001), true),
      chromaticities: { type: 'chromaticities', value: [0.5, 0.25, 0.5, 0.5, 0.125, 0.0625, 0.3125, 0.375] },
      worldToCamera: { type: 'm44f', value: Array.from({ length: 16 }, (_, i) => i / 4) },
      gain: { type: 'double', value: 1 / 3 },
      secret: { type: 'opaque', typeName: 'ownKind', bytes: Uint8Array.of(0, 1, 255) },
    };
    expect(decodeExr(encodeExr(mixed('zip', attributes))).attributes).toEqual(attributes);
  });

  it('packs time code as SMPTE ST 12-1 binary coded decimals', () => {
    const time = (frame: number, num: number, den = 1, drop = false) => {
      const a = exrTimeCode(frame, frameRate(num, den), drop);
      return a.type === 'timecode' ? a.value.time.toString(16).padStart(8, '0') : '';
    };
    expect(time(24 * 3600 + 5, 24)).toBe('01000005');
    expect(time(((11 * 60 + 22) * 60 + 33) * 25 + 24, 25)).toBe('11223324');
    expect(time(107892, 30000, 1001, true)).toBe('01000040'); // 01:00:00;00
    expect(time(59, 60)).toBe('00008029'); // the second frame of pair 29
  });

  it('refuses what would not be an EXR, naming the rule', () => {
    const image = mixed('zip');
    const with_ = (part: Partial<ExrImage>) => () => encodeExr({ ...image, ...part });
    expect(with_({ channels: [] })).toThrow(/channels must not be empty/);
    expect(with_({ dataWindow: { x0: 1, y0: 1, x1: 1, y1: 9 } })).toThrow(/dataWindow/);
    expect(with_({ channels: [halfChannel('A', [1])] })).toThrow(/channel A needs 1850 samples/);
    expect(with_({ channels: [image.channels[0], image.channels[0]] })).toThrow(/hero.A twice/);
    expect(with_({ channels: [{ ...image.channels[0], name: '' }] })).toThrow(/1 to 255 bytes/);
    expect(with_({ attributes: { w: { type: 'v2f', value: [1] } } })).toThrow(/needs 2 numbers/);
  });

  it.each([
    ['nothing', new Uint8Array(0), /ends early/],
    ['another format', new Uint8Array(100).fill(7), /not an EXR/],
    ['a header alone', encodeExr(mixed('zip')).subarray(0, 400), /ends early|no end|cannot hold/],
  ])('tells what is wrong with %s', (_, bytes, reason) => {
    expect(() => decodeExr(bytes, { name: 'plate.exr' })).toThrow(
      expect.objectContaining({ code: 'MEDIA_UNREADABLE', message: expect.stringMatching(reason) }),
    );
  });

  it('refuses giant pictures before it allocates them', () => {
    const bytes = encodeExr(mixed('zip'));
    expect(() => decodeExr(bytes, { maxPixels: 1000 })).toThrow(expect.objectContaining({ code: 'MEDIA_TOO_LARGE' }));
    const at = Buffer.from(bytes).indexOf('dataWindow\0box2i\0') + 21;
    new DataView(bytes.buffer).setInt32(at + 8, 16000, true);
    new DataView(bytes.buffer).setInt32(at + 12, 16000, true);
    expect(() => decodeExr(bytes)).toThrow(/cannot hold/);
  });
});

describe('matte EXR', () => {
  const size = { width: 96, height: 54 };
  const mask = disc(96, 54, 40, 20, 9);
  const frame = { size, rate: frameRate(24), frame: 1001 };

  it('has a channel for every object on every frame, empty where the object is absent', () => {
    const names = matteChannelNames(['hero', 'Zoë’s dog', '犬', '猫', 'hero']);
    expect(names).toEqual(['hero.A', 'Zoe_s_dog.A', '_.A', '__2.A', 'hero_2.A']);
    const mattes = names.map((channel, i) => ({ channel, mask: i === 0 ? mask : emptyMask(size) }));
    for (const window of ['whole', 'cropped'] as const) {
      const read = decodeExr(encodeExr(matteExr({ ...frame, mattes }, { window })));
      expect(read.channels.map((c) => c.name).sort()).toEqual([...names].sort());
      for (const c of read.channels) expect(channelFloats(c).some((v) => v > 0)).toBe(c.name === 'hero.A');
      const { x0, y0, x1, y1 } = window === 'whole' ? { x0: 0, y0: 0, x1: 96, y1: 54 } : mask.window;
      expect(read.dataWindow).toEqual({ x0, y0, x1, y1 });
      expect(read.displayWindow).toEqual(size);
    }
  });

  it('holds every bit of a mask as float, and the nearest half otherwise', () => {
    const mattes = [{ channel: 'A', mask }];
    const back = (type: 'half' | 'float', window: 'whole' | 'cropped') => {
      const read = decodeExr(encodeExr(matteExr({ ...frame, mattes }, { type, window })));
      return maskFromExr(read, read.channels[0]);
    };
    expect(sameMask(back('float', 'whole'), mask)).toBe(true);
    expect(sameMask(back('float', 'cropped'), mask)).toBe(true);
    const [half, exact] = [maskToPlane(back('half', 'cropped')), maskToPlane(mask)];
    expect(half.every((v, i) => Math.abs(v - exact[i]) <= 16 && (exact[i] % 65535 !== 0 || v === exact[i]))).toBe(true);
  });

  it('writes one pixel when a cropped frame has no object at all', () => {
    const mattes = [{ channel: 'A', mask: emptyMask(size) }];
    const read = decodeExr(encodeExr(matteExr({ ...frame, mattes }, { window: 'cropped' })));
    expect(read.dataWindow).toEqual({ x0: 0, y0: 0, x1: 1, y1: 1 });
    expect(maskToPlane(maskFromExr(read, read.channels[0])).every((v) => v === 0)).toBe(true);
  });

  it('brings in pixels outside the display window cut off, and values outside 0..1 clamped', () => {
    const values = [-1, 0.5, 2, Number.NaN, 1, 1];
    const image: ExrImage = {
      displayWindow: { width: 2, height: 2 },
      dataWindow: { x0: -1, y0: 0, x1: 2, y1: 2 },
      compression: 'none',
      channels: [halfChannel('A', values)],
    };
    const read = decodeExr(encodeExr(image));
    expect([...maskToPlane(maskFromExr(read, read.channels[0]))]).toEqual([32768, 65535, 65535, 65535]);
    expect(floatFromHalf((read.channels[0].values as Uint16Array)[0])).toBe(-1);
  });

  it('refuses a mask of another size', () => {
    const mattes = [{ channel: 'A', mask: disc(8, 8, 4, 4, 2) }];
    expect(() => matteExr({ ...frame, mattes })).toThrow(/matte A must be 96x54, got 8x8/);
  });
});
