/** Who wants a run stopped, presses this: once to stop it in good order, once more, when that takes too long, to end it. */

/** A second press sooner than this is the same wish, come by another way (a signal and a command). */
const PATIENCE_MS = 2000;

export class StopButton {
  private readonly controller = new AbortController();
  private pressedAt: number | undefined;

  /**
   * @param endAtOnce what the second press does
   * @param now a clock in milliseconds
   */
  constructor(
    private readonly endAtOnce: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Aborts at the first press. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  readonly press = (): void => {
    const now = this.now();
    if (this.pressedAt === undefined) {
      this.pressedAt = now;
      this.controller.abort();
    } else if (now - this.pressedAt >= PATIENCE_MS) {
      this.endAtOnce();
    }
  };
}
