/** One triangle that covers the window. */
export const VERTEX = `#version 300 es
void main() {
  vec2 p = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
  gl_Position = vec4(p * 2.0 - 1.0, 0.0, 1.0);
}`;

const COMMON = `#version 300 es
precision highp float;
uniform vec2 window;      // drawing buffer, pixels
uniform vec3 view;        // scale, offset x, offset y, drawing buffer pixels
uniform vec2 size;        // source picture, pixels
out vec4 colour;
vec2 source() { return (vec2(gl_FragCoord.x, window.y - gl_FragCoord.y) - view.yz) / view.x; }
bool inside(vec2 p) { return p.x >= 0.0 && p.y >= 0.0 && p.x < size.x && p.y < size.y; }
`;

/** Gain and gamma; powers are dear where the processor draws, and mostly gamma is 1. */
const GRADE = `
uniform float gain;
uniform float gamma;
vec3 graded(vec3 c) {
  vec3 bright = clamp(c * gain, 0.0, 1.0);
  return gamma == 1.0 ? bright : pow(bright, vec3(1.0 / gamma));
}
`;

/** The value of a mask at a place of the picture; 0 outside its box (x0, y0, width, height). */
const ALPHA = `
float alphaIn(sampler2D of, vec4 box, vec2 p) {
  vec2 q = (p - box.xy) / box.zw;
  return q.x < 0.0 || q.y < 0.0 || q.x >= 1.0 || q.y >= 1.0 ? 0.0 : texture(of, q).r;
}
`;

/** The first pass: the plate, or what lies behind a cut-out. kind: 0 plate, 1 black, 2 checker, 3 a flat colour. */
export const PLATE = `${COMMON}${GRADE}
uniform sampler2D plate;
uniform int kind;
uniform vec3 surround;
uniform vec3 flat_colour;
void main() {
  vec2 p = source();
  if (!inside(p)) { colour = vec4(surround, 1.0); return; }
  if (kind == 0) {
    colour = vec4(graded(texture(plate, p / size).rgb), 1.0);
  } else if (kind == 1) colour = vec4(0.0, 0.0, 0.0, 1.0);
  else if (kind == 2) {
    vec2 cell = floor(gl_FragCoord.xy / 12.0);
    colour = vec4(vec3(mod(cell.x + cell.y, 2.0) < 1.0 ? 0.36 : 0.46), 1.0);
  } else colour = vec4(flat_colour, 1.0);
}`;

/**
 * One object over what is there. kind: 0 tint and outline, 1 outline, 2 matte (grey, the larger wins), 3 the plate where the object is.
 * The outline is the object's colour inside its half-way contour with a dark line outside, so that it shows on any plate.
 */
export const MASK = `${COMMON}${GRADE}${ALPHA}
uniform sampler2D mask;
uniform sampler2D plate;
uniform vec4 box;         // the mask's window in source pixels: x0, y0, width, height
uniform int kind;
uniform float tint;
uniform float line;       // width of the outline, drawing buffer pixels
uniform vec3 ink;
float alpha(vec2 p) { return alphaIn(mask, box, p); }
void main() {
  vec2 p = source();
  if (!inside(p)) { colour = vec4(0.0); return; }
  float a = alpha(p);
  if (kind == 2) { colour = vec4(vec3(a), 1.0); return; }
  if (kind == 3) {
    colour = vec4(graded(texture(plate, p / size).rgb) * a, a);
    return;
  }
  float least = 1.0, most = 0.0;
  for (int i = 0; i < 8; i++) {
    float t = float(i) * 0.7853981634;
    float n = alpha(p + vec2(cos(t), sin(t)) * line / view.x);
    least = min(least, n);
    most = max(most, n);
  }
  bool within = a >= 0.5;
  if (within && least < 0.5) colour = vec4(ink, 1.0);
  else if (!within && most >= 0.5) colour = vec4(0.0, 0.0, 0.0, 0.55);
  else { float s = kind == 0 ? a * tint : 0.0; colour = vec4(ink * s, s); }
}`;

/** What changed between two versions of an object: green came, red went, what stayed is grey. */
export const DIFFERENCE = `${COMMON}${ALPHA}
uniform sampler2D mask;
uniform sampler2D other;
uniform vec4 box;
uniform vec4 other_box;
void main() {
  vec2 p = source();
  if (!inside(p)) { colour = vec4(0.0); return; }
  float now = alphaIn(mask, box, p);
  float then = alphaIn(other, other_box, p);
  float change = abs(now - then);
  vec3 ink = now > then ? vec3(0.16, 0.83, 0.42) : vec3(1.0, 0.28, 0.22);
  float stayed = 0.22 * min(now, then);
  colour = vec4(ink * change + vec3(stayed), max(change, stayed));
}`;
