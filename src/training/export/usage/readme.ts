/** `README.md` of an export: its model card, in the order in which a reader asks. */
import type { ExportCard } from '../../../protocol/exported-model';

const consumers = {
  tfjs: 'TensorFlow.js LayersModel',
  keras: 'Keras model (HDF5)',
  onnx: 'ONNX model',
  safetensors: 'PyTorch state dictionary (safetensors)',
} as const;

/** @param files names of all files of the export */
export function readme(card: ExportCard, files: readonly string[]): string {
  const { name, what, fileFormat, input, output, trainedOn, training, licence, score } = card;
  const size = input.size === 'any' ? 'any size' : `${input.size}×${input.size} pixels`;
  const axes = input.layout === 'NHWC' ? '[batch, height, width, 3]' : '[batch, 3, height, width]';
  const scores =
    score === undefined
      ? 'None were measured on whole images.'
      : [
          `|         | PSNR (dB) | SSIM |`,
          `| ------- | --------- | ---- |`,
          `| model   | ${formatPsnr(score.model.psnr)} | ${score.model.ssim.toFixed(4)} |`,
          `| bicubic | ${formatPsnr(score.bicubic.psnr)} | ${score.bicubic.ssim.toFixed(4)} |`,
          '',
          `Means over ${score.images} validation images of ${trainedOn}, on Y, borders of the scale left out.`,
        ].join('\n');
  return `# ${name}: ${what}

${consumers[fileFormat]}, exported by SRGAN Lab on ${card.exported.slice(0, 10)}.

- **Input**: float32 ${axes}, RGB in [${input.range.join(', ')}], ${size}. ${input.preprocessing}
- **Output**: ${output.meaning}
- **Training**: ${training}
- **Trained on**: ${trainedOn}
- **Licence of the images**: ${licence}

## Scores

${scores}

## Use

${usageText(card)}

Files: ${files.map((file) => `\`${file}\``).join(', ')}. \`srgan-lab import\` takes this folder back${fileFormat === 'onnx' ? ' in its other formats' : ''}.
`;
}

function formatPsnr(psnr: number | null): string {
  return psnr === null ? '∞' : psnr.toFixed(2);
}

function usageText({ fileFormat, what, file, network }: ExportCard): string {
  if (fileFormat !== 'tfjs')
    return '`use.py` is a whole program: it says how it is called, and what to install.';
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
