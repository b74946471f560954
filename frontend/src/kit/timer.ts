// A countdown that can be held and let go again.

export interface Pausable {
  pause: () => void;
  resume: () => void;
  stop: () => void;
}

/** Calls `done` once after `ms` of unheld time. */
export function pausable(ms: number, done: () => void): Pausable {
  let left = ms;
  let started = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined = setTimeout(done, left);

  return {
    pause() {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      left -= Date.now() - started;
    },
    resume() {
      if (timer !== undefined || left < 0) return;
      started = Date.now();
      timer = setTimeout(done, left);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      left = -1;
    },
  };
}
