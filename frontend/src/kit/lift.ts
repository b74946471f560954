// Bars at the foot of the page tell how much of it they take, so that messages stand above them and cover no button.
const bars = new Map<Element, number>();

function tell(): void {
  const highest = Math.max(0, ...bars.values());
  if (highest > 0) document.documentElement.style.setProperty('--lift', `${highest}px`);
  else document.documentElement.style.removeProperty('--lift');
}

/** An action: messages stand above this bar for as long as it is there; `gap` is what lies below the bar. */
export function lifts(bar: HTMLElement, gap = 0): { destroy: () => void } {
  const measure = (): void => {
    bars.set(bar, Math.ceil(bar.offsetHeight) + gap);
    tell();
  };
  // Words of a bar wrap differently on each screen.
  const watcher = new ResizeObserver(measure);
  watcher.observe(bar);
  measure();
  return {
    destroy() {
      watcher.disconnect();
      bars.delete(bar);
      tell();
    },
  };
}
