/**
 * The parameters of each kind of stage as fields of a form: labels, units and limits. The schema has the last word on what
 * is valid; a test holds this table against it. Pure.
 */
import { resizeKernelNames, stageSchema, type PlainStage } from '../../../protocol/degradation';
import type { DraftStage } from './draft';

interface FieldBase {
  key: string;
  label: string;
  hint?: string;
  /** Whether it has a meaning for this stage; shown always if absent. */
  when?: (stage: DraftStage) => boolean;
}

export interface NumberLimits {
  min: number;
  max: number;
  step: number;
}

export type StageField = FieldBase &
  (
    | ({ kind: 'range'; unit: string } & NumberLimits)
    | { kind: 'share' }
    | { kind: 'flag' }
    | { kind: 'choice'; choices: readonly { value: string; label: string }[] }
    | { kind: 'kernels'; choices: readonly string[] }
  );

export type StageType = PlainStage['type'] | 'choose';

const greyShare: StageField = {
  key: 'greyShare',
  label: 'Grey share',
  kind: 'share',
  hint: 'Share of the images whose three channels get the same noise.',
};

const kernelSize: StageField = {
  key: 'size',
  label: 'Kernel size',
  kind: 'range',
  unit: 'px',
  min: 1,
  max: 51,
  step: 2,
  hint: 'Side of the kernel, odd.',
};

export const stageFields: Record<PlainStage['type'], readonly StageField[]> = {
  blur: [
    {
      key: 'shape',
      label: 'Shape',
      kind: 'choice',
      choices: [
        { value: 'gaussian', label: 'Gaussian' },
        { value: 'generalised', label: 'Generalised' },
        { value: 'plateau', label: 'Plateau' },
      ],
    },
    { key: 'sigma', label: 'Sigma', kind: 'range', unit: 'px', min: 0.05, max: 20, step: 0.05 },
    kernelSize,
    { key: 'isotropic', label: 'Isotropic', kind: 'flag', hint: 'One sigma for all directions.' },
    {
      key: 'rotation',
      label: 'Rotation',
      kind: 'range',
      unit: '°',
      min: -360,
      max: 360,
      step: 1,
      when: ({ isotropic }) => isotropic !== true,
    },
    {
      key: 'beta',
      label: 'Beta',
      kind: 'range',
      unit: '',
      min: 0.1,
      max: 10,
      step: 0.05,
      hint: 'Exponent of the shape.',
      when: ({ shape }) => shape !== 'gaussian',
    },
  ],
  sinc: [
    {
      key: 'cutoff',
      label: 'Cut-off',
      kind: 'range',
      unit: 'rad/px',
      min: 0.1,
      max: Math.PI,
      step: 0.01,
      hint: 'π lets everything pass.',
    },
    kernelSize,
  ],
  resize: [
    {
      key: 'of',
      label: 'Factor of',
      kind: 'choice',
      choices: [
        { value: 'previous', label: 'the size before' },
        { value: 'lr', label: 'the LR size' },
      ],
    },
    { key: 'factor', label: 'Factor', kind: 'range', unit: '×', min: 0.05, max: 4, step: 0.05 },
    {
      key: 'kernels',
      label: 'Kernels',
      kind: 'kernels',
      choices: resizeKernelNames,
      hint: 'One of them is drawn.',
    },
    { key: 'antialias', label: 'Antialiased', kind: 'flag' },
  ],
  'gaussian-noise': [
    {
      key: 'sigma',
      label: 'Sigma',
      kind: 'range',
      unit: 'of 255',
      min: 0,
      max: 100,
      step: 0.5,
      hint: 'Standard deviation in grey levels.',
    },
    greyShare,
  ],
  'poisson-noise': [
    {
      key: 'scale',
      label: 'Scale',
      kind: 'range',
      unit: '×',
      min: 0,
      max: 10,
      step: 0.05,
      hint: 'What the deviation from the mean is multiplied by.',
    },
    greyShare,
  ],
  jpeg: [{ key: 'quality', label: 'Quality', kind: 'range', unit: '', min: 1, max: 100, step: 1 }],
};

export const probabilityField: StageField = {
  key: 'probability',
  label: 'Probability',
  kind: 'share',
  hint: 'Share of the images that this stage is applied to.',
};

export const stageLabels: Record<StageType, string> = {
  blur: 'Blur',
  sinc: 'Sinc filter',
  resize: 'Resizing',
  'gaussian-noise': 'Gaussian noise',
  'poisson-noise': 'Poisson noise',
  jpeg: 'JPEG',
  choose: 'One of several',
};

export const plainStageTypes = [
  'blur',
  'sinc',
  'resize',
  'gaussian-noise',
  'poisson-noise',
  'jpeg',
] as const satisfies readonly PlainStage['type'][];

export function isPlainType(type: string): type is PlainStage['type'] {
  return plainStageTypes.some((known) => known === type);
}

const beginnings: Record<StageType, object> = {
  blur: { sigma: [0.5, 2] },
  sinc: { cutoff: [1, 2.5] },
  resize: { factor: [0.5, 1] },
  'gaussian-noise': { sigma: [1, 10] },
  'poisson-noise': { scale: [0.1, 1] },
  jpeg: { quality: [50, 95] },
  choose: { options: [{ stages: [] }, { stages: [] }] },
};

/** A stage as it is added: mild values, every default filled in. */
export function newStage(type: StageType): DraftStage {
  return { ...stageSchema.parse({ type, ...beginnings[type] }) };
}

/** A stage in a few words, with what tells it from others of its kind: `Blur (plateau, anisotropic) σ 0.2–3`. */
export function stageWords(stage: DraftStage): string {
  const { type } = stage;
  if (!isPlainType(type)) return type;
  const label = stageLabels[type];
  const span = (field: string) => {
    const value = stage[field];
    if (!Array.isArray(value)) return '';
    const [low, high] = value.map((end) => String(Number(Number(end).toPrecision(3))));
    return low === high ? ` ${low ?? ''}` : ` ${low ?? ''}–${high ?? ''}`;
  };
  switch (type) {
    case 'blur': {
      const shape = `${String(stage['shape'])}, ${stage['isotropic'] === true ? 'isotropic' : 'anisotropic'}`;
      return `${label} (${shape}) σ${span('sigma')}`;
    }
    case 'sinc':
      return `${label}${span('cutoff')} rad/px, size${span('size')}`;
    case 'resize':
      return `${label} ×${span('factor')} of the ${stage['of'] === 'lr' ? 'LR size' : 'size before'}`;
    case 'gaussian-noise':
      return `${label} σ${span('sigma')}`;
    case 'poisson-noise':
      return `${label} ×${span('scale')}`;
    case 'jpeg':
      return `${label} quality${span('quality')}`;
  }
}
