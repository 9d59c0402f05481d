import type { Shape, ShapeScene } from '@rotokit/core/values';
import { decimal, type Host, type HostPoint, pointsOfKey, python, shown, softEdgeOf, visibility } from './host.js';

/**
 * Natron: a Python script for the script editor, a Roto node an object. y up from the bottom left; handles relative to the point.
 * A soft shape runs along the inner side of its edge, its feather points along the outer one.
 */
export const natron: Host = {
  title: 'Natron 2.3 and later',
  checked: 'never opened in Natron; our tests read its table back by the grammar of Python',
  files: (scene) => [{ name: `${scene.shot}_roto.py`, text: script(scene) }],
};

function script(scene: ShapeScene): string {
  const objects = scene.objects.map(
    (o) => `    (${python(o.name)}, [\n${o.shapes.map((s) => bezier(s, scene)).join('')}    ]),\n`,
  );
  return `# Made by rotokit: run it in Natron's script editor, with the project as app1.
import NatronEngine

# Objects; each shape: name, added, visibility [(frame, 0 or 1)], keys [(frame, [(x, y, inx, iny, outx, outy)])];
# a soft shape's points have the same six numbers of their feather points after them.
OBJECTS = [
${objects.join('')}]


def build(app):
    for name, shapes in OBJECTS:
        node = app.createNode("fr.inria.built-in.Roto")
        node.setLabel(name)
        roto = node.getRotoContext()
        for label, added, seen, keys in shapes:
            frame, points = keys[0]
            curve = roto.createBezier(points[0][0], points[0][1], frame)
            curve.setLabel(label)
            for p in points[1:]:
                curve.addControlPoint(p[0], p[1])
            curve.setCurveFinished(True)
            # A new curve has a feather of 1.5 pixels all round.
            curve.getFeatherDistanceParam().setValue(0)
            for frame, points in keys:
                for i, p in enumerate(points):
                    curve.setPointAtIndex(i, frame, *p[0:6])
                    curve.setFeatherPointAtIndex(i, frame, *p[-6:])
            operator = NatronEngine.Natron.MergingFunctionEnum
            curve.setCompositingOperator(operator.eMergeMax if added else operator.eMergeMinus)
            opacity = curve.getOpacityParam()
            for frame, value in seen:
                opacity.setValueAtTime(value, frame)
                opacity.setInterpolationAtTime(frame, NatronEngine.Natron.KeyframeTypeEnum.eKeyframeTypeConstant)


build(app1)
`;
}

function bezier(shape: Shape, scene: ShapeScene): string {
  const { height } = scene.size;
  const numbers = (p: HostPoint) =>
    [p.x, height - p.y, p.inX - p.x, p.y - p.inY, p.outX - p.x, p.y - p.outY].map((v) => decimal(v)).join(',');
  const soft = softEdgeOf(shape);
  const keys = shape.keys.map((k, n) => {
    const points = soft
      ? soft[n].map(({ inner, outer }) => `(${numbers(inner)},${numbers(outer)})`)
      : pointsOfKey(k).map((p) => `(${numbers(p)})`);
    return `            (${shown(scene, k.frame)}, [${points.join(',')}]),\n`;
  });
  const seen = visibility(shape, scene).map(([f, v]) => `(${shown(scene, f as never)}, ${v})`);
  return `        (${python(shape.name)}, ${shape.mode === 'add' ? 'True' : 'False'}, [${seen.join(', ')}], [\n${keys.join('')}        ]),\n`;
}
