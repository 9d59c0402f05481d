import type { SinkPicture } from '@rotokit/core/ports';
import { AVCOL_RANGE_JPEG, AVCOL_SPC_RGB, check, Frame } from '../native/libav.js';
import { pixelFormat } from '../picture/layout.js';
import { toSwscaleTable } from '../picture/transfer.js';

/**
 * An empty libav frame with memory of its own. Never `Frame.fromVideoBuffer`: it points into the JavaScript buffer
 * without keeping it alive. The caller frees it.
 */
export function allocFrame(width: number, height: number, format: Frame['format']): Frame {
  const frame = new Frame();
  frame.alloc();
  try {
    Object.assign(frame, { width, height, format });
    check(frame.allocBuffer(), 'allocate a frame');
    return frame;
  } catch (error) {
    frame.free();
    throw error;
  }
}

/** Bytes as rows of a plane, `linesize` apart. */
export function putRows(plane: Buffer, linesize: number, bytes: Uint8Array, row: number, height: number): void {
  for (let y = 0; y < height; y++) plane.set(bytes.subarray(y * row, (y + 1) * row), y * linesize);
}

/** The bytes of samples, in the machine's order; a view. */
export const bytesOf = (samples: Uint8Array | Uint16Array): Uint8Array =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

/**
 * A picture as a full-range RGB frame of `width` x `height`, at least its own size: the last column and row are repeated where
 * it is larger (encoders of 4:2:0 need even sides). Grey becomes three equal channels.
 */
export function rgbFrame(picture: SinkPicture, width: number, height: number): Frame {
  const wide = picture.samples instanceof Uint16Array;
  const coloured = picture.channels === 1 ? threefold(picture.samples) : picture.samples;
  const samples = coloured instanceof Uint16Array ? scaled(coloured) : coloured;
  const alpha = picture.channels === 4;
  const name = wide ? (alpha ? 'rgba64le' : 'rgb48le') : alpha ? 'rgba' : 'rgb24';
  const frame = allocFrame(width, height, pixelFormat(name));
  Object.assign(frame, { colorSpace: AVCOL_SPC_RGB, colorRange: AVCOL_RANGE_JPEG });
  const pixel = (alpha ? 4 : 3) * (wide ? 2 : 1);
  const row = picture.width * pixel;
  const [plane, linesize] = [frame.data![0], frame.linesize[0]];
  putRows(plane, linesize, bytesOf(samples), row, picture.height);
  for (let y = 0; y < picture.height; y++) {
    for (let x = picture.width; x < width; x++) {
      plane.copyWithin(y * linesize + x * pixel, y * linesize + row - pixel, y * linesize + row);
    }
  }
  for (let y = picture.height; y < height; y++) {
    plane.copyWithin(y * linesize, (picture.height - 1) * linesize, (picture.height - 1) * linesize + width * pixel);
  }
  return frame;
}

function threefold<S extends Uint8Array | Uint16Array>(grey: S): S {
  const into = new (grey.constructor as new (n: number) => S)(grey.length * 3);
  for (let i = 0, k = 0; i < grey.length; i++) {
    const v = grey[i];
    into[k++] = v;
    into[k++] = v;
    into[k++] = v;
  }
  return into;
}

/** swscale takes 65280 for white in 16-bit RGB; alpha goes its own way. */
function scaled(samples: Uint16Array): Uint16Array {
  const table = toSwscaleTable();
  const into = new Uint16Array(samples.length);
  for (let i = 0; i < samples.length; i++) into[i] = table[samples[i]];
  return into;
}
