import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import {
  checkDatasetResultSchema,
  createDatasetResultSchema,
  failureSchema,
  metricsResultSchema,
  progressSchema,
} from '../../../src/protocol/progress';
import { runCli } from '../../support/command-line';
import { png } from '../../support/image-files';
import { temporaryFolders } from '../../support/temporary-folder';

describe('the command line', function () {
  this.timeout(60_000);
  const makeFolder = temporaryFolders();

  async function photographs(
    count: number,
    side = 100,
  ): Promise<{ folder: string; from: string; out: string }> {
    const folder = makeFolder();
    const from = join(folder, 'from');
    mkdirSync(from);
    for (let seed = 1; seed <= count; seed++) {
      writeFileSync(join(from, `${seed}.png`), await png(side, side, seed));
    }
    return { folder, from, out: join(folder, 'out') };
  }

  it('helps, with examples', async () => {
    const { code, stdout } = await runCli(['--help']);
    assert.equal(code, 0);
    for (const expected of ['dataset', 'metrics', '--json', '--progress', 'Examples:', 'Exit codes:']) {
      assert.ok(stdout.includes(expected), expected);
    }
    const create = await runCli(['dataset', 'create', '--help']);
    assert.equal(create.code, 0);
    assert.match(create.stdout, /--from <folder\.\.\.>[\s\S]*Examples:/);
  });

  it('refuses a wrong command line with exit code 2', async () => {
    const { code, stdout, stderr } = await runCli([
      'dataset',
      'create',
      'out',
      '--from',
      '.',
      '--scale',
      '5',
    ]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /It must be 2, 3, 4 or 8/);
    const json = await runCli(['dataset', 'creat', '--json']);
    assert.deepEqual([json.code, json.stderr], [2, '']);
    assert.match(failureSchema.parse(JSON.parse(json.stdout)).error, /unknown command/);
  });

  it('makes, checks and compares', async () => {
    const { from, out } = await photographs(3);
    writeFileSync(join(from, 'text.png'), 'text');
    const created = await runCli(
      ['dataset', 'create', out, '--from', from, '--scale', '2', '--validation', '0.4'].concat(
        '--json',
        '--progress',
        'json',
      ),
    );
    assert.equal(created.code, 0, created.stderr);
    const result = createDatasetResultSchema.parse(JSON.parse(created.stdout));
    assert.deepEqual([result.folder, result.name, result.images], [out, 'out', { train: 2, validation: 1 }]);
    assert.deepEqual(
      result.omitted.map(({ file }) => file),
      [join(from, 'text.png')],
    );
    const reports = created.stderr.trimEnd().split('\n');
    const last = reports.map((line) => progressSchema.parse(JSON.parse(line))).at(-1);
    assert.deepEqual([last?.done, last?.total], [4, 4]);

    const checked = await runCli(['dataset', 'check', out, '--json']);
    assert.equal(checked.code, 0);
    assert.equal(checkDatasetResultSchema.parse(JSON.parse(checked.stdout)).ok, true);
    rmSync(join(out, 'lr', '2.png'));
    const damaged = await runCli(['dataset', 'check', out]);
    assert.equal(damaged.code, 1);
    assert.match(damaged.stdout, /lr\/2\.png: The file is missing/);

    const compared = await runCli(['metrics', from, join(out, 'hr'), '--scale', '2', '--json']);
    assert.equal(compared.code, 0, compared.stderr);
    const scores = metricsResultSchema.parse(JSON.parse(compared.stdout));
    assert.deepEqual(scores.mean, { psnr: null, ssim: 1, msSsim: null });
    assert.equal(scores.border, 2);
    assert.deepEqual(scores.unmatched, [join(from, 'text.png')]);
  });

  it('tells a failure in words, or as JSON', async () => {
    const { folder } = await photographs(0);
    const text = await runCli(['dataset', 'check', folder]);
    assert.deepEqual([text.code, text.stdout], [1, '']);
    assert.match(text.stderr, /^error: .*dataset\.srgan\.json/);
    assert.doesNotMatch(text.stderr, /\n\s+at /, 'no stack');
    const json = await runCli(['dataset', 'check', folder, '--json']);
    assert.equal(json.code, 1);
    assert.match(failureSchema.parse(JSON.parse(json.stdout)).error, /dataset\.srgan\.json/);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`stops at ${signal}, keeps what was made, and goes on from it`, async function () {
      if (process.platform === 'win32') this.skip();
      const { folder, from, out } = await photographs(40, 300);
      const args = [
        'dataset',
        'create',
        out,
        '--from',
        from,
        '--workers',
        '1',
        '--progress',
        'json',
        '--json',
      ];
      let sent = false;
      const { code, stdout } = await runCli(args, (stderr, send) => {
        if (!sent && stderr.includes('Making')) send(signal);
        sent ||= stderr.includes('Making');
      });
      assert.equal(code, 130);
      assert.equal(
        failureSchema.parse(JSON.parse(stdout)).error,
        `Interrupted. Continue with \`srgan-lab dataset update ${out}\`; what was made is kept.`,
      );
      assert.deepEqual(readdirSync(folder).sort(), ['from', 'out']);
      const made = readdirSync(join(out, 'lr')).length;
      const goingOn = await runCli(['dataset', 'update', out, '--json']);
      assert.equal(goingOn.code, 0, goingOn.stderr);
      const { images, changes } = createDatasetResultSchema.parse(JSON.parse(goingOn.stdout));
      assert.equal(images.train + images.validation, 40);
      assert.deepEqual([changes.kept + changes.made, changes.removed], [40, 0]);
      assert.ok(changes.kept > 0 && changes.kept <= made, `${changes.kept} of ${made} kept`);
    });
  }
});
