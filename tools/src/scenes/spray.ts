import type { Canvas } from './canvas.js';
import { type Matrix, mapX, mapY, meanScale } from './matrix.js';
import { poseAt } from './path.js';
import { random } from './random.js';
import type { Role, Spray } from './scene.js';
import { drawPuff } from './solids.js';

/** Draws the puffs of a spray that are alive at a time. Each is a function of its number alone, so any time can be drawn. */
export function drawSpray(canvas: Canvas, spray: Spray, role: Role, foot: number, time: number, screen: Matrix): void {
  const scale = meanScale(screen);
  const first = Math.ceil((time - spray.life) * spray.rate);
  const last = Math.floor(time * spray.rate);
  for (let n = first; n <= last; n++) {
    const r = random((spray.seed ^ Math.imul(n + 65536, 0x9e3779b1)) >>> 0);
    const born = n / spray.rate;
    const age = (time - born) / spray.life;
    const pose = poseAt(role.path, born);
    const direction = r.range(-Math.PI, 0);
    const run = spray.speed * r.range(0.3, 1) * (time - born) * (1 - 0.4 * age);
    const x = pose.x + pose.scale * r.normal() * foot * 0.35 + run * Math.cos(direction);
    const y = pose.y + pose.scale * foot * r.range(0.75, 1.05) + run * Math.sin(direction) + 0.03 * (time - born) ** 2;
    const radius = spray.size * pose.scale * (0.3 + 0.7 * Math.sqrt(age)) * r.range(0.5, 1.2) * scale;
    drawPuff(canvas, mapX(screen, x, y), mapY(screen, x, y), radius, spray.colour, spray.opacity * (1 - age));
  }
}
