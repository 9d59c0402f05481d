import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { timecodeText } from '@rotokit/core/values';
import { decodeDpx, decodeExr } from '@rotokit/formats';
import { inspectClip, openClip } from '@rotokit/media';
import { expect, it } from 'vitest';
import { describeWith } from '../../../tests/support/needs.js';
import { openRoto } from '../src/index.js';
import { discMask, temporaryFolder, writeTinyClip } from './support/tiny-clip.js';

const folder = temporaryFolder();

describeWith('ffmpeg', 'the time code of a plate', () => {
  it('goes into EXR, DPX, OTIO and EDL, drop-frame counting included, and is read back from them', async () => {
    const pictures = await writeTinyClip(folder, 4);
    const plate = join(folder, 'plate.mov');
    const sequence = ['-framerate', '30000/1001', '-start_number', '1001', '-i', pictures.replace('####', '%04d')];
    const coded = ['-c:v', 'png', '-timecode', '00:59:59;28', plate];
    execFileSync('ffmpeg', ['-v', 'error', ...sequence, ...coded], { stdio: 'pipe' });
    const { info } = await inspectClip(plate, { decode: false });
    expect(info.timecode && timecodeText(info.timecode, info.rate)).toBe('00:59:59;28');

    const out = join(folder, 'out');
    await using roto = await openRoto(plate, { shot: 'sh' });
    const hero = roto.object('hero');
    for (let t = 0; t < 4; t++) await hero.mask(1001 + t, discMask(t));
    const { files } = await roto.export(['exr', 'dpx', 'otio', 'edl', 'crypto', 'cutout'], out);
    expect(files.exr).toHaveLength(4);

    const exr = decodeExr(readFileSync(join(out, 'exr/sh_matte.1003.exr')));
    // 01:00:00;00, drop-frame: BCD from frames up to hours, bit 6 for drop.
    expect(exr.attributes?.timeCode).toEqual({ type: 'timecode', value: { time: 0x01000040, userData: 0 } });
    const crypto = decodeExr(readFileSync(join(out, 'crypto/sh_crypto.1004.exr')));
    expect(crypto.attributes?.timeCode).toMatchObject({ value: { time: 0x01000041 } });
    const cutout = decodeExr(readFileSync(join(out, 'cutout/hero/sh_hero_cutout.1001.exr')));
    expect(cutout.attributes?.timeCode).toMatchObject({ value: { time: 0x00595968 } });
    const [dpx] = readdirSync(join(out, 'dpx/hero'));
    expect(decodeDpx(readFileSync(join(out, 'dpx/hero', dpx!)))).toMatchObject({ timecode: '00:59:59;28' });
    expect(readFileSync(join(out, 'sh.edl'), 'utf8')).toContain(' 00:59:59;28 01:00:00;02 ');
    const otio = JSON.parse(readFileSync(join(out, 'sh.otio'), 'utf8'));
    expect(otio.tracks.children[0].children[0].source_range.start_time.value).toBe(107890);

    const back = await openClip(join(out, 'dpx/hero/sh_hero.####.dpx'), { rate: info.rate });
    expect(back.info.timecode).toEqual(info.timecode);
    await back.close();
  });
});
