/**
 * Bytes in, bytes out: readers and writers of EXR and PNG, the manifest beside an export, and the pictures people look at
 * (overlay, contact sheet). Nothing here opens a file.
 *
 * Drawing lives here and not in `core` because overlays and sheets are things we deliver, like a file format; the
 * domain never needs one to track, decide or store anything.
 */

export { floatFromHalf, floatsFromHalves, halfFromFloat, halvesFromFloats } from '@rotokit/core/values';
export type { DecodeOptions } from './bytes/byte-reader.js';
export { type CryptoId, cryptoId, cryptoKey } from './cryptomatte/identifier.js';
export { cryptoManifest } from './cryptomatte/manifest.js';
export { type Cryptomatte, readCryptomattes, type Sidecars } from './cryptomatte/read.js';
export { type CryptomatteFrame, type CryptomatteOptions, cryptomatteExr } from './cryptomatte/write.js';
export { cocoJson, readCoco } from './datasets/coco.js';
export { cvatXml, readCvat } from './datasets/cvat.js';
export {
  binaryMask,
  type Dataset,
  type DatasetFacts,
  type DatasetTrack,
  type RunFrame,
  type RunMask,
  runMask,
} from './datasets/frames.js';
export { type LabelmeFrame, type LabelmeMasks, labelmeJson, readLabelme } from './datasets/labelme.js';
export { masksFromLabels, VOID_LABEL } from './datasets/labels.js';
export { motsId, motsText, readMots } from './datasets/mots.js';
export { countsFromText, maskFromCounts, rleCounts, rleText } from './datasets/rle.js';
export { readYoutubeVis, youtubeVisJson } from './datasets/youtube-vis.js';
export type { DpxFacts, DpxImage, DpxTransfer } from './dpx/image.js';
export { decodeDpx } from './dpx/read.js';
export { encodeDpx } from './dpx/write.js';
export type { ExrAttribute, ExrAttributes } from './exr/attributes.js';
export {
  channelFloats,
  type ExrChannel,
  type ExrCompression,
  type ExrHeader,
  type ExrImage,
  type ExrLayout,
  type ExrLines,
  type ExrPacking,
  type ExrSamples,
  halfChannel,
} from './exr/image.js';
export {
  type MatteFrame,
  type MatteOptions,
  maskFromExr,
  matteChannelNames,
  matteExr,
  matteExrParts,
} from './exr/matte.js';
export { decodeExr, decodeExrParts } from './exr/read.js';
export { exrTimeCode } from './exr/time-code.js';
export { encodeExr, encodeExrParts } from './exr/write.js';
export type { Host, HostFile } from './hosts/host.js';
export { HOST_NAMES, HOSTS, type HostName } from './hosts/hosts.js';
export {
  decodeManifest,
  encodeManifest,
  MANIFEST_SCHEMA,
  type Manifest,
  type ManifestFile,
  type ManifestObject,
} from './manifest/manifest.js';
export { objectColour } from './pictures/colours.js';
export { contactSheet, type SheetOptions, shrinkTile, type Tile } from './pictures/contact-sheet.js';
export { type MaskLayer, type OverlayOptions, overlay } from './pictures/overlay.js';
export type { Colour } from './pictures/raster.js';
export { davisPalette } from './png/davis.js';
export type { PngImage, PngIndexed, PngPixels, PngSamples } from './png/image.js';
export { decodePng } from './png/read.js';
export { encodePng, type PngOptions } from './png/write.js';
export type { TiffImage } from './tiff/image.js';
export { decodeTiff } from './tiff/read.js';
export { encodeTiff, type TiffOptions } from './tiff/write.js';
export { edlText } from './timeline/edl.js';
export { otioJson } from './timeline/otio.js';
export type { PictureSequence, TimelineMarker, TimelineShot } from './timeline/shot.js';
