// What was recognised in a file, in words, before the server has said anything about it.
import { formatCount, formatDate, formatNumber } from '$kit/format';
import { shapeWords } from './report';
import type { Scan } from './scan/scan';

function days(first: number | null, last: number | null): string | null {
  if (first === null || last === null) return null;
  const [from, to] = [formatDate(new Date(first)), formatDate(new Date(last))];
  return from === to ? from : `${from} to ${to}`;
}

function zipWords({ contents }: Scan): string | null {
  if (!contents) return null;
  const parts = [formatCount(contents.members, 'file')];
  if (contents.json > 0) parts.push(`${formatNumber(contents.json)} JSON`);
  if (contents.media > 0) parts.push(`${formatNumber(contents.media)} media`);
  return parts.join(', ');
}

/** "one list", "82 posts", "446 children", "528 media", "8 Sep 2025 to 22 Oct 2025". */
export function recognisedWords(found: Scan): string[] {
  const counted = found.posts !== null && found.posts + found.children > 0;
  return [
    shapeWords(found.shape),
    found.shape === 'zip' ? zipWords(found) : null,
    found.requests > 0 ? formatCount(found.requests, 'request') : null,
    found.links > 0 ? formatCount(found.links, 'link') : null,
    counted ? formatCount(found.posts ?? 0, 'post') : null,
    found.children > 0 ? formatCount(found.children, 'child', 'children') : null,
    counted && found.media > 0 ? `${formatNumber(found.media)} media` : null,
    days(found.first, found.last),
  ].filter((part) => part !== null);
}

/** All that several files hold together; null where not every one could be counted. */
export function together(found: readonly (Scan | null)[]): { posts: number; children: number } | null {
  if (found.length === 0 || found.some((one) => one === null || one.posts === null)) return null;
  return {
    posts: found.reduce((sum, one) => sum + (one?.posts ?? 0), 0),
    children: found.reduce((sum, one) => sum + (one?.children ?? 0), 0),
  };
}
