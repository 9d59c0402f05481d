import type { PullEvent } from '@rotokit/core/ports';
import cliProgress from 'cli-progress';

/** Tells how a pull goes, on the error stream. */
export interface PullProgress {
  tell(event: PullEvent): void;
  end(): void;
}

/** Megabytes as publishers count them: 1,000,000 bytes. */
export const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

const WORDS = {
  have: 'is here already',
  wait: 'is being pulled by another process, which is waited for',
  verify: 'is here and is being verified',
  done: 'is here',
} as const;

/** One JSON line per event, a bar on a terminal, a line for every tenth of the way elsewhere. */
export function pullProgress(out: NodeJS.WriteStream, model: string, json: boolean): PullProgress {
  if (json) {
    const tell = (event: PullEvent) => out.write(`${JSON.stringify({ event: 'pull', model, ...event })}\n`);
    return { tell, end: () => undefined };
  }
  return out.isTTY ? bars(out, model) : lines(out, model);
}

const sentence = (model: string, e: Exclude<PullEvent, { kind: 'progress' }>): string =>
  e.kind === 'retry' ? `${model}: attempt ${e.attempt}, because ${e.reason}` : `${model}: ${e.file} ${WORDS[e.kind]}`;

function lines(out: NodeJS.WriteStream, model: string): PullProgress {
  let [tenth, waiting] = [-1, false];
  return {
    tell(e) {
      if (e.kind === 'progress') {
        const now = e.total ? Math.floor((10 * e.bytes) / e.total) : -1;
        if (now === tenth) return;
        tenth = now;
        out.write(`${model}: ${megabytes(e.bytes)} of ${e.total ? megabytes(e.total) : '?'} MB\n`);
        return;
      }
      if (e.kind === 'wait' && waiting) return;
      waiting = e.kind === 'wait';
      out.write(`${sentence(model, e)}\n`);
    },
    end: () => undefined,
  };
}

function bars(out: NodeJS.WriteStream, model: string): PullProgress {
  let bar: cliProgress.SingleBar | undefined;
  const end = () => {
    bar?.stop();
    bar = undefined;
  };
  const start = (total: number) => {
    const format = `${model} {bar} {value}/{total} MB, {eta_formatted} left`;
    const made = new cliProgress.SingleBar({ stream: out, format, barsize: 30, hideCursor: true, etaBuffer: 60 });
    made.start(total, 0);
    return made;
  };
  return {
    tell(e) {
      if (e.kind === 'progress' || (e.kind === 'wait' && bar)) {
        const total = e.kind === 'progress' ? e.total : undefined;
        bar ??= start(Math.ceil((total ?? e.bytes) / 1e6));
        if (total) bar.setTotal(Math.ceil(total / 1e6));
        bar.update(Math.round(e.bytes / 1e6));
        return;
      }
      end();
      out.write(`${sentence(model, e)}\n`);
    },
    end,
  };
}
