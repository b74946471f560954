// The files in what was dropped or pasted, folders walked through.

/** More than this is for the server's own folder, where nothing has to be sent. */
export const MOST_FILES = 2000;

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function listOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

async function walk(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (found.length >= MOST_FILES || entry.name.startsWith('.')) return;
  if (entry.isFile) {
    found.push(await fileOf(entry as FileSystemFileEntry));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A browser answers a hundred entries at a time, until there are no more.
  for (let some = await listOf(reader); some.length > 0; some = await listOf(reader)) {
    for (const one of some) await walk(one, found);
  }
}

/** Must be called within the event: what was dropped is gone afterwards. */
export async function filesIn(data: DataTransfer | null): Promise<File[]> {
  const items = [...(data?.items ?? [])].filter((item) => item.kind === 'file');
  const plain = [...(data?.files ?? [])];
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return plain;
  const found: File[] = [];
  for (const entry of entries) if (entry) await walk(entry, found).catch(() => {});
  return found;
}
