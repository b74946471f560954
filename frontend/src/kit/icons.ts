// Our own icons as data: 20 x 20 grid, 1.5 stroke, round caps; each one drawn from lines, boxes, circles and dots.

export type Shape = string | { dot: string };

const rounded = (n: number): string => String(Math.round(n * 100) / 100);

/** A circle as two arcs. */
function circle(x: number, y: number, r: number): string {
  return `M${rounded(x - r)} ${y}a${r} ${r} 0 1 0 ${r * 2} 0a${r} ${r} 0 1 0 ${-r * 2} 0Z`;
}

/** A box with round corners, clockwise from the end of its top start corner. */
function box(x: number, y: number, w: number, h: number, r: number): string {
  const across = rounded(w - 2 * r);
  const along = rounded(h - 2 * r);
  const corner = (dx: number, dy: number): string => `a${r} ${r} 0 0 1 ${dx * r} ${dy * r}`;
  const sides = [`h${across}`, corner(1, 1), `v${along}`, corner(-1, 1), `h-${across}`, corner(-1, -1), `v-${along}`];
  return `M${rounded(x + r)} ${y}${sides.join('')}${corner(1, -1)}Z`;
}

/** A filled dot. */
function dot(x: number, y: number): { dot: string } {
  return { dot: circle(x, y, 0.9) };
}

const DRAWINGS = {
  logo: [box(5.25, 2.5, 9.5, 7, 2.5), box(3.75, 9.5, 12.5, 8, 2.75)],
  library: [
    box(2.75, 3.25, 8.5, 5.75, 1.25), box(13.5, 3.25, 3.75, 5.75, 1.25), box(2.75, 11.25, 4.25, 5.5, 1.25),
    box(9.25, 11.25, 8, 5.5, 1.25),
  ],
  squares: [
    box(3.25, 3.25, 5.5, 5.5, 1.25), box(11.25, 3.25, 5.5, 5.5, 1.25), box(3.25, 11.25, 5.5, 5.5, 1.25),
    box(11.25, 11.25, 5.5, 5.5, 1.25),
  ],
  prompt: ['M3.5 5.25h13M3.5 10h13M3.5 14.75h7.5'],
  masonry: [box(2.75, 3.25, 6.25, 8.75, 1.25), box(2.75, 14, 6.25, 2.75, 1), box(11, 3.25, 6.25, 3.75, 1.25), box(11, 9.25, 6.25, 7.5, 1.25)],
  feed: [box(5.25, 2.5, 9.5, 9.25, 1.5), box(5.25, 14, 9.5, 3.5, 1.25)],
  list: [box(3, 3.75, 3.5, 3.5, 1), box(3, 12.25, 3.5, 3.5, 1), 'M9.5 5.5H17M9.5 14H17'],
  search: [circle(9, 9, 5.25), 'M13 13l3.75 3.75'],
  heart: ['M10 16.5S3.25 12.6 3.25 8A3.55 3.55 0 0 1 10 6.4 3.55 3.55 0 0 1 16.75 8c0 4.6-6.75 8.5-6.75 8.5Z'],
  star: ['M10 3.1l2.1 4.4 4.8.6-3.5 3.4.9 4.8-4.3-2.4-4.3 2.4.9-4.8L3.1 8.1l4.8-.6Z'],
  plus: ['M10 4v12M4 10h12'],
  minus: ['M4.5 10h11'],
  close: ['M5 5l10 10M15 5 5 15'],
  check: ['M4.5 10.5l3.75 3.75L15.5 6.5'],
  right: ['M8 5l5 5-5 5'],
  left: ['M12 5l-5 5 5 5'],
  down: ['M5 8l5 5 5-5'],
  up: ['M5 12l5-5 5 5'],
  arrowup: ['M10 16V4.5M5.5 9 10 4.5 14.5 9'],
  arrowleft: ['M16 10H4.5M9 5.5 4.5 10 9 14.5'],
  more: [dot(4.5, 10), dot(10, 10), dot(15.5, 10)],
  create: [
    'M10.75 3.75h-5a2 2 0 0 0-2 2v8.5a2 2 0 0 0 2 2h8.5a2 2 0 0 0 2-2v-5', 'M4 13.5l3.25-3 3 2.75 2-1.75 3.5 3',
    'M15 2.5v5M12.5 5h5',
  ],
  collections: [
    'M3.25 6.25a1.5 1.5 0 0 1 1.5-1.5h3l1.5 1.75h6a1.5 1.5 0 0 1 1.5 1.5v6.25a1.5 1.5 0 0 1-1.5 1.5H4.75a1.5 1.5 0 0 1-1.5-1.5Z',
  ],
  smart: ['M3.25 4.25h13.5l-5.25 6.5v4.5l-3 1.25v-5.75Z'],
  stack: [box(3.25, 6.5, 10.25, 10.25, 2), 'M6.75 3.5h8a2 2 0 0 1 2 2v8'],
  compare: [box(2.75, 4, 6, 12, 1.5), box(11.25, 4, 6, 12, 1.5)],
  similar: [circle(7.75, 10, 4.75), circle(12.25, 10, 4.75)],
  lineage: [
    circle(4.75, 10, 1.75), circle(15.25, 5, 1.75), circle(15.25, 15, 1.75),
    'M6.5 10H8c3 0 2-5 5.5-5M8 10c3 0 2 5 5.5 5',
  ],
  import: [
    'M10 3v8.75M6.5 8.5 10 12l3.5-3.5M3.5 12.75V15A1.75 1.75 0 0 0 5.25 16.75h9.5A1.75 1.75 0 0 0 16.5 15v-2.25',
  ],
  download: ['M10 3.25v9.5M6.25 9 10 12.75 13.75 9M4 16.5h12'],
  share: [
    'M10 12.5v-9M6.5 6.75 10 3.25l3.5 3.5M5.5 9.5h-.25A1.75 1.75 0 0 0 3.5 11.25v3.5a1.75 1.75 0 0 0 1.75 1.75h9.5a1.75 1.75 0 0 0 1.75-1.75v-3.5a1.75 1.75 0 0 0-1.75-1.75h-.25',
  ],
  trash: [
    'M3.75 5.75h12.5M8 5.5V4.25a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1V5.5M5.25 5.75l.7 9.4a1.5 1.5 0 0 0 1.5 1.35h5.1a1.5 1.5 0 0 0 1.5-1.35l.7-9.4M8.5 9v4.25M11.5 9v4.25',
  ],
  tag: [
    'M3.25 4.75v4.6c0 .4.16.78.44 1.06l6 6a1.5 1.5 0 0 0 2.12 0l4.6-4.6a1.5 1.5 0 0 0 0-2.12l-6-6a1.5 1.5 0 0 0-1.06-.44h-4.6a1.5 1.5 0 0 0-1.5 1.5Z',
    dot(6.9, 6.9),
  ],
  copy: [
    box(7, 7, 9.75, 9.75, 1.75),
    'M4.5 13A1.25 1.25 0 0 1 3.25 11.75V5A1.75 1.75 0 0 1 5 3.25h6.75c.7 0 1.25.55 1.25 1.25',
  ],
  info: [circle(10, 10, 6.75), 'M10 9.25v4M10 6.6v.15'],
  settings: ['M3 6h7.5M14.5 6H17M3 14h2.5M9.5 14H17', circle(12.5, 6, 1.9), circle(7.5, 14, 1.9)],
  jobs: ['M2.75 10h3l2.5-5.5 3.5 11 2.5-5.5h3'],
  usage: ['M3.25 16.5h13.5M5.5 13.5V10M10 13.5v-9M14.5 13.5V7.5'],
  key: [circle(7, 13, 3.5), 'M9.5 10.5l6.75-6.75M13 7l2.25 2.25M15 5l1.5 1.5'],
  play: ['M6.75 4.6v10.8a.6.6 0 0 0 .92.5l8.3-5.4a.6.6 0 0 0 0-1L7.67 4.1a.6.6 0 0 0-.92.5Z'],
  pause: ['M7 4.5v11M13 4.5v11'],
  mute: ['M3.25 8v4h2.5L9.5 15V5L5.75 8ZM12.75 8l4 4M16.75 8l-4 4'],
  sound: ['M3.25 8v4h2.5L9.5 15V5L5.75 8ZM12.5 7.75a3.2 3.2 0 0 1 0 4.5M14.6 5.6a6.2 6.2 0 0 1 0 8.8'],
  clip: [box(2.75, 4.75, 10, 10.5, 1.75), 'M12.75 9l4.5-2.5v7l-4.5-2.5'],
  image: [box(3.25, 3.75, 13.5, 12.5, 2), circle(7.25, 7.75, 1.25), 'M3.5 14l3.75-3.5 2.75 2.5 2.75-2.75 4 3.75'],
  fit: [
    'M7 3.5H4.5a1 1 0 0 0-1 1V7M13 3.5h2.5a1 1 0 0 1 1 1V7M7 16.5H4.5a1 1 0 0 1-1-1V13M13 16.5h2.5a1 1 0 0 0 1-1V13',
  ],
  zoom: [circle(9, 9, 5.25), 'M13 13l3.75 3.75M9 6.75v4.5M6.75 9h4.5'],
  calendar: [box(3.25, 4.5, 13.5, 12, 2), 'M3.5 8.5h13M7 3v3M13 3v3'],
  clock: [circle(10, 10, 6.75), 'M10 6v4.25l2.75 1.75'],
  shield: ['M10 2.75 4 5v4.5c0 3.8 2.6 6.4 6 7.75 3.4-1.35 6-3.95 6-7.75V5Z', 'M7.25 9.75l2 2 3.5-3.75'],
  rejected: ['M10 2.75 4 5v4.5c0 3.8 2.6 6.4 6 7.75 3.4-1.35 6-3.95 6-7.75V5Z', 'M7.9 7.9l4.2 4.2M12.1 7.9l-4.2 4.2'],
  alert: [circle(10, 10, 6.75), 'M10 6.5v4.25M10 13.3v.1'],
  warn: ['M10 3.5 2.9 15.4a.75.75 0 0 0 .65 1.1h12.9a.75.75 0 0 0 .65-1.1ZM10 8v3.75M10 13.9v.1'],
  question: [circle(10, 10, 6.75), 'M8 8.1a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.35M10 13.6v.1'],
  missing: [
    'M3.25 7V5.25a2 2 0 0 1 2-2H7M10 3.25h2M14.75 3.25a2 2 0 0 1 2 2V7M16.75 10v2M16.75 14.75a2 2 0 0 1-2 2H13M10 16.75H8M5.25 16.75a2 2 0 0 1-2-2V13M3.25 10.25v-.5M8 8l4 4M12 8l-4 4',
  ],
  undo: ['M6.5 3.75 3.25 7l3.25 3.25M3.5 7h8.25a4.5 4.5 0 0 1 0 9H7'],
  retry: ['M15.9 8.2A6.25 6.25 0 1 0 16.25 11M16.5 4v4.25h-4.25'],
  remix: [
    'M3 6h2.5c4.5 0 4.5 8 9 8H17M3 14h2.5c1.5 0 2.5-.9 3.3-2.1M11.2 8.1C12 6.9 13 6 14.5 6H17M14.75 3.75 17 6l-2.25 2.25M14.75 11.75 17 14l-2.25 2.25',
  ],
  pin: ['M7.25 3.25h5.5M8.25 3.5v4.25L6 10.75v1.5h8v-1.5l-2.25-3V3.5M10 12.5v4.25'],
  slider: [box(3, 4.25, 14, 11.5, 2), 'M10 2.5v15M7.25 8.5 5.75 10l1.5 1.5M12.75 8.5l1.5 1.5-1.5 1.5'],
  diffmap: [box(3.25, 3.25, 13.5, 13.5, 2), 'M7.75 8h4.5M10 5.75v4.5M7.75 13.5h4.5'],
  drag: [dot(7.5, 5), dot(12.5, 5), dot(7.5, 10), dot(12.5, 10), dot(7.5, 15), dot(12.5, 15)],
  keyboard: [box(2.5, 5, 15, 10, 2), 'M5.5 8.2v.1M8.5 8.2v.1M11.5 8.2v.1M14.5 8.2v.1M7 12h6'],
  sun: [
    circle(10, 10, 3.25),
    'M10 2.5v1.75M10 15.75v1.75M2.5 10h1.75M15.75 10h1.75M4.7 4.7l1.25 1.25M14.05 14.05l1.25 1.25M15.3 4.7l-1.25 1.25M5.95 14.05 4.7 15.3',
  ],
  moon: ['M16.25 12A6.75 6.75 0 0 1 8 3.75a6.75 6.75 0 1 0 8.25 8.25Z'],
  file: [
    'M5.25 3.25h6l3.5 3.5v8.5a1.5 1.5 0 0 1-1.5 1.5h-8a1.5 1.5 0 0 1-1.5-1.5v-10.5a1.5 1.5 0 0 1 1.5-1.5ZM11 3.5V7h3.5',
  ],
  link: ['M8.5 11.5l3-3M9 6.25 11 4.3a3.3 3.3 0 0 1 4.7 4.7l-2 1.95M11 13.75 9 15.7A3.3 3.3 0 0 1 4.3 11l2-1.95'],
  server: [
    box(3.25, 3.75, 13.5, 5, 1.5), box(3.25, 11.25, 13.5, 5, 1.5),
    'M6.25 6.25v.05M6.25 13.75v.05M9 6.25h4.5M9 13.75h4.5',
  ],
  eye: ['M2.5 10S5 4.75 10 4.75 17.5 10 17.5 10 15 15.25 10 15.25 2.5 10 2.5 10Z', circle(10, 10, 2.25)],
  cost: [
    circle(10, 10, 6.75),
    'M12.2 7.6c-.5-.6-1.3-.9-2.2-.9-1.3 0-2.2.6-2.2 1.6 0 2.3 4.5 1.1 4.5 3.4 0 1-1 1.7-2.3 1.7-1 0-1.9-.4-2.4-1M10 5.4v1.3M10 13.4v1.3',
  ],
  reel: [box(2.75, 4.25, 14.5, 11.5, 2), 'M6.25 4.5v11M13.75 4.5v11M3 8h3M3 12h3M14 8h3M14 12h3'],
  duplicates: [box(3.25, 3.25, 9, 9, 1.75), box(7.75, 7.75, 9, 9, 1.75)],
  flag: ['M4.75 17V3.75M4.75 4.25h9.5l-2 3.25 2 3.25h-9.5'],
  winner: [
    'M6.5 3.5h7v4a3.5 3.5 0 0 1-7 0ZM6.5 4.75H3.75c0 2.5 1 3.75 2.9 4M13.5 4.75h2.75c0 2.5-1 3.75-2.9 4M10 11v3M7 16.5h6M8 16.5c0-1.5.75-2.5 2-2.5s2 1 2 2.5',
  ],
  user: [circle(10, 7, 3.25), 'M3.75 16.5c.6-3 3-4.75 6.25-4.75s5.65 1.75 6.25 4.75'],
  music: [circle(6, 14.25, 2.25), circle(14, 12.75, 2.25), 'M8.25 14.25V5.5l8-1.75v9'],
  arrowright: ['M4 10h11.5M11 5.5 15.5 10 11 14.5'],
  loop: [
    'M6 6.25h6.5A3.75 3.75 0 0 1 16.25 10M14 13.75H7.5A3.75 3.75 0 0 1 3.75 10',
    'M8.25 3.75l-2.5 2.5 2.5 2.5M11.75 11.25l2.5 2.5-2.5 2.5',
  ],
  framenext: ['M13.75 4.5v11M4.75 5.5 10.5 10l-5.75 4.5Z'],
  frameback: ['M6.25 4.5v11M15.25 5.5 9.5 10l5.75 4.5Z'],
} satisfies Record<string, Shape[]>;

export type IconName = keyof typeof DRAWINGS;

export const ICON_NAMES = Object.keys(DRAWINGS) as IconName[];

export interface Drawing {
  line: string;
  dots: string;
}

function compose(shapes: readonly Shape[]): Drawing {
  const lines = shapes.filter((shape): shape is string => typeof shape === 'string');
  const dots = shapes.filter((shape): shape is { dot: string } => typeof shape !== 'string');
  return { line: lines.join(''), dots: dots.map((shape) => shape.dot).join('') };
}

const composed = new Map<IconName, Drawing>();

/** The two path strings of an icon: what is stroked and what is filled. */
export function drawing(name: IconName): Drawing {
  let known = composed.get(name);
  if (!known) {
    known = compose(DRAWINGS[name]);
    composed.set(name, known);
  }
  return known;
}

