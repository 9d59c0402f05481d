import type { Picture } from '@rotokit/core/values';
import { CELL } from './font.js';
import { type MaskLayer, overlay } from './overlay.js';
import { type Colour, drawText, fill, pictureOf, place, type Raster, raster, textWidth } from './raster.js';
import { shrinkMask, shrinkPicture } from './resize.js';

/** One frame of a contact sheet. */
export interface Tile {
  readonly picture: Picture<'rgb8'>;
  readonly layers?: readonly MaskLayer[];
  /** Below the frame on the left: its number. */
  readonly label: string;
  /** Below the frame on the right, and as a bar: 0 to 1. */
  readonly confidence?: number;
  /** Puts a frame around the tile: somebody should look. */
  readonly flagged?: boolean;
}

/** How a contact sheet is laid out. */
export interface SheetOptions {
  /** Tiles side by side; about as many as make the sheet 16:9 unless told. */
  readonly columns?: number;
  /** Width of a tile in pixels, never more than the frames have; 320 unless told. */
  readonly tileWidth?: number;
  /** A line above everything. */
  readonly title?: string;
}

const TILE_WIDTH = 320;
const PAPER: Colour = [24, 25, 29];
const INK: Colour = [226, 228, 233];
const FAINT: Colour = [58, 60, 68];
const FLAG: Colour = [255, 86, 70];

/**
 * Frames side by side with their masks, numbers and confidence: a shot at a glance.
 * @throws RangeError without tiles, when pictures differ in size, or a mask has another size than its picture.
 */
export function contactSheet(tiles: readonly Tile[], options: SheetOptions = {}): Picture<'rgb8'> {
  if (tiles.length === 0) throw new RangeError('tiles must not be empty');
  const { width: full, height: tall } = tiles[0].picture;
  const odd = tiles.find((t) => t.picture.width !== full || t.picture.height !== tall);
  if (odd) throw new RangeError(`tiles must all be ${full}x${tall}, got ${odd.picture.width}x${odd.picture.height}`);
  const width = Math.min(options.tileWidth ?? TILE_WIDTH, full);
  const height = Math.max(1, Math.round((width * tall) / full));
  const columns = Math.min(
    tiles.length,
    options.columns ?? Math.max(1, Math.round(Math.sqrt((tiles.length * 16) / 9 / (width / height)))),
  );
  const scale = Math.max(1, Math.round(width / 170));
  const gap = 5 * scale;
  const strip = (CELL.height + 4) * scale;
  const top = options.title ? (CELL.height + 5) * scale + gap : gap;
  const rows = Math.ceil(tiles.length / columns);
  const sheet = raster(gap + columns * (width + gap), top + rows * (height + strip + gap), PAPER);
  if (options.title) drawText(sheet, fitted(options.title, sheet.width - 2 * gap, scale), gap, gap, scale, INK);
  tiles.forEach((tile, i) => {
    const x = gap + (i % columns) * (width + gap);
    const y = top + Math.floor(i / columns) * (height + strip + gap);
    if (tile.flagged) fill(sheet, x - scale, y - scale, width + 2 * scale, height + strip + scale, FLAG);
    if (tile.flagged) fill(sheet, x, y + height, width, strip - scale, PAPER);
    const { picture, layers = [] } = shrinkTile(tile, width); // first, so that outlines keep their width
    place(sheet, overlay(picture, layers, { line: Math.max(1, Math.round(width / 220)) }), x, y);
    caption(sheet, tile, x, y + height, width, scale);
  });
  return pictureOf(sheet);
}

/**
 * A tile made as small as it will be shown, so that nobody keeps the pictures of a whole shot in memory until the sheet
 * is drawn. Wider tiles than the picture stay as they are.
 */
export function shrinkTile(tile: Tile, width = TILE_WIDTH): Tile {
  const { picture, layers = [] } = tile;
  if (width >= picture.width) return tile;
  const height = Math.max(1, Math.round((width * picture.height) / picture.width));
  return {
    ...tile,
    picture: pictureOf(shrinkPicture(picture, width, height)),
    layers: layers.map(({ mask, colour }) => ({ mask: shrinkMask(mask, width, height), colour })),
  };
}

function caption(sheet: Raster, tile: Tile, x: number, y: number, width: number, scale: number): void {
  const line = y + 3 * scale;
  const { confidence } = tile;
  const number = confidence === undefined ? '' : confidence.toFixed(2);
  const room = width - 4 * scale - (number ? textWidth(number, scale) + CELL.width * scale : 0);
  drawText(sheet, fitted(tile.label, room, scale), x + 2 * scale, line, scale, INK);
  if (confidence === undefined) return;
  const sure = Math.max(0, Math.min(1, confidence));
  const colour: Colour = [Math.round(255 - 165 * sure ** 2), Math.round(70 + 150 * sure), 80];
  fill(sheet, x, y, width, scale, FAINT);
  fill(sheet, x, y, Math.round(width * sure), scale, colour);
  drawText(sheet, number, x + width - 2 * scale - textWidth(number, scale), line, scale, colour);
}

/** A text cut to the pixels there are, with two dots where something is missing. */
function fitted(text: string, room: number, scale: number): string {
  const letters = [...text];
  const most = Math.floor((room / scale + 1) / CELL.width);
  return letters.length <= most ? text : `${letters.slice(0, Math.max(0, most - 2)).join('')}..`;
}
