/**
 * How a trainer tells what it does: in the metrics for pages, in the log for people, in the lease for whoever looks at
 * the run right now. It knows where the run stands, so that nobody else has to write that down.
 */
import { messageOf } from '../../folders/lab-error';
import type { Lease } from '../../protocol/lease';
import type { EventLine, MetricsLine } from '../../protocol/metrics';
import { formatCount } from '../../protocol/quantities';
import { CHOSEN_REASON } from '../engines/open-engine';
import type { Equipment } from './equipment';
import type { HeldLease } from './lease';
import type { Log } from './log';
import type { Position } from './schedule';

export class Journal {
  constructor(
    private readonly equipment: Pick<Equipment, 'metrics'>,
    private readonly lease: HeldLease,
    readonly log: Log,
    private readonly position: () => Position,
  ) {}

  /** What every line of the metrics begins with. */
  now(): Pick<MetricsLine, 'time' | 'step' | 'stage'> {
    const { step, stage } = this.position();
    return { time: Date.now(), step, stage };
  }

  /** Throws a `LabError` if the line cannot be written, or the folder is no longer ours. */
  append(line: MetricsLine): void {
    this.lease.assertHeld();
    this.equipment.metrics.append(line);
  }

  event(event: EventLine['event'], message: string, stage = this.position().stage): void {
    this.log(message);
    this.append({ kind: 'event', ...this.now(), stage, event, message });
  }

  phase(phase: Lease['phase'], message: string): void {
    const { step, stage } = this.position();
    this.lease.update({ phase, message, step, stage });
  }

  /** Where the run stands, told with the next heartbeat. */
  advance(): void {
    const { step, stage } = this.position();
    this.lease.update({ step, stage });
  }

  /** A failure belongs into the metrics, unless they are what failed or are no longer ours. */
  failure(error: unknown): void {
    if (this.lease.lost.aborted) return;
    try {
      this.event('failed', messageOf(error));
      this.equipment.metrics.sync();
    } catch (second) {
      this.log(`The failure could not be written into the metrics: ${messageOf(second)}`);
    }
  }

  /** What is trained on what, from where, and what a person should know about it. */
  announce({
    engine,
    engineReason,
    device,
    feed,
    validator,
    dataset,
    metrics,
    damaged,
    checkpoint,
  }: Equipment): void {
    const { name } = engine.description;
    this.lease.update({ engine: name, device, engineReason });
    this.advance();
    for (const { folder, problem } of damaged) {
      this.event('warning', `The checkpoint ${folder} cannot be used and was set aside. ${problem}`);
    }
    const on = `${feed.images} images of ${dataset.name}, engine ${name} (${device})`;
    const why = engineReason === CHOSEN_REASON ? '' : ` ${engineReason}`;
    if (checkpoint !== undefined) {
      this.event(
        'resumed',
        `Resumed from the checkpoint at step ${formatCount(checkpoint.step)}: training on ${on}.${why}`,
      );
    } else if (metrics.linesAtStart.length > 0) {
      this.event('resumed', `Started anew, because there was no checkpoint yet: training on ${on}.${why}`);
    } else {
      this.event('started', `Training on ${on}.${why}`);
    }
    const warnings = [...validator.warnings];
    if (checkpoint !== undefined && checkpoint.engine !== name) {
      warnings.push(
        `The run was trained by the ${checkpoint.engine} engine before. Results agree, but not to the last bit.`,
      );
    }
    if (checkpoint?.dataset !== undefined && checkpoint.dataset !== dataset.contents?.sha256) {
      warnings.push(
        `The data set ${dataset.name} has changed since the checkpoint: the images that follow are others than they would have been.`,
      );
    }
    if (feed.tooSmall.length > 0) {
      warnings.push(`Smaller than a patch and never trained on: ${feed.tooSmall.join(', ')}.`);
    }
    for (const warning of warnings) this.event('warning', warning);
  }
}
