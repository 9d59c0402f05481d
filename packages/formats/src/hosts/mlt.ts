import { keysIn, pointsOf, type ShapeScene } from '@rotokit/core/values';
import { decimal, featherOfKeys, type Host, identifier, pointsOfKey, xml } from './host.js';

/**
 * MLT (Kdenlive, Shotcut, melt): a `.mlt` file an object with one rotoscoping filter for each stretch a shape is visible,
 * over a transparent clip; its alpha is the matte. The filter's `spline` is a JSON map from frame, counted from the clip's
 * first, to points `[[handle before], [point], [handle after]]` as parts of the picture, and can be pasted into
 * Kdenlive's filter by itself. A soft shape gets the filter's feather, a mean for the whole shape.
 */
export const mlt: Host = {
  title: 'MLT 7 (melt, Kdenlive 21 and later, Shotcut): rotoscoping filter',
  checked: 'rendered by melt 7.12 and compared with our rasteriser; never opened in Kdenlive',
  files: (scene) => {
    const taken = new Set<string>();
    return scene.objects.map((o) => ({
      name: `${scene.shot}_${identifier(o.name, taken)}.mlt`,
      text: document({ ...scene, objects: [o] }),
    }));
  },
};

/**
 * The filter fills pixels whole, from rounded edges: a shape comes out half a pixel left and down of where it was drawn
 * (measured with melt 7.12), so it is handed over half a pixel right and up.
 */
const FILL = 0.5;

/** A place outside of the picture, for all points of a shape that is not to be seen. */
const AWAY = '[-1,-1]';

function document(scene: ShapeScene): string {
  const { size, rate, range } = scene;
  const last = range.end - range.start - 1;
  const filters = scene.objects.flatMap((o) =>
    o.shapes.flatMap((shape) =>
      shape.visible.map((stretch) => {
        const part = (x: number, y: number) =>
          `[${decimal((x + FILL) / size.width, 7)},${decimal((y - FILL) / size.height, 7)}]`;
        const keys = keysIn(shape, stretch).map((k) => {
          const points = pointsOfKey(k).map((p) => `[${part(p.inX, p.inY)},${part(p.x, p.y)},${part(p.outX, p.outY)}]`);
          return `"${k.frame - range.start}":[${points.join(',')}]`;
        });
        const widths = featherOfKeys(shape);
        const radius = Math.round(widths.reduce((a, b) => a + b, 0) / widths.length / 2);
        const feather = radius
          ? `\n   <property name="feather">${radius}</property>\n   <property name="feather_passes">1</property>`
          : '';
        const [first, end] = [stretch.start - range.start, stretch.end - range.start - 1];
        // An `out` of 0 is no end to MLT: a shape of the first frame alone stays for another one, outside of the picture.
        const alone = end === 0 && last > 0;
        if (alone) keys.push(`"1":[${Array(pointsOf(shape)).fill(`[${AWAY},${AWAY},${AWAY}]`).join(',')}]`);
        return `  <filter in="${first}" out="${alone ? 1 : end}">
   <property name="mlt_service">rotoscoping</property>
   <property name="kdenlive:name">${xml(shape.name)}</property>
   <property name="mode">alpha</property>
   <property name="alpha_operation">${shape.mode === 'add' ? 'max' : 'sub'}</property>
   <property name="spline">{${keys.join(',')}}</property>${feather}
  </filter>
`;
      }),
    ),
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<mlt title="${xml(scene.shot)}">
 <profile width="${size.width}" height="${size.height}" progressive="1" sample_aspect_num="1" sample_aspect_den="1" display_aspect_num="${size.width}" display_aspect_den="${size.height}" frame_rate_num="${rate.num}" frame_rate_den="${rate.den}" colorspace="709"/>
 <producer id="matte" in="0" out="${last}">
  <property name="mlt_service">color</property>
  <property name="resource">#00ffffff</property>
  <property name="length">${last + 1}</property>
${filters.join('')} </producer>
</mlt>
`;
}
