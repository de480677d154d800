/** Tables as text: what is quoted, escaped and aligned. */
import assert from 'node:assert/strict';
import { alignedTable, csvTable, markdownTable } from '../../../src/protocol/text-table';

const rows = [
  ['run', 'layers'],
  ['a, "b"', '[1,2]'],
  ['c|d', ''],
];

describe('text tables', () => {
  it('quote in CSV what needs it', () => {
    assert.equal(csvTable(rows), 'run,layers\n"a, ""b""","[1,2]"\nc|d,');
    assert.equal(csvTable([['two\nlines', '\r']]), '"two\nlines","\r"');
  });

  it('escape bars in Markdown, keep a row on a line, and align the source', () => {
    assert.equal(
      markdownTable(rows),
      ['| run    | layers |', '| ------ | ------ |', '| a, "b" | [1,2]  |', '| c\\|d   |        |'].join(
        '\n',
      ),
    );
    assert.equal(markdownTable([['a'], ['two \n lines']]).split('\n').length, 3);
    assert.match(markdownTable([['a'], ['b']]), /^\| -{3} \|$/m);
  });

  it('align columns for a terminal without trailing blanks', () => {
    assert.equal(alignedTable(rows), 'run     layers\na, "b"  [1,2]\nc|d');
  });
});
