/** Doing something whenever there is a reason, but not all the time: at once after a rest, else when the rest is over. */

export class Paced {
  private resting: NodeJS.Timeout | undefined;
  private asked = false;

  /** @param restMs between two times that `action` is called, at least */
  constructor(
    private readonly action: () => void,
    private readonly restMs: number,
  ) {}

  /** There is a reason. All that come during a rest are one. */
  ask(): void {
    if (this.resting === undefined) this.act();
    else this.asked = true;
  }

  dispose(): void {
    clearTimeout(this.resting);
  }

  private act(): void {
    this.asked = false;
    this.resting = setTimeout(() => {
      this.resting = undefined;
      if (this.asked) this.act();
    }, this.restMs);
    this.action();
  }
}
