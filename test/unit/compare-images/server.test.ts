/** The process behind the page of compared images, and the command that says the same in a terminal. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import sharp from 'sharp';
import { ImageComparisonServer } from '../../../src/cli/image-comparison-server';
import { readImage } from '../../../src/datasets/images';
import { luma } from '../../../src/imaging/colour';
import { imresize } from '../../../src/imaging/imresize';
import { scoreByProtocol } from '../../../src/imaging/score-by-protocol';
import { ssim } from '../../../src/imaging/ssim';
import {
  comparedImagesSchema,
  type CompareAnswer,
  type CompareRequest,
  type ComparisonChoice,
} from '../../../src/protocol/compare-images';
import { similarityOfPixel } from '../../../src/protocol/similarity-map';
import { runCli } from '../../support/command-line';
import { png } from '../../support/image-files';
import { temporaryFolders } from '../../support/temporary-folder';

const choice: ComparisonChoice = { protocol: 'y', border: 0, enlarge: false };

describe('Comparing images', function () {
  this.timeout(60_000);
  const temporaryFolder = temporaryFolders();

  async function answersTo(...requests: CompareRequest[]): Promise<CompareAnswer[]> {
    const answers: CompareAnswer[] = [];
    const server = new ImageComparisonServer((answer) => answers.push(answer));
    for (const request of requests) server.ask(request);
    await server.idle();
    return answers;
  }

  /** Three pictures: the first, one of other pixels, and one that is a quarter of the first. */
  async function pictures() {
    const folder = temporaryFolder();
    const [reference, other, small] = ['reference.png', 'other.png', 'small.png'].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    writeFileSync(reference, await png(200, 180, 1));
    writeFileSync(other, await png(200, 180, 2));
    const { width, height, data } = imresize(await readImage(reference), 1 / 4);
    await sharp(data, { raw: { width, height, channels: 3 } }).toFile(small);
    return { folder, reference, other, small };
  }

  it('measures under the protocol that is chosen, and names it', async () => {
    const { reference, other } = await pictures();
    for (const protocol of ['y', 'srgan', 'rgb'] as const) {
      const [answer] = await answersTo({
        do: 'measure',
        id: 1,
        reference,
        image: other,
        choice: { protocol, border: 2, enlarge: false },
      });
      assert.ok(answer && 'measurement' in answer, JSON.stringify(answer));
      const { figures, measured, border, alignment } = answer.measurement;
      const expected = scoreByProtocol(await readImage(other), await readImage(reference), protocol, 2);
      assert.deepEqual(
        figures.map(({ name, value }) => [name, value]),
        [
          ['PSNR', expected.psnr],
          ['SSIM', expected.ssim],
          ['MS-SSIM', expected.msSsim],
        ],
      );
      assert.match(measured, protocol === 'rgb' ? /three channels/ : /on Y/);
      assert.deepEqual([border, alignment], [2, null]);
    }
  });

  it('says of equal pictures that they are, and of small ones what they are too small for', async () => {
    const { folder, reference, small } = await pictures();
    const tiny = join(folder, 'tiny.png');
    writeFileSync(tiny, await png(10, 10));
    const [equal, short, none] = await answersTo(
      { do: 'measure', id: 1, reference, image: reference, choice },
      { do: 'measure', id: 2, reference: small, image: small, choice },
      { do: 'measure', id: 3, reference: tiny, image: tiny, choice },
    );
    assert.ok(equal && 'measurement' in equal);
    assert.equal(equal.measurement.figures[0]?.value, 'infinite');
    assert.ok(short && 'measurement' in short);
    assert.equal(short.measurement.figures[2]?.value, null);
    assert.match(short.measurement.figures[2].hint, /Needs 176×176/);
    assert.ok(none && 'error' in none);
    assert.match(none.error, /11×11/);
  });

  it('measures LR only if it is to be enlarged, and enlarges it as it is measured', async () => {
    const { folder, reference, small } = await pictures();
    const out = join(folder, 'enlarged.png');
    const pair = { reference, image: small };
    const [refused, measured, enlarged] = await answersTo(
      { do: 'measure', id: 1, ...pair, choice },
      { do: 'measure', id: 2, ...pair, choice: { ...choice, enlarge: true } },
      { do: 'enlarge', id: 3, image: small, scale: 4, out },
    );
    assert.ok(refused && 'error' in refused);
    assert.match(refused.error, /small\.png is 4 times smaller than reference\.png.*not measured/);
    assert.ok(measured && 'measurement' in measured);
    assert.match(measured.measurement.alignment ?? '', /enlarged ×4 by bicubic/);
    assert.deepEqual(enlarged, { id: 3, enlarged: out });
    const { psnr } = scoreByProtocol(await readImage(out), await readImage(reference), 'y', 0);
    assert.equal(measured.measurement.figures[0]?.value, psnr);
  });

  it('draws a map whose mean is the SSIM', async () => {
    const { folder, reference, other } = await pictures();
    const out = join(folder, 'map.png');
    const [answer] = await answersTo({ do: 'map', id: 1, reference, image: other, choice, out });
    assert.ok(answer && 'map' in answer, JSON.stringify(answer));
    const expected = ssim(luma(await readImage(reference)), luma(await readImage(other)));
    assert.ok(Math.abs(answer.map.mean - expected) < 1e-12);
    const { data, info } = await sharp(out).raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height, info.channels], [200, 180, 3]);
    let [sum, count] = [0, 0];
    for (let at = 0; at < data.length; at += 3) {
      const value = similarityOfPixel(data[at]!, data[at + 1]!, data[at + 2]!);
      if (value === null) continue;
      sum += value;
      count++;
    }
    assert.equal(count, 190 * 170);
    assert.ok(Math.abs(sum / count - expected) < 1e-5);
  });

  it('measures a file anew when it has changed', async () => {
    const { reference, other } = await pictures();
    const request: CompareRequest = { do: 'measure', id: 1, reference, image: other, choice };
    const answers: CompareAnswer[] = [];
    const server = new ImageComparisonServer((answer) => answers.push(answer));
    server.ask(request);
    server.ask(request);
    await server.idle();
    writeFileSync(other, await png(200, 180, 77));
    server.ask(request);
    await server.idle();
    const [first, again, later] = answers.map((answer) =>
      'measurement' in answer ? answer.measurement.figures[0]?.value : undefined,
    );
    assert.equal(first, again);
    assert.notEqual(first, later);
  });

  it('gives up what has not begun, and answers what comes after', async () => {
    const { reference, other } = await pictures();
    const measure = (id: number): CompareRequest => ({ do: 'measure', id, reference, image: other, choice });
    const answers = await answersTo(measure(1), measure(2), { do: 'drop', id: 3 }, measure(4));
    assert.deepEqual(answers.slice(0, 2), [
      { id: 1, dropped: true },
      { id: 2, dropped: true },
    ]);
    assert.ok(answers[2] && 'measurement' in answers[2] && answers[2].id === 4);
  });

  it('says which file is none, and goes on', async () => {
    const { folder, reference, other } = await pictures();
    const bad = join(folder, 'bad.png');
    writeFileSync(bad, 'not an image');
    const [refused, measured] = await answersTo(
      { do: 'measure', id: 1, reference, image: bad, choice },
      { do: 'measure', id: 2, reference, image: other, choice },
    );
    assert.ok(refused && 'error' in refused && refused.error.includes('bad.png'));
    assert.ok(measured && 'measurement' in measured);
  });

  it('is a command with a table and what was done about sizes', async () => {
    const { folder, reference, other, small } = await pictures();
    const { code, stdout } = await runCli(['compare-images', reference, other, small, '--border', '4']);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /on Y of \[16, 235\].*border of 4 pixels/);
    assert.match(stdout, /other\.png +\d+\.\d\d dB +\d\.\d{4}/);
    assert.match(stdout, /enlarged ×4/);
    const bad = await runCli(['compare-images', reference, join(folder, 'gone.png'), '--json']);
    assert.equal(bad.code, 1);
    const [image] = comparedImagesSchema.parse(JSON.parse(bad.stdout)).images;
    assert.ok(image && 'problem' in image && image.problem.includes('does not exist'));
  });
});
