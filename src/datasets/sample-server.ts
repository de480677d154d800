/**
 * Degradations of one image after another as fast as a person turns knobs: the newest request is answered, those that it
 * overtook are given up, and the images looked at last stay decoded.
 */
import { stat } from 'node:fs/promises';
import { LabError, messageOf } from '../folders/lab-error';
import { operationInWords } from '../imaging/degradation/operation-words';
import type { RgbImage } from '../imaging/image';
import type { DrawnSample, SampleAnswer, SampleRequest } from '../protocol/dataset-sample';
import { encodePng } from './encode';
import { readImage } from './images';
import { sampleImage } from './sample';

/** Decoded images that are kept: the one that is looked at, and the one before. */
const KEPT = 2;

export class SampleServer {
  private waiting: SampleRequest | undefined;
  private work: Promise<void> | undefined;
  /** By path, time and size of the file; in order of use. */
  private readonly decoded = new Map<string, Promise<RgbImage>>();

  /** @param answer called once for each request */
  constructor(private readonly answer: (answer: SampleAnswer) => void) {}

  /** Takes a request; one that still waits is answered as superseded. */
  ask(request: SampleRequest): void {
    if (this.waiting !== undefined) this.answer({ id: this.waiting.id, superseded: true });
    this.waiting = request;
    this.work ??= this.answerAll();
  }

  /** Resolves when every request has its answer. */
  async idle(): Promise<void> {
    await this.work;
  }

  private async answerAll(): Promise<void> {
    while (this.waiting !== undefined) {
      const request = this.waiting;
      this.waiting = undefined;
      this.answer(await this.draw(request).catch((error: unknown) => failure(request, error)));
    }
    this.work = undefined;
  }

  private async draw({ id, image, sha256, scale, degradation, crop }: SampleRequest): Promise<DrawnSample> {
    const whole = await this.decode(image);
    const inside = clip(crop, whole, scale);
    const { hr, lr, operations } = await sampleImage(whole, sha256, { scale, degradation, crop: inside });
    const [hrPng, lrPng] = await Promise.all([encodePng(hr), encodePng(lr)]);
    return {
      id,
      hr: hrPng.toString('base64'),
      lr: lrPng.toString('base64'),
      width: hr.width,
      height: hr.height,
      operations: operations.map(operationInWords),
    };
  }

  private async decode(path: string): Promise<RgbImage> {
    const key = await stat(path).then(
      ({ mtimeMs, size }) => `${path} ${mtimeMs} ${size}`,
      // Reading it says what is wrong, in words.
      () => path,
    );
    const known = this.decoded.get(key) ?? readImage(path);
    this.decoded.delete(key);
    this.decoded.set(key, known);
    for (const oldest of this.decoded.keys()) {
      if (this.decoded.size <= KEPT) break;
      this.decoded.delete(oldest);
    }
    known.catch(() => this.decoded.delete(key));
    return known;
  }
}

/** The part of the crop that lies in the image, from a multiple of the scale on, so that LR pixels lie where they will. */
function clip(
  { left, top, width, height }: SampleRequest['crop'],
  image: RgbImage,
  scale: number,
): SampleRequest['crop'] {
  const within = (start: number, length: number, side: number): [number, number] => {
    const size = Math.min(length, side);
    const first = Math.max(0, Math.min(start, side - size));
    return [first - (first % scale), size];
  };
  const [x, w] = within(left, width, image.width);
  const [y, h] = within(top, height, image.height);
  return { left: x, top: y, width: w, height: h };
}

function failure({ id }: SampleRequest, error: unknown): SampleAnswer {
  if (error instanceof LabError) return { id, error: error.message };
  return { id, error: `This is a bug in SRGAN Lab: ${messageOf(error)}` };
}
