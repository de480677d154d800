/**
 * Exports in the programs that they are for, each run by the usage that lies beside it, on a piece of a real photograph:
 * what they compute is what our own engine does.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'mocha';
import { chromium, type Browser } from 'playwright-core';
import { z } from 'zod';
import { findBrowser } from '../../../scripts/lib/browser';
import { ensureVscode } from '../../../scripts/lib/ensure-vscode';
import { readJson } from '../../../src/folders/read-json';
import {
  EXPORT_CARD_FILE,
  exportCardSchema,
  exportFormats,
  type ExportFormat,
} from '../../../src/protocol/exported-model';
import type { HostTensor } from '../../../src/training/engines/engine';
import { exportModel } from '../../../src/training/export/export-model';
import {
  consumerPackage,
  consumersPython,
  keras2Python,
  npmFolder,
  versionOfPackage,
} from '../../support/consumers';
import { serveFiles, type FileServer } from '../../support/serve-files';
import { Differences } from './support/differences';
import {
  classifierClasses,
  exportSubjects,
  labelledPictures,
  makeSubjects,
  type Subject,
} from './support/subjects';

const peers = join(__dirname, '..', '..', 'peers', 'consumers');
const foreign = join(__dirname, '../../../../shared/data/srgan-generator-x4/model.safetensors');

/** Generous: machines without a graphics card compute WebGL’s shaders, too. */
const PAGE_TIMEOUT_MS = 200_000;

const reportSchema = z.object({
  shapes: z.array(z.array(z.int())),
  versions: z.record(z.string(), z.string()).default({}),
});

describe('exports in the programs that they are for', function () {
  this.timeout(600_000);
  const differences = new Differences();
  let subjects: Subject[] = [];
  let folder = '';
  /** Exports so far, each in a folder of its own. */
  let exports = 0;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'srgan-lab-test-'));
    subjects = await makeSubjects(folder, existsSync(foreign) ? foreign : undefined);
  });
  after(() => {
    for (const line of differences.table()) console.log(`      ${line}`);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Exports, lets a program run them, and compares. */
  async function compare(
    format: ExportFormat,
    program: readonly [string, ...string[]],
    consumer: (versions: Readonly<Record<string, string>>) => string,
  ): Promise<void> {
    const folders = await exportSubjects(subjects, format, join(folder, `${format}-${exports++}`));
    const jobs = subjects.map(({ imageFile, image: { shape } }, index) => ({
      folder: folders[index]!,
      image: imageFile,
      shape,
      out: join(folders[index]!, 'result.f32'),
    }));
    const lines = await linesOf(program, JSON.stringify(jobs));
    const { shapes, versions } = reportSchema.parse(JSON.parse(lines.at(-1) ?? ''));
    for (const [index, { name, expected }] of subjects.entries()) {
      const bytes = await readFile(jobs[index]!.out);
      const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
      differences.add(consumer(versions), name, { shape: shapes[index]!, data }, expected);
    }
  }

  const inPython = (python: string): [string, string] => [python, join(peers, 'run_exports.py')];

  it('Keras, on TensorFlow, reads the HDF5 file', async function () {
    await compare(
      'keras',
      inPython(consumersPython(this)),
      (versions) => `Keras ${versions['keras'] ?? ''}, TensorFlow ${versions['tensorflow-cpu'] ?? ''}`,
    );
  });

  it('Keras 2 reads the HDF5 file, too', async function () {
    const nameOf = (versions: Readonly<Record<string, string>>): string => {
      const { keras = '', 'tensorflow-cpu': tensorFlow = '' } = versions;
      assert.match(keras, /^2\./);
      return `Keras ${keras}, TensorFlow ${tensorFlow}`;
    };
    await compare('keras', inPython(keras2Python(this)), nameOf);
  });

  it('ONNX Runtime for Python runs the ONNX model, which its checker accepts', async function () {
    await compare(
      'onnx',
      inPython(consumersPython(this)),
      (versions) => `ONNX Runtime ${versions['onnxruntime'] ?? ''} (Python)`,
    );
  });

  it('PyTorch loads the safetensors into the module beside them', async function () {
    await compare(
      'safetensors',
      inPython(consumersPython(this)),
      (versions) => `PyTorch ${versions['torch'] ?? ''}`,
    );
  });

  it('a fine-tuned classifier names the class of a picture, whose order every format keeps', async function () {
    const python = consumersPython(this);
    const { source } = subjects.find(({ part }) => part === 'classifier')!;
    const exported = (format: ExportFormat): string => join(folder, `classes-${format}`);
    for (const format of exportFormats) {
      await exportModel({ source, what: 'classifier', format, out: exported(format) });
      const card = await readJson(join(exported(format), EXPORT_CARD_FILE), exportCardSchema);
      assert.deepEqual(card.output.classes, classifierClasses);
    }
    // Every format computes the same logits, as the other tests say: one that is quickly loaded will do.
    for (const [name, picture] of labelledPictures(folder)) {
      const [likeliest = ''] = await linesOf([python, join(exported('onnx'), 'use.py'), picture]);
      assert.match(likeliest, new RegExp(`^[01]\\.\\d+ ${name}$`));
    }
  });

  it('onnxruntime-node runs the ONNX model', async function () {
    consumerPackage(this, 'onnxruntime-node');
    const version = await versionOfPackage('onnxruntime-node');
    const program = [process.execPath, join(peers, 'run-onnx.mjs'), npmFolder] as const;
    await compare('onnx', program, () => `onnxruntime-node ${version}`);
  });

  describe('in a browser', () => {
    let browser: Browser | undefined;
    let server: FileServer | undefined;
    let folders: string[] = [];

    before(async function () {
      consumerPackage(this, '@tensorflow/tfjs');
      const { executable, env } = await findBrowser(await ensureVscode());
      browser = await chromium.launch({
        executablePath: executable,
        env: { ...process.env, ...env },
        // WebGL without a graphics card.
        args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
      });
      folders = await exportSubjects(subjects, 'tfjs', join(folder, 'tfjs'));
      const libraries: Record<string, string> = {
        'tf.min.js': join(npmFolder, 'node_modules/@tensorflow/tfjs/dist/tf.min.js'),
        'upscaler.min.js': join(npmFolder, 'node_modules/upscaler/dist/browser/umd/upscaler.min.js'),
        'upscaler.html': join(peers, 'upscaler.html'),
      };
      server = await serveFiles((path) => {
        const [, number = '', name = ''] = /^(\d+)\/([\w.-]+)$/.exec(path) ?? [];
        return libraries[name] ?? (folders[Number(number)] && join(folders[Number(number)]!, name));
      });
    });
    after(async () => {
      await browser?.close();
      await server?.close();
    });

    /** What the page's `run` makes of an image. Errors of the page fail the test. */
    async function runPage(
      path: string,
      image: HostTensor,
    ): Promise<{ result: HostTensor; backend: string }> {
      const page = await browser!.newPage();
      page.setDefaultTimeout(PAGE_TIMEOUT_MS);
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      try {
        await page.goto(server!.address + path);
        await page.waitForFunction('window.run !== undefined');
        const call = `(async () => {
          const result = await run(tf.tensor(${JSON.stringify([...image.data])}, ${JSON.stringify(image.shape)}));
          return { shape: result.shape, data: [...await result.data()], backend: tf.getBackend() };
        })()`;
        const answer = await page.evaluate(call);
        const { shape, data, backend } = z
          .object({ shape: z.array(z.int()), data: z.array(z.number()), backend: z.string() })
          .parse(answer);
        assert.deepEqual(errors, []);
        return { result: { shape, data: Float32Array.from(data) }, backend };
      } finally {
        await page.close();
      }
    }

    it('TensorFlow.js runs the LayersModel on the page beside it', async () => {
      const version = await versionOfPackage('@tensorflow/tfjs');
      for (const [index, { name, image, expected }] of subjects.entries()) {
        const { result, backend } = await runPage(`${index}/use.html`, image);
        differences.add(`TensorFlow.js ${version} (browser, ${backend})`, name, result, expected);
      }
    });

    it('UpscalerJS takes the generator', async function () {
      consumerPackage(this, 'upscaler');
      const version = await versionOfPackage('upscaler');
      for (const [index, { name, part, image, expected }] of subjects.entries()) {
        if (part !== 'generator') continue;
        const { result, backend } = await runPage(`${index}/upscaler.html`, image);
        differences.add(`UpscalerJS ${version} (browser, ${backend})`, name, result, expected);
      }
    });
  });
});

/** Lines that a program writes until its end, fed with `input`. Throws with what it wrote to stderr if it fails. */
async function linesOf(
  [command, ...parameters]: readonly [string, ...string[]],
  input = '',
): Promise<string[]> {
  const child = spawn(command, parameters, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  child.stdin.end(input);
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  assert.equal(code, 0, errors.slice(-3000));
  return output.trim().split(/\r?\n/);
}
