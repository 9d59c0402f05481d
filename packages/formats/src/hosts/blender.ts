import { framesPerSecond, type Shape, type ShapeScene } from '@rotokit/core/values';
import {
  decimal,
  type Host,
  type HostPoint,
  pointsOfKey,
  python,
  runsClockwise,
  shown,
  softEdgeOf,
  visibility,
} from './host.js';

/**
 * Blender: a Python script that makes one mask an object and a layer a shape, for the movie clip and image editors and the
 * compositor's Mask node. Coordinates are in the longer side of the picture around its middle, y up, handles absolute. Shape keys
 * exist only through an operator that works on the selected points of the mask in an image editor, so the script borrows one.
 *
 * Blender (measured with 3.4.1) lays a ramp of one to two pixels on the left of every spline, and what lies inside is full all the same. Splines
 * that run counterclockwise on the screen therefore have hard edges exactly on the outline, clockwise ones grow by the ramp: ours are
 * written counterclockwise, whatever way the shape runs. Soft shapes run clockwise along the inner side of their edge, and each point's weight
 * is the width of the edge in the longer side of the picture: the ramp goes from there outwards, half of it where the outline was.
 */
export const blender: Host = {
  title: 'Blender 3.2 and later',
  checked: 'run by Blender 3.4.1 without a screen, its pictures compared with our rasteriser',
  files: (scene) => [{ name: `${scene.shot}_masks.py`, text: script(scene) }],
};

function script(scene: ShapeScene): string {
  const first = shown(scene, scene.range.start);
  const last = shown(scene, (scene.range.end - 1) as never);
  const fps = framesPerSecond(scene.rate);
  const masks = scene.objects.map(
    (o) => `    (${python(o.name)}, [\n${o.shapes.map((s) => layer(s, scene)).join('')}    ]),\n`,
  );
  return `# Made by rotokit: blender FILE.blend --python THIS.py, or the text editor's Run Script.
import bpy

FIRST, LAST = ${first}, ${last}
# Objects; each shape: name, blend, visibility [(frame, 0 or 1)], keys [(frame, [(x, y, inx, iny, outx, outy)])];
# a soft shape's points have the width of its edge as a seventh number.
OBJECTS = [
${masks.join('')}]

scene = bpy.context.scene
scene.frame_start, scene.frame_end = FIRST, LAST
scene.render.fps = ${Math.round(fps)}
scene.render.fps_base = ${decimal(Math.round(fps) / fps, 8)}
${MAKE_MASKS}`;
}

/** The part of the script that is the same for all scenes. */
const MAKE_MASKS = `
def place(point, key):
    point.handle_left_type = point.handle_right_type = 'FREE'
    point.co = key[0:2]
    point.handle_left = key[2:4]
    point.handle_right = key[4:6]
    # Blender moves the other handle along in some versions: set both again.
    point.handle_left = key[2:4]
    point.handle_right = key[4:6]
    point.weight = key[6] if len(key) > 6 else 0


area = bpy.context.screen.areas[0] if bpy.context.screen else bpy.data.screens[0].areas[0]
window = bpy.context.window or bpy.context.window_manager.windows[0]
kept = area.type
area.type = 'IMAGE_EDITOR'
space = area.spaces.active
space.mode = 'MASK'
for name, shapes in OBJECTS:
    mask = bpy.data.masks.new(name)
    mask.frame_start, mask.frame_end = FIRST, LAST
    for label, blend, seen, keys in shapes:
        layer = mask.layers.new(name=label)
        layer.blend = blend
        # Its correction of overlaps empties some outlines.
        layer.use_fill_overlap = False
        layer.falloff = 'LINEAR'
        spline = layer.splines.new()
        spline.use_cyclic = True
        spline.points.add(len(keys[0][1]) - len(spline.points))
        for other in mask.layers:
            other.select = other == layer
            for s in other.splines:
                for p in s.points:
                    p.select = other == layer
        mask.layers.active = layer
        space.mask = mask
        for frame, points in keys:
            scene.frame_set(frame)
            for point, key in zip(spline.points, points):
                place(point, key)
            with bpy.context.temp_override(window=window, area=area, region=area.regions[-1], space_data=space):
                bpy.ops.mask.shape_key_insert()
        for frame, value in seen:
            layer.alpha = value
            layer.keyframe_insert('alpha', frame=frame)
    if mask.animation_data and mask.animation_data.action:
        for curve in mask.animation_data.action.fcurves:
            for key in curve.keyframe_points:
                key.interpolation = 'CONSTANT'
area.type = kept
scene.frame_set(FIRST)
`;

function layer(shape: Shape, scene: ShapeScene): string {
  const { width, height } = scene.size;
  const side = Math.max(width, height);
  const x = (v: number) => decimal(0.5 + (v - width / 2) / side, 7);
  const y = (v: number) => decimal(0.5 + (height / 2 - v) / side, 7);
  const clockwise = runsClockwise(shape);
  const soft = softEdgeOf(shape);
  const keys = shape.keys.map((k, n) => {
    const along: readonly Weighted[] = soft
      ? soft[n].map(({ inner, width: w }) => ({ ...inner, weight: `,${decimal(w / side, 7)}` }))
      : pointsOfKey(k);
    const ordered = clockwise === !soft ? backwards(along) : along;
    const points = ordered.map(
      (p) => `(${x(p.x)},${y(p.y)},${x(p.inX)},${y(p.inY)},${x(p.outX)},${y(p.outY)}${p.weight ?? ''})`,
    );
    return `            (${shown(scene, k.frame)}, [${points.join(',')}]),\n`;
  });
  const seen = visibility(shape, scene).map(([f, v]) => `(${shown(scene, f as never)}, ${v})`);
  const blend = shape.mode === 'add' ? 'LIGHTEN' : 'SUBTRACT';
  return `        (${python(shape.name)}, '${blend}', [${seen.join(', ')}], [\n${keys.join('')}        ]),\n`;
}

/** A point, and its weight as text where it has one. */
interface Weighted extends HostPoint {
  readonly weight?: string;
}

const backwards = (points: readonly Weighted[]): readonly Weighted[] =>
  points.map((p) => ({ ...p, inX: p.outX, inY: p.outY, outX: p.inX, outY: p.inY })).reverse();
