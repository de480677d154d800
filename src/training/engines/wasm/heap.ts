/**
 * Allocates in the engine's one WebAssembly memory: state, constants, the arenas of plans. First fit, neighbours joined
 * when they are freed; the memory grows when nothing fits.
 */
import { OutOfMemoryError } from '../../../folders/out-of-memory';
import { MAXIMUM_PAGES } from '../../../assembler';

const PAGE = 65536;
/** 256 MiB: with less, no network worth training fits. */
const LEAST_PAGES = 4096;
/** Nothing lies at address 0, which means "none" to kernels. */
const FIRST = 64;

interface Gap {
  start: number;
  end: number;
}

/** A shared memory of one page that can grow to `maximum`, or to less where so many addresses cannot be had. */
function reserve(maximum: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum, shared: true });
  } catch (error) {
    if (maximum > LEAST_PAGES) return reserve(maximum / 2);
    throw new OutOfMemoryError(
      'The embedded engine cannot get memory that its threads share. If the address space of programs is limited here (ulimit -v), raise the limit.',
      { cause: error },
    );
  }
}

export class Heap {
  readonly memory: WebAssembly.Memory;
  /** Sorted by address. */
  #gaps: Gap[] = [];
  #end: number;
  readonly #sizes = new Map<number, number>();

  constructor() {
    this.memory = reserve(MAXIMUM_PAGES);
    this.#end = PAGE;
    this.#gaps = [{ start: FIRST, end: this.#end }];
  }

  /** Bytes that the memory has grown to. */
  get bytes(): number {
    return this.#end;
  }

  /** The address of `bytes` bytes, a multiple of 64. Throws where 4 GiB are not enough. */
  allocate(bytes: number): number {
    const size = Math.max(64, Math.ceil(bytes / 64) * 64);
    const gap = this.#gaps.find(({ start, end }) => end - start >= size) ?? this.#grow(size);
    const address = gap.start;
    gap.start += size;
    if (gap.start === gap.end) this.#gaps.splice(this.#gaps.indexOf(gap), 1);
    this.#sizes.set(address, size);
    return address;
  }

  free(address: number): void {
    const size = this.#sizes.get(address);
    if (size === undefined) return;
    this.#sizes.delete(address);
    this.#gaps.push({ start: address, end: address + size });
    this.#gaps.sort((a, b) => a.start - b.start);
    this.#gaps = this.#gaps.reduce<Gap[]>((joined, gap) => {
      const last = joined.at(-1);
      if (last?.end === gap.start) last.end = gap.end;
      else joined.push(gap);
      return joined;
    }, []);
  }

  /** The floats at an address, as they are now; not to be kept, because the memory may grow. */
  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count);
  }

  /** Grows so that the last gap has `size` bytes. */
  #grow(size: number): Gap {
    const last = this.#gaps.at(-1);
    const atEnd = last?.end === this.#end ? last : undefined;
    const pages = Math.ceil((size - (atEnd === undefined ? 0 : atEnd.end - atEnd.start)) / PAGE);
    try {
      this.memory.grow(pages);
    } catch (error) {
      const needed = Math.ceil((this.#end + pages * PAGE) / 2 ** 20);
      throw new OutOfMemoryError(
        `The embedded engine would need ${needed} MB of memory and cannot get it (it can have 4096 MB at most, less where memory is limited).`,
        { cause: error },
      );
    }
    const gap = atEnd ?? { start: this.#end, end: this.#end };
    this.#end += pages * PAGE;
    gap.end = this.#end;
    if (atEnd === undefined) this.#gaps.push(gap);
    return gap;
  }
}
