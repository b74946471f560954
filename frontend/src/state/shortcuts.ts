// Every key of the page, for the sheet that lists them; rooms listen to theirs.

export interface ShortcutGroup {
  title: string;
  keys: readonly (readonly [label: string, ...keys: string[]])[];
}

export const SHORTCUTS: readonly ShortcutGroup[] = [
  {
    title: 'Anywhere',
    keys: [
      ['Search', '/'],
      ['Library, import, jobs, keeping', 'G B', 'G I', 'G J', 'G K'],
      ['Undo', 'Ctrl+Z'],
      ['Theme', 'Shift+T'],
      ['This sheet', '?'],
      ['Close what is on top', 'Esc'],
    ],
  },
  {
    title: 'In the grid',
    keys: [
      ['Move', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
      ['First, last', 'Home', 'End'],
      ['A screen up, down', 'PageUp', 'PageDown'],
      ['Open', 'Enter'],
      ['Like', 'F'],
      ['Larger, smaller pictures', '+', '-'],
    ],
  },
  {
    title: 'Viewer',
    keys: [
      ['Next, previous', 'ArrowRight', 'ArrowLeft'],
      ['Inside the stack', 'ArrowDown', 'ArrowUp'],
      ['Like', 'F'],
      ['Fit or 100 %', 'Z'],
      ['Details', 'I'],
      ['Hide chrome', 'H'],
      ['Play', 'Space'],
      ['Frame by frame', ',', '.'],
    ],
  },
];
