"""Media files that carry their prompt become posts: from a folder, one by one, or out of an archive.

The doors, each a module of its own, so that the children which read files load nothing of the database:

- `folder.open_media(path, keep_in=...)`: a media file, or a folder of them, with the interface of `export.Export`.
- `archive.Archive(path, keep_in=...)`: the media in a zip, with the same interface.
- `reading.read_media(file)`: what one file says of itself, from its headers alone.
- `taking.take(file, name, keeper=...)`: the same with its fingerprint, and the file kept in the archive by a
  `keeping.Keeper`; for members of archives.
- `posts.new_post_of(taken)`: the post that it becomes.
"""
