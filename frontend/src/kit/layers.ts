// The stack of open layers (menu, dialog, panel, viewer, selection): Esc closes exactly the topmost one.

type Close = () => void;

const open: { close: Close }[] = [];

/** Puts a layer on top; call the answer when it is gone. `close` is called when Esc is pressed while it is topmost. */
export function pushLayer(close: Close): () => void {
  const layer = { close };
  if (open.length === 0) window.addEventListener('keydown', onKey, true);
  open.push(layer);
  return () => {
    const at = open.indexOf(layer);
    if (at >= 0) open.splice(at, 1);
    if (open.length === 0) window.removeEventListener('keydown', onKey, true);
  };
}

/** How many layers are open; the page below listens to keys only when this is what it expects. */
export function layerCount(): number {
  return open.length;
}

function onKey(event: KeyboardEvent): void {
  const top = open.at(-1);
  if (event.key !== 'Escape' || event.isComposing || !top) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  top.close();
}
