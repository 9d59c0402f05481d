import type { Command } from 'commander';
import { openRoto } from '../library/open.js';
import {
  reporterOf,
  result,
  reviewLines,
  strictExit,
  type TrackOptions,
  trackWithProgress,
  withTracking,
} from './shared.js';

/** `rotokit track SHOT.roto`: tracks what is missing or stale. */
export function addTrack(program: Command, signal: AbortSignal): void {
  withTracking(
    program
      .command('track <project>')
      .description('Tracks what is missing or was touched by an edit, both ways from the anchors.'),
  )
    .addHelpText('after', '\nExample:\n  rotokit track sh010.roto --range 1001-1100 --strict')
    .action(async (path: string, options: TrackOptions) => {
      const reporter = reporterOf(options);
      await using roto = await openRoto(path, { ...options, notice: reporter.note });
      const masks = await trackWithProgress(roto, options, reporter, signal);
      const review = roto.review();
      result(options, { tracked: masks, review }, `${masks} masks tracked\n${reviewLines(review)}`);
      strictExit(options, review);
    });
}
