/** `use.py`: a program that runs the exported file on a picture, in the framework that it was written for. */
import type { ExportCard, ExportFormat } from '../../../protocol/exported-model';

type PythonFormat = Exclude<ExportFormat, 'tfjs'>;

interface Framework {
  /** What pip installs. */
  readonly packages: string;
  readonly imports: readonly string[];
  /** Lines that load the file; where these have to come after the imports of NumPy and Pillow. */
  readonly load: (file: string) => readonly string[];
  /** The body of `run(image)`: from [height, width, 3] to the result for this one image. */
  readonly run: readonly string[];
}

const frameworks: Record<PythonFormat, Framework> = {
  keras: {
    packages: 'keras tensorflow pillow',
    imports: ['import keras'],
    load: (file) => [`model = keras.models.load_model(Path(__file__).with_name("${file}"), compile=False)`],
    run: ['return np.asarray(model([image[None]]))[0]'],
  },
  onnx: {
    packages: 'onnxruntime pillow',
    imports: ['import onnxruntime'],
    load: (file) => [`session = onnxruntime.InferenceSession(Path(__file__).with_name("${file}"))`],
    run: [
      'result = session.run(None, {"image": image.transpose(2, 0, 1)[None]})[0][0]',
      'return result.transpose(1, 2, 0) if result.ndim == 3 else result',
    ],
  },
  safetensors: {
    packages: 'torch safetensors numpy pillow',
    imports: ['import torch'],
    load: () => ['from model import load', '', 'model = load()'],
    run: [
      'with torch.inference_mode():',
      '    result = model(torch.from_numpy(image.transpose(2, 0, 1)[None].copy()))[0].numpy()',
      'return result.transpose(1, 2, 0) if result.ndim == 3 else result',
    ],
  },
};

/** What a person types to install what `use.py` needs, and to run it. */
export function pythonCommands(card: ExportCard, format: PythonFormat): string {
  const [, call = ''] = mainOf(card).purpose.split(': ');
  return `pip install ${frameworks[format].packages}\n${call}`;
}

/** The source of `use.py` for an export. */
export function pythonUsage(card: ExportCard, format: PythonFormat): string {
  const { packages, imports, load, run } = frameworks[format];
  const main = mainOf(card);
  return [
    `"""${main.purpose}`,
    '',
    `Needs: pip install ${packages}`,
    '"""',
    'import sys',
    'from pathlib import Path',
    '',
    ...[...imports, 'import numpy as np', 'from PIL import Image, ImageOps'].sort(bySecondWord),
    '',
    ...load(card.file),
    '',
    '',
    'def run(image):',
    `    """From an image [height, width, 3], RGB in [0, 1], float32, to ${main.result}."""`,
    ...run.map((line) => `    ${line}`),
    '',
    '',
    'def read(path):',
    ...main.read.map((line) => `    ${line}`),
    '',
    '',
    'if __name__ == "__main__":',
    ...main.lines.map((line) => `    ${line}`),
    '',
  ].join('\n');
}

/** isort’s order. */
function bySecondWord(a: string, b: string): number {
  const [first, second] = [a, b].map((line) => line.split(' ')[1]!.toLowerCase()) as [string, string];
  const plain = Number(a.startsWith('from')) - Number(b.startsWith('from'));
  return plain !== 0 ? plain : first < second ? -1 : 1;
}

interface Main {
  readonly purpose: string;
  readonly result: string;
  /** The body of `read(path)`. */
  readonly read: readonly string[];
  readonly lines: readonly string[];
}

/** Upright, as cameras say in the file. */
const OPEN = 'picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")';

const PLAIN_READ = [OPEN, 'return np.asarray(picture, np.float32) / 255'];

/** The centre square, at the side that a classifier was trained with. */
function squareRead(side: number): string[] {
  return [
    OPEN,
    `picture = ImageOps.fit(picture, (${side}, ${side}), Image.Resampling.BICUBIC)`,
    'return np.asarray(picture, np.float32) / 255',
  ];
}

function mainOf({ what, input, output, network }: ExportCard): Main {
  const fixed =
    input.size === 'any'
      ? []
      : [
          `if image.shape != (${input.size}, ${input.size}, 3):`,
          `    raise SystemExit("The picture must be ${input.size}×${input.size} pixels.")`,
        ];
  switch (what) {
    case 'generator':
      return {
        purpose: 'Enlarges a picture: python use.py picture.png enlarged.png',
        result: 'SR [scale·height, scale·width, 3], which is not clamped',
        read: PLAIN_READ,
        lines: [
          'picture, enlarged = sys.argv[1:]',
          'sr = run(read(picture))',
          'Image.fromarray((sr.clip(0, 1) * 255).round().astype(np.uint8)).save(enlarged)',
        ],
      };
    case 'discriminator':
      return {
        purpose: 'Judges a patch: python use.py patch.png',
        result: 'a logit [1]: its sigmoid is the probability that the image is a photograph',
        read: PLAIN_READ,
        lines: [
          'image = read(sys.argv[1])',
          ...fixed,
          'print(f"probability of a photograph: {1 / (1 + np.exp(-run(image)[0])):.4f}")',
        ],
      };
    case 'trunk':
      return {
        purpose: 'Computes the features of a picture: python use.py picture.png features.npy',
        result: 'a feature map [height, width, channels]',
        read: PLAIN_READ,
        lines: ['picture, features = sys.argv[1:]', 'np.save(features, run(read(picture)))'],
      };
    case 'classifier':
      return {
        purpose: 'Classifies a picture: python use.py picture.png',
        result: 'a logit for each class',
        read: network?.what === 'classifier' ? squareRead(network.side) : PLAIN_READ,
        lines: [
          `classes = ${JSON.stringify(output.classes ?? [])}`,
          'image = read(sys.argv[1])',
          ...fixed,
          'logits = run(image)',
          'probabilities = np.exp(logits - logits.max())',
          'probabilities /= probabilities.sum()',
          'for probability, name in sorted(zip(probabilities, classes), reverse=True)[:5]:',
          '    print(f"{probability:.3f} {name}")',
        ],
      };
  }
}
