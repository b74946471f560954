// Facts about history: every layer is an entry, Back closes exactly one.
import { beforeEach, describe, expect, it } from 'vitest';
import { Router } from './router.svelte';

interface FakeEntry {
  state: unknown;
  url: string;
}

/** A window with a history that answers at once. */
function fakeWindow(search = ''): { here: Window; entries: FakeEntry[]; at: () => number } {
  const entries: FakeEntry[] = [{ state: null, url: `/${search}` }];
  let at = 0;
  const target = new EventTarget();
  const go = (by: number): void => {
    at = Math.min(entries.length - 1, Math.max(0, at + by));
    target.dispatchEvent(new Event('popstate'));
  };
  const here = {
    addEventListener: target.addEventListener.bind(target),
    get location() {
      const url = entries[at]?.url ?? '/';
      return { search: url.includes('?') ? url.slice(url.indexOf('?')) : '' };
    },
    history: {
      scrollRestoration: 'auto',
      get state() {
        return entries[at]?.state;
      },
      pushState(state: unknown, _: string, url: string) {
        entries.splice(at + 1);
        entries.push({ state, url });
        at += 1;
      },
      replaceState(state: unknown, _: string, url: string) {
        entries[at] = { state, url };
      },
      back: () => go(-1),
      forward: () => go(1),
    },
  };
  return { here: here as unknown as Window, entries, at: () => at };
}

const P1 = '00000000-0000-4000-8000-000000000001';
const P5 = '00000000-0000-4000-8000-000000000005';

describe('Router', () => {
  let fake: ReturnType<typeof fakeWindow>;
  let router: Router;

  beforeEach(() => {
    fake = fakeWindow('?model=a');
    router = new Router(fake.here);
  });

  it('begins where the address says', () => {
    expect(router.place.view.filter).toBe('model:a');
  });

  it('goes and comes back', () => {
    router.filter('model:b');
    expect(fake.entries.at(-1)?.url).toBe('/?filter=model%3Ab');
    fake.here.history.back();
    expect(router.place.view.filter).toBe('model:a');
  });

  it('adds one entry for the viewer, however far one steps in it', () => {
    router.openPost(P1);
    router.openPost('p2');
    router.openPost('p3');
    expect([fake.entries.length, router.place.post]).toEqual([2, 'p3']);
    router.closePost();
    expect([fake.at(), router.place.post]).toEqual([0, null]);
  });

  it('closes a viewer that was opened by its address without leaving the page', () => {
    fake = fakeWindow(`?post=${P1}`);
    router = new Router(fake.here);
    router.closePost();
    expect([router.place.post, fake.entries[0]?.url]).toEqual([null, '/']);
  });

  it('closes a layer by Back, and only it', () => {
    router.openPost(P1);
    router.openLayer('keys');
    fake.here.history.back();
    expect([router.layer, router.place.post]).toEqual([null, P1]);
  });

  it('restores what the grid looked like', () => {
    const note = { top: 1234, height: 9999, focus: 'p7' };
    router.keeper = () => ({ at: P5, note });
    router.room('jobs');
    expect(router.note).toBeNull();
    fake.here.history.back();
    expect(router.note).toEqual(note);
    expect(router.place.at).toBe(P5);
  });

  it('remembers the place of the grid without telling the page', () => {
    const before = router.place;
    router.remember(P5, { top: 10, height: 20, focus: null });
    expect(fake.entries[0]?.url).toBe(`/?filter=model%3Aa&at=${P5}`);
    expect(router.place).toBe(before);
  });

  it('gives every shuffle a seed of its own', () => {
    router.sort('random');
    expect(router.place.view.seed).toBeGreaterThan(0);
    router.sort('likes');
    expect(router.place.view.seed).toBeUndefined();
  });
});
