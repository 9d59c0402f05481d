import { parseTimecode, type Timecode, timecode } from '@rotokit/core/values';
import { markerColour } from './marker-colour.js';
import type { TimelineShot } from './shot.js';

/** Where the record side of a list begins, as is usual. */
const RECORD_HOURS = 1;

/**
 * A shot as a CMX 3600 edit decision list of one event, out points excluded. Source time code is the plate's own, drop-frame where that is; a plate without one is counted
 * non-drop from frame 0, as in our pictures. A list has whole frame rates only, so 23.976 counts as 24. Frames to look at become locators.
 *
 * @throws RangeError when a frame is negative, because time code is not.
 */
export function edlText(shot: TimelineShot): string {
  const { count: origin, drop } = shot.timecode ?? { count: shot.available.first, drop: false };
  const offset = origin - shot.available.first;
  if (shot.first + offset < 0) throw new RangeError(`an edit list needs frames from 0 on, got ${shot.first}`);
  const at = (count: number) => timecode(count, shot.rate, drop);
  const source = (frame: number) => at(frame + offset);
  const hour = `${String(RECORD_HOURS).padStart(2, '0')}:00:00${drop ? ';' : ':'}00`;
  const start = (parseTimecode(hour, shot.rate) as Timecode).count;
  const frames = shot.last - shot.first + 1;
  const record = (frame: number) => at(start + frame - shot.first);
  const lines = [
    `TITLE: ${oneLine(shot.shot)}`,
    `FCM: ${drop ? 'DROP FRAME' : 'NON-DROP FRAME'}`,
    `001  ${reel(shot.shot)} V     C        ${source(shot.first)} ${source(shot.last + 1)} ${at(start)} ${at(start + frames)}`,
    `* FROM CLIP NAME: ${oneLine(shot.shot)}`,
    `* SOURCE FILE: ${oneLine(shot.plate)}`,
    ...shot.sequences.map(
      (s) =>
        `* MATTE ${oneLine(s.name)}: ${oneLine(`${s.folder}${s.prefix}[${s.start}-${s.start + frames - 1}]${s.suffix}`)}`,
    ),
    ...shot.markers.map(
      (m) =>
        `* LOC: ${record(m.frame)} ${markerColour(m.colour).padEnd(7)} ${oneLine(`${m.name} ${m.comment}`).trim()}`,
    ),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** Eight letters and digits, as the strict form has it. */
const reel = (shot: string) => (shot.replace(/[^A-Za-z0-9_]/g, '').toUpperCase() || 'AX').slice(0, 8).padEnd(8);

/** Lists are read line by line. */
const oneLine = (text: string) => text.replace(/\s+/g, ' ');
