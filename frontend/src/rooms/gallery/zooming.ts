// Ctrl with the wheel, a touchpad's pinch and two fingers: all say by which factor, and around which point.

export type Zoomed = (factor: number, y: number, target: EventTarget | null) => void;

const WHEEL = 0.004;
const LINE_PX = 16;

/** `use:zooming={act}`; calls come at most once a frame, with the factors since the last one together. */
export function zooming(node: HTMLElement, act: Zoomed): { destroy: () => void } {
  let factor = 1;
  let frame = 0;
  let apart = 0;

  function soon(by: number, y: number, target: EventTarget | null): void {
    factor *= by;
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      const all = factor;
      factor = 1;
      if (Math.abs(all - 1) > 0.001) act(all, y, target);
    });
  }
  function wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    // Otherwise the browser would zoom the whole page.
    event.preventDefault();
    const delta = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE_PX : event.deltaY;
    soon(Math.exp(-delta * WHEEL), event.clientY, event.target);
  }
  function touch(event: TouchEvent): void {
    const [one, other] = event.touches;
    if (!one || !other) {
      apart = 0;
      return;
    }
    event.preventDefault();
    const now = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    if (apart > 0 && now > 0) soon(now / apart, (one.clientY + other.clientY) / 2, event.target);
    apart = now;
  }

  node.addEventListener('wheel', wheel, { passive: false });
  node.addEventListener('touchstart', touch, { passive: false });
  node.addEventListener('touchmove', touch, { passive: false });
  node.addEventListener('touchend', touch);
  return {
    destroy() {
      cancelAnimationFrame(frame);
      node.removeEventListener('wheel', wheel);
      for (const name of ['touchstart', 'touchmove', 'touchend'] as const) node.removeEventListener(name, touch);
    },
  };
}
