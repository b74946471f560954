// What is drawn about by hand: the one way in which such work hears of the pointer and of the keys.

/** Work that begins with a press on a node and goes on wherever the pointer is. */
export interface Drawing {
  click: (event: Event) => void;
  down: (event: PointerEvent) => void;
  move: (event: PointerEvent) => void;
  up: (event: PointerEvent) => void;
  stop: () => void;
  key: (event: KeyboardEvent) => void;
}

/** Let the work hear of everything, until the node goes. */
export function drawnBy(node: HTMLElement, work: Drawing): { destroy: () => void } {
  const control = new AbortController();
  const { signal } = control;
  node.addEventListener('click', work.click, { capture: true, signal });
  node.addEventListener('pointerdown', work.down, { signal });
  window.addEventListener('pointermove', work.move, { signal });
  window.addEventListener('pointerup', work.up, { signal });
  window.addEventListener('pointercancel', work.stop, { signal });
  window.addEventListener('keydown', work.key, { capture: true, signal });
  return {
    destroy() {
      work.stop();
      control.abort();
    },
  };
}
