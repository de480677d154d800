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
      const result = tf.tidy(() => run(tf.browser.fromPixels(picture).toFloat().div(255))${card.what === 'generator' ? '.clipByValue(0, 1)' : ''});
      ${
        card.what === 'generator'
          ? "await tf.browser.toPixels(result, document.querySelector('canvas'));"
          : "document.querySelector('pre').textContent = result.toString();"
      }
      result.dispose();
    });
  </script>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
