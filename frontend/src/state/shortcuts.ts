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
      ['Library, import, jobs', 'G B', 'G I', 'G J'],
      ['Prompts, statistics', 'G P', 'G S'],
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
      ['More like this', 'S'],
      ['Larger, smaller pictures', '+', '-'],
    ],
  },
  {
    title: 'Viewer',
    keys: [
      ['Next, previous', 'ArrowRight', 'ArrowLeft'],
      ['Inside the stack', 'ArrowDown', 'ArrowUp'],
      ['Like', 'F'],
      ['More like this', 'S'],
      ['Fit or 100 %', 'Z'],
      ['Details', 'I'],
      ['Hide chrome', 'H'],
      ['Play', 'Space'],
      ['Frame by frame', ',', '.'],
    ],
  },
  {
    title: 'Similar posts',
    keys: [
      ['Open', 'Enter'],
      ['More like this', 'S'],
      ['Select', 'X'],
      ['Not like this', 'Delete'],
    ],
  },
];
