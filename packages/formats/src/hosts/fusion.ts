import type { Shape, ShapeScene } from '@rotokit/core/values';
import {
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
 * Fusion and Resolve's Fusion page: a `.setting` file, a Lua table to be dropped on the flow. A PolylineMask a shape, chained
 * so that the last one of an object carries its whole matte. Coordinates are parts of the picture from its middle, y up,
 * handles relative. The first value of a key only has to grow from key to key. A soft shape runs along the inner side of its edge, and its
 * outer polygon along the outer one; that a double polygon is told by its second polyline alone is inferred.
 */
export const fusion: Host = {
  title: 'Fusion 9 and later, Resolve 15 and later',
  checked: 'never opened in Fusion; our tests read it back by the grammar of Lua tables',
  files: (scene) => [{ name: `${scene.shot}_masks.setting`, text: setting(scene) }],
};

function setting(scene: ShapeScene): string {
  const taken = new Set<string>();
  const tools: string[] = [];
  scene.objects.forEach(({ shapes }, row) => {
    let before: string | undefined;
    shapes.forEach((shape, column) => {
      const name = identifier(shape.name, taken);
      const soft = softEdgeOf(shape);
      tools.push(mask(shape, scene, name, before, { at: [column * 110, row * 33], double: soft !== undefined }));
      const inner = soft?.map((key) => key.map((p) => p.inner)) ?? shape.keys.map(pointsOfKey);
      tools.push(path(shape, scene, `${name}Polyline`, inner));
      if (soft)
        tools.push(
          path(
            shape,
            scene,
            `${name}Outer`,
            soft.map((key) => key.map((p) => p.outer)),
          ),
        );
      tools.push(level(shape, scene, name));
      before = name;
    });
  });
  return `{\n\tTools = ordered() {\n${tools.join('')}\t}\n}\n`;
}

function mask(
  shape: Shape,
  { size }: ShapeScene,
  name: string,
  before: string | undefined,
  { at: [x, y], double }: { readonly at: readonly [number, number]; readonly double: boolean },
): string {
  const outer = double
    ? `Input { SourceOp = "${name}Outer", Source = "Value", }`
    : 'Input { Value = Polyline { }, Disabled = true, }';
  const chain = before ? `\n\t\t\t\tEffectMask = Input { SourceOp = "${before}", Source = "Mask", },` : '';
  return `\t\t${name} = PolylineMask {
\t\t\tDrawMode = "InsertAndModify",
\t\t\tDrawMode2 = "InsertAndModify",
\t\t\tCtrlWZoom = false,
\t\t\tInputs = {${chain}
\t\t\t\tPaintMode = Input { Value = FuID { "${shape.mode === 'add' ? 'Maximum' : 'Subtract'}" }, },
\t\t\t\tLevel = Input { SourceOp = "${name}Level", Source = "Value", },
\t\t\t\tOutputSize = Input { Value = FuID { "Custom" }, },
\t\t\t\tMaskWidth = Input { Value = ${size.width}, },
\t\t\t\tMaskHeight = Input { Value = ${size.height}, },
\t\t\t\tPixelAspect = Input { Value = { 1, 1 }, },
\t\t\t\tClippingMode = Input { Value = FuID { "None" }, },
\t\t\t\tPolyline = Input { SourceOp = "${name}Polyline", Source = "Value", },
\t\t\t\tPolyline2 = ${outer},
\t\t\t},
\t\t\tViewInfo = OperatorInfo { Pos = { ${x}, ${y} } },
\t\t},
`;
}

function path(shape: Shape, scene: ShapeScene, name: string, outlines: readonly (readonly HostPoint[])[]): string {
  const { width, height } = scene.size;
  const keys = shape.keys.map((k, n) => {
    const points = outlines[n].map((p) => {
      const field = (f: string, v: number) => `${f} = ${decimal(v, 8)}`;
      return `{ ${[
        field('X', p.x / width - 0.5),
        field('Y', 0.5 - p.y / height),
        field('LX', (p.inX - p.x) / width),
        field('LY', (p.y - p.inY) / height),
        field('RX', (p.outX - p.x) / width),
        field('RY', (p.y - p.outY) / height),
      ].join(', ')} }`;
    });
    return `\t\t\t\t[${shown(scene, k.frame)}] = { ${n}, Flags = { Linear = true, LockedY = true }, Value = Polyline { Closed = true, Points = {\n\t\t\t\t\t${points.join(',\n\t\t\t\t\t')} } } },\n`;
  });
  return `\t\t${name} = BezierSpline {\n\t\t\tSplineColor = { Red = 173, Green = 255, Blue = 47 },\n\t\t\tNameSet = true,\n\t\t\tKeyFrames = {\n${keys.join('')}\t\t\t}\n\t\t},\n`;
}

function level(shape: Shape, scene: ShapeScene, name: string): string {
  const keys = steppedVisibility(shape, scene).map(
    ([f, v]) => `[${shown(scene, f as never)}] = { ${v}, Flags = { Linear = true } }`,
  );
  return `\t\t${name}Level = BezierSpline {\n\t\t\tNameSet = true,\n\t\t\tKeyFrames = { ${keys.join(', ')} }\n\t\t},\n`;
}
