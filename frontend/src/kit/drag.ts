// Follows one pointer from press to release and says how far it went; for sheets, sliders and panning.

export interface DragHandlers {
  onstart?: (event: PointerEvent) => void;
  /** Distance from where the press began, in CSS pixels. */
  onmove: (dx: number, dy: number, event: PointerEvent) => void;
  onend?: (dx: number, dy: number, event: PointerEvent) => void;
}

/** Under this many pixels a press is still a click. */
const SLACK = 4;

/** `use:drag={{ onmove, onend }}`; presses on buttons, links and fields inside stay theirs. */
export function drag(node: HTMLElement, first: DragHandlers): { update: (next: DragHandlers) => void; destroy: () => void } {
  let handlers = first;
  let from: { x: number; y: number; id: number } | null = null;
  let moving = false;

  function down(event: PointerEvent): void {
    const control = event.target instanceof Element && event.target.closest('button, a, input, select, textarea');
    if (event.button !== 0 || from || control) return;
    from = { x: event.clientX, y: event.clientY, id: event.pointerId };
    moving = false;
  }
  function move(event: PointerEvent): void {
    if (!from || event.pointerId !== from.id) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!moving && Math.hypot(dx, dy) < SLACK) return;
    if (!moving) {
      moving = true;
      node.setPointerCapture?.(event.pointerId);
      handlers.onstart?.(event);
    }
    handlers.onmove(dx, dy, event);
  }
  function up(event: PointerEvent): void {
    if (!from || event.pointerId !== from.id) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    from = null;
    if (moving) handlers.onend?.(dx, dy, event);
  }

  node.addEventListener('pointerdown', down);
  node.addEventListener('pointermove', move);
  node.addEventListener('pointerup', up);
  node.addEventListener('pointercancel', up);
  return {
    update(next) {
      handlers = next;
    },
    destroy() {
      node.removeEventListener('pointerdown', down);
      node.removeEventListener('pointermove', move);
      node.removeEventListener('pointerup', up);
      node.removeEventListener('pointercancel', up);
    },
  };
}
