/**
 * What a run has done, as columns: built from the lines of `metrics.jsonl`, extended as they come. Weighting happens here,
 * with the weights of the run's configuration.
 */
import type { EventLine, MetricsLine, StepLine, ValidationLine } from '../../protocol/metrics';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { Mark, XAxis } from '../chart/curve';
import type { Range } from '../chart/downsample';
import { Table } from '../chart/table';

const stepColumns = [
  'pixel',
  'pixelWeighted',
  'content',
  'contentWeighted',
  'adversarial',
  'adversarialWeighted',
  'total',
  'discriminatorReal',
  'discriminatorFake',
  'realMean',
  'fakeMean',
  'learningRate',
  'seconds',
  'feedSeconds',
] as const;

const validationColumns = [
  'psnr',
  'ssim',
  'psnrWhole',
  'ssimWhole',
  'bicubicPsnrWhole',
  'bicubicSsimWhole',
] as const;

export class RunRecord {
  readonly steps = new Table(stepColumns);
  readonly validations = new Table(validationColumns);
  /** In order of steps; what a resumed run repeats is replaced. */
  readonly validationLines: ValidationLine[] = [];
  /** All that ever happened, in order of time. */
  readonly events: EventLine[] = [];
  private firstTime: number | null = null;

  constructor(
    private readonly configuration: RunConfiguration,
    lines: readonly MetricsLine[],
  ) {
    this.append(lines);
  }

  append(lines: readonly MetricsLine[]): void {
    for (const line of lines) {
      this.firstTime ??= line.time;
      if (line.kind === 'step') this.appendStep(line);
      else if (line.kind === 'validation') this.appendValidation(line);
      else this.events.push(line);
    }
  }

  /** From the first to the last row of all tables. */
  extent(axis: XAxis): Range {
    const edges = [this.steps, this.validations].flatMap((table) => {
      const x = axis === 'step' ? table.steps : table.elapsed;
      return x.length === 0 ? [] : [x[0]!, x[x.length - 1]!];
    });
    if (edges.length === 0) return { min: 0, max: 1 };
    const range = { min: Math.min(...edges), max: Math.max(...edges) };
    return range.min === range.max ? { min: range.min, max: range.min + 1 } : range;
  }

  /** What charts mark on their x axis. */
  marks(): Mark[] {
    const kinds: Partial<Record<EventLine['event'], Mark['kind']>> = {
      stage: 'stage',
      resumed: 'resumed',
      checkpoint: 'checkpoint',
      warning: 'warning',
    };
    return this.events.flatMap((event) => {
      const kind = kinds[event.event];
      return kind ? [{ kind, step: event.step, elapsed: this.elapsed(event.time), text: event.message }] : [];
    });
  }

  latestValidation(extent?: ValidationLine['extent']): ValidationLine | undefined {
    return this.validationLines.findLast((line) => extent === undefined || line.extent === extent);
  }

  private elapsed(time: number): number {
    return (time - (this.firstTime ?? time)) / 1000;
  }

  private appendStep(line: StepLine): void {
    if (line.step <= (this.steps.steps.at(-1) ?? -1)) this.forgetFrom(line.step);
    const { generator, discriminator } = line;
    const weights =
      line.stage === 'pixel' ? { pixel: 1, content: 0, adversarial: 0 } : this.configuration.lossWeights;
    const weighted = (value: number | null | undefined, weight: number) =>
      value === null || value === undefined ? null : value * weight;
    this.steps.append(line.step, this.elapsed(line.time), {
      pixel: generator.pixel,
      pixelWeighted: weighted(generator.pixel, weights.pixel),
      content: generator.content,
      contentWeighted: weighted(generator.content, weights.content),
      adversarial: generator.adversarial,
      adversarialWeighted: weighted(generator.adversarial, weights.adversarial),
      total: generator.total,
      discriminatorReal: discriminator?.real,
      discriminatorFake: discriminator?.fake,
      realMean: discriminator?.realMean,
      fakeMean: discriminator?.fakeMean,
      learningRate: line.learningRate,
      seconds: line.seconds,
      feedSeconds: line.feedSeconds,
    });
  }

  /** A resumed run goes on from its checkpoint: what came after it is done again. */
  private forgetFrom(step: number): void {
    this.steps.truncateFrom(step);
    this.validations.truncateFrom(step);
    while ((this.validationLines.at(-1)?.step ?? -1) >= step) this.validationLines.pop();
  }

  private appendValidation(line: ValidationLine): void {
    const same = this.validationLines.findIndex(
      (other) => other.step === line.step && other.extent === line.extent,
    );
    if (same !== -1) this.validationLines.splice(same, 1);
    this.validationLines.push(line);
    const { model, bicubic } = line;
    this.validations.append(
      line.step,
      this.elapsed(line.time),
      line.extent === 'crop'
        ? { psnr: model.psnr, ssim: model.ssim }
        : {
            psnrWhole: model.psnr,
            ssimWhole: model.ssim,
            bicubicPsnrWhole: bicubic.psnr,
            bicubicSsimWhole: bicubic.ssim,
          },
    );
  }
}
