/** Images that belong together, as it is found out pair by pair. */

export class ImageGroups {
  private readonly parents = new Map<number, number>();

  /** Says that two images belong together, and with them those that belong to either. */
  join(a: number, b: number): void {
    const [first, second] = [this.find(a), this.find(b)];
    if (first !== second) this.parents.set(Math.max(first, second), Math.min(first, second));
  }

  together(a: number, b: number): boolean {
    return this.find(a) === this.find(b);
  }

  /** Groups of two and more, their images and they themselves in order. */
  groups(): number[][] {
    const groups = new Map<number, number[]>();
    for (const image of this.parents.keys()) {
      const first = this.find(image);
      const group = groups.get(first) ?? [first];
      if (image !== first) group.push(image);
      groups.set(first, group);
    }
    return [...groups.values()].map((group) => group.sort((a, b) => a - b)).sort((a, b) => a[0]! - b[0]!);
  }

  private find(image: number): number {
    let first = image;
    for (let parent = this.parents.get(first); parent !== undefined && parent !== first;)
      parent = this.parents.get((first = parent));
    // Long ways are made short.
    for (let at = image; at !== first;) {
      const next = this.parents.get(at)!;
      this.parents.set(at, first);
      at = next;
    }
    return first;
  }
}
