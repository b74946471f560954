// The best places to break a section into full rows: all rows together as near to the wanted height as they can be.
import { RATIOS } from '$api/index';

export interface Run {
  ratios: Uint8Array;
  start: number;
  end: number;
  width: number;
  target: number;
  gap: number;
}

/** Rows lower than this share of the wanted height are not tried. */
const LOWEST = 0.5;

/** Where each row ends, in order. Shortest path over all breaks; the cost of a row is how far its height is off, as a
 *  factor, squared, so that no row pays for the others. The work is items times items per row. */
export function balancedEnds({ ratios, start, end, width, target, gap }: Run): number[] {
  const count = end - start;
  const cost = new Float64Array(count + 1).fill(Infinity);
  const from = new Uint32Array(count + 1);
  cost[0] = 0;
  for (let to = 1; to <= count; to++) {
    let sum = 0;
    for (let first = to - 1; first >= 0; first--) {
      sum += RATIOS[ratios[start + first] as number] as number;
      const height = (width - gap * (to - first - 1)) / sum;
      const off = Math.log(height / target);
      const all = (cost[first] as number) + off * off;
      if (all < (cost[to] as number)) {
        cost[to] = all;
        from[to] = first;
      }
      if (height < target * LOWEST) break;
    }
  }
  const ends: number[] = [];
  for (let at = count; at > 0; at = from[at] as number) ends.push(start + at);
  return ends.reverse();
}
