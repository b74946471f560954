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
      ['Library, collections', 'G B', 'G C'],
      ['Import, files, jobs', 'G I', 'G F', 'G J'],
      ['Prompts, statistics', 'G P', 'G S'],
      ['Keeping, trash', 'G K', 'G T'],
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
      ['Next day, month, year', 'D', 'M', 'Y'],
      ['Go to a date', '.'],
      ['Fold a section, all', 'K', 'Shift+K'],
      ['Open', 'Enter'],
      ['Select', 'X'],
      ['Select up to here', 'Shift+ArrowLeft', 'Shift+ArrowRight'],
      ['Select all, the others', 'Ctrl+A', 'Ctrl+I'],
      ['Like', 'F'],
      ['Rating, none', '1', '5', '0'],
      ['Status', 'Shift+1', 'Shift+5'],
      ['Tags', 'T'],
      ['Add to collection', 'A'],
      ['Put in the trash', 'Delete'],
      ['Arrange a collection', 'Alt+ArrowLeft', 'Alt+ArrowRight'],
      ['More like this', 'S'],
      ['Larger, smaller pictures', '+', '-'],
      ['Next layout', 'L'],
    ],
  },
  {
    title: 'Viewer',
    keys: [
      ['Next, previous', 'ArrowRight', 'ArrowLeft'],
      ['Inside the stack', 'ArrowDown', 'ArrowUp'],
      ['Like', 'F'],
      ['Rating, status', '1', 'Shift+1'],
      ['Tags, collections', 'T', 'A'],
      ['More like this', 'S'],
      ['Fit or 100 %', 'Z'],
      ['Details', 'I'],
      ['Hide chrome', 'H'],
      ['Play', 'Space'],
      ['Frame by frame', ',', '.'],
    ],
  },
  {
    title: 'Trash',
    keys: [
      ['Take back', 'R'],
      ['Select, all', 'X', 'Ctrl+A'],
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
