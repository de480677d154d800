/**
 * `building.jsonl`: what was made of a data set, as it was made, so that work which was interrupted goes on where it stopped
 * and a page can show what is there already. It is there only while a data set is incomplete.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { datasetImageSchema } from '../protocol/dataset-file';
import { readJsonLines, streamJsonLines, type LinePosition, type LinesRead } from './json-lines';

export const JOURNAL_FILE = 'building.jsonl';

const journalLineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('made'),
    key: z.string().describe('Of the recipe that they were made by.'),
    images: z.array(datasetImageSchema.omit({ kind: true, root: true, source: true, split: true })),
    from: z
      .object({ root: z.int().min(0), source: z.string().min(1) })
      .optional()
      .describe('The file that they were made of, for people; whoever goes on goes by hashes.'),
  }),
  z.object({
    kind: z.literal('list'),
    key: z.string(),
    sha256: z.string().describe('A list of images of this hash tells of images of this key.'),
  }),
]);
export type JournalLine = z.infer<typeof journalLineSchema>;

/** The lines after a position that are whole; a torn or damaged one is as if it had not been written. */
export function readJournalLines(folder: string, from?: LinePosition): Promise<LinesRead<JournalLine>> {
  return readJsonLines(join(folder, JOURNAL_FILE), journalLineSchema, from);
}

/** All of these lines, some at a time. */
export function streamJournal(folder: string): AsyncIterable<JournalLine[]> {
  return streamJsonLines(join(folder, JOURNAL_FILE), journalLineSchema);
}
