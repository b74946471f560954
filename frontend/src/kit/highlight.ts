// Words found in a text, whatever their case and accents: the text cut into pieces, those that were found marked.

export interface Piece {
  text: string;
  hit: boolean;
}

const MOST_WORDS = 50;

/** The form in which words are compared. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/[\p{M}\u0640]/gu, '').toLowerCase();
}

/** The folded text, and for each of its characters where it stands in the text. */
function folded(text: string): { plain: string; places: number[] } {
  let plain = '';
  const places: number[] = [];
  let at = 0;
  for (const sign of text) {
    const some = /\s/.test(sign) ? ' ' : fold(sign);
    plain += some;
    for (let i = 0; i < some.length; i++) places.push(at);
    at += sign.length;
  }
  places.push(at);
  return { plain, places };
}

function ranges(plain: string, words: readonly string[]): [number, number][] {
  const found: [number, number][] = [];
  for (const word of words.map((one) => fold(one).trim()).filter(Boolean).slice(0, MOST_WORDS)) {
    for (let at = plain.indexOf(word); at >= 0; at = plain.indexOf(word, at + word.length)) found.push([at, at + word.length]);
  }
  return found.sort(([one], [other]) => one - other);
}

export function highlight(text: string, words: readonly string[]): Piece[] {
  if (words.length === 0) return [{ text, hit: false }];
  const { plain, places } = folded(text);
  const pieces: Piece[] = [];
  let done = 0;
  const put = (to: number, hit: boolean): void => {
    if (to > done) pieces.push({ text: text.slice(done, to), hit });
    done = Math.max(done, to);
  };
  for (const [from, to] of ranges(plain, words)) {
    put(places[from] ?? text.length, false);
    put(places[to] ?? text.length, true);
  }
  put(text.length, false);
  return pieces;
}
