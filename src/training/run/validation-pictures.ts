/** How a trainer keeps the pictures of its validations: within their budget, and telling a person what was given up for it. */
import type { RgbImage } from '../../imaging/image';
import { countOf, formatBytes, formatCount } from '../../protocol/quantities';
import type { Equipment } from './equipment';
import type { Journal } from './journal';

export class ValidationPictures {
  /** A warning is told once in the life of a trainer, the rest in its log. */
  private told = false;

  constructor(
    private readonly samples: Equipment['samples'],
    private readonly journal: Journal,
    /** In bytes. */
    private readonly budget: number,
  ) {}

  /** Whether there were any. */
  async keep(step: number, pictures: ReadonlyMap<string, RgbImage>): Promise<boolean> {
    if (pictures.size === 0) return false;
    const dropped = await this.samples.write(step, pictures);
    if (dropped.length > 0) this.tell(dropped);
    return true;
  }

  private tell(dropped: readonly number[]): void {
    const which = dropped.map(formatCount).join(', ');
    this.journal.log(`Pictures given up for the budget: those of step ${which}.`);
    if (this.told) return;
    this.told = true;
    this.journal.event(
      'warning',
      `The pictures of validations have reached their budget of ${formatBytes(this.budget)} (validation.sampleBudget). ` +
        `From now on those of ${countOf(this.samples.kept, 'step')} are kept, evenly spread over the run; the others are deleted.`,
    );
  }
}
