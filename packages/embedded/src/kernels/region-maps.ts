import { motionRadius, type RegionScene } from '../evidence/region-maps.js';
import { arithmetic } from './arithmetic.js';

/** `regionMaps` of the evidence, compiled in single precision: within 1e-4 of it. Other maps are overwritten. */
export function regionMaps(s: RegionScene, maps: Float32Array): void {
  const { wasm, memory } = arithmetic();
  const { width, height, camera } = s;
  const place = (plane: Float32Array): number => {
    const address = memory.take(plane.byteLength);
    memory.floats(address, plane.length).set(plane);
    return address;
  };
  const planes = [s.u, s.v, s.distance, s.soft, s.label, s.confidence, s.agreement].map(place);
  const lab = place(s.lab);
  const motion = camera ? place(Float32Array.of(...camera.u, ...camera.v)) : 0;
  const target = memory.take(maps.byteLength);
  const scratch = memory.take(wasm.regionMapsBytes(width, height));
  wasm.regionMaps(
    ...(planes as [number, number, number, number, number, number, number]),
    ...([lab, width, height, motionRadius(s.scale), motion, 0.5 * s.scale, target, scratch] as const),
  );
  maps.set(memory.floats(target, maps.length));
}
