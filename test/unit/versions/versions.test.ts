/**
 * The engines on other versions of Node.js and TensorFlow than those at hand: their own tests, run there as they are, and what the
 * command line says of them. `scripts/prepare-versions.ts` fetches the versions; what is not there is skipped.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Context } from 'mocha';
import { z } from 'zod';
import { bundlePath } from '../../../src/folders/installation';
import type { DoctorReport } from '../../../src/protocol/engine-report';
import { makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { metricsOf } from '../../support/train-here';
import { preparedNode, preparedTensorFlow } from '../../support/versions';
import { realTensorFlow } from '../engines-native/support/real-tensorflow';
import type { LongRun } from '../long-runs/support/long-run';

const execute = promisify(execFile);
const project = join(__dirname, '..', '..', '..');

const nativeTests = ['operations', 'steps', 'resume'].map(
  (name) => `test/unit/engines-native/${name}.test.ts`,
);
const embeddedTests = ['operations', 'steps', 'engine', 'wide-vectors'].map(
  (name) => `test/unit/engines-wasm/${name}.test.ts`,
);

/** Node.js releases beside the oldest, and TensorFlows beside the newest, that the lab is made for. */
const nodes = ['22', '24'];
const tensorFlows = ['2.15', '2.17', '2.19'];

function skip(test: Context, name: string): never {
  console.log(`      (skipped: ${name} is not there; node scripts/bootstrap.mjs prepare-versions ${name})`);
  return test.skip();
}

const nodeOf = (test: Context, version: string): string =>
  preparedNode(version) ?? skip(test, `node-${version}`);
const tensorFlowOf = (test: Context, version: string): string =>
  preparedTensorFlow(version) ?? skip(test, `tensorflow-${version}`);

/** Whether this is known to be a machine whose vectors of 128 bits V8 can pair. */
function hasAvx2(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  return /^flags\b.*\bavx2\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'));
}

const reportSchema = z.object({
  stats: z.object({ passes: z.number(), pending: z.number(), failures: z.number() }),
  failures: z.array(z.object({ fullTitle: z.string(), err: z.object({ message: z.string() }) })),
});

describe('versions', function () {
  this.timeout(600_000);
  const temporary = temporaryFolders();
  const dataset = sharedMicroDataset();

  /** Runs test files in another Node.js or on another TensorFlow. None may fail, and none may be skipped. */
  async function assertTestsPass(node: string, files: string[], tensorFlow?: string): Promise<void> {
    const report = join(temporary(), 'report.json');
    const mocha = join(project, 'node_modules', 'mocha', 'bin', 'mocha.js');
    const reporter = ['--reporter', 'json', '--reporter-option', `output=${report}`, '--timeout', '180000'];
    const env = {
      ...process.env,
      ...(tensorFlow !== undefined && { SRGAN_LAB_TEST_TENSORFLOW: tensorFlow }),
    };
    const { stderr } = await execute(node, [mocha, ...reporter, ...files], {
      cwd: project,
      env,
      maxBuffer: 1 << 26,
    }).catch((error: unknown) => ({ stderr: String(error) }));
    assert.doesNotMatch(stderr, /\(node:\d+\) .*Warning/);
    const { stats, failures } = reportSchema.parse(JSON.parse(readFileSync(report, 'utf8')));
    assert.deepEqual(
      failures.map(({ fullTitle, err }) => `${fullTitle}: ${err.message}`),
      [],
    );
    assert.equal(stats.pending, 0, 'skipped');
    assert.ok(stats.passes > 0);
  }

  async function lab(node: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { stdout } = await execute(node, [bundlePath('cli.js'), ...args], {
      env: { ...process.env, SRGAN_LAB_HOME: temporary(), ...env },
      maxBuffer: 1 << 24,
    });
    return stdout;
  }

  /** Trains the smallest run there is. */
  async function longRun(node: string, steps: number, engine: string): Promise<LongRun> {
    const script = join(project, 'test', 'unit', 'long-runs', 'support', 'long-run.ts');
    const args = ['--expose-gc', '--import', 'tsx', script, String(steps), engine];
    const { stdout } = await execute(node, args, { cwd: project, maxBuffer: 1 << 24 });
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) as LongRun;
  }

  async function assertDoctorUses(node: string, tensorFlow: string, version: RegExp): Promise<DoctorReport> {
    const env = { SRGAN_LAB_TENSORFLOW: tensorFlow };
    assert.match(await lab(node, ['engine', 'list'], env), /✓ native .*TensorFlow/);
    const doctor = await lab(node, ['engine', 'doctor', '--seconds', '1', '--json'], env);
    const report = JSON.parse(doctor) as DoctorReport;
    const native = report.engines.find(({ name }) => name === 'native');
    assert.equal(native?.usable, true, native?.reason);
    assert.match(native.versions?.['tensorflow'] ?? '', version);
    assert.ok(native.benchmark!.secondsPerStep.pixel > 0);
    return report;
  }

  for (const version of tensorFlows) {
    it(`TensorFlow ${version}: operations, whole steps, training and resuming`, async function () {
      const tensorFlow = tensorFlowOf(this, version);
      await assertDoctorUses(process.execPath, tensorFlow, new RegExp(`^${version}\\.`));
      await assertTestsPass(process.execPath, nativeTests, tensorFlow);
    });
  }

  for (const version of nodes) {
    describe(`Node ${version}`, () => {
      it('the native engine: operations, whole steps, training and resuming', async function () {
        const node = nodeOf(this, version);
        const tensorFlow = await realTensorFlow(this);
        const { engines } = await assertDoctorUses(node, tensorFlow, /^2\./);
        const embedded = engines.find(({ name }) => name === 'embedded')!;
        if (version === '24' && hasAvx2()) assert.match(embedded.device!, /SIMD of 256 bits/);
        await assertTestsPass(node, nativeTests, tensorFlow);
      });

      it('the embedded engine: operations, whole steps, threads', async function () {
        await assertTestsPass(nodeOf(this, version), embeddedTests);
      });

      it('the embedded engine ends at the same weights as here, with plain SIMD', async function () {
        const digest = async (node: string): Promise<string> => (await longRun(node, 300, 'embedded')).digest;
        assert.equal(await digest(nodeOf(this, version)), await digest(process.execPath));
      });

      it('the embedded engine ends at the same weights with wide vectors, where there are any', async function () {
        const node = nodeOf(this, version);
        const [plain, wide] = [
          await longRun(node, 300, 'embedded'),
          await longRun(node, 300, 'embedded-wide'),
        ];
        assert.equal(wide.digest, plain.digest);
        if (version === '24' && hasAvx2()) assert.match(wide.device, /SIMD of 256 bits/);
      });

      it('the embedded engine trains a run from the bundles', async function () {
        const folder = temporary();
        await makeMicroRun(folder, dataset());
        const run = join(folder, 'run');
        const done = await lab(nodeOf(this, version), ['train', run, '--json', '--progress', 'none']);
        assert.equal((JSON.parse(done) as { phase: string }).phase, 'finished');
        assert.equal(metricsOf(run).filter((line) => line.kind === 'step').length, 12);
      });
    });
  }
});
