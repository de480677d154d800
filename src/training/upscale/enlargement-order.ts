/** Which part of a picture is enlarged next: one in sight, from the middle of the sight outwards; then the nearest other. */
import type { Area } from '../../imaging/resize-area';

export class EnlargementOrder {
  private readonly waiting: Set<number>;
  private view: Area;

  constructor(
    private readonly areas: readonly Area[],
    private readonly picture: { readonly width: number; readonly height: number },
    view: Area,
  ) {
    this.waiting = new Set(areas.keys());
    this.view = this.within(view);
  }

  get left(): number {
    return this.waiting.size;
  }

  /** What is looked at now. */
  look(view: Area): void {
    this.view = this.within(view);
  }

  /** Takes the next index; undefined when all are taken. */
  next(): number | undefined {
    let best: number | undefined;
    let least = Infinity;
    for (const index of this.waiting) {
      const distance = this.distance(this.areas[index]!);
      if (distance >= least) continue;
      best = index;
      least = distance;
    }
    if (best !== undefined) this.waiting.delete(best);
    return best;
  }

  /** What of the view lies in the picture; all of the picture if nothing does. */
  private within(view: Area): Area {
    const { width, height } = this.picture;
    const [left, top] = [Math.max(0, view.left), Math.max(0, view.top)];
    const right = Math.min(width, view.left + view.width);
    const bottom = Math.min(height, view.top + view.height);
    if (right <= left || bottom <= top) return { left: 0, top: 0, width, height };
    return { left, top, width: right - left, height: bottom - top };
  }

  /** Between the middles; what is out of sight is further than anything in sight. */
  private distance(area: Area): number {
    const { view } = this;
    const dx = area.left + area.width / 2 - (view.left + view.width / 2);
    const dy = area.top + area.height / 2 - (view.top + view.height / 2);
    const inSight =
      area.left < view.left + view.width &&
      area.left + area.width > view.left &&
      area.top < view.top + view.height &&
      area.top + area.height > view.top;
    return Math.hypot(dx, dy) + (inSight ? 0 : FAR);
  }
}

/** More than any picture is wide. */
const FAR = 1e9;
