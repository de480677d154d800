/**
 * What answers `srgan-lab preview --serve`: descriptions and thumbnails one after the other, beside them renderings and counts,
 * which a next picture need not wait for, and one enlargement, whose newest wish takes the place of the one before.
 */
import { stat } from 'node:fs/promises';
import { encodeScratchPng } from '../datasets/encode';
import { readPicture, type Picture } from '../datasets/picture';
import { describePicture } from '../datasets/picture-facts';
import { readThumbnail } from '../datasets/thumbnail';
import { LabError, messageOf } from '../folders/lab-error';
import { countLevels } from '../imaging/histogram';
import type { Enlarger, PreviewAnswer, PreviewRequest } from '../protocol/preview';
import { openEnlarger, type EnlargerEngine, type OpenEnlarger } from '../training/upscale/open-enlarger';
import { Enlarging, writeScratch } from './enlarging';

type Request<Kind extends PreviewRequest['do']> = Extract<PreviewRequest, { do: Kind }>;

/** The picture that was decoded last, as its file was then. */
interface Decoded {
  readonly key: string;
  readonly picture: Promise<Picture>;
}

export class PictureServer {
  private decoded: Decoded | undefined;
  private enlarger: { readonly key: string; readonly open: OpenEnlarger } | undefined;
  private enlarging: Enlarging | undefined;
  /** What a page waits for to show anything, in order. */
  private looks: Promise<void> = Promise.resolve();
  /** What takes longer, in order. */
  private work: Promise<void> = Promise.resolve();
  /** The enlargement, with those that it overtook. */
  private enlargement: Promise<void> = Promise.resolve();

  /** @param answer called at least once for each request but `look` and `stop` */
  constructor(
    private readonly answer: (answer: PreviewAnswer) => void,
    private readonly engine: EnlargerEngine,
  ) {}

  ask(request: PreviewRequest): void {
    switch (request.do) {
      case 'describe':
        this.looks = this.after(this.looks, request.id, async () => ({
          id: request.id,
          facts: await describePicture(request.path),
        }));
        break;
      case 'thumbnail':
        this.looks = this.after(this.looks, request.id, async () => ({
          id: request.id,
          thumbnail: await readThumbnail(request.path, () => this.decode(request.path)),
        }));
        break;
      case 'render':
        this.work = this.after(this.work, request.id, () => this.render(request));
        break;
      case 'count':
        this.work = this.after(this.work, request.id, () => this.count(request));
        break;
      case 'enlarge':
        this.enlarging?.stop();
        this.enlarging = new Enlarging(request.view);
        this.enlargement = this.follow(this.enlargement, request, this.enlarging);
        break;
      case 'look':
        this.enlarging?.look(request.view);
        break;
      case 'stop':
        this.enlarging?.stop();
        break;
    }
  }

  /** Resolves when every request has its answer. */
  async idle(): Promise<void> {
    await Promise.all([this.looks, this.work, this.enlargement]);
  }

  /** Gives up what can be given up, and resolves when nothing is under way. */
  async close(): Promise<void> {
    this.enlarging?.stop();
    await Promise.all([this.looks, this.work, this.enlargement]);
    await this.enlarger?.open.dispose();
    this.enlarger = undefined;
  }

  private async after(before: Promise<void>, id: number, work: () => Promise<PreviewAnswer>): Promise<void> {
    await before;
    this.answer(await work().catch((error: unknown) => failure(id, error)));
  }

  private async render({ id, path, out }: Request<'render'>): Promise<PreviewAnswer> {
    const { image, opacity } = await this.decode(path);
    await writeScratch(out, await encodeScratchPng(image, opacity));
    return { id, rendered: out };
  }

  private async count({ id, path }: Request<'count'>): Promise<PreviewAnswer> {
    const { red, green, blue, luma } = countLevels((await this.decode(path)).image);
    const [r, g, b, y] = [red, green, blue, luma].map((counts) => [...counts]);
    return { id, histogram: { red: r!, green: g!, blue: b!, luma: y! } };
  }

  private async follow(before: Promise<void>, request: Request<'enlarge'>, turn: Enlarging): Promise<void> {
    const { id } = request;
    try {
      await before;
      if (turn.stopped) {
        this.answer({ id, ended: 'stopped' });
        return;
      }
      const picture = await this.decode(request.path);
      const enlarger = await this.open(request.enlarger);
      await turn.run(picture, enlarger, request.folder, id, this.answer);
    } catch (error) {
      this.answer(failure(id, error));
    }
  }

  /** The enlarger that is open if it is the same, else the wished one in its place: two models may not fit into memory. */
  private async open(wish: Enlarger): Promise<OpenEnlarger> {
    const key = JSON.stringify(wish);
    if (this.enlarger?.key === key) return this.enlarger.open;
    await this.enlarger?.open.dispose();
    this.enlarger = undefined;
    const open = await openEnlarger(wish, this.engine);
    this.enlarger = { key, open };
    return open;
  }

  private async decode(path: string): Promise<Picture> {
    const key = await stat(path).then(
      ({ mtimeMs, size }) => `${path} ${mtimeMs} ${size}`,
      // Reading it says what is wrong, in words.
      () => path,
    );
    if (this.decoded?.key !== key) {
      const decoded = { key, picture: readPicture(path) };
      this.decoded = decoded;
      decoded.picture.catch(() => {
        if (this.decoded === decoded) this.decoded = undefined;
      });
    }
    return this.decoded.picture;
  }
}

function failure(id: number, error: unknown): PreviewAnswer {
  if (error instanceof LabError) return { id, error: error.message };
  return { id, error: `This is a bug in SRGAN Lab: ${messageOf(error)}` };
}
