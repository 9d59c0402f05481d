/** Paths on a grid of 16, stroked; every sign of the page is one of these. */
const PATHS = {
  click: 'M4 2.5l8.2 5-3.6.9-1.7 3.4z',
  box: 'M2.5 4.5h11v7h-11z',
  brush:
    'M12.8 2.6c-2.6 1-5 3.4-6.3 5.9l1.3 1.3c2.4-1.4 4.7-4 5.6-6.6zM6 9.2c-2 0-1.7 2.6-3.6 3 1.6 1.3 4.9.8 4.9-1.7z',
  hand: 'M5 8.5V4.2a1 1 0 012 0V7.500V3.200a1 1 0 012 0V7.500V4.200a1 1 0 012 0V9c0 3-1.500 4.800-3.600 4.800S4 12 2.800 9.300c.6-.9 1.600-.6 2.200-.8z',
  undo: 'M6 3.500L3 6.500l3 3M3 6.500h6.500a3.500 3.500 0 010 7H7',
  redo: 'M10 3.500l3 3-3 3M13 6.500H6.500a3.500 3.500 0 000 7H9',
  eye: 'M1.500 8S4 3.800 8 3.800 14.500 8 14.500 8 12 12.200 8 12.200 1.500 8 1.500 8zM8 6.300a1.700 1.700 0 100 3.400 1.700 1.700 0 000-3.400z',
  hidden: 'M2 8s2.400-4.200 6-4.200S14 8 14 8s-2.400 4.200-6 4.200S2 8 2 8zM3 13L13 3',
  lock: 'M4 7.500h8v5.500H4zM5.500 7.500V5.500a2.500 2.500 0 015 0v2',
  open: 'M4 7.500h8v5.500H4zM5.500 7.500V5.500a2.500 2.500 0 014.800-1',
  plus: 'M8 3v10M3 8h10',
  cross: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.500l3.500 3.500L13 4.500',
  play: 'M5 3l8 5-8 5z',
  back: 'M11 3L3 8l8 5z',
  stop: 'M4.500 4.500h7v7h-7z',
  next: 'M4 3.500L9.500 8 4 12.500zM12 3.500v9',
  previous: 'M12 3.500L6.500 8l5.500 4.500zM4 3.500v9',
  anchorNext: 'M3 8h5M6 5.500L8.500 8 6 10.500M12.500 5.500L15 8l-2.500 2.500L10 8z',
  anchorBack: 'M13 8H8M10 5.500L7.500 8l2.500 2.500M3.500 5.500L6 8l-2.500 2.500L1 8z',
  track: 'M2 11c2.500 0 2.500-6 5-6s2.500 6 5 6M11 8.500l2.500 2.500-2.500 2.500',
  solo: 'M8 2.500l1.700 3.600 3.900.5-2.900 2.700.8 3.900L8 11.300l-3.500 1.900.8-3.900L2.400 6.600l3.900-.5z',
  bin: 'M3.500 4.500h9M6 4.500V3h4v1.500M4.500 4.500l.6 8.500h5.800l.6-8.500',
  folder: 'M2 4h4l1.500 1.500H14V12.500H2z',
  film: 'M2.500 3.500h11v9h-11zM5 3.500v9M11 3.500v9M2.500 8h11',
  keys: 'M2 4.500h12v7H2zM4.500 7h.1M7 7h.1M9.500 7h.1M12 7h.1M5 9.500h6',
} as const;

/** The name of a sign. */
export type IconName = keyof typeof PATHS;

/** A sign, drawn in the colour of the text around it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
