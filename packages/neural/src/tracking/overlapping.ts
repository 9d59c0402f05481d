/** Objects under way at once: while the runtime computes for one, what the other hands over is made ready. */
const UNDER_WAY = 2;

/**
 * Works on items in order, the next one begun while one is under way, and gives the results in order. After a failure or the signal nothing new
 * is begun; what is under way is waited for. @throws what `work` throws, the earliest item's first; the signal's reason.
 */
export async function overlapping<T, R>(
  items: readonly T[],
  signal: AbortSignal | undefined,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const failures = new Map<number, unknown>();
  let next = 0;
  const lane = async () => {
    while (next < items.length && failures.size === 0) {
      const at = next++;
      try {
        signal?.throwIfAborted();
        results[at] = await work(items[at]!);
      } catch (error) {
        failures.set(at, error);
      }
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, lane));
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
  return results;
}
