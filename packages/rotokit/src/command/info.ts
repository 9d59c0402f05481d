import { framesPerSecond } from '@rotokit/core/values';
import { inspectClip } from '@rotokit/media';
import type { Command } from 'commander';
import { type LongOptions, result, withJson } from './shared.js';

/** `rotokit info CLIP`: what is in the file. */
export function addInfo(program: Command): void {
  withJson(program.command('info <clip>').description('What is in the file: size, frames, rate, colour, problems.'))
    .addHelpText('after', '\nExample:\n  rotokit info plate.mov --json')
    .action(async (clip: string, options: LongOptions) => {
      const facts = await inspectClip(clip);
      const { info } = facts;
      const rows: [string, string][] = [
        ['frames', `${info.frames}, ${info.first}-${info.first + info.frames - 1}, counted by ${facts.countedBy}`],
        ['displayed', `${info.size.width}x${info.size.height}`],
        [
          'coded',
          `${facts.coded.width}x${facts.coded.height} ${facts.pixelFormat}, pixel aspect ${facts.pixelAspect}, rotation ${facts.rotation}`,
        ],
        [
          'rate',
          `${framesPerSecond(info.rate).toFixed(3)} (${info.rate.num}/${info.rate.den})${facts.constantRate ? '' : ', variable'}`,
        ],
        [
          'codec',
          `${info.codec} in ${facts.container}, ${info.bitDepth} bit${info.hasAlpha ? ', alpha' : ''}${facts.interlaced ? ', interlaced' : ''}`,
        ],
        [
          'colour',
          `primaries ${info.colour.primaries}, transfer ${info.colour.transfer}, matrix ${info.colour.matrix}, ${info.colour.range} range`,
        ],
        ...info.notices.map((n): [string, string] => ['notice', n]),
      ];
      result(options, facts, [clip, ...rows.map(([k, v]) => `  ${k.padEnd(10)} ${v}`)].join('\n'));
    });
}
