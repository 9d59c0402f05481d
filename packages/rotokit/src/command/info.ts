import { framesPerSecond, timecodeText } from '@rotokit/core/values';
import { type ClipReport, inspectClip } from '@rotokit/media';
import type { Command } from 'commander';
import { type LongOptions, reporterOf, result, withJson } from './shared.js';

/** `rotokit info CLIP`: what is in the file. */
export function addInfo(program: Command, signal: AbortSignal): void {
  withJson(program.command('info <clip>').description('What is in the file: size, frames, rate, colour, problems.'))
    .addHelpText('after', '\nExample:\n  rotokit info plate.mov --json')
    .option('--quick', 'do not decode every frame: tables and the first frame only')
    .action(async (clip: string, options: LongOptions & { readonly quick?: boolean }) => {
      const reporter = reporterOf(options);
      let phase: ReturnType<typeof reporter.phase> | undefined;
      const onFrame = (done: number, total: number) => {
        phase ??= reporter.phase('decoding', total);
        phase.frame(done);
      };
      const report = await inspectClip(clip, { decode: !options.quick, signal, onFrame });
      phase?.end();
      result(options, report, describe(clip, report));
    });
}

function describe(clip: string, report: ClipReport): string {
  const { info, coded, decoded } = report;
  const turned = `pixel aspect ${report.pixelAspect}, rotation ${report.rotation}`;
  const { primaries, transfer, matrix, range } = info.colour;
  const rows: [string, string][] = [
    ['frames', `${info.frames}, ${info.first}-${info.first + info.frames - 1}, counted by ${report.countedBy}`],
    ...(info.timecode
      ? [
          ['time code', `${timecodeText(info.timecode, info.rate)}${info.timecode.drop ? ', drop-frame' : ''}`] as [
            string,
            string,
          ],
        ]
      : []),
    ['displayed', `${info.size.width}x${info.size.height}`],
    ['coded', `${coded.width}x${coded.height} ${report.pixelFormat}, ${turned}`],
    [
      'rate',
      `${framesPerSecond(info.rate).toFixed(3)} (${info.rate.num}/${info.rate.den})${report.constantRate ? '' : ', variable'}`,
    ],
    [
      'codec',
      `${info.codec} in ${report.container}, ${info.bitDepth} bit${info.hasAlpha ? ', alpha' : ''}${report.interlaced ? ', interlaced' : ''}`,
    ],
    ['colour', `primaries ${primaries}, transfer ${transfer}, matrix ${matrix}, ${range} range`],
    ...info.notices.map((n): [string, string] => ['notice', n]),
    ...(decoded
      ? [['decoded', `${decoded.readable} of ${info.frames} frames give a picture`] as [string, string]]
      : []),
    ...(decoded?.problems ?? []).map((p): [string, string] => ['problem', `frame ${p.frame}: ${p.kind}, ${p.reason}`]),
  ];
  return [clip, ...rows.map(([k, v]) => `  ${k.padEnd(10)} ${v}`)].join('\n');
}
