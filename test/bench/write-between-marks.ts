/** A report in a document: what stands between two marks of its name is replaced. */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';

/** @param name of the marks, `<!-- NAME: begin -->` and `<!-- NAME: end -->`; throws where the file lacks them */
export async function writeBetweenMarks(file: string, name: string, text: string): Promise<void> {
  const [beginMark, endMark] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const document = await readFile(file, 'utf8');
  const [begin, end] = [document.indexOf(beginMark), document.indexOf(endMark)];
  if (begin < 0 || end < begin) {
    throw new Error(
      `${file} has no place for the report: the marks ${beginMark} and ${endMark} are missing.`,
    );
  }
  const renewed = `${document.slice(0, begin)}${beginMark}\n\n${text}\n${document.slice(end)}`;
  const options = await resolveConfig(file);
  await writeFile(file, await format(renewed, { ...options, parser: 'markdown' }));
  console.log(`The report is in ${file}.`);
}
