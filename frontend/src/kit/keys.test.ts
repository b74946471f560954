// Keys are matched exactly, sequences wait a second, and nothing happens while someone types.
import { describe, expect, it, vi } from 'vitest';
import { endsSequence, ariaKeys, isTyping, keyCaps, keyHandler, matchesKey } from './keys';

function press(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  return new KeyboardEvent('keydown', { key, cancelable: true, bubbles: true, ...more });
}

describe('matchesKey', () => {
  it.each([
    ['Ctrl+K', press('k', { ctrlKey: true }), true],
    ['Ctrl+K', press('k', { metaKey: true }), true],
    ['Ctrl+K', press('k'), false],
    ['F', press('f'), true],
    ['F', press('F', { shiftKey: true }), false],
    ['F', press('f', { ctrlKey: true }), false],
    ['Shift+X', press('X', { shiftKey: true }), true],
    ['?', press('?', { shiftKey: true }), true],
    ['+', press('+', { shiftKey: true }), true],
    [',', press(','), true],
    ['Space', press(' '), true],
    ['Left', press('ArrowLeft'), true],
    ['Esc', press('Escape'), true],
  ])('%s', (keys, event, expected) => {
    expect(matchesKey(event, keys)).toBe(expected);
  });
});

it('shows combinations and sequences as caps', () => {
  expect([keyCaps('Ctrl+K'), keyCaps('G B'), keyCaps('ArrowLeft'), keyCaps('Del'), keyCaps('+')]).toEqual([
    ['Ctrl', 'K'], ['G', 'B'], ['←'], ['Del'], ['+'],
  ]);
});

it('names keys as assistive technology does', () => {
  expect(['Ctrl+K', 'Left', 'Esc', 'F', 'Space', '+', 'G B', undefined].map(ariaKeys)).toEqual([
    'Control+K', 'ArrowLeft', 'Escape', 'F', 'Space', 'Plus', undefined, undefined,
  ]);
});

describe('keyHandler', () => {
  it('takes a sequence only in order', () => {
    const browse = vi.fn();
    const handle = keyHandler({ 'G B': browse });

    handle(press('b'));
    expect(browse).not.toHaveBeenCalled();
    handle(press('g'));
    handle(press('b'));

    expect(browse).toHaveBeenCalledOnce();
  });

  it('says which key would end a sequence, so that nobody else takes it', () => {
    const handle = keyHandler({ 'G T': vi.fn() });

    expect(endsSequence(press('t'))).toBe(false);
    handle(press('g'));
    expect([endsSequence(press('t')), endsSequence(press('f'))]).toEqual([true, false]);
    handle(press('t'));
    expect(endsSequence(press('t'))).toBe(false);
  });

  it('leaves alone what someone else has taken', () => {
    const like = vi.fn();
    const event = press('f');
    event.preventDefault();

    expect(keyHandler({ F: like })(event)).toBe(false);
    expect(like).not.toHaveBeenCalled();
  });

  it('says nothing while someone types', () => {
    const like = vi.fn();
    const input = document.createElement('input');
    document.body.append(input);
    input.addEventListener('keydown', (event) => keyHandler({ F: like })(event));

    input.dispatchEvent(press('f'));

    expect(like).not.toHaveBeenCalled();
  });
});

it('knows that a range or a box is not writing', () => {
  const range = Object.assign(document.createElement('input'), { type: 'range' });
  let typing = true;
  range.addEventListener('keydown', (event) => (typing = isTyping(event)));
  range.dispatchEvent(press('f'));
  expect(typing).toBe(false);
});
