import { framesPerSecond } from '@rotokit/core/values';
import type { PictureSequence, TimelineShot } from './shot.js';

/**
 * A shot as OpenTimelineIO JSON: a track with the plate's clip, and above it one for each picture sequence. Versions of the schemas are those that
 * the released library writes (0.18: Marker.2, Clip.2); it refuses newer ones. Source ranges count the clip's frames as shown.
 */
export function otioJson(shot: TimelineShot): string {
  const rate = framesPerSecond(shot.rate);
  const time = (value: number) => ({ OTIO_SCHEMA: 'RationalTime.1', rate, value });
  const range = (start: number, frames: number) => ({
    OTIO_SCHEMA: 'TimeRange.1',
    start_time: time(start),
    duration: time(frames),
  });
  const frames = shot.last - shot.first + 1;
  const clip = (name: string, source: object, media: object, markers: readonly object[]) => ({
    OTIO_SCHEMA: 'Clip.2',
    metadata: {},
    name,
    source_range: source,
    effects: [],
    markers,
    enabled: true,
    media_references: { DEFAULT_MEDIA: media },
    active_media_reference_key: 'DEFAULT_MEDIA',
  });
  const markers = shot.markers.map((m) => ({
    OTIO_SCHEMA: 'Marker.2',
    metadata: {},
    name: m.name,
    color: 'RED',
    comment: m.comment,
    marked_range: range(m.frame, 1),
  }));
  const plate = {
    OTIO_SCHEMA: 'ExternalReference.1',
    metadata: {},
    name: shot.shot,
    available_range: range(shot.available.first, shot.available.frames),
    available_image_bounds: null,
    target_url: shot.plate,
  };
  const sequence = (s: PictureSequence) => ({
    OTIO_SCHEMA: 'ImageSequenceReference.1',
    metadata: {},
    name: s.name,
    available_range: range(s.start, frames),
    available_image_bounds: null,
    target_url_base: s.folder,
    name_prefix: s.prefix,
    name_suffix: s.suffix,
    start_frame: s.start,
    frame_step: 1,
    rate,
    frame_zero_padding: s.padding,
    missing_frame_policy: 'error',
  });
  const track = (name: string, child: object) => ({
    OTIO_SCHEMA: 'Track.1',
    metadata: {},
    name,
    source_range: null,
    effects: [],
    markers: [],
    enabled: true,
    children: [child],
    kind: 'Video',
  });
  const children = [
    track('plate', clip(shot.shot, range(shot.first, frames), plate, markers)),
    ...shot.sequences.map((s) =>
      track(s.name, clip(`${shot.shot} ${s.name}`, range(s.start, frames), sequence(s), [])),
    ),
  ];
  const stack = {
    OTIO_SCHEMA: 'Stack.1',
    metadata: {},
    name: 'tracks',
    source_range: null,
    effects: [],
    markers: [],
    enabled: true,
    children,
  };
  const metadata = { rotokit: { rate: `${shot.rate.num}/${shot.rate.den}` } };
  const timeline = { OTIO_SCHEMA: 'Timeline.1', metadata, name: shot.shot, global_start_time: null, tracks: stack };
  return `${JSON.stringify(timeline, null, 2)}\n`;
}
