import { framesPerSecond, type Shape, type ShapeScene } from '@rotokit/core/values';
import { decimal, type Host, pointsOfKey, visibility } from './host.js';

/**
 * Lottie 1.0: a solid layer an object with animated masks. Handles are relative to their point; keys are linear; opacity holds.
 */
export const lottie: Host = {
  title: 'Lottie 1.0 (lottie-web 5 and other players)',
  checked: 'never played here; our tests read it back by its schema',
  files: (scene) => [{ name: `${scene.shot}_shapes.json`, text: `${JSON.stringify(animation(scene))}\n` }],
};

function animation(scene: ShapeScene): object {
  const { size, range } = scene;
  const frames = range.end - range.start;
  const hex = (c: readonly number[]) => `#${c.map((v) => v.toString(16).padStart(2, '0')).join('')}`;
  const still = (k: number | readonly number[]) => ({ a: 0, k });
  return {
    v: '5.7.0',
    fr: framesPerSecond(scene.rate),
    ip: 0,
    op: frames,
    w: size.width,
    h: size.height,
    nm: scene.shot,
    ddd: 0,
    assets: [],
    layers: scene.objects.map((o, n) => ({
      ddd: 0,
      ind: n + 1,
      ty: 1,
      nm: o.name,
      sr: 1,
      ks: {
        o: still(100),
        r: still(0),
        p: still([size.width / 2, size.height / 2, 0]),
        a: still([size.width / 2, size.height / 2, 0]),
        s: still([100, 100, 100]),
      },
      ao: 0,
      hasMask: true,
      masksProperties: o.shapes.map((s) => mask(s, scene)),
      sw: size.width,
      sh: size.height,
      sc: hex(o.colour),
      ip: 0,
      op: frames,
      st: 0,
      bm: 0,
    })),
  };
}

function mask(shape: Shape, scene: ShapeScene): object {
  const { range } = scene;
  const number = (v: number) => Number(decimal(v, 3));
  const path = (k: Shape['keys'][number]) => {
    const points = pointsOfKey(k);
    return {
      c: true,
      v: points.map((p) => [number(p.x), number(p.y)]),
      i: points.map((p) => [number(p.inX - p.x), number(p.inY - p.y)]),
      o: points.map((p) => [number(p.outX - p.x), number(p.outY - p.y)]),
    };
  };
  const linear = { i: { x: [1], y: [1] }, o: { x: [0], y: [0] } };
  const keys = shape.keys.map((k) => ({ t: k.frame - range.start, s: [path(k)], ...linear }));
  return {
    inv: false,
    mode: shape.mode === 'add' ? 'a' : 's',
    nm: shape.name,
    pt: keys.length > 1 ? { a: 1, k: keys } : { a: 0, k: path(shape.keys[0]) },
    o: { a: 1, k: visibility(shape, scene).map(([f, v]) => ({ t: f - range.start, s: [v * 100], h: 1 })) },
  };
}
