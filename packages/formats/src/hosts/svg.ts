import { type FrameIndex, framesOf, numberOf, type ObjectShapes, type ShapeScene, shapeOn } from '@rotokit/core/values';
import { decimal, type Host, identifier, pointsOfKey } from './host.js';

/**
 * SVG 1.1, a file a frame and object: white on black, as a matte. Shapes that follow one another and are added share a path, so that
 * their overlaps are not blended twice; holes are painted black over it.
 */
export const svg: Host = {
  title: 'SVG 1.1, a file a frame',
  checked: 'rendered by rsvg-convert 2.54 and compared with our rasteriser',
  files: (scene) => {
    const taken = new Set<string>();
    return scene.objects.flatMap((o) => {
      const name = identifier(o.name, taken);
      return [...framesOf(scene.range)].map((frame) => ({
        name: `${name}/${scene.shot}_${name}.${String(numberOf(scene, frame)).padStart(4, '0')}.svg`,
        text: svgFrame(o, frame, scene),
      }));
    });
  },
};

function svgFrame({ shapes }: ObjectShapes, frame: FrameIndex, { size }: ShapeScene): string {
  const groups: { readonly mode: string; d: string }[] = [];
  for (const shape of shapes) {
    const now = shapeOn(shape, frame);
    if (!now) continue;
    const d = pathData(now);
    const last = groups.at(-1);
    if (last?.mode === shape.mode) last.d += d;
    else groups.push({ mode: shape.mode, d });
  }
  const paths = groups.map(({ mode, d }) => ` <path fill="${mode === 'add' ? '#fff' : '#000'}" d="${d}"/>\n`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}">
 <rect width="100%" height="100%" fill="#000"/>
${paths.join('')}</svg>
`;
}

function pathData(key: { readonly outline: Float64Array }): string {
  const points = pointsOfKey(key as never);
  const at = (x: number, y: number) => `${decimal(x, 3)} ${decimal(y, 3)}`;
  const curves = points.map((p, i) => {
    const q = points[(i + 1) % points.length];
    return `C${at(p.outX, p.outY)} ${at(q.inX, q.inY)} ${at(q.x, q.y)}`;
  });
  return `M${at(points[0].x, points[0].y)}${curves.join('')}Z`;
}
