// Puts a picture into a recycled img: the old one never shows in the new place, cached ones appear at once.

/** `use:picture={src}`; null takes the picture away and gives up its download. */
export function picture(node: HTMLImageElement, first: string | null): { update: (src: string | null) => void; destroy: () => void } {
  let current: string | null = null;

  function show(how: 'at-once' | 'fading'): void {
    node.classList.add('shown');
    node.classList.toggle('fading', how === 'fading');
  }
  function set(src: string | null): void {
    if (src === current) return;
    current = src;
    node.classList.remove('shown', 'fading');
    if (src === null) {
      node.removeAttribute('src');
      return;
    }
    node.src = src;
    if (node.complete && node.naturalWidth > 0) show('at-once');
  }
  const loaded = (): void => {
    if (current !== null && !node.classList.contains('shown')) show('fading');
  };

  node.addEventListener('load', loaded);
  set(first);
  return {
    update: set,
    destroy() {
      node.removeEventListener('load', loaded);
      node.removeAttribute('src');
    },
  };
}
