// Answers that come in another order than they were asked for.
import { describe, expect, it } from 'vitest';
import { newest } from './newest';

describe('newest', () => {
  it('throws away what was overtaken', async () => {
    const answers: ((value: string) => void)[] = [];
    const ask = newest(() => new Promise<string>((done) => answers.push(done)));
    const [first, second] = [ask(), ask()];
    answers[1]?.('new');
    answers[0]?.('old');
    expect(await second).toBe('new');
    expect(await first).toBeNull();
  });

  it('is silent of a failure that nobody waits for any more', async () => {
    const failing = newest((fails: boolean) => (fails ? Promise.reject(new Error('late')) : Promise.resolve('here')));
    const [first, second] = [failing(true), failing(false)];
    expect(await second).toBe('here');
    expect(await first).toBeNull();
    await expect(failing(true)).rejects.toThrow('late');
  });
});
