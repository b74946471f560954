// The viewer shows a card at once, its record when it comes, and never an answer that came too late.
import { expect, it } from 'vitest';
import type { PostDetail, Similar } from '$api/types';
import { card, record } from './details.fixture';
import { Stage } from './stage.svelte';
import { ViewerState } from './viewer.svelte';

interface Asked {
  id: string;
  signal: AbortSignal;
  answer: (post: PostDetail) => void;
  fail: (error: Error) => void;
}

function desk(): { viewer: ViewerState; asked: Asked[] } {
  const asked: Asked[] = [];
  const viewer = new ViewerState({
    post: (id, signal) => new Promise((answer, fail) => asked.push({ id, signal, answer, fail })),
    similar: async (): Promise<Similar[]> => [],
  });
  return { viewer, asked };
}

it('shows the card until the record is here', async () => {
  const { viewer, asked } = desk();
  const opened = viewer.open('root', card('root', { media: '/media/a.jpg', width: 10, height: 20 }));
  expect([viewer.shown?.media, viewer.shown?.width, viewer.loading]).toEqual(['/media/a.jpg', 10, true]);

  asked[0]?.answer(record('root', { media: '/media/a.jpg', stack: [card('root')] }));
  await opened;

  expect([viewer.post?.id, viewer.similar, viewer.loading]).toEqual(['root', [], false]);
});

it('does not show a file that the card knows to be away', () => {
  const { viewer } = desk();
  void viewer.open('x', card('x', { media: '/media/a.jpg', flags: 8 }));
  expect(viewer.shown?.media).toBeNull();
});

it('drops an answer that came after the next post was opened', async () => {
  const { viewer, asked } = desk();
  const first = viewer.open('one');
  void viewer.open('two');
  expect(asked[0]?.signal.aborted).toBe(true);

  asked[0]?.answer(record('one'));
  await first;

  expect([viewer.id, viewer.post]).toEqual(['two', null]);
});

it('keeps the strip while stepping inside a stack, and asks for a post only once', async () => {
  const { viewer, asked } = desk();
  const stack = [card('root'), card('a')];
  const opened = viewer.open('root');
  asked[0]?.answer(record('root', { stack }));
  await opened;

  const child = viewer.open('a');
  expect([viewer.stack.length, viewer.shown?.id]).toEqual([2, 'a']);
  asked[1]?.answer(record('a', { stack }));
  await child;
  await viewer.open('root');

  expect([asked.length, viewer.post?.id, viewer.root?.id]).toEqual([2, 'root', 'root']);
});

it('says what went wrong and tries again when asked', async () => {
  const { viewer, asked } = desk();
  const opened = viewer.open('x');
  asked[0]?.fail(new Error('gone'));
  await opened;
  expect(viewer.error?.message).toBe('gone');

  const again = viewer.retry();
  asked[1]?.answer(record('x', { root_id: 'x' }));
  await again;

  expect([viewer.error, viewer.post?.id]).toEqual([null, 'x']);
});

it('keeps a new like although the record was kept from before', async () => {
  const { viewer, asked } = desk();
  const opened = viewer.open('x');
  asked[0]?.answer(record('x', { root_id: 'x', liked: false }));
  await opened;

  viewer.setLiked('x', true);
  void viewer.open('y');
  await viewer.open('x');

  expect(viewer.post?.liked).toBe(true);
});

it('keeps zoom and place between pictures of one shape in a stack, and fits everything else', () => {
  const stage = new Stage();
  stage.resize({ width: 500, height: 500 });
  stage.show({ width: 1000, height: 1000 }, false);
  expect(stage.at.scale).toBe(0.5);
  stage.toggle({ x: 100, y: 0 });
  const before = stage.at;

  stage.show({ width: 1000, height: 1000 }, true);
  expect(stage.at).toEqual(before);
  stage.show({ width: 1000, height: 2000 }, true);
  expect(stage.at).toEqual({ scale: 0.25, x: 0, y: 0 });
});

it('takes a finger for a swipe only while the whole picture is seen', () => {
  const stage = new Stage();
  stage.resize({ width: 500, height: 500 });
  stage.show({ width: 1000, height: 1000 }, false);
  stage.press(1, { x: 0, y: 0 }, true, 0);
  stage.move(1, { x: -120, y: 0 });
  expect([stage.pulled.x, stage.release(1, { x: -120, y: 0 }, 300, false)]).toEqual([-120, 'next']);

  stage.toggle();
  stage.press(1, { x: 0, y: 0 }, true, 0);
  stage.move(1, { x: -120, y: 0 });
  expect([stage.at.x, stage.release(1, { x: -120, y: 0 }, 300, false)]).toEqual([-120, null]);
});

it('stays fitted when the window changes', () => {
  const stage = new Stage();
  stage.show({ width: 1000, height: 1000 }, false);
  stage.resize({ width: 500, height: 800 });
  stage.resize({ width: 250, height: 800 });
  expect([stage.at.scale, stage.word]).toEqual([0.25, 'Fit']);
});
