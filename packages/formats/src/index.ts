export type { DecodeOptions } from './bytes/byte-reader.js';
export { floatFromHalf, floatsFromHalves, halfFromFloat, halvesFromFloats } from './bytes/half.js';
export type { ExrAttribute, ExrAttributes } from './exr/attributes.js';
export { channelFloats, type ExrChannel, type ExrCompression, type ExrImage, halfChannel } from './exr/image.js';
export { type MatteFrame, type MatteOptions, maskFromExr, matteChannelNames, matteExr } from './exr/matte.js';
export { decodeExr } from './exr/read.js';
export { exrTimeCode } from './exr/time-code.js';
export { encodeExr } from './exr/write.js';
