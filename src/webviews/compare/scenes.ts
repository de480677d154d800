/**
 * The pictures that can be compared: a scene is one HR crop, with every run that has an SR picture of it. Two runs whose
 * crops differ, though the image has the same name, are two scenes. Pure.
 */
import type { ComparedSample } from '../../protocol/compare-page';
import { count, decibels } from '../kit/format';
import type { StageCrop } from '../stage/crops';
import type { StagePicture } from '../stage/panes';
import type { ReadRun } from './compared-run';
import { lookOf, slotId } from './slots';

export interface Scene {
  /** Of the name and the HR picture together. */
  readonly key: string;
  readonly name: string;
  /** The name, or more where another scene has the same. */
  readonly label: string;
  readonly hr: string;
  /** Usually one; runs of another scale or degradation have another. */
  readonly bicubics: readonly {
    readonly key: string;
    readonly uri: string;
    readonly runs: readonly ReadRun[];
  }[];
  readonly samples: readonly { readonly run: ReadRun; readonly sample: ComparedSample }[];
}

/** In the order of names; of equal names the one that more runs have first. */
export function scenesOf(runs: readonly ReadRun[]): Scene[] {
  const byKey = new Map<string, { run: ReadRun; sample: ComparedSample }[]>();
  for (const run of runs) {
    for (const sample of run.content.samples) {
      const key = keyOf(sample);
      byKey.set(key, [...(byKey.get(key) ?? []), { run, sample }]);
    }
  }
  const scenes = [...byKey.values()].sort(
    ([a, ...others], [b, ...rivals]) =>
      a!.sample.name.localeCompare(b!.sample.name, 'en', { numeric: true }) || rivals.length - others.length,
  );
  return scenes.map((samples) => {
    const { name, hr } = samples[0]!.sample;
    const alone = scenes.every((other) => other === samples || other[0]!.sample.name !== name);
    const of = samples.length === 1 ? samples[0]!.run.name : `${count(samples.length)} runs`;
    return {
      key: keyOf(samples[0]!.sample),
      name,
      label: alone ? name : `${name} (${of})`,
      hr: hr.uri,
      bicubics: bicubicsOf(samples),
      samples,
    };
  });
}

function keyOf({ name, hr }: ComparedSample): string {
  return `${name}\n${hr.key}`;
}

function bicubicsOf(samples: Scene['samples']): Scene['bicubics'] {
  const byKey = new Map<string, { key: string; uri: string; runs: ReadRun[] }>();
  for (const { run, sample } of samples) {
    const { key, uri } = sample.bicubic;
    const known = byKey.get(key);
    if (known) known.runs.push(run);
    else byKey.set(key, { key, uri, runs: [run] });
  }
  return [...byKey.values()];
}

/** The crops that any of the scene's runs has kept of it; of equal names the first. */
export function cropsOf({ name, samples }: Scene): StageCrop[] {
  const kept = new Map<string, StageCrop>();
  for (const { run } of samples) {
    for (const { image, ...crop } of run.content.crops) {
      if (image === name && !kept.has(crop.name)) kept.set(crop.name, crop);
    }
  }
  return [...kept.values()];
}

/** All steps at which any run has a picture of the scene, ascending. */
export function stepsOf({ samples }: Scene): number[] {
  const steps = samples.flatMap(({ sample }) => sample.sr.map(({ step }) => step));
  return [...new Set(steps)].sort((a, b) => a - b);
}

/** A run's picture at a step: the latest until then, or its first; its last for null. Undefined without any. */
export function sampleAt(
  sr: ComparedSample['sr'],
  step: number | null,
): ComparedSample['sr'][number] | undefined {
  if (step === null) return sr.at(-1);
  return sr.findLast((each) => each.step <= step) ?? sr[0];
}

export interface ScenePage {
  readonly pictures: StagePicture[];
  /** How many pages of pictures there are, and which this is. */
  readonly pages: number;
  readonly page: number;
  /** Runs that have no picture of this scene yet. */
  readonly without: readonly ReadRun[];
}

/**
 * The pictures of one page: bicubic first and HR last on every page, between them as many runs as fit.
 * @param step null shows each run's last picture
 * @param most pictures on a page, at least three
 */
export function scenePage(scene: Scene, step: number | null, page: number, most: number): ScenePage {
  const shown = scene.samples.flatMap(({ run, sample }) => {
    const picture = sampleAt(sample.sr, step);
    return picture === undefined ? [] : [{ run, picture }];
  });
  const runsPerPage = Math.max(1, most - 1 - scene.bicubics.length);
  const pages = Math.max(1, Math.ceil(shown.length / runsPerPage));
  const at = Math.min(Math.max(0, page), pages - 1);
  const asked = step ?? Math.max(0, ...shown.map(({ picture }) => picture.step));
  const runs = shown.slice(at * runsPerPage, (at + 1) * runsPerPage);
  return {
    pages,
    page: at,
    without: scene.samples.flatMap(({ run, sample }) => (sample.sr.length === 0 ? [run] : [])),
    pictures: [
      ...scene.bicubics.map((bicubic, index): StagePicture => ({
        id: index === 0 ? 'bicubic' : `bicubic${index}`,
        label: bicubicLabel(scene, bicubic.runs),
        ...scored(bicubicScore(bicubic.runs[0]!, scene.name)),
        role: 'lr',
        uri: bicubic.uri,
      })),
      ...runs.map(({ run, picture }): StagePicture => ({
        id: slotId(run.slot),
        label: run.name,
        ...scored(psnrAt(run, scene.name, picture.step), picture.step === asked ? null : picture.step),
        role: 'sr',
        colour: lookOf(run.slot).colour,
        uri: picture.uri,
      })),
      { id: 'hr', label: 'HR', role: 'hr', uri: scene.hr },
    ],
  };
}

function bicubicLabel({ bicubics }: Scene, runs: readonly ReadRun[]): string {
  if (bicubics.length === 1) return 'LR, bicubic';
  const scale = runs[0]!.content.configuration.scale;
  const sameScale = bicubics.some(
    (other) => other.runs !== runs && other.runs[0]!.content.configuration.scale === scale,
  );
  return sameScale ? `LR of ${runs.map(({ name }) => name).join(', ')}, bicubic` : `LR ×${scale}, bicubic`;
}

function scored(psnr: number | undefined, step: number | null = null): { detail?: string } {
  const parts = [
    ...(psnr === undefined ? [] : [decibels(psnr)]),
    ...(step === null ? [] : [`step ${count(step)}`]),
  ];
  return parts.length === 0 ? {} : { detail: parts.join(', ') };
}

/** Of one image, by the validation that kept its picture. */
function psnrAt({ content }: ReadRun, name: string, step: number): number | undefined {
  const line = content.validations.findLast((candidate) => candidate.step === step && candidate.sampled);
  return line?.images.find((image) => image.name === name)?.model.psnr;
}

function bicubicScore({ content }: ReadRun, name: string): number | undefined {
  const line = content.validations.find((candidate) => candidate.sampled);
  return line?.images.find((image) => image.name === name)?.bicubic.psnr;
}
