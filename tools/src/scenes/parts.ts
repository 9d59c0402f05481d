import type { Canvas } from './canvas.js';
import { type Corners, drawFace, drawRing, drawSprite, type Ring } from './flats.js';
import { compose, type Matrix, mapX, mapY, meanScale } from './matrix.js';
import type { Picture, Pyramid, Sprite } from './picture.js';
import { type Capsule, drawCapsule, drawPuff, drawRound, type Look, type Round } from './solids.js';

/** The surface of a part: a texture that wraps round it. */
export type Skin = Pyramid<Picture>;

/**
 * One piece of an actor in the actor's own coordinates (pixels of a 480-line picture, x right, y down, origin in the
 * middle of the actor). `depth` orders the pieces: far ones (large) are drawn first.
 */
export type Part = { readonly depth: number } & (
  | ({ readonly kind: 'capsule'; readonly skin: Skin } & Capsule)
  | ({ readonly kind: 'round'; readonly skin: Skin } & Round)
  | { readonly kind: 'face'; readonly skin: Skin; readonly corners: Corners; readonly gain: number }
  | ({ readonly kind: 'ring'; readonly skin: Skin } & Ring)
  | { readonly kind: 'sprite'; readonly sprite: Pyramid<Sprite>; readonly map: Matrix }
  | {
      readonly kind: 'puff';
      readonly x: number;
      readonly y: number;
      readonly radius: number;
      readonly colour: readonly [number, number, number];
      readonly opacity: number;
    }
);

/** Draws a part through the map from the actor's coordinates to the screen. Puffs never belong to an object. */
export function drawPart(canvas: Canvas, part: Part, map: Matrix, look: Look): void {
  const scale = meanScale(map);
  const turn = Math.atan2(map.d, map.a);
  switch (part.kind) {
    case 'capsule':
      drawCapsule(
        canvas,
        {
          x0: mapX(map, part.x0, part.y0),
          y0: mapY(map, part.x0, part.y0),
          r0: part.r0 * scale,
          x1: mapX(map, part.x1, part.y1),
          y1: mapY(map, part.x1, part.y1),
          r1: part.r1 * scale,
          bulge: part.bulge * scale,
          spin: part.spin,
        },
        part.skin,
        look,
      );
      break;
    case 'round': {
      const { x, y, rx, ry, angle, ...rest } = part;
      const to = { x: mapX(map, x, y), y: mapY(map, x, y), rx: rx * scale, ry: ry * scale, angle: angle + turn };
      drawRound(canvas, { ...rest, ...to }, part.skin, look);
      break;
    }
    case 'face': {
      const c = part.corners;
      const corners = [0, 2, 4, 6].flatMap((i) => [mapX(map, c[i], c[i + 1]), mapY(map, c[i], c[i + 1])]);
      drawFace(canvas, corners, part.skin, { ...look, gain: look.gain * part.gain });
      break;
    }
    case 'ring': {
      const { x, y, rx, ry, angle, band } = part;
      const to = { x: mapX(map, x, y), y: mapY(map, x, y), angle: angle + turn };
      drawRing(canvas, { ...to, rx: rx * scale, ry: ry * scale, band: band * scale }, part.skin, look);
      break;
    }
    case 'sprite':
      drawSprite(canvas, part.sprite, compose(map, part.map), look);
      break;
    case 'puff': {
      const x = mapX(map, part.x, part.y);
      drawPuff(canvas, x, mapY(map, part.x, part.y), part.radius * scale, part.colour, part.opacity);
      break;
    }
  }
}
