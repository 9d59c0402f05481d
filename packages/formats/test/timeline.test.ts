import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithPython } from '../../../tests/support/python.js';
import { edlText, otioJson, type TimelineShot } from '../src/index.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotokit-otio-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shot: TimelineShot = {
  shot: 'sh010_plate',
  rate: { num: 24000, den: 1001 },
  first: 1009,
  last: 1018,
  plate: '../plates/sh010_plate.mov',
  available: { first: 1001, frames: 40 },
  sequences: [{ name: 'mattes', folder: 'exr/', prefix: 'sh010_matte.', suffix: '.exr', start: 1009, padding: 4 }],
  markers: [{ frame: 1012, name: 'hero', comment: 'jump in area' }],
};

describe('an edit decision list', () => {
  it('has one event with out points excluded, the plate, the mattes and a locator', () => {
    const lines = edlText(shot).split('\r\n');
    expect(lines.slice(0, 3)).toEqual([
      'TITLE: sh010_plate',
      'FCM: NON-DROP FRAME',
      '001  SH010_PL V     C        00:00:42:01 00:00:42:11 01:00:00:00 01:00:00:10',
    ]);
    expect(lines).toContain('* SOURCE FILE: ../plates/sh010_plate.mov');
    expect(lines).toContain('* MATTE mattes: exr/sh010_matte.[1009-1018].exr');
    expect(lines).toContain('* LOC: 01:00:00:03 RED     hero jump in area');
  });

  it('counts by the plate’s own time code, drop-frame where that is', () => {
    const own = { ...shot, rate: { num: 30000, den: 1001 }, timecode: { count: 107892 - 8, drop: true } };
    expect(edlText(own).split('\r\n').slice(1, 3)).toEqual([
      'FCM: DROP FRAME',
      '001  SH010_PL V     C        01:00:00;00 01:00:00;10 01:00:00;00 01:00:00;10',
    ]);
    const early = {
      ...shot,
      first: -5,
      last: 4,
      available: { first: -5, frames: 40 },
      timecode: { count: 48, drop: false },
    };
    expect(edlText(early)).toContain(' 00:00:02:00 00:00:02:10 01:00:00:00 01:00:00:10');
  });

  it('keeps every text on its line and refuses frames before time code begins', () => {
    expect(edlText({ ...shot, plate: 'a\nb.mov' })).toContain('* SOURCE FILE: a b.mov\r\n');
    expect(() => edlText({ ...shot, first: -5 })).toThrow(/from 0/);
  });
});

it('OpenTimelineIO has the plate in its own time code, and pictures by their numbers', () => {
  const { tracks } = JSON.parse(otioJson({ ...shot, timecode: { count: 86400, drop: false } }));
  const [plate, mattes] = tracks.children.map((t: { children: unknown[] }) => t.children[0]);
  expect(plate.source_range.start_time.value).toBe(86408);
  expect(plate.media_references.DEFAULT_MEDIA.available_range.start_time.value).toBe(86400);
  expect(plate.markers[0].marked_range.start_time.value).toBe(86411);
  expect(mattes.source_range.start_time.value).toBe(1009);
});

describeWithPython('opentimelineio', 'a shot in OpenTimelineIO', (run) => {
  it('is read with its ranges, its plate, every picture of the sequence and its marker', () => {
    const path = join(folder, 'shot.otio');
    writeFileSync(path, otioJson(shot));
    const program = `
import json, sys
import opentimelineio as otio
t = otio.adapters.read_from_file(sys.argv[1])
plate, mattes = [track[0] for track in t.tracks]
m = mattes.media_reference
r = lambda x: [x.start_time.value, x.duration.value]
print(json.dumps({
  'unknown': [type(c).__name__ for c in t.find_children() if 'Unknown' in type(c).__name__],
  'plate': [plate.name, r(plate.source_range), r(plate.available_range()), plate.media_reference.target_url, round(plate.source_range.start_time.rate, 3)],
  'marker': [plate.markers[0].name, r(plate.markers[0].marked_range), plate.markers[0].comment],
  'mattes': [m.target_url_for_image_number(0), m.target_url_for_image_number(9), m.number_of_images_in_sequence(), m.end_frame()],
  'duration': t.duration().value}))`;
    expect(run(program, path)).toEqual({
      unknown: [],
      plate: ['sh010_plate', [1009, 10], [1001, 40], '../plates/sh010_plate.mov', 23.976],
      marker: ['hero', [1012, 1], 'jump in area'],
      mattes: ['exr/sh010_matte.1009.exr', 'exr/sh010_matte.1018.exr', 10, 1018],
      duration: 10,
    });
  });
});
