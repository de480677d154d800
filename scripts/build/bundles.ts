/**
 * What esbuild makes of the sources: a bundle for each process, worker thread and page, and one for the tests that run
 * inside VS Code. Node bundles leave out `vscode`, which the host provides, and packages with native code.
 */
import type { BuildOptions, Plugin } from 'esbuild';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inProject, projectRoot } from '../lib/project';

export interface BundleMode {
  /** Minified and without source maps, for the package. */
  production: boolean;
}

/** Packages with native code, or a large library that is seldom needed; they lie beside the bundles instead of in them. */
export const nativePackages = ['sharp', 'koffi', 'h5wasm'];

/** Bundles for Node.js, `dist/NAME.js`. */
export const nodeEntries = {
  extension: 'src/extension/main.ts',
  cli: 'src/cli/main.ts',
  trainer: 'src/training/trainer-main.ts',
  'feed-worker': 'src/training/feed/feed-worker.ts',
  'dataset-worker': 'src/datasets/dataset-worker.ts',
  'analysis-worker': 'src/datasets/analysis/analysis-worker.ts',
  'score-worker': 'src/datasets/scoring/score-worker.ts',
  'kernel-worker': 'src/training/engines/wasm/pool/kernel-worker.ts',
  'wide-vectors-trial': 'src/training/engines/wasm/wide-vectors/trial-main.ts',
  'engine-probe': 'src/training/doctor/probe-main.ts',
  'record-digest': 'src/folders/run-record/record-digest-main.ts',
};

/** Bundles for webviews, `dist/webviews/NAME.{js,css}`. */
export const pageEntries = {
  run: 'src/webviews/run/index.tsx',
  dataset: 'src/webviews/dataset/index.tsx',
  engines: 'src/webviews/engines/index.tsx',
  compare: 'src/webviews/compare/index.tsx',
  transfer: 'src/webviews/transfer/index.tsx',
  preview: 'src/webviews/preview/index.tsx',
  'compare-images': 'src/webviews/compare-images/index.tsx',
};

/** Zod has its messages in fifty languages, a third of a bundle's size; the lab speaks English. */
const englishMessages: Plugin = {
  name: 'english-messages',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: `export { default as en } from './en.js';`,
    }));
  },
};

function common({ production }: BundleMode): BuildOptions {
  return {
    absWorkingDir: projectRoot,
    bundle: true,
    minify: production,
    sourcemap: production ? false : 'linked',
    metafile: true,
    logLevel: 'silent',
    // Licences are gathered in one file instead; see notices.ts.
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
    plugins: [englishMessages],
  };
}

/** Node.js 20 has no global `navigator`, and VS Code logs an error when an extension asks for the one of later versions. */
function nodeCommon(mode: BundleMode): BuildOptions {
  const options = common(mode);
  return {
    ...options,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    define: { ...options.define, navigator: 'undefined' },
  };
}

function nodeBundles(mode: BundleMode): BuildOptions {
  return {
    ...nodeCommon(mode),
    entryPoints: nodeEntries,
    outdir: 'dist',
    external: ['vscode', ...nativePackages],
    mainFields: ['module', 'main'],
  };
}

function pageBundles(mode: BundleMode): BuildOptions {
  return {
    ...common(mode),
    entryPoints: pageEntries,
    outdir: 'dist/webviews',
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  };
}

/** `import 'all-host-tests'` imports each test/host/**\/*.test.ts: none can be forgotten. */
const allHostTests: Plugin = {
  name: 'all-host-tests',
  setup(build) {
    build.onResolve({ filter: /^all-host-tests$/ }, ({ path }) => ({ path, namespace: 'tests' }));
    build.onLoad({ filter: /.*/, namespace: 'tests' }, () => {
      const folder = inProject('test', 'host');
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
        file.endsWith('.test.ts'),
      );
      return {
        contents: files.map((file) => `import ${JSON.stringify(join(folder, file))};`).join('\n'),
        resolveDir: folder,
        watchDirs: [folder],
      };
    });
  },
};

function hostTestBundle(): BuildOptions {
  const options = nodeCommon({ production: false });
  return {
    ...options,
    entryPoints: { index: 'test/host/index.ts' },
    outdir: 'out/test/host',
    external: ['vscode', 'mocha', ...nativePackages],
    plugins: [...(options.plugins ?? []), allHostTests],
  };
}

/** The bundles of the extension, and with `tests` those that run inside VS Code. */
export function bundles(mode: BundleMode, tests: boolean): BuildOptions[] {
  return [nodeBundles(mode), pageBundles(mode), ...(tests ? [hostTestBundle()] : [])];
}
