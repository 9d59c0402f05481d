import { durationText, ProgressMeter, progressText } from '@rotokit/core/resources';
import cliProgress from 'cli-progress';

/** One thing that happened while a command worked: a JSON line with `--json`, a bar or a line of text otherwise. */
export type WorkEvent =
  | { readonly event: 'note'; readonly message: string }
  | { readonly event: 'phase'; readonly phase: string; readonly total: number }
  | {
      readonly event: 'frame';
      readonly phase: string;
      readonly frame: number;
      readonly done: number;
      readonly [fact: string]: unknown;
    }
  | { readonly event: 'finished'; readonly phase: string; readonly done: number; readonly seconds: number };

/** Where progress goes: always the error stream, so that results on standard output stay clean. */
export interface Reporter {
  note(message: string): void;
  /** Starts a stretch of work of `total` frames. */
  phase(name: string, total: number): Phase;
}

/** A stretch of work being reported. */
export interface Phase {
  /** One more frame is done and safe. */
  frame(number: number, facts?: Readonly<Record<string, unknown>>): void;
  end(): void;
}

/** One JSON line per event. */
export function jsonReporter(out: NodeJS.WritableStream): Reporter {
  const tell = (e: WorkEvent) => out.write(`${JSON.stringify(e)}\n`);
  return {
    note: (message) => tell({ event: 'note', message }),
    phase(phase, total) {
      const start = performance.now();
      let done = 0;
      tell({ event: 'phase', phase, total });
      return {
        frame: (frame, facts) => tell({ event: 'frame', phase, frame, done: ++done, ...facts }),
        end: () => tell({ event: 'finished', phase, done, seconds: Math.round(performance.now() - start) / 1000 }),
      };
    },
  };
}

const meterOf = (total: number) => new ProgressMeter(total, () => performance.now());

/** A bar with frames per second and time left, for terminals. */
export function barReporter(out: NodeJS.WritableStream): Reporter {
  return {
    note: (message) => out.write(`${message}\n`),
    phase(name, total) {
      const meter = meterOf(total);
      const bar = new cliProgress.SingleBar({
        stream: out,
        format: `${name.padEnd(9)} {bar} {value}/{total} frames, {fps} frames/s, {left} left`,
        barCompleteChar: '█',
        barIncompleteChar: '░',
        barsize: 30,
        hideCursor: true,
        clearOnComplete: false,
      });
      bar.start(total, 0, { fps: '-', left: '-' });
      return {
        frame() {
          const { done, perSecond, secondsLeft = 0 } = meter.advance();
          bar.update(done, { fps: perSecond.toFixed(1), left: durationText(secondsLeft) });
        },
        end: () => bar.stop(),
      };
    },
  };
}

/** A line now and then, for logs of a farm. */
export function lineReporter(out: NodeJS.WritableStream, everySeconds = 5): Reporter {
  return {
    note: (message) => out.write(`${message}\n`),
    phase(name, total) {
      const meter = meterOf(total);
      let told = 0;
      return {
        frame() {
          const progress = meter.advance();
          if (progress.seconds - told < everySeconds) return;
          told = progress.seconds;
          out.write(`${name}: ${progressText(progress, 'frames')}\n`);
        },
        end() {
          const { done, seconds } = meter.progress;
          out.write(`${name}: ${done}/${total} frames in ${durationText(seconds)}\n`);
        },
      };
    },
  };
}

/** The reporter that fits the stream and the wish of the user. */
export function chooseReporter(out: NodeJS.WriteStream, json: boolean): Reporter {
  if (json) return jsonReporter(out);
  return out.isTTY ? barReporter(out) : lineReporter(out);
}
