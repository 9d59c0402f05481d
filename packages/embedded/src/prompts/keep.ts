import { labelComponents, squaredDistance } from '../primitives/index.js';
import type { HardLabels } from './labels.js';

/** Areas, as parts of the largest component, from which one stays although nothing was said in it. */
const STAYS = { clicks: 0.15, box: 0.04, neither: 0.05 };
/** How far such a part may be from what was clicked, as a part of the size of that: wider gaps are other things. */
const GAP = 0.2;

/** Components near enough to those that were meant to be cut off from them by something in front. */
function nearby(component: Int32Array, meant: Uint8Array, count: number, labels: HardLabels): Uint8Array {
  const { width, height } = labels;
  const clicked = new Uint8Array(component.length);
  let area = 0;
  for (let k = 0; k < clicked.length; k++) area += clicked[k] = meant[component[k]];
  const reach = GAP * GAP * area;
  const away = squaredDistance(clicked, width, height, true);
  const near = new Uint8Array(count);
  for (let k = 0; k < clicked.length; k++) if (away[k] <= reach) near[component[k]] = 1;
  return near;
}

/**
 * Leaves the components that the prompts mean: those with a positive label and large ones right beside them; with a box or
 * without any positive label all but the small ones. In place.
 */
export function keepMeant(mask: Uint8Array, labels: HardLabels): void {
  const { width, height, said, box, hasPositive } = labels;
  const { labels: component, areas } = labelComponents(mask, width, height);
  if (areas.length <= 2) return;
  const meant = new Uint8Array(areas.length);
  for (let k = 0; k < mask.length; k++) if (said[k] === 1 && component[k] > 0) meant[component[k]] = 1;
  const near = hasPositive && !box ? nearby(component, meant, areas.length, labels) : null;
  const least = Math.max(...areas) * (box ? STAYS.box : hasPositive ? STAYS.clicks : STAYS.neither);
  for (let k = 0; k < mask.length; k++) {
    const id = component[k];
    if (id > 0 && !meant[id] && (areas[id] < least || near?.[id] === 0)) mask[k] = 0;
  }
}

/**
 * A correction keeps what was right: of the differences between the new answer and the one before, only those stay that
 * touch a label which the answer before contradicted. Returns 1 where the new answer is to be taken. Where no label
 * contradicts it, the answer before stands. The new answer holds its labels.
 */
export function changedByPrompts(before: Uint8Array, after: Uint8Array, labels: HardLabels): Uint8Array {
  const { width, said, outside } = labels;
  const take = new Uint8Array(before.length);
  const asked: number[] = [];
  const visit = (k: number, value: number): void => {
    if (take[k] || after[k] !== value || before[k] === value) return;
    take[k] = 1;
    asked.push(k);
  };
  for (let k = 0; k < said.length; k++) if (said[k] !== 0) visit(k, said[k] === 1 ? 1 : 0);
  while (asked.length > 0) {
    const k = asked.pop()!;
    const x = k % width;
    if (x > 0) visit(k - 1, after[k]);
    if (x < width - 1) visit(k + 1, after[k]);
    if (k >= width) visit(k - width, after[k]);
    if (k < take.length - width) visit(k + width, after[k]);
  }
  for (let k = 0; k < take.length; k++) if (said[k] !== 0 || outside?.[k]) take[k] = 1;
  return take;
}
