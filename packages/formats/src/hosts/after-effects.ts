import { framesPerSecond, type Shape, type ShapeScene } from '@rotokit/core/values';
import { ascii, decimal, featherOfKeys, type Host, pointsOfKey, visibility } from './host.js';

/**
 * After Effects: a script for File > Scripts > Run Script File. It makes a composition with one solid an object and a mask a
 * shape, keyed in one call each. ECMAScript 3 in ASCII without JSON, so that old ExtendScript reads it; all masks
 * are made before any of them is keyed, because adding one makes earlier references invalid. Handles are relative to their point.
 */
export const afterEffects: Host = {
  title: 'After Effects CS6 and later, ExtendScript',
  checked: 'never opened in After Effects; our tests run it in a model of its scripting objects',
  files: (scene) => [{ name: `${scene.shot}_masks.jsx`, text: script(scene) }],
};

function script(scene: ShapeScene): string {
  const { size, range } = scene;
  const rate = framesPerSecond(scene.rate);
  const layers = scene.objects.map(({ name, colour, shapes }) => {
    const rgb = colour.map((c) => decimal(c / 255)).join(',');
    const masks = shapes.map((s) => mask(s, scene, rate));
    return `  { name: ${quoted(name)}, colour: [${rgb}], masks: [\n${masks.join(',\n')}\n  ] }`;
  });
  return `// Made by rotokit. File > Scripts > Run Script File.
(function () {
var layers = [
${layers.join(',\n')}
];
app.beginUndoGroup("rotokit shapes");
var comp = app.project.items.addComp(${quoted(`${scene.shot} shapes`)}, ${size.width}, ${size.height}, 1, ${decimal((range.end - range.start) / rate, 8)}, ${decimal(rate, 8)});
for (var i = 0; i < layers.length; i++) {
  var l = layers[i];
  var layer = comp.layers.addSolid(l.colour, l.name, ${size.width}, ${size.height}, 1);
  var parade = layer.property("ADBE Mask Parade");
  var j;
  for (j = 0; j < l.masks.length; j++) { parade.addProperty("ADBE Mask Atom"); }
  for (j = 0; j < l.masks.length; j++) {
    var m = l.masks[j];
    var mask = layer.property("ADBE Mask Parade").property(j + 1);
    mask.name = m.name;
    mask.maskMode = m.add ? MaskMode.LIGHTEN : MaskMode.SUBTRACT;
    var shapes = [];
    for (var k = 0; k < m.keys.length; k++) {
      var s = new Shape();
      s.vertices = m.keys[k][0];
      s.inTangents = m.keys[k][1];
      s.outTangents = m.keys[k][2];
      s.closed = true;
      shapes.push(s);
    }
    mask.property("ADBE Mask Shape").setValuesAtTimes(m.times, shapes);
    if (m.feather) { mask.property("ADBE Mask Feather").setValuesAtTimes(m.times, m.feather); }
    var opacity = mask.property("ADBE Mask Opacity");
    opacity.setValuesAtTimes(m.seen[0], m.seen[1]);
    for (k = 1; k <= m.seen[0].length; k++) {
      opacity.setInterpolationTypeAtKey(k, KeyframeInterpolationType.HOLD, KeyframeInterpolationType.HOLD);
    }
  }
}
app.endUndoGroup();
})();
`;
}

function mask(shape: Shape, { range, ...scene }: ShapeScene, rate: number): string {
  const pair = (x: number, y: number) => `[${decimal(x, 3)},${decimal(y, 3)}]`;
  const keys = shape.keys.map((k) => {
    const points = pointsOfKey(k);
    const vertices = points.map((p) => pair(p.x, p.y));
    const ins = points.map((p) => pair(p.inX - p.x, p.inY - p.y));
    const outs = points.map((p) => pair(p.outX - p.x, p.outY - p.y));
    return `[[${vertices.join(',')}],[${ins.join(',')}],[${outs.join(',')}]]`;
  });
  const time = (f: number) => decimal((f - range.start) / rate, 8);
  const times = shape.keys.map((k) => time(k.frame));
  const widths = featherOfKeys(shape);
  const feather = widths.some((w) => w > 0) ? `[${widths.map((w) => pair(w, w)).join(',')}]` : 'null';
  const seen = visibility(shape, { ...scene, range });
  const opacity = `[[${seen.map(([f]) => time(f)).join(',')}],[${seen.map(([, v]) => v * 100).join(',')}]]`;
  return `    { name: ${quoted(shape.name)}, add: ${shape.mode === 'add'}, times: [${times.join(',')}], feather: ${feather}, seen: ${opacity}, keys: [\n      ${keys.join(',\n      ')}] }`;
}

const quoted = (text: string) => `"${ascii(text).replace(/[\\"]/g, '\\$&')}"`;
