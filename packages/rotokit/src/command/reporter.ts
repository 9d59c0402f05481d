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

const ratePerSecond = (done: number, start: number) => done / Math.max(0.001, (performance.now() - start) / 1000);

/** A bar with frames per second and time left, for terminals. */
export function barReporter(out: NodeJS.WritableStream): Reporter {
  return {
    note: (message) => out.write(`${message}\n`),
    phase(name, total) {
      const start = performance.now();
      const bar = new cliProgress.SingleBar({
        stream: out,
        format: `${name.padEnd(9)} {bar} {value}/{total} frames, {fps} frames/s, {eta_formatted} left`,
        barCompleteChar: '█',
        barIncompleteChar: '░',
        barsize: 30,
        hideCursor: true,
        etaBuffer: 60,
        clearOnComplete: false,
      });
      let done = 0;
      bar.start(total, 0, { fps: '-' });
      return {
        frame: () => bar.update(++done, { fps: ratePerSecond(done, start).toFixed(1) }),
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
      const start = performance.now();
      let [done, told] = [0, start];
      const line = (end: string) =>
        `${name}: ${done}/${total} frames, ${ratePerSecond(done, start).toFixed(1)} frames/s${end}\n`;
      return {
        frame() {
          done++;
          if (performance.now() - told < everySeconds * 1000) return;
          told = performance.now();
          out.write(line(`, ${Math.ceil((total - done) / ratePerSecond(done, start))} s left`));
        },
        end: () => out.write(line('')),
      };
    },
  };
}

/** The reporter that fits the stream and the wish of the user. */
export function chooseReporter(out: NodeJS.WriteStream, json: boolean): Reporter {
  if (json) return jsonReporter(out);
  return out.isTTY ? barReporter(out) : lineReporter(out);
}
