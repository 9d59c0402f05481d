import { MemoryBudget, type MemoryBudgetOptions, type MemoryReading } from '@rotokit/core/resources';

/** A machine of 10,000 bytes whose process takes what the test says. */
export class PretendMachine {
  reading: MemoryReading = { resident: 1000, heap: 300, buffers: 200, available: 9000, total: 10_000 };
  time = 0;

  /** Takes bytes, or gives them back. */
  take(bytes: number): void {
    const { resident, buffers, available } = this.reading;
    const more = { resident: resident + bytes, buffers: buffers + bytes, available: available - bytes };
    this.reading = { ...this.reading, ...more };
  }

  /** A clock that goes on by a second whenever it is asked. */
  readonly tick = (): number => (this.time += 1000);

  budget(options: Partial<MemoryBudgetOptions> = {}): MemoryBudget {
    return new MemoryBudget({ probe: { read: () => this.reading }, now: this.tick, ...options });
  }
}
