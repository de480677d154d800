/** `use.html`: a web page that runs an exported LayersModel on a picture. */
import type { ExportCard } from '../../../protocol/exported-model';

/** The source of the page; `window.run(image)` takes and gives tensors. */
export function pageUsage(card: ExportCard): string {
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>${escaped(card.name)}</title>
  <!-- dist/tf.min.js of the npm package @tensorflow/tfjs, copied beside this page. Open the page through a web server: python3 -m http.server -->
  <script src="tf.min.js"></script>
  <p><input type="file" accept="image/*" /></p>
  ${card.what === 'generator' ? '<canvas></canvas>' : '<pre></pre>'}
  <script type="module">
    const model = await tf.loadLayersModel('./${card.file}');

    /** From an image [height, width, 3], RGB in [0, 1], to the result for it. */
    window.run = (image) => tf.tidy(() => model.predict(image.expandDims(0)).squeeze([0]));

    document.querySelector('input').addEventListener('change', async ({ target }) => {
      const picture = await createImageBitmap(target.files[0]);
${indented(handlerOf(card))}
    });
  </script>
</html>
`;
}

/** What the page does with the `picture` that a person chose. */
function handlerOf({ what, input, output, network }: ExportCard): string[] {
  const side = network?.what === 'classifier' ? network.side : input.size;
  const result = (image: string): string =>
    `const result = tf.tidy(() => run(tf.browser.fromPixels(${image}).toFloat().div(255)));`;
  switch (what) {
    case 'generator':
      return [
        result('picture'),
        "await tf.browser.toPixels(result.clipByValue(0, 1), document.querySelector('canvas'));",
        'result.dispose();',
      ];
    case 'discriminator':
      return [
        `const fits = picture.width === ${side} && picture.height === ${side};`,
        `if (!fits) return (document.querySelector('pre').textContent = 'The picture must be ${side}×${side} pixels.');`,
        result('picture'),
        "document.querySelector('pre').textContent = `probability of a photograph: ${result.sigmoid().dataSync()[0].toFixed(4)}`;",
        'result.dispose();',
      ];
    case 'trunk':
      return [
        result('picture'),
        "document.querySelector('pre').textContent = result.toString();",
        'result.dispose();',
      ];
    case 'classifier':
      return [
        '// The centre square, at the side that it was trained with. Browsers shrink pictures by kernels of their own: where that',
        '// matters, shrink them beforehand, bicubically and antialiased.',
        'const shorter = Math.min(picture.width, picture.height);',
        'const [left, top] = [(picture.width - shorter) / 2, (picture.height - shorter) / 2];',
        `const size = { resizeWidth: ${side}, resizeHeight: ${side}, resizeQuality: 'high' };`,
        'const square = await createImageBitmap(picture, left, top, shorter, shorter, size);',
        result('square'),
        `const classes = ${JSON.stringify(output.classes ?? []).replaceAll('<', '\\u003c')};`,
        'const shares = [...result.softmax().dataSync()].map((share, index) => ({ share, name: classes[index] }));',
        'const likeliest = shares.sort((a, b) => b.share - a.share).slice(0, 5);',
        'const lines = likeliest.map(({ share, name }) => `${share.toFixed(3)} ${name}`);',
        "document.querySelector('pre').textContent = lines.join('\\n');",
        'result.dispose();',
      ];
  }
}

const indented = (lines: readonly string[]): string => lines.map((line) => `      ${line}`).join('\n');

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
