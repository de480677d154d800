/** What the bundles of the pages hold: a page is shown when its script has been fetched and run, so it has nothing to spare. */
import assert from 'node:assert/strict';
import { build } from 'esbuild';
import { describe, it } from 'mocha';
import { bundles, pageEntries } from '../../../scripts/build/bundles';

/** Pages that check what a person types before they send it. */
const validating = ['dataset'];

describe('The bundles of the pages', function () {
  this.timeout(60_000);

  it('hold the library of schemas only where a page validates: hosts do it for the others', async () => {
    const options = bundles({ production: true }, false).find(
      ({ entryPoints }) => entryPoints === pageEntries,
    );
    const { metafile } = await build({ ...options, metafile: true, write: false });
    const holding = Object.entries(metafile.outputs).filter(([, { inputs }]) =>
      Object.keys(inputs).some((path) => path.includes('node_modules/zod/')),
    );
    assert.deepEqual(
      holding.map(([path]) => path),
      validating.map((page) => `dist/webviews/${page}.js`),
    );
  });

  it('have messages in English alone, as those of the processes have', async () => {
    for (const options of bundles({ production: true }, false)) {
      const { metafile } = await build({ ...options, metafile: true, write: false });
      const languages = Object.keys(metafile.inputs).flatMap((path) => {
        const [, language] = /\/zod\/v4\/locales\/([\w-]+)\.js$/.exec(path) ?? [];
        return language === undefined || language === 'index' ? [] : [language];
      });
      assert.deepEqual(languages, ['en']);
    }
  });
});
