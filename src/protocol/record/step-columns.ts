/** The numbers of a step line as columns: raw, as they were logged. Weighting is done by whoever shows them. */
import type { StepLine } from '../metrics';

export const stepColumnNames = [
  'pixel',
  'content',
  'adversarial',
  'total',
  'discriminatorReal',
  'discriminatorFake',
  'realMean',
  'fakeMean',
  'realDeviation',
  'fakeDeviation',
  'learningRate',
  'seconds',
  'feedSeconds',
] as const;

export type StepColumn = (typeof stepColumnNames)[number];

/** The values of a step in the order of `stepColumnNames`; NaN where the line has no finite number. */
export function stepValues({ generator, discriminator, ...line }: StepLine): number[] {
  return [
    generator.pixel,
    generator.content,
    generator.adversarial,
    generator.total,
    discriminator?.real,
    discriminator?.fake,
    discriminator?.realMean,
    discriminator?.fakeMean,
    discriminator?.realDeviation,
    discriminator?.fakeDeviation,
    line.learningRate,
    line.seconds,
    line.feedSeconds,
  ].map((value) => value ?? Number.NaN);
}
