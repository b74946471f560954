// The first screen goes without a trace: its keys reach the page, its roles are gone at once.
import { afterEach, expect, test, vi } from 'vitest';
import { keepKeys, leaveFirst, sayStarted } from './leave';

afterEach(() => {
  document.body.innerHTML = '';
});

test('keys pressed on the first screen reach the page once, in their order', () => {
  keepKeys();
  for (const key of ['ArrowRight', 'Enter']) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  const heard: string[] = [];
  const listen = (event: KeyboardEvent): number => heard.push(event.key);
  window.addEventListener('keydown', listen);

  sayStarted();
  sayStarted();

  window.removeEventListener('keydown', listen);
  expect(heard).toEqual(['ArrowRight', 'Enter']);
});

test('the first screen is no grid any more as soon as the page has one, and is gone two frames later', async () => {
  document.body.innerHTML = '<div id="first"><div role="grid"><div role="gridcell"></div></div></div>';
  const first = document.getElementById('first');
  const left = vi.fn();
  document.addEventListener('page-started', left, { once: true });

  leaveFirst(first);

  expect(document.querySelectorAll('[role]').length).toBe(0);
  expect(document.getElementById('first')).not.toBeNull();
  await vi.waitFor(() => expect(left).toHaveBeenCalledOnce());
  expect(document.getElementById('first')).toBeNull();
});

test('where there was no first screen nothing happens', () => {
  expect(() => leaveFirst(null)).not.toThrow();
});
