import type { Shape, ShapeScene } from '@rotokit/core/values';
import {
  ascii,
  decimal,
  type Host,
  type HostPoint,
  identifier,
  pointsOfKey,
  shown,
  softEdgeOf,
  steppedVisibility,
} from './host.js';

/**
 * Nuke: a `.nk` file with one Roto node an object, to be pasted or imported. The text is what Nuke's `curves` knob holds: y up
 * from the bottom left, three pairs a point (handle before, point, handle after), handles relative to the point; each
 * coordinate is a list of keys `{frame value}`. Text and not a Python script, because building a dense Roto through
 * the API takes minutes. The format is not documented; this follows files that Nuke has written. The form of points with several
 * keys is inferred from the grammar of other knobs. A soft shape runs along the inner side of its edge; its second curve holds the feather
 * points, each relative to its point, as Nuke's own description of the format has it.
 */
export const nuke: Host = {
  title: 'Nuke 13 and later, Roto node',
  checked: 'never opened in Nuke; our tests parse it by the grammar of files that Nuke has written',
  files: (scene) => [{ name: `${scene.shot}_roto.nk`, text: nukeText(scene) }],
};

function nukeText(scene: ShapeScene): string {
  const { width, height } = scene.size;
  const taken = new Set<string>();
  const nodes = scene.objects.map(({ name, shapes }, n) => {
    const names = new Set<string>();
    const curves = shapes.map((s) => `    ${curve(s, scene, identifier(s.name, names))}`);
    return [
      'Roto {',
      ' inputs 0',
      ' output alpha',
      ` format "${width} ${height} 0 0 ${width} ${height} 1"`,
      ' curves {{{v x3f99999a}',
      '  {f 0}',
      '  {n',
      `   {layer Root {f 0} {t ${decimal(width / 2)} ${decimal(height / 2)}} {a}`,
      ...curves,
      '   }}}}',
      ` name ${identifier(`Roto_${ascii(name)}`, taken)}`,
      ` label "${ascii(name).replace(/["\\[\]{}$]/g, '_')}"`,
      ` xpos ${n * 110}`,
      ' ypos 0',
      '}',
    ].join('\n');
  });
  return `${nodes.join('\n')}\n`;
}

function curve(shape: Shape, scene: ShapeScene, name: string): string {
  const soft = softEdgeOf(shape);
  const keys = shape.keys.map((k, n) => ({
    frame: shown(scene, k.frame),
    points: soft ? soft[n].map((p) => p.inner) : pointsOfKey(k),
    feather: soft ? soft[n].map((p) => p.outer) : [],
  }));
  type Key = (typeof keys)[number];
  const { height } = scene.size;
  const list = (value: (k: Key) => number) => `{${keys.map((k) => `{${k.frame} ${decimal(value(k))}}`).join(' ')}}`;
  const handles = (p: (k: Key) => HostPoint, at: string) =>
    [
      `{${list((k) => p(k).inX - p(k).x)} ${list((k) => p(k).y - p(k).inY)}}`,
      at,
      `{${list((k) => p(k).outX - p(k).x)} ${list((k) => p(k).y - p(k).outY)}}`,
    ].join(' ');
  const points = shape.corners.map((_, i) =>
    handles((k) => k.points[i], `{${list((k) => k.points[i].x)} ${list((k) => height - k.points[i].y)}}`),
  );
  const feather = () =>
    shape.corners.map((_, i) => {
      const away = `{${list((k) => k.feather[i].x - k.points[i].x)} ${list((k) => k.points[i].y - k.feather[i].y)}}`;
      return handles((k) => k.feather[i], away);
    });
  const second = soft ? `{cc {f 8192} {p ${feather().join(' ')}}}` : 'idem';
  const first = keys[0];
  const [cx, cy] = [0, 1].map((axis) => first.points.reduce((s, p) => s + (axis ? p.y : p.x), 0) / first.points.length);
  const opacity = steppedVisibility(shape, scene).map(([f, v]) => `{${shown(scene, f as never)} ${v}}`);
  // Blending: 4 takes the greater value, 12 takes away.
  const attributes = `{a osbe 0 bm ${shape.mode === 'add' ? 4 : 12} opc {${opacity.join(' ')}}}`;
  const pivot = `{tx ${first.frame} ${decimal(cx)} ${decimal(height - cy)}}`;
  return `{curvegroup ${name} 512 bezier {{cc {f 8192} {p ${points.join(' ')}}} ${second}} ${pivot} ${attributes}}`;
}
