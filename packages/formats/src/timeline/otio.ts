import { framesPerSecond } from '@rotokit/core/values';
import { markerColour } from './marker-colour.js';
import type { PictureSequence, TimelineShot } from './shot.js';

/**
 * A shot as OpenTimelineIO JSON: a track with the plate's clip, and above it one for each picture sequence. Versions of the schemas are those that
 * the released library writes (0.18: Marker.2, Clip.2); it refuses newer ones. Ranges of the plate count by its time code where it has one, else
 * by its frames as shown.
 */
export function otioJson(shot: TimelineShot): string {
  const range = ranges(framesPerSecond(shot.rate));
  const frames = shot.last - shot.first + 1;
  const offset = shot.timecode ? shot.timecode.count - shot.available.first : 0;
  const onPlate: Range = (start, count) => range(start + offset, count);
  const plate = clip(
    shot.shot,
    onPlate(shot.first, frames),
    plateReference(shot, onPlate),
    shot.markers.map(markerIn(onPlate)),
  );
  const sequences = shot.sequences.map((s) =>
    track(s.name, clip(`${shot.shot} ${s.name}`, range(s.start, frames), sequenceReference(s, shot, range), [])),
  );
  const timeline = {
    OTIO_SCHEMA: 'Timeline.1',
    metadata: { rotokit: { rate: `${shot.rate.num}/${shot.rate.den}` } },
    name: shot.shot,
    global_start_time: null,
    tracks: composition('Stack.1', 'tracks', [track('plate', plate), ...sequences]),
  };
  return `${JSON.stringify(timeline, null, 2)}\n`;
}

type Range = (start: number, frames: number) => object;

const ranges =
  (rate: number): Range =>
  (start, frames) => {
    const time = (value: number) => ({ OTIO_SCHEMA: 'RationalTime.1', rate, value });
    return { OTIO_SCHEMA: 'TimeRange.1', start_time: time(start), duration: time(frames) };
  };

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

const composition = (schema: string, name: string, children: readonly object[]) => ({
  OTIO_SCHEMA: schema,
  metadata: {},
  name,
  source_range: null,
  effects: [],
  markers: [],
  enabled: true,
  children,
});

const track = (name: string, child: object) => ({ ...composition('Track.1', name, [child]), kind: 'Video' });

const markerIn = (range: Range) => (m: TimelineShot['markers'][number]) => ({
  OTIO_SCHEMA: 'Marker.2',
  metadata: {},
  name: m.name,
  color: markerColour(m.colour),
  comment: m.comment,
  marked_range: range(m.frame, 1),
});

const plateReference = (shot: TimelineShot, range: Range) => ({
  OTIO_SCHEMA: 'ExternalReference.1',
  metadata: {},
  name: shot.shot,
  available_range: range(shot.available.first, shot.available.frames),
  available_image_bounds: null,
  target_url: shot.plate,
});

const sequenceReference = (s: PictureSequence, shot: TimelineShot, range: Range) => ({
  OTIO_SCHEMA: 'ImageSequenceReference.1',
  metadata: {},
  name: s.name,
  available_range: range(s.start, shot.last - shot.first + 1),
  available_image_bounds: null,
  target_url_base: s.folder,
  name_prefix: s.prefix,
  name_suffix: s.suffix,
  start_frame: s.start,
  frame_step: 1,
  rate: framesPerSecond(shot.rate),
  frame_zero_padding: s.padding,
  missing_frame_policy: 'error',
});
