/** Memory of a tracker that must not be lost: kept in half precision, on disk when memory has no room, brought back when asked for. */
import { bytesText, TensorShelf } from '@rotokit/core/resources';
import { fileScratch } from 'rotokit/resources';

const shelf = new TensorShelf({ name: 'memory bank', precision: 'float16', bytes: 2e6, scratch: fileScratch() });
const entry = (frame: number) => ({
  memory: { type: 'float32', shape: [64, 64, 64], data: new Float32Array(64 ** 3).fill(frame / 7) } as const,
});
for (let frame = 0; frame < 10; frame++) await shelf.put(`${frame}`, entry(frame));
const { bytes, bytesAway, moved } = shelf.statistics;
console.log(`10 entries of 1 MB: ${bytesText(bytes)} in memory, ${bytesText(bytesAway)} on disk, moved ${moved} times`);
const back = (await shelf.get('0')).memory?.data[0];
console.log(
  `entry 0 is back: ${back}; entry 3 starts with ${(await shelf.get('3')).memory?.data[0]} (3/7 in half precision)`,
);
await shelf.close();
