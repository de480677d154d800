/** Event files for TensorBoard: read again by TensorFlow itself where there is one, and always record by record. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32c } from '../../../src/training/run/tensorboard/event-file';
import { TENSORBOARD_FOLDER } from '../../../src/training/run/tensorboard/tensorboard-log';
import { makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { metricsOf, trainHere } from '../../support/train-here';

/** Prints every value of the event files in a folder as a line of JSON, in the order of the files' names. */
const READER = `
import glob, json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from tensorflow.python.summary.summary_iterator import summary_iterator
for path in sorted(glob.glob(os.path.join(sys.argv[1], "*tfevents*"))):
    for event in summary_iterator(path):
        if event.session_log.status: print(json.dumps(["start", event.step]))
        for value in event.summary.value:
            kind = value.WhichOneof("value")
            data = value.simple_value if kind == "simple_value" else [value.image.width, value.image.height, len(value.image.encoded_image_string)]
            print(json.dumps([event.step, value.tag, data]))
`;

type Value = [step: number | 'start', tag: string | number, value?: number | number[]];

describe('run: TensorBoard', function () {
  this.timeout(120_000);
  const temporary = temporaryFolders();
  const microDataset = sharedMicroDataset();

  async function newRun(...overrides: string[]): Promise<string> {
    const folder = temporary();
    await makeMicroRun(folder, microDataset(), overrides);
    return join(folder, 'run');
  }

  it('has CRC-32C right', () => {
    // The check value of the catalogue of CRCs, and RFC 3720, B.4.
    assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
    assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  });

  it('is written only where it is asked for', async () => {
    const run = await newRun();
    await trainHere(run);
    assert.ok(!readdirSync(run).includes(TENSORBOARD_FOLDER));
  });

  it('frames every record with its length and checksums', async () => {
    const run = await newRun('tensorboard=true');
    await trainHere(run);
    const folder = join(run, TENSORBOARD_FOLDER);
    const [name, ...others] = readdirSync(folder);
    assert.deepEqual(others, []);
    const file = readFileSync(join(folder, name!));
    const unmasked = (masked: number): number => {
      const rotated = (masked - 0xa282ead8) >>> 0;
      return ((rotated >>> 17) | (rotated << 15)) >>> 0;
    };
    let records = 0;
    for (let offset = 0; offset < file.length; records++) {
      const length = Number(file.readBigUInt64LE(offset));
      const data = file.subarray(offset + 12, offset + 12 + length);
      assert.equal(unmasked(file.readUInt32LE(offset + 8)), crc32c(file.subarray(offset, offset + 8)));
      assert.equal(unmasked(file.readUInt32LE(offset + 12 + length)), crc32c(data));
      offset += length + 16;
    }
    const told = metricsOf(run).filter(({ kind }) => kind !== 'event');
    assert.equal(records, told.length + 1);
  });

  it('says to TensorFlow what the metrics say, also after a resume', async function () {
    const tensorflow = process.env['SRGAN_LAB_TEST_TENSORFLOW'];
    if (tensorflow === undefined) {
      if (this.test) this.test.title += ' (skipped: no TensorFlow in SRGAN_LAB_TEST_TENSORFLOW)';
      return this.skip();
    }
    const run = await newRun('tensorboard=true');
    await trainHere(run, (message, stop) => {
      if (message.startsWith('Checkpoint at step 6')) stop();
    });
    await trainHere(run);
    const output = execFileSync(
      join(tensorflow, 'bin', 'python'),
      ['-c', READER, join(run, TENSORBOARD_FOLDER)],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const values = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Value);
    assert.ok(values.some(([kind]) => kind === 'start'));
    for (const line of metricsOf(run)) {
      const told = new Map(
        values.flatMap(([step, tag, value]) => (step === line.step ? [[tag, value] as const] : [])),
      );
      if (line.kind === 'step') {
        assert.equal(told.get('generator/total'), Math.fround(line.generator.total!));
        assert.equal(told.get('discriminator/realMean') !== undefined, line.discriminator !== undefined);
      } else if (line.kind === 'validation') {
        const group = line.extent === 'crop' ? 'validation' : 'validation on whole images';
        assert.equal(told.get(`${group}/psnr`), Math.fround(line.model.psnr));
        if (line.sampled) {
          const { name } = line.images[0]!;
          const bytes = readFileSync(
            join(run, 'samples', `step-${String(line.step).padStart(6, '0')}`, `${name}.png`),
          ).length;
          assert.deepEqual(told.get(name), [32, 32, bytes]);
        }
      }
    }
  });
});
