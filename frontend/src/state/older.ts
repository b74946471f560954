// Addresses from before filters were one text: each of their parameters as a part of it.
import { joined, quoted } from './filter';

const CHOICES: Record<string, Record<string, string>> = {
  type: { image: 'image', video: 'video', audio: 'audio' },
  liked: { liked: 'yes', unliked: 'no', true: 'yes', false: 'no', unknown: 'unknown' },
  state: { present: 'present', missing: 'missing', corrupt: 'corrupt' },
};

/** The words of an older search, each so that it means itself. */
function searched(text: string): string[] {
  return [...text.matchAll(/(-?)"([^"]*)"?|(\S+)/g)].map(([, minus = '', phrase, word = '']) => {
    if (phrase !== undefined) return phrase.trim() && `${minus}"${phrase.trim()}"`;
    const left = word.length > 1 && word.startsWith('-') ? '-' : '';
    const rest = word.slice(left.length);
    return left + (/[:：]/u.test(rest) || /^(OR|AND|NOT|-)$/.test(rest) ? `"${rest.replace(/(["\\])/g, '\\$1')}"` : quoted(rest));
  });
}

/** The filter of an older address. */
export function olderFilter(words: URLSearchParams): string {
  const parts = Object.entries(CHOICES).map(([name, values]) => {
    const value = values[words.get(name) ?? ''];
    return value ? `${name}:${value}` : '';
  });
  for (const name of ['model', 'mode']) {
    const value = words.get(name);
    if (value) parts.push(`${name}:${quoted(value)}`);
  }
  if (words.get('has_custom_videos') === 'true') parts.push('has:own-clips');
  return joined([...parts, ...searched(words.get('search') ?? '')]);
}
