/**
 * `srgan-lab preview --serve`: one request a line on stdin, answers a line each on stdout. A picture is described, made small
 * to be seen at once, made into a PNG where a browser could not show it as it is, counted, and enlarged: part by part, what a
 * person looks at first.
 */
import { z } from 'zod';
import { scaleSchema } from './run-configuration';

/** In pixels of the picture, upright. */
export const regionSchema = z.strictObject({
  left: z.number(),
  top: z.number(),
  width: z.number().min(0),
  height: z.number().min(0),
});
export type Region = z.infer<typeof regionSchema>;

export const previewKernels = ['bicubic', 'lanczos3'] as const;

/** What enlarges: an interpolation kernel by any scale of the lab, or the generator of a model or run by its own. */
export const enlargerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('kernel'), kernel: z.enum(previewKernels), scale: scaleSchema }),
  z.strictObject({ kind: z.literal('model'), folder: z.string().min(1).describe('Absolute.') }),
]);
export type Enlarger = z.infer<typeof enlargerSchema>;

const id = z.int().min(0);
const path = z.string().min(1);

export const previewRequestSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('describe'), id, path }),
  /** Makes a thumbnail of a large picture. */
  z.strictObject({ do: z.literal('thumbnail'), id, path }),
  /** Writes the picture as PNG, 8 bits, upright. */
  z.strictObject({ do: z.literal('render'), id, path, out: path }),
  z.strictObject({ do: z.literal('count'), id, path }),
  /** Takes the place of the enlargement that is under way. `folder` gets a PNG for each part. */
  z.strictObject({
    do: z.literal('enlarge'),
    id,
    path,
    enlarger: enlargerSchema,
    view: regionSchema,
    folder: path,
  }),
  /** The parts in sight come next; no answer. */
  z.strictObject({ do: z.literal('look'), id, view: regionSchema }),
  /** Gives the enlargement up, after the part that is under way. */
  z.strictObject({ do: z.literal('stop'), id }),
]);
export type PreviewRequest = z.infer<typeof previewRequestSchema>;

export const pictureFactsSchema = z.object({
  format: z.string().describe('PNG, JPEG, …'),
  /** Upright, in pixels. */
  width: z.int(),
  height: z.int(),
  bytes: z.int(),
  bitDepth: z.int().describe('Bits a channel.'),
  /** RGB, grey, CMYK …, and whether there is opacity. */
  colours: z.string(),
  profile: z.string().nullable().describe('Name of the colour profile.'),
  /** Why the file is not shown as it is, if a browser would not show it, or not as the lab reads it. */
  rendered: z.string().nullable(),
  /** What a person should know about what is shown, one sentence each. */
  notes: z.array(z.string()),
  exif: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type PictureFacts = z.infer<typeof pictureFactsSchema>;

/** A large picture made small: to be looked at while the picture itself is on its way, and no source of values. */
export const pictureThumbnailSchema = z.object({
  type: z.enum(['image/jpeg', 'image/webp']),
  base64: z.string().describe('The file.'),
});
export type PictureThumbnail = z.infer<typeof pictureThumbnailSchema>;

/** 256 counts each, from 0 to 255; Y is luma in studio range, 16 to 235, as PSNR is taken on. */
export const histogramSchema = z.object({
  red: z.array(z.int()).length(256),
  green: z.array(z.int()).length(256),
  blue: z.array(z.int()).length(256),
  luma: z.array(z.int()).length(256),
});
export type Histogram = z.infer<typeof histogramSchema>;

/** An enlarged part. Places are in pixels of the whole enlargement. */
export const partSchema = z.object({
  left: z.int(),
  top: z.int(),
  width: z.int(),
  height: z.int(),
  result: z.string().describe('PNG in the folder of the request.'),
  bicubic: z.string().nullable().describe('The same part, bicubic; null where that is the result.'),
});
export type EnlargedPart = z.infer<typeof partSchema>;

/** The enlargement as a whole, told before its first part. */
export const enlargementSchema = z.object({
  description: z.string().describe('What enlarges, in words.'),
  scale: z.int(),
  /** Of the enlargement. */
  width: z.int(),
  height: z.int(),
  total: z.int().describe('Parts.'),
  engine: z.string().nullable(),
});
export type Enlargement = z.infer<typeof enlargementSchema>;

export const previewAnswerSchema = z.union([
  z.object({ id, facts: pictureFactsSchema }),
  /** Null where the picture is small itself. */
  z.object({ id, thumbnail: pictureThumbnailSchema.nullable() }),
  z.object({ id, rendered: z.string() }),
  z.object({ id, histogram: histogramSchema }),
  z.object({ id, enlargement: enlargementSchema }),
  z.object({ id, part: partSchema, done: z.int(), secondsLeft: z.number().nullable() }),
  /** `stopped`: by a wish, before its last part. */
  z.object({ id, ended: z.enum(['done', 'stopped']) }),
  z.object({ id: id.nullable(), error: z.string() }),
]);
export type PreviewAnswer = z.infer<typeof previewAnswerSchema>;
