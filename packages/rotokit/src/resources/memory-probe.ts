import { totalmem } from 'node:os';
import { MemoryBudget, type MemoryProbe, type MemoryReading, type PressureThresholds } from '@rotokit/core/resources';

/** Memory of the machine, or of the container where that has less. Bytes. */
export function wholeMemory(): number {
  const allowed = process.constrainedMemory();
  return allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
}

/** Memory of this process and this machine as Node sees it, containers considered. A reading takes well under a millisecond. */
export function processMemory(): MemoryProbe {
  const total = wholeMemory();
  return {
    read(): MemoryReading {
      const { rss, heapUsed, external } = process.memoryUsage();
      const available = Math.min(process.availableMemory(), total);
      return { resident: rss, heap: heapUsed, buffers: external, available, total };
    },
  };
}

/** A budget over this process; without a limit, what the machine has. @throws RangeError for a limit or thresholds that are none. */
export const processBudget = (limit?: number, thresholds: Partial<PressureThresholds> = {}): MemoryBudget =>
  new MemoryBudget({
    ...{ probe: processMemory(), now: () => performance.now(), thresholds },
    ...(limit === undefined ? {} : { limit }),
  });

/** Has a budget look every so often, for work that does not do so itself. Does not keep the process alive. @returns what ends it. */
export function watchMemory(budget: MemoryBudget, everyMs = 1000): () => void {
  const timer = setInterval(() => void budget.sample(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
