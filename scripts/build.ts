/**
 * `npm run build [-- --production | --watch]`: makes dist/ (bundles, schemas, runtime files) and out/ (the tests that
 * run inside VS Code). Any warning of the bundler fails the build.
 */
import * as esbuild from 'esbuild';
import { chmod, mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { bundles, type BundleMode } from './build/bundles';
import { writeNotices } from './build/notices';
import { copyNativePackages } from './build/runtime-files';
import { writeSchemas } from './build/schemas';
import { inProject, say } from './lib/project';

const dist = inProject('dist');

/** Everything beside the bundles. */
async function writeRuntimeFiles(): Promise<void> {
  await Promise.all([writeSchemas(inProject('dist', 'schemas')), copyNativePackages(dist)]);
}

async function report(messages: { errors: esbuild.Message[]; warnings: esbuild.Message[] }): Promise<void> {
  for (const kind of ['error', 'warning'] as const) {
    const list = kind === 'error' ? messages.errors : messages.warnings;
    for (const text of await esbuild.formatMessages(list, { kind, color: process.stderr.isTTY })) {
      console.error(text);
    }
  }
}

/**
 * Builds once, over what is there: a training run may be using it. Throws when anything is wrong.
 */
export async function build(mode: BundleMode, tests: boolean): Promise<void> {
  const start = performance.now();
  await mkdir(dist, { recursive: true });
  const [results] = await Promise.all([
    Promise.allSettled(bundles(mode, tests).map((options) => esbuild.build(options))),
    writeRuntimeFiles(),
  ]);
  const inputs = new Set<string>();
  let problems = 0;
  for (const result of results) {
    if (result.status === 'fulfilled') {
      problems += result.value.warnings.length;
      await report(result.value);
      for (const input of Object.keys(result.value.metafile?.inputs ?? {})) inputs.add(input);
    } else {
      problems += 1;
      await reportFailure(result.reason);
    }
  }
  if (problems > 0) throw new Error('The build failed: see the messages above.');
  await writeNotices(inProject('dist', 'THIRD-PARTY-NOTICES.txt'), inputs);
  await chmod(inProject('dist', 'cli.js'), 0o755);
  say(`Built dist/ in ${((performance.now() - start) / 1000).toFixed(1)} s.`);
}

async function reportFailure(reason: unknown): Promise<void> {
  if (reason instanceof Error && 'errors' in reason && 'warnings' in reason) {
    await report(reason as esbuild.BuildFailure);
  } else {
    console.error(reason);
  }
}

/**
 * Builds again whenever a source changes. `.vscode/tasks.json` waits for its lines: it says `finished` when every bundle has
 * been built and none is being built.
 */
async function watch(): Promise<void> {
  await mkdir(dist, { recursive: true });
  await writeRuntimeFiles();
  const options = bundles({ production: false }, true);
  const building = new Set(options);
  const announce = (bundle: esbuild.BuildOptions): esbuild.Plugin => ({
    name: 'announce',
    setup(hooks) {
      hooks.onStart(() => {
        building.add(bundle);
        console.log('[watch] build started');
      });
      hooks.onEnd(async (result) => {
        await report(result);
        building.delete(bundle);
        if (building.size === 0) console.log('[watch] build finished');
      });
    },
  });
  for (const bundle of options) {
    const context = await esbuild.context({
      ...bundle,
      plugins: [...(bundle.plugins ?? []), announce(bundle)],
    });
    await context.watch();
  }
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { production: { type: 'boolean' }, watch: { type: 'boolean' } },
  });
  if (values.watch === true) await watch();
  else await build({ production: values.production === true }, values.production !== true);
}
