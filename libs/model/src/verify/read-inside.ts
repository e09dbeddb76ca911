import { constants } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { messageOf, ModelRefused } from '../model-refused.js';

/** Whether a path, links followed, is a directory or something in it. */
export async function isInside(directory: string, path: string): Promise<boolean> {
  const [outer, inner] = await Promise.all([realpath(directory), realpath(path)]);
  return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
}

/**
 * Reads a file of a directory, at most `limit` bytes of it.
 * @param name a file name, without a path
 * @throws ModelRefused not_found, path_outside (a symbolic link leads out of the directory), too_large
 */
export async function readInside(directory: string, name: string, limit: number): Promise<Buffer> {
  const path = join(directory, name);
  let file: FileHandle | undefined;
  try {
    if (!(await isInside(directory, path)))
      throw new ModelRefused('path_outside', `${path} is a link to somewhere outside of its directory`);
    // A named pipe would otherwise hold the open until somebody writes.
    file = await open(await realpath(path), constants.O_RDONLY | constants.O_NONBLOCK);
    const state = await file.stat();
    if (!state.isFile()) throw new ModelRefused('not_found', `${path} is no file`);
    if (state.size > limit)
      throw new ModelRefused('too_large', `${path} has ${state.size} bytes; ${limit} are allowed`);
    return await readAll(file, state.size, path);
  } catch (cause) {
    if (cause instanceof ModelRefused) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const why = missing ? `there is no ${path}` : `${path} cannot be read: ${messageOf(cause)}`;
    throw new ModelRefused('not_found', why, { cause });
  } finally {
    await file?.close();
  }
}

/** Exactly as many bytes as were there: a file that grows meanwhile cannot fill the memory. */
async function readAll(file: FileHandle, size: number, path: string): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let read = 0;
  while (read < size) {
    const { bytesRead } = await file.read(bytes, read, size - read, read);
    if (bytesRead === 0) throw new ModelRefused('not_found', `${path} became shorter while it was read`);
    read += bytesRead;
  }
  return bytes;
}
