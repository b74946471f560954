// A file arrives whole, whatever happens on the way, and nothing is sent twice that has arrived.
import { expect, it } from 'vitest';
import { ApiError } from '$api/http';
import { LARGEST_SLICE, isPassing, markOf, nextSize, sendFile, type Carrier } from './sending';

interface Server {
  held: Map<string, number>;
  kept: Map<string, string>;
  said: string[];
  /** What goes wrong, in order, before each slice. */
  trouble: (Error | null)[];
}

function server(): Server & Carrier {
  const one: Server = { held: new Map(), kept: new Map(), said: [], trouble: [] };
  return {
    ...one,
    create: async (name) => {
      const id = `${name}-${one.held.size}`;
      one.held.set(id, 0);
      one.said.push('create');
      return id;
    },
    offset: async (id) => (one.said.push('offset'), one.held.get(id) ?? null),
    send: async (id, offset, slice) => {
      const trouble = one.trouble.shift();
      if (trouble) throw trouble;
      if (one.held.get(id) !== offset) throw new ApiError(one.held.has(id) ? 409 : 404, 'offset', '');
      one.held.set(id, offset + slice.size);
      return offset + slice.size;
    },
    wait: async (ms) => void one.said.push(`wait ${ms}`),
    now: () => 0,
    recall: (mark) => one.kept.get(mark) ?? null,
    keep: (mark, id) => void (id === null ? one.kept.delete(mark) : one.kept.set(mark, id)),
  };
}

const big = new File([new Uint8Array(20_000_000)], 'a.json', { lastModified: 1 });
const course = (sent: number[] = [], lost: boolean[] = []) => ({
  sent: (bytes: number) => void sent.push(bytes), lost: (is: boolean) => void lost.push(is), signal: new AbortController().signal,
});
const away = new ApiError(0, 'unreachable', '');

it('sends everything and only moves forward', async () => {
  const [carrier, sent] = [server(), [] as number[]];
  const id = await sendFile(big, carrier, course(sent));

  expect(carrier.held.get(id)).toBe(big.size);
  expect(sent).toEqual([...sent].sort((a, b) => a - b));
  expect(carrier.said).toEqual(['create']);
});

it('goes on from where it stopped when the connection is back', async () => {
  const [carrier, lost] = [server(), [] as boolean[]];
  carrier.trouble.push(null, away, away, null);
  const id = await sendFile(big, carrier, course([], lost));

  expect(carrier.held.get(id)).toBe(big.size);
  expect(carrier.said).toEqual(['create', 'wait 500', 'offset', 'wait 1000', 'offset']);
  expect(lost).toEqual([false, true, false, true, false]);
});

it('finds a half-sent file again after a reload', async () => {
  const carrier = server();
  carrier.held.set('before', 15_000_000);
  carrier.keep(markOf(big), 'before');
  const sent: number[] = [];
  await sendFile(big, carrier, course(sent));

  expect([sent[0], carrier.held.get('before'), carrier.said]).toEqual([15_000_000, big.size, ['offset']]);
});

it('begins anew when the server has forgotten the upload', async () => {
  const carrier = server();
  carrier.keep(markOf(big), 'forgotten');
  const id = await sendFile(big, carrier, course());
  expect([carrier.held.get(id), carrier.recall(markOf(big))]).toEqual([big.size, id]);
});

it('asks again where the server is when they disagree', async () => {
  const carrier = server();
  carrier.trouble.push(null, new ApiError(409, 'offset', ''));
  expect(carrier.held.get(await sendFile(big, carrier, course()))).toBe(big.size);
});

it('gives up where trying again would not help', async () => {
  const carrier = server();
  carrier.trouble.push(new ApiError(507, 'out_of_space', 'full'));
  await expect(sendFile(big, carrier, course())).rejects.toThrow('full');
  const astray = server();
  astray.trouble.push(...Array.from({ length: 9 }, () => new ApiError(409, 'offset', 'never')));
  await expect(sendFile(big, astray, course())).rejects.toThrow('never');
  expect([isPassing(away), isPassing(new ApiError(503, '', '')), isPassing(new ApiError(413, '', ''))]).toEqual([true, true, false]);
});

it('fits slices to the pace of the connection', () => {
  expect([nextSize(1_000_000, 1), nextSize(2_000_000, 1400), nextSize(300_000, 60_000)]).toEqual([2_000_000, 1_000_000, 262_144]);
  expect(nextSize(LARGEST_SLICE, 1)).toBe(LARGEST_SLICE);
});
