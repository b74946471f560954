// Walks through JSON of any size in blocks, counts what is in it, and says where it breaks off; keeps no text.
import { MEDIA, TIME, keyAt } from './keys';
import { Tally } from './tally';

export interface Broken {
  text: string;
  line: number;
  column: number;
  excerpt: string;
}

const [QUOTE, BACKSLASH, COMMA, COLON, NEWLINE] = [34, 92, 44, 58, 10];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
const AROUND = 60;
/** Texts that are looked at (names, times) are short; a longer one is let go. */
const HELD = 64;

/** 1: space; 2: a mark of JSON; 3: may begin a number, true, false or null; 0: does not belong outside a text. */
const CLASS = new Uint8Array(256);
for (const byte of [32, 9, 13, NEWLINE, 0x1e]) CLASS[byte] = 1;
for (const byte of [QUOTE, COMMA, COLON, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT]) CLASS[byte] = 2;
for (const letter of '-+.0123456789eEtrufalsn') CLASS[letter.charCodeAt(0)] = 3;

export class JsonScan {
  readonly tally = new Tally();
  broken: Broken | null = null;
  #line = 1;
  /** The place in the whole input at which the line and the block begin. */
  #lineAt = 0;
  #blockAt = 0;
  #inText = false;
  #backslashes = 0;
  /** The next text is a name. */
  #wantsName = false;
  #means = 0;
  #held = new Uint8Array(HELD);
  #heldSize = 0;
  #last: Uint8Array = new Uint8Array();

  /** Takes the next block; false when there is no sense in going on. */
  feed(block: Uint8Array): boolean {
    let at = 0;
    while (at < block.length && !this.broken) at = this.#inText ? this.#text(block, at) : this.#between(block, at);
    this.#blockAt += block.length;
    this.#last = block;
    return this.broken === null;
  }

  end(): void {
    if (this.broken || (this.tally.depth === 0 && !this.#inText)) return;
    this.#blockAt -= this.#last.length;
    this.#break(this.#last, this.#last.length, 'The file ends too early');
  }

  #between(block: Uint8Array, from: number): number {
    let at = from;
    while (at < block.length && CLASS[block[at] as number] === 1) {
      if (block[at] === NEWLINE) {
        this.#line += 1;
        this.#lineAt = this.#blockAt + at + 1;
      }
      at += 1;
    }
    if (at === block.length) return at;
    const kind = CLASS[block[at] as number];
    if (kind === 2) return this.#mark(block, at);
    if (kind === 0) return this.#break(block, at, 'This does not belong here');
    while (at < block.length && CLASS[block[at] as number] === 3) at += 1;
    return at;
  }

  #mark(block: Uint8Array, at: number): number {
    const { tally } = this;
    switch (block[at]) {
      case QUOTE:
        this.#inText = true;
        this.#heldSize = 0;
        this.#backslashes = 0;
        break;
      case COMMA:
        this.#wantsName = !tally.inList;
        break;
      case COLON:
        this.#wantsName = false;
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        this.#wantsName = block[at] === OPEN_OBJECT;
        tally.open(block[at] === OPEN_LIST);
        break;
      default:
        return this.#close(block, at);
    }
    return at + 1;
  }

  #close(block: Uint8Array, at: number): number {
    const { tally } = this;
    if (tally.depth === 0 || tally.inList !== (block[at] === CLOSE_LIST)) {
      return this.#break(block, at, 'This bracket closes nothing');
    }
    tally.close();
    this.#wantsName = false;
    return at + 1;
  }

  /** The rest of a text: to its closing mark, or to the end of the block. */
  #text(block: Uint8Array, from: number): number {
    let at = from;
    for (;;) {
      const quote = block.indexOf(QUOTE, at);
      const end = quote < 0 ? block.length : quote;
      let slashes = 0;
      while (end - slashes > from && block[end - slashes - 1] === BACKSLASH) slashes += 1;
      if (end - slashes === from) slashes += this.#backslashes;
      if (quote < 0) {
        this.#backslashes = slashes % 2;
        this.#hold(block, from, end);
        return end;
      }
      if (slashes % 2 === 0) return this.#ended(block, from, end);
      at = quote + 1;
    }
  }

  #hold(block: Uint8Array, from: number, end: number): void {
    if (this.#heldSize + end - from <= HELD) this.#held.set(block.subarray(from, end), this.#heldSize);
    this.#heldSize += end - from;
  }

  #ended(block: Uint8Array, from: number, end: number): number {
    this.#inText = false;
    if (this.#heldSize === 0) this.#take(block, from, end);
    else {
      this.#hold(block, from, end);
      if (this.#heldSize <= HELD) this.#take(this.#held, 0, this.#heldSize);
      else this.#tooLong();
    }
    return end + 1;
  }

  #tooLong(): void {
    if (this.#wantsName) this.tally.name(null);
    else this.#tell(this.#heldSize);
    this.#means = 0;
  }

  #take(bytes: Uint8Array, from: number, end: number): void {
    if (this.#wantsName) {
      const found = keyAt(bytes, from, end);
      this.#means = found?.means ?? 0;
      this.tally.name(found);
      return;
    }
    if ((this.#means & TIME) !== 0) this.tally.time(Date.parse(String.fromCharCode(...bytes.subarray(from, Math.min(end, from + HELD)))));
    this.#tell(end - from);
    this.#means = 0;
  }

  #tell(length: number): void {
    if (length > 0) this.tally.text(this.#means & MEDIA);
  }

  #break(block: Uint8Array, at: number, text: string): number {
    const near = block.subarray(Math.max(0, at - AROUND), at + AROUND);
    const excerpt = new TextDecoder().decode(near).replaceAll(/[\u0000-\u001f\ufffd]+/g, ' ').trim();
    this.broken = { text, line: this.#line, column: Math.max(1, this.#blockAt + at - this.#lineAt + 1), excerpt };
    return block.length;
  }
}
