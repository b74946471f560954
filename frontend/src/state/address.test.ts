// Facts about addresses, new and old.
import { describe, expect, it } from 'vitest';
import { HOME, addressOf, placeFrom, viewKey } from './address';

describe('addresses', () => {
  it('say nothing about what is as usual', () => {
    expect(addressOf(HOME)).toBe('/');
    expect(placeFrom('')).toEqual(HOME);
  });

  it.each([
    '/?filter=cat+%D9%82%D8%B7%D8%A9+type%3Avideo+-model%3Aa&sort=likes',
    '/?sort=name&stack=family&layout=masonry',
    '/?filter=similar%3A00000000-0000-4000-8000-000000000001&sort=resemblance',
    '/?room=import',
    '/?room=similar&of=00000000-0000-4000-8000-000000000001%2C00000000-0000-4000-8000-000000000002',
    '/?room=import&import=00000000-0000-4000-8000-000000000001',
    '/?sort=random&seed=42&post=00000000-0000-4000-8000-000000000001&at=00000000-0000-4000-8000-0000000000AB',
  ])('come back the same: %s', (text) => {
    expect(addressOf(placeFrom(text.slice(1)))).toBe(text);
  });

  it.each([
    ['?search=cat+-dog&type=video&liked=liked&state=missing', 'type:video liked:yes state:missing cat -dog'],
    ['?model=my+model&mode=custom&has_custom_videos=true', 'model:"my model" mode:custom has:own-clips'],
    ['?search=%22red+fox%22+-%22a+b%22+open:+OR+(a', '"red fox" -"a b" "open:" "OR" "(a"'],
    ['?type=audio&filter=fox', 'type:audio fox'],
  ])('from before filters were one text still open: %s', (address, filter) => {
    expect(placeFrom(address).view.filter).toBe(filter);
  });

  it('forget what they do not know', () => {
    expect(placeFrom('?type=hologram&liked=perhaps&sort=taste&room=cellar&stack=hay&layout=spiral&x=1&post=<img>&at=%00')).toEqual(HOME);
  });

  it('are one for views that show the same', () => {
    expect(viewKey(placeFrom('?at=1&post=2&model=a').view)).toBe(viewKey(placeFrom('?room=jobs&filter=model:a').view));
  });
});
