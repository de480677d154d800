/** `README.md` of an export: its model card, in the order in which a reader asks. */
import { importKinds, type ExportCard } from '../../../protocol/exported-model';
import { OPSET } from '../onnx/onnx';
import { pythonCommands } from './python';

const consumers = {
  tfjs: 'TensorFlow.js LayersModel',
  keras: 'Keras model (HDF5)',
  onnx: `ONNX model (opset ${OPSET})`,
  safetensors: 'PyTorch state dictionary (safetensors)',
} as const;

/** @param files names of all files of the export */
export function readme(card: ExportCard, files: readonly string[]): string {
  const { name, what, fileFormat, input, output, trainedOn, training, licence } = card;
  const size = input.size === 'any' ? 'any size' : `${input.size}×${input.size} pixels`;
  const axes = input.layout === 'NHWC' ? '[batch, height, width, 3]' : '[batch, 3, height, width]';
  return `# ${name}: ${what}

${consumers[fileFormat]}, exported by SRGAN Lab on ${card.exported.slice(0, 10)}.

- **Input**: float32 ${axes}, RGB in [${input.range.join(', ')}], ${size}. ${input.preprocessing}
- **Output**: ${output.meaning}
- **Training**: ${training}
- **Trained on**: ${trainedOn}
- **Licence of the images**: ${licence}

## Scores

${scoresText(card)}

## Use

${usageText(card)}

Files: ${files.map((file) => `\`${file}\``).join(', ')}.${wayBack(card)}
`;
}

function scoresText({ what, score, trainedOn }: ExportCard): string {
  if (what === 'discriminator' || what === 'trunk')
    return 'None: a discriminator is part of the training of its generator. `srgan-lab transfer` measures its features.';
  if (what === 'classifier') return 'The share of test images that were right is named under Training.';
  if (score === undefined) return 'None were measured on whole images.';
  return [
    `|         | PSNR (dB) | SSIM |`,
    `| ------- | --------- | ---- |`,
    `| model   | ${formatPsnr(score.model.psnr)} | ${score.model.ssim.toFixed(4)} |`,
    `| bicubic | ${formatPsnr(score.bicubic.psnr)} | ${score.bicubic.ssim.toFixed(4)} |`,
    '',
    `Means over ${score.images} validation images of ${trainedOn}, on Y, borders of the scale left out.`,
  ].join('\n');
}

/** How the lab itself takes the export back, where it does. */
function wayBack({ what, fileFormat }: ExportCard): string {
  const kind = importKinds.find((each) => each === what);
  if (kind === undefined || fileFormat === 'onnx') return '';
  return ` SRGAN Lab takes this folder back: \`srgan-lab import FOLDER --as ${kind} --out MODEL\`.`;
}

function formatPsnr(psnr: number | null): string {
  return psnr === null ? '∞' : psnr.toFixed(2);
}

function usageText(card: ExportCard): string {
  const { fileFormat, what, file, network } = card;
  if (fileFormat !== 'tfjs') {
    const commands = `\`\`\`sh\n${pythonCommands(card, fileFormat)}\n\`\`\``;
    return `\`use.py\` is a whole program; its \`run\` is what to take into a program of your own.\n\n${commands}`;
  }
  const page =
    '`use.html` is a whole page; `tf.min.js` of the npm package `@tensorflow/tfjs` belongs beside it.';
  if (what !== 'generator' || network?.what !== 'generator') return page;
  return `${page}

With [UpscalerJS](https://upscalerjs.com):

\`\`\`js
import Upscaler from 'upscaler';

const upscaler = new Upscaler({
  model: {
    path: '/models/${file}',
    scale: ${network.scale},
    modelType: 'layers',
    inputRange: [0, 1],
    outputRange: [0, 1],
  },
});
const enlarged = await upscaler.upscale(document.querySelector('img'));
\`\`\``;
}
