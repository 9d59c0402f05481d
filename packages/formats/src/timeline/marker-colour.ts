/** Colours that both OpenTimelineIO's `MarkerColor` and locators of edit lists know, by name. */
const NAMED = {
  RED: [255, 0, 0],
  GREEN: [0, 255, 0],
  BLUE: [0, 0, 255],
  CYAN: [0, 255, 255],
  MAGENTA: [255, 0, 255],
  YELLOW: [255, 255, 0],
  BLACK: [0, 0, 0],
  WHITE: [255, 255, 255],
} as const;

/** The name of the colour nearest to `#rrggbb`; RED without one. Nearest after the brightest channel was stretched to 255, so that a muted red is red and not black. */
export function markerColour(colour: string | undefined): string {
  if (colour === undefined) return 'RED';
  const rgb = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const [most, least] = [Math.max(...rgb), Math.min(...rgb)];
  if (most - least < 40) return most > 127 ? 'WHITE' : 'BLACK';
  const pure = rgb.map((v) => (255 * (v - least)) / (most - least));
  const away = (name: keyof typeof NAMED) =>
    NAMED[name].reduce<number>((n, v, i) => n + (v - (pure[i] as number)) ** 2, 0);
  return (Object.keys(NAMED) as (keyof typeof NAMED)[]).reduce((a, b) => (away(b) < away(a) ? b : a));
}
