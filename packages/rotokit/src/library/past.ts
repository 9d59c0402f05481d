import type { Past } from '@rotokit/core/ports';
import type { RotoDocument } from '@rotokit/core/project';

/** What a project knows of its objects, as it is at the moment of asking. */
export const pastOf = (document: RotoDocument): Past => ({
  anchors: (object) => document.project.anchors(object).map((a) => a.frame),
  mask: (object, frame) => document.mask(object, frame),
  tracked: (object, frame) => document.trackedMask(object, frame),
});
