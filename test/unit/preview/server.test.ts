/** What the previews' process says of pictures, good and bad, and how it enlarges them: in sight first, equal to the whole. */
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import sharp from 'sharp';
import { PictureServer } from '../../../src/cli/picture-server';
import { readImage } from '../../../src/datasets/images';
import { imresize } from '../../../src/imaging/imresize';
import { defaultEngineSettings } from '../../../src/protocol/engine-settings';
import type { EnlargedPart, PreviewAnswer, PreviewRequest } from '../../../src/protocol/preview';
import { alphaPng, jpeg, picture, png, truncatedJpeg } from '../../support/image-files';
import { claimedPng, pngFile } from '../../support/png-files';
import { temporaryFolders } from '../../support/temporary-folder';

const everything = { left: 0, top: 0, width: 0, height: 0 };
const lanczos = { kind: 'kernel', kernel: 'lanczos3', scale: 2 } as const;

describe('Preview server', function () {
  this.timeout(30_000);
  const temporaryFolder = temporaryFolders();

  /** In the order of the requests: some are answered beside others. */
  async function answersTo(...requests: PreviewRequest[]): Promise<PreviewAnswer[]> {
    const answers: PreviewAnswer[] = [];
    const server = new PictureServer((answer) => answers.push(answer), {
      settings: () => defaultEngineSettings,
    });
    for (const request of requests) server.ask(request);
    await server.idle();
    await server.close();
    return answers.toSorted((a, b) => (a.id ?? -1) - (b.id ?? -1));
  }

  async function described(name: string, bytes: Buffer): Promise<PreviewAnswer> {
    const path = join(temporaryFolder(), name);
    writeFileSync(path, bytes);
    const [answer] = await answersTo({ do: 'describe', id: 1, path });
    assert.ok(answer);
    return answer;
  }

  async function factsOf(name: string, bytes: Buffer) {
    const answer = await described(name, bytes);
    assert.ok('facts' in answer, JSON.stringify(answer));
    return answer.facts;
  }

  async function errorOf(name: string, bytes: Buffer): Promise<string> {
    const answer = await described(name, bytes);
    assert.ok('error' in answer, JSON.stringify(answer));
    assert.ok(answer.error.includes(name), answer.error);
    return answer.error;
  }

  it('tells size, samples and profile, and what a browser shows as it is', async () => {
    const facts = await factsOf('a.jpg', await jpeg(40, 30));
    assert.deepEqual(
      [facts.format, facts.width, facts.height, facts.bitDepth, facts.colours, facts.profile, facts.rendered],
      ['JPEG', 40, 30, 8, 'RGB', null, null],
    );
  });

  it('goes by what is in a file, not by its name', async () => {
    const facts = await factsOf('wrong.png', await picture(20, 10).tiff().toBuffer());
    assert.equal(facts.format, 'TIFF');
    assert.match(facts.rendered ?? '', /TIFF/);
  });

  it('gives the upright size of a turned photograph, and what its camera wrote', async () => {
    const exif = {
      IFD0: { Make: 'Nikon', Model: 'Nikon D850', Copyright: 'Ada' },
      IFD2: { ExposureTime: '1/250', FNumber: '28/10', ISOSpeedRatings: '400' },
    };
    const bytes = await picture(40, 30).withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const turned = await factsOf('turned.jpg', bytes);
    assert.deepEqual([turned.width, turned.height], [30, 40]);
    assert.match(turned.notes.join(' '), /Turned upright/);
    const named = await factsOf('camera.jpg', await picture(8, 8).withExif(exif).jpeg().toBuffer());
    const values = Object.fromEntries(named.exif.map(({ name, value }) => [name, value]));
    assert.equal(values['Camera'], 'Nikon D850');
    assert.equal(values['Copyright'], 'Ada');
    assert.equal(values['Exposure'], '1/250 s');
    assert.equal(values['Aperture'], 'f/2.8');
    assert.equal(values['Sensitivity'], 'ISO 400');
  });

  it('tells nothing of a lens that the camera did not know', async () => {
    const exif = {
      IFD2: { FNumber: '0/1', FocalLength: '0/1', ISOSpeedRatings: '0', ExposureBiasValue: '-7/10' },
    };
    const facts = await factsOf('manual.jpg', await picture(8, 8).withExif(exif).jpeg().toBuffer());
    assert.deepEqual(facts.exif, [{ name: 'Exposure bias', value: '−0.7 EV' }]);
  });

  it('makes a PNG of 8 bits of what has 16, rounded', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'wide.png');
    const samples = [0, 65535, 32768, 257 * 17, 257 * 17 + 128, 257 * 17 + 129];
    writeFileSync(path, pngFile({ width: 2, height: 1, bits: 16, type: 'rgb', samples }));
    const out = join(folder, 'out.png');
    const [facts, rendered] = await answersTo(
      { do: 'describe', id: 1, path },
      { do: 'render', id: 2, path, out },
    );
    assert.ok(facts && 'facts' in facts && facts.facts.bitDepth === 16);
    assert.match(facts.facts.rendered ?? '', /16 bits/);
    assert.deepEqual(rendered, { id: 2, rendered: out });
    const { data } = await sharp(out).raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([...data], [0, 255, 128, 17, 17, 18]);
  });

  it('counts levels', async () => {
    const path = join(temporaryFolder(), 'counted.png');
    writeFileSync(
      path,
      pngFile({ width: 2, height: 1, bits: 8, type: 'rgb', samples: [255, 0, 7, 255, 255, 255] }),
    );
    const [answer] = await answersTo({ do: 'count', id: 1, path });
    assert.ok(answer && 'histogram' in answer);
    const { red, green, blue, luma } = answer.histogram;
    assert.deepEqual([red[255], green[0], green[255], blue[7]], [2, 1, 1, 1]);
    assert.equal(luma[235], 1);
    assert.equal(
      luma.reduce((sum, count) => sum + count, 0),
      2,
    );
  });

  it('says why a file cannot be shown: empty, no image, a bomb, gone', async () => {
    assert.match(await errorOf('empty.png', Buffer.alloc(0)), /empty/);
    assert.match(await errorOf('text.png', Buffer.from('not an image')), /not an image/);
    assert.match(await errorOf('bomb.png', claimedPng(65_535, 65_535)), /more than 268 million/);
    const [gone] = await answersTo({ do: 'describe', id: 1, path: join(temporaryFolder(), 'gone.tif') });
    assert.ok(gone && 'error' in gone && gone.error.includes('does not exist'));
  });

  it('describes what is cut short, and says so when it is to be decoded', async () => {
    const path = join(temporaryFolder(), 'half.jpg');
    writeFileSync(path, await truncatedJpeg(64, 64));
    const [, counted, enlarged] = await answersTo(
      { do: 'describe', id: 1, path },
      { do: 'count', id: 2, path },
      { do: 'enlarge', id: 3, path, enlarger: lanczos, view: everything, folder: temporaryFolder() },
    );
    for (const answer of [counted, enlarged]) {
      assert.ok(answer && 'error' in answer, JSON.stringify(answer));
      assert.match(answer.error, /damaged or cut short/);
    }
  });

  it('enlarges into parts that together are the whole, the one in sight first', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'whole.png');
    writeFileSync(path, await png(600, 300));
    const view = { left: 560, top: 270, width: 20, height: 20 };
    const answers = await answersTo({ do: 'enlarge', id: 5, path, enlarger: lanczos, view, folder });
    const parts = answers.flatMap((answer) => ('part' in answer ? [answer.part] : []));
    assert.ok(answers[0] && 'enlargement' in answers[0]);
    const { total, width, height, engine } = answers[0].enlargement;
    assert.deepEqual([total, width, height, engine], [6, 1200, 600, null]);
    assert.deepEqual([parts[0]?.left, parts[0]?.top], [1024, 512]);
    assert.deepEqual(answers.at(-1), { id: 5, ended: 'done' });
    const whole = imresize(await readImage(path), 2, { kernel: 'lanczos3' });
    const { data: together } = await assembled(parts, folder, { width, height });
    assert.deepEqual(Buffer.from(whole.data).compare(together), 0);
  });

  it('keeps opacity', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'clear.png');
    writeFileSync(path, await alphaPng(16, 8));
    const answers = await answersTo({
      do: 'enlarge',
      id: 1,
      path,
      enlarger: lanczos,
      view: everything,
      folder,
    });
    const part = answers.flatMap((answer) => ('part' in answer ? [answer.part] : []))[0];
    assert.ok(part);
    const { data, info } = await sharp(join(folder, part.result)).raw().toBuffer({ resolveWithObject: true });
    assert.equal(info.channels, 4);
    assert.deepEqual([data[3], data[4 * 31 + 3]], [128, 255]);
  });

  it('gives up an enlargement for a newer one, and leaves nothing of it behind', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'whole.png');
    writeFileSync(path, await png(600, 300));
    const enlarge = (id: number): PreviewRequest => ({
      do: 'enlarge',
      id,
      path,
      enlarger: lanczos,
      view: everything,
      folder,
    });
    const answers = await answersTo(enlarge(1), enlarge(2));
    const of = (id: number): PreviewAnswer[] => answers.filter((answer) => answer.id === id);
    assert.deepEqual(of(1), [{ id: 1, ended: 'stopped' }]);
    assert.deepEqual(of(2).at(-1), { id: 2, ended: 'done' });
    assert.ok(!readdirSync(folder).some((name) => name.startsWith('1-')));
  });

  it('says what is wrong with a model that is none', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'small.png');
    writeFileSync(path, await png(8, 8));
    const enlarger = { kind: 'model', folder } as const;
    const [refused] = await answersTo({ do: 'enlarge', id: 1, path, enlarger, view: everything, folder });
    assert.ok(refused && 'error' in refused && refused.error.includes('neither a model nor a run'));
  });
});

async function assembled(
  parts: readonly EnlargedPart[],
  folder: string,
  { width, height }: { width: number; height: number },
): Promise<{ data: Buffer }> {
  const blank = sharp({ create: { width, height, channels: 3, background: '#000' } });
  const placed = parts.map(({ left, top, result }) => ({ input: join(folder, result), left, top }));
  return { data: await blank.composite(placed).removeAlpha().raw().toBuffer() };
}
