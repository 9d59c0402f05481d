import type { Shape, ShapeScene } from '@rotokit/core/values';
import { type Host, pointsOfKey, visibility, xml } from './host.js';

/**
 * Silhouette: an `.fxs` shape file for File > Import > Shapes. Coordinates from the middle of the picture, y down, in heights of the
 * picture; frames count from 0 at the start of the session. A Bezier point is its place, the handle before and the
 * handle after, all absolute: the order is inferred from exporters of others.
 */
export const silhouette: Host = {
  title: 'Silhouette 2020 and later, shape file',
  checked: 'never opened in Silhouette; our tests read it back as XML',
  files: (scene) => [{ name: `${scene.shot}_shapes.fxs`, text: fxs(scene) }],
};

function fxs(scene: ShapeScene): string {
  const { width, height } = scene.size;
  const frames = scene.range.end - scene.range.start;
  const layers = scene.objects.map(
    ({ name, shapes }) => `  <Layer type="Layer" label="${xml(name)}" expanded="True">
   <Properties>
    <Property id="objects" constant="True">
${[...shapes]
  .reverse()
  .map((s) => object(s, scene))
  .join('')}    </Property>
   </Properties>
  </Layer>
`,
  );
  return `<!-- Silhouette Shape File -->
<Silhouette width="${width}" height="${height}" pixelAspect="1" workRangeStart="0" workRangeEnd="${frames - 1}" sessionStartFrame="${scene.first + scene.range.start}">
${layers.join('')}</Silhouette>
`;
}

function object(shape: Shape, scene: ShapeScene): string {
  const { width, height } = scene.size;
  const at = (x: number, y: number) =>
    `(${((x - width / 2) / height).toFixed(6)},${((y - height / 2) / height).toFixed(6)})`;
  const opacity = visibility(shape, scene).map(
    ([f, v]) => `       <Key frame="${f - scene.range.start}" interp="hold">${v * 100}</Key>\n`,
  );
  const path = shape.keys.map((k) => {
    const points = pointsOfKey(k).map(
      (p) => `         <Point>${at(p.x, p.y)},${at(p.inX, p.inY)},${at(p.outX, p.outY)}</Point>\n`,
    );
    return `       <Key frame="${k.frame - scene.range.start}" interp="linear">\n        <Path closed="True" type="Bezier">\n${points.join('')}        </Path>\n       </Key>\n`;
  });
  return `     <Object type="Shape" label="${xml(shape.name)}" shape_type="Bezier">
      <Properties>
       <Property constant="True" id="mode"><Value>${shape.mode === 'add' ? 'Max' : 'Subtract'}</Value></Property>
       <Property constant="True" id="invert"><Value>false</Value></Property>
       <Property id="opacity">
${opacity.join('')}       </Property>
       <Property id="path">
${path.join('')}       </Property>
      </Properties>
     </Object>
`;
}
