/** Rotokit as a library: open a clip, say what to follow, track, review, deliver. */
export type { ReviewSettings } from '@rotokit/core/tracking';
export { ERROR_CODES, type ErrorCode, isRotokitError, RotokitError, type SoftMask } from '@rotokit/core/values';
export { DELIVERABLE_NAMES, type DeliverableName } from './export/deliverable.js';
export type { Naming } from './export/naming.js';
export { PRESET_NAMES, PRESETS, type Preset, type PresetName } from './export/presets.js';
export type { ExportChoices, ExportResult } from './export/run.js';
export { type VerifyReport, verifyExport } from './export/verify.js';
export { type ImportChoices, type ImportedMask, importMasks } from './import/masks.js';
export type { ShapeChoices } from './library/fit-shapes.js';
export type { ShownRange } from './library/frames.js';
export { maskOf, readMask } from './library/mask-file.js';
export { newRoto, openRoto, type RotoOptions } from './library/open.js';
export type { ReviewItem } from './library/review.js';
export { Roto } from './library/roto.js';
export type { At, RotoObject } from './library/roto-object.js';
export type { ObjectShapesReport, ShapesReport } from './library/shapes.js';
export type { TrackChoices, TrackDone } from './library/track.js';
export { VERSION } from './version.js';
