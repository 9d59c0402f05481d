import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameSource } from '@rotokit/core/ports';
import { frameIndex } from '@rotokit/core/values';

/** Median milliseconds of what a user would pick instead, on two neighbouring frames of the same clip at half size. */
export interface RivalTimes {
  /** OpenCV's DIS flow, preset medium, one direction. */
  readonly dis: number;
  /** OpenCV's GrabCut, five iterations from a box. */
  readonly grabCut: number;
  readonly version: string;
}

const SCRIPT = `
import sys, json, time, numpy as np, cv2
w, h, x, y = map(int, sys.argv[2:6])
cv2.setNumThreads(1)
a, b = np.fromfile(sys.argv[1], np.uint8).reshape(2, h, w, 3)
half = lambda im: cv2.resize(im, (w // 2, h // 2), interpolation=cv2.INTER_AREA)
a, b = half(a), half(b)
def median(f, n=7):
    t = []
    for _ in range(n):
        s = time.perf_counter(); f(); t.append((time.perf_counter() - s) * 1e3)
    return sorted(t)[n // 2]
d = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
ga, gb = cv2.cvtColor(a, cv2.COLOR_RGB2GRAY), cv2.cvtColor(b, cv2.COLOR_RGB2GRAY)
x0, y0 = max(1, x // 2 - w // 12), max(1, y // 2 - h // 6)
box = (x0, y0, min(w // 6, w // 2 - x0 - 2), min(h // 3, h // 2 - y0 - 2))
def cut():
    m = np.zeros(a.shape[:2], np.uint8)
    cv2.grabCut(a, m, box, np.zeros((1, 65)), np.zeros((1, 65)), 5, cv2.GC_INIT_WITH_RECT)
print(json.dumps({"dis": median(lambda: d.calc(ga, gb, None)), "grabCut": median(cut, 3), "version": cv2.__version__}))
`;

/** Times OpenCV through Python; undefined where `python3` with `cv2` is not installed. */
export async function benchOpenCv(
  source: FrameSource,
  at: { readonly x: number; readonly y: number },
): Promise<RivalTimes | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'rotokit-bench-'));
  try {
    const frames = [await source.read(frameIndex(0)), await source.read(frameIndex(1))];
    const raw = join(folder, 'frames.rgb');
    await writeFile(raw, Buffer.concat(frames.map((f) => f.picture.samples)));
    const { width, height } = source.info.size;
    const args = ['-c', SCRIPT, raw, width, height, Math.round(at.x), Math.round(at.y)].map(String);
    const { status, stdout } = spawnSync('python3', args, { encoding: 'utf8', timeout: 120_000 });
    return status === 0 ? (JSON.parse(stdout) as RivalTimes) : undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
