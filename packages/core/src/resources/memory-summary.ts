import { bytesText } from './byte-text.js';
import type { LeakVerdict } from './leak.js';
import type { MemoryReading, Pressure } from './memory-reading.js';

/** What a summary tells of. */
export interface SummaryFacts {
  readonly reading: MemoryReading;
  readonly limit: number;
  readonly room: number;
  readonly pressure: Pressure;
  readonly claims: readonly { readonly what: string; readonly bytes: number }[];
  readonly held: readonly { readonly name: string; readonly bytes: number }[];
  readonly leak: LeakVerdict;
}

const rows = (title: string, items: readonly (readonly [string, number])[]) =>
  items.length ? [`${title}: ${items.map(([name, bytes]) => `${name} ${bytesText(bytes)}`).join(', ')}`] : [];

/** The state of memory in lines for people. */
export function memorySummary({ reading, limit, room, pressure, claims, held, leak }: SummaryFacts): string {
  const { resident, heap, buffers, available, total, device } = reading;
  return [
    `process ${bytesText(resident)} of ${bytesText(limit)} (heap ${bytesText(heap)}, buffers ${bytesText(buffers)}), room for ${bytesText(room)}, pressure ${pressure}`,
    `system  ${bytesText(available)} of ${bytesText(total)} free`,
    ...(device ? [`${device.name}  ${bytesText(device.used)} of ${bytesText(device.total)} used`] : []),
    ...rows(
      'promised',
      claims.map((c) => [c.what, c.bytes] as const),
    ),
    ...rows(
      'held',
      held.map((h) => [h.name, h.bytes] as const),
    ),
    ...(leak.kind === 'growing'
      ? [`${leak.what} grew by ${bytesText(leak.growth)} without coming back: perhaps a leak`]
      : []),
  ].join('\n');
}
