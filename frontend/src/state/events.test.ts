// The stream of news is one for the whole page, closed while nobody looks, and tried again when it was refused.
import { expect, it, vi } from 'vitest';
import type { Listener } from '$api/events';
import type { Job } from '$api/types';
import { withNews } from './activity.svelte';
import { Events } from './events.svelte';

function stream(): { events: Events; listeners: Listener[]; closed: () => number } {
  const listeners: Listener[] = [];
  let closed = 0;
  const events = new Events((listener) => {
    listeners.push(listener);
    return () => (closed += 1);
  });
  return { events, listeners, closed: () => closed };
}

function hide(hidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

it('tells everyone who wants to know, until they do not', () => {
  const { events, listeners } = stream();
  const heard: number[] = [];
  const deaf = events.on('library', ({ version }) => heard.push(version));
  events.start();
  events.start();
  listeners[0]?.open(true);
  listeners[0]?.told('library', { version: 7 });
  deaf();
  listeners[0]?.told('library', { version: 8 });
  expect([listeners.length, events.live, heard]).toEqual([1, true, [7]]);
});

it('is closed while the page is hidden', () => {
  const { events, listeners, closed } = stream();
  events.start();
  listeners[0]?.open(true);
  hide(true);
  expect([closed(), events.live]).toEqual([1, false]);
  hide(false);
  expect(listeners.length).toBe(2);
});

it('is tried again later when the server refuses', () => {
  vi.useFakeTimers();
  const { events, listeners } = stream();
  events.start();
  listeners[0]?.refused();
  expect(listeners.length).toBe(1);
  vi.advanceTimersByTime(30_000);
  expect(listeners.length).toBe(2);
  vi.useRealTimers();
});

it('keeps the list of active jobs by what is told of them', () => {
  const job = (id: string, state: Job['state']): Job => ({ id, state }) as Job;
  const [a, b] = [job('a', 'running'), job('b', 'queued')];
  expect(withNews([a], b)).toEqual([b, a]);
  expect(withNews([a, b], job('b', 'running'))).toEqual([a, job('b', 'running')]);
  expect(withNews([a, b], job('a', 'succeeded'))).toEqual([b]);
});
