// The first screen of the library without the page around it: the same rows, the same pictures, in the same place.
import { sizeFor, thumbnailUrl } from '$api/cards';
import { parseIndex } from '$api/index';
import type { ViewIndex } from '$api/index';
import type { Card, CardChunk } from '$api/types';
import { placeholderColor } from '$kit/thumbhash';
import { foldsFrom } from '$state/kept';
import type { KeptTaste } from '$state/kept';
import { foldedAmong, groupDays, headingOf } from './days';
import type { Group } from './days';
import { boxesOf, isHeading, layOut, sectionOf } from './layout';
import type { Layout } from './layout';
import { tileName } from './names';
import { gapFor, targetFor } from './sizes';

function element(parent: Element, role: string | null, className: string): HTMLElement {
  const made = document.createElement('div');
  if (role) made.setAttribute('role', role);
  made.className = className;
  parent.append(made);
  return made;
}

/** The first groups of a view, as many as surely fill a screen; rows of later ones need not be known yet. */
function atTheTop(groups: readonly Group[], items: number): Group[] {
  const end = groups.findIndex((group) => group.start >= items);
  return groups.slice(0, end < 0 ? groups.length : Math.max(1, end));
}

function tile(row: Element, layout: Layout, at: number, index: ViewIndex, cards: readonly Card[]): void {
  const height = layout.height[at] as number;
  for (const [column, box] of boxesOf(layout, at).entries()) {
    const card = cards[box.position];
    const made = element(row, 'gridcell', 'first-tile');
    made.setAttribute('aria-label', tileName(index.flags[box.position] ?? 0, card));
    made.setAttribute('aria-colindex', String(column + 1));
    made.dataset['position'] = String(box.position);
    if (card) made.dataset['postId'] = card.id;
    made.style.cssText = `transform:translateX(${box.x}px);width:${box.width}px;height:${height}px`;
    made.style.setProperty('--tone', placeholderColor(card?.placeholder ?? null) ?? '');
    if (!card?.thumbnail) continue;
    const picture = document.createElement('img');
    picture.alt = '';
    picture.src = thumbnailUrl(card.thumbnail, sizeFor(box.width, height, devicePixelRatio));
    made.append(picture);
  }
}

function heading(row: Element, group: Group): void {
  const made = element(row, 'rowheader', 'first-heading');
  made.append(group.label ? headingOf(group, new Date().getFullYear()) : 'No date');
}

/** Paints the top of the library behind the page that is to come; an empty one is left to the page, answering false. */
export function paintFirst(bytes: ArrayBuffer, chunk: CardChunk, taste: KeptTaste): boolean {
  const index = parseIndex(bytes);
  if (index.count === 0 || chunk.version !== index.version) return false;
  // The other layouts are drawn by the page itself.
  if (taste.shape === 'list' || taste.shape === 'feed') return false;
  const all = document.createElement('div');
  all.id = 'first';
  all.className = taste.facets ? 'facets' : '';
  element(all, null, 'first-rail');
  element(all, null, 'first-bar');
  const grid = element(all, 'grid', 'first-grid');
  grid.setAttribute('aria-label', 'Posts');
  grid.setAttribute('aria-busy', 'true');
  document.body.prepend(all);

  const [phone, wide] = [matchMedia('(max-width: 719px)').matches, matchMedia('(min-width: 1600px)').matches];
  const [width, height] = [grid.clientWidth - (phone ? 4 : 24), grid.clientHeight];
  const [gap, target] = [gapFor(phone), targetFor(phone, wide, taste.scale, width, height)];
  const groups = atTheTop(groupDays(index.sections, index.ratios, (width + gap) / (target + gap)), chunk.cards.length);
  const layout = layOut({ ratios: index.ratios, sections: groups, width, target, gap, shape: taste.shape, columns: taste.columns, view: height, headings: true, folded: foldedAmong(groups, foldsFrom()['/']) });
  for (let at = 0; at < layout.rows && (layout.top[at] as number) < height; at++) {
    const row = element(grid, 'row', 'first-row');
    row.style.transform = `translateY(${layout.top[at]}px)`;
    if (isHeading(layout, at)) heading(row, groups[sectionOf(groups, layout.first[at] as number)] as Group);
    else tile(row, layout, at, index, chunk.cards);
  }
  grid.addEventListener('click', (event) => {
    const id = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-post-id]')?.dataset['postId'] : null;
    // The page reads the address when it starts.
    if (id) history.replaceState(null, '', `/?post=${id}`);
  });
  return true;
}
