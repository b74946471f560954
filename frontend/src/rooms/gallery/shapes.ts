// Layouts in which every item is a row of its own: masonry, list and feed; and how many columns there are.
import { RATIOS } from '$api/index';
import type { Section } from '$api/index';
import type { Layout, LayoutInput, Rows } from './layout';

const LINE = { least: 40, leastNarrow: 76, narrow: 700, most: 120 };
const FEED_WIDTH = 960;
const FEED_GAP = 20;
/** Very long and very flat pictures are cut, so that none fills screens of its column. */
const [FLATTEST, LONGEST] = [1 / 3, 2.5];

/** The columns of squares and masonry: as many as come nearest to the wanted size, unless a number is given. */
export function columnsFor(input: Pick<LayoutInput, 'width' | 'target' | 'gap' | 'columns'>): number {
  return input.columns || Math.max(1, Math.round((input.width + input.gap) / (input.target + input.gap)));
}

/** How high a line of the list is for this size of pictures; where it is narrow, the prompt needs three lines. */
export function lineHeight(target: number, width: number): number {
  const least = width < LINE.narrow ? LINE.leastNarrow : LINE.least;
  return Math.round(Math.min(LINE.most, Math.max(least, target / 4)));
}

const ratioOf = (input: LayoutInput, item: number): number => RATIOS[input.ratios[item] as number] as number;

/** Each item goes under the column that ends highest, so upper edges never fall and can be searched. */
export function masonry(rows: Rows, section: Section, input: LayoutInput): void {
  const { width, gap } = input;
  const columns = columnsFor(input);
  const each = (width - gap * (columns - 1)) / columns;
  const ends = new Float64Array(columns).fill(rows.y);
  rows.columns ??= new Uint8Array(rows.height.length);
  for (let item = section.start; item < section.start + section.count; item++) {
    let column = 0;
    for (let other = 1; other < columns; other++) if ((ends[other] as number) < (ends[column] as number)) column = other;
    const height = Math.round(Math.min(LONGEST, Math.max(FLATTEST, 1 / ratioOf(input, item))) * each);
    rows.columns[rows.rows] = column;
    rows.put(item, ends[column] as number, height);
    ends[column] = (ends[column] as number) + height + gap;
    rows.tallest = Math.max(rows.tallest, height);
  }
  rows.y = Math.max(...ends);
}

/** One line an item. */
export function lines(rows: Rows, section: Section, input: LayoutInput): void {
  const height = lineHeight(input.target, input.width);
  for (let item = section.start; item < section.start + section.count; item++) rows.add(item, height, 0);
  rows.y += input.gap;
}

function feedBox(input: LayoutInput, item: number): { width: number; height: number } {
  const most = Math.min(FEED_WIDTH, input.width);
  const height = Math.min((input.view ?? 800) * 0.88, most / ratioOf(input, item));
  return { width: Math.round(Math.min(most, height * ratioOf(input, item))), height: Math.round(height) };
}

/** One item after the other, each as large as the view allows. */
export function feed(rows: Rows, section: Section, input: LayoutInput): void {
  for (let item = section.start; item < section.start + section.count; item++) rows.add(item, feedBox(input, item).height, FEED_GAP);
}

/** Where the item of a row lies; null where rows hold several. */
export function placeOf(layout: Layout, row: number): { x: number; width: number } | null {
  const { input, columns } = layout;
  const { width, gap, shape } = input;
  if (shape === 'list') return { x: 0, width };
  if (shape === 'feed') {
    const box = feedBox(input, layout.first[row] as number);
    return { x: Math.round((width - box.width) / 2), width: box.width };
  }
  if (!columns) return null;
  const count = columnsFor(input);
  const each = (width - gap * (count - 1)) / count;
  const x = Math.round((columns[row] as number) * (each + gap));
  return { x, width: Math.round(((columns[row] as number) + 1) * (each + gap) - gap) - x };
}
