import { meanScore, poolReviews } from '@rotokit/core/evaluation';
import { type Command, Option } from 'commander';
import { chooseEngine } from '../engines/choose.js';
import { readDataSet } from '../eval/data-set.js';
import { EVAL_PROMPTS, type EvalPrompt, evaluateSequence, type SequenceResult } from '../eval/sequence.js';
import { type LongOptions, reporterOf, result, withJson } from './shared.js';

interface EvalOptions extends LongOptions {
  readonly engine: string;
  readonly profile: 'full' | 'fast';
  readonly threads?: number;
  readonly prompt: EvalPrompt;
  readonly keyframes: '1' | '3' | '5';
  readonly sequences?: readonly string[];
}

/** `rotokit eval DIR`: J, F, speed and the quality of the review queue on DAVIS-style data. */
export function addEval(program: Command, signal: AbortSignal): void {
  const command = program
    .command('eval <folder>')
    .description('Scores an engine on DAVIS-style data: JPEGImages/480p/SEQ, Annotations/480p/SEQ.');
  withJson(command)
    .option('--engine <name>', 'the engine to score', 'embedded')
    .option('--profile <name>', 'full or fast', 'full')
    .option('--threads <n>', 'threads beside the main one', Number)
    .addOption(
      new Option('--prompt <kind>', 'what an ideal user gives on the first frame')
        .choices(EVAL_PROMPTS)
        .default('mask'),
    )
    .addOption(
      new Option('--keyframes <n>', 'frames with a given mask, evenly spread').choices(['1', '3', '5']).default('1'),
    )
    .option('--sequences <a,b>', 'only these', (text: string) => text.split(','))
    .addHelpText(
      'after',
      '\nExample:\n  rotokit eval davis2016 --engine embedded --prompt click --sequences bear,lucia --json',
    )
    .action(async (folder: string, options: EvalOptions) => {
      if (options.keyframes !== '1' && options.prompt !== 'mask')
        command.error('--keyframes goes with --prompt mask.', { exitCode: 2 });
      const reporter = reporterOf(options);
      const results: SequenceResult[] = [];
      for (const sequence of await readDataSet(folder, options.sequences)) {
        const { engine } = await chooseEngine(options.engine, [], options);
        let phase: ReturnType<typeof reporter.phase> | undefined;
        let walked = 0;
        const keyframes = Number(options.keyframes) as 1 | 3 | 5;
        results.push(
          await evaluateSequence(sequence, {
            engine,
            prompt: options.prompt,
            keyframes,
            signal,
            onStart: (frames) => (phase = reporter.phase(sequence.name, frames)),
            onFrame: () => phase?.frame(walked++),
          }),
        );
        phase?.end();
      }
      const mean = { score: meanScore(results.map((r) => r.score)), review: poolReviews(results.map((r) => r.review)) };
      result(options, { folder, ...choicesOf(options), sequences: results, mean }, table(results, mean));
    });
}

const choicesOf = ({ engine, profile, prompt, keyframes }: EvalOptions) => ({
  engine,
  profile,
  prompt,
  keyframes: Number(keyframes),
});

function table(
  results: readonly SequenceResult[],
  mean: { score: SequenceResult['score']; review: SequenceResult['review'] },
): string {
  const three = (v: number) => v.toFixed(3).padStart(7);
  const row = (name: string, r: Pick<SequenceResult, 'score' | 'review'>, rest: string) =>
    `${name.padEnd(18)}${three(r.score.j.mean)}${three(r.score.f.mean)}${three(r.score.jf)}${three(r.score.j.recall)}${three(r.score.j.decay)}${rest}${three(r.review.precision)}${three(r.review.recall)}`;
  const average = (pick: (r: SequenceResult) => number) =>
    results.reduce((sum, r) => sum + pick(r), 0) / results.length;
  const facts = (first: number, ms: number, msFirst: number, rss: number) =>
    `${three(first)}${ms.toFixed(1).padStart(8)}${msFirst.toFixed(0).padStart(8)}${rss.toFixed(0).padStart(7)}`;
  return [
    `${'sequence'.padEnd(18)}      J      F    J&F  J-rec  J-dec  IoU-0 ms/frame ms-0  RSS MB  rev-P  rev-R`,
    ...results.map((r) => row(r.name, r, facts(r.firstIou, r.msPerFrame, r.msFirst, r.peakRss))),
    row(
      'mean',
      mean,
      facts(
        average((r) => r.firstIou),
        average((r) => r.msPerFrame),
        average((r) => r.msFirst),
        Math.max(...results.map((r) => r.peakRss)),
      ),
    ),
    ...results
      .filter((r) => r.objects > 1)
      .map(
        (r) =>
          `${r.name}: ${r.objects} objects, ${r.overlapPixels} pixels in two of them, ${r.swaps} frames nearer to another object's truth`,
      ),
  ].join('\n');
}
