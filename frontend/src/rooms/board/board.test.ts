// Facts about the board: what its columns ask for.
import { expect, it } from 'vitest';
import { COLUMNS, filterOf } from './board.svelte';

it('has a column for each status, and one for none', () => {
  expect([...COLUMNS].sort()).toEqual(['approved', 'edit', 'none', 'rejected', 'review', 'select']);
  expect([filterOf('in:x (a OR b)', 'none'), filterOf('', 'approved')]).toEqual(['in:x (a OR b) status:none', 'status:approved']);
});
