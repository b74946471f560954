// Gives the focus to a step's heading when the control that had it is gone, so that reading goes on there.

export function heading(node: HTMLElement): void {
  node.tabIndex = -1;
  node.classList.add('step-heading');
  const { activeElement } = document;
  if (activeElement === null || activeElement === document.body) node.focus({ preventScroll: true });
}
