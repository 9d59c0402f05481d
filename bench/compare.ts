/** Ways to compute one thing, by name; `undefined` for one that is not to be had in this run. */
export type Variants = Readonly<Record<string, (() => unknown) | undefined>>;

/** What one way took: the least and the median of its runs, milliseconds of processor time. */
export interface Timing {
  readonly name: string;
  readonly least: number;
  readonly median: number;
  /** Its lower quartile over that of the last variant. */
  readonly ratio: number;
}

/**
 * Runs the variants in turn for so many seconds, at least three times each. They take turns so that a busy machine slows
 * all of them alike, and processor time is counted (of all threads, collecting garbage included), not the clock; the
 * ratio is of lower quartiles, which other work disturbs least.
 */
export function compare(seconds: number, variants: Variants): Timing[] {
  const runs = Object.entries(variants).flatMap(([name, run]) => (run ? [{ name, run, times: [] as number[] }] : []));
  for (const { run } of runs) run();
  const until = performance.now() + seconds * 1000;
  for (let round = 0; round < 3 || performance.now() < until; round++) {
    for (const { run, times } of runs) {
      const start = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(start);
      times.push((user + system) / 1000);
    }
  }
  for (const { times } of runs) times.sort((a, b) => a - b);
  const at = (times: number[], part: number) => times[Math.floor(part * (times.length - 1))]!;
  const reference = at(runs.at(-1)!.times, 0.25);
  return runs.map(({ name, times }) => ({
    ...{ name, least: at(times, 0), median: at(times, 0.5), ratio: at(times, 0.25) / reference },
  }));
}

/** A line for reading: name of the work, then least / median milliseconds and ratio of every variant. */
export function line(what: string, timings: readonly Timing[]): string {
  const cells = timings.map(({ name, least, median, ratio }) => {
    return `${name} ${least.toFixed(2)} / ${median.toFixed(2)} ms (x${ratio.toFixed(1)})`.padEnd(36);
  });
  return `${what.padEnd(38)}${cells.join('')}`.trimEnd();
}
