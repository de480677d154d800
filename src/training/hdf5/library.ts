/**
 * The HDF5 library, compiled to WebAssembly. It works on files in a memory of its own, so nothing that it is given can
 * reach the disk; it is loaded when the first file needs it.
 */
import type * as Hdf5 from 'h5wasm';

export type Hdf5Library = typeof Hdf5;
export type { Attribute, Dataset, File as Hdf5File, Group } from 'h5wasm';

let files = 0;

export async function hdf5Library(): Promise<Hdf5Library> {
  const library = await import('h5wasm');
  // Errors come as exceptions with the library's own reasons, and not on stderr.
  (await library.ready).activate_throwing_error_handler();
  return library;
}

/** A name in the library's memory that no other file has; `forget` frees it. */
export async function memoryFile(): Promise<{ name: string; bytes: MemoryBytes }> {
  const { ready } = await hdf5Library();
  const { FS } = await ready;
  const name = `/file-${files++}.h5`;
  return {
    name,
    bytes: {
      read: () => FS.readFile(name),
      write: (content) => {
        FS.writeFile(name, content);
      },
      forget: () => {
        FS.unlink(name);
      },
    },
  };
}

export interface MemoryBytes {
  read(): Uint8Array;
  write(content: Uint8Array): void;
  forget(): void;
}
