/** A confusion matrix as an SVG file: what was right in one colour, what was confused in another, the stronger the more often. Pure. */
import { svgColour, svgText } from '../chart/chart-svg';
import type { Palette } from '../kit/colour-roles';

const CELL = { width: 44, height: 26 };
const MARGIN = 8;
const TITLE = 28;
const LETTER = 6.2;

/** @param matrix rows are labels, columns answers */
export function confusionSvg(
  title: string,
  names: readonly string[],
  matrix: readonly (readonly number[])[],
  palette: Palette,
): string {
  const named = Math.max(40, ...names.map((name) => name.length * LETTER)) + 2 * MARGIN;
  const column = Math.max(CELL.width, named);
  const top = TITLE + CELL.height;
  const width = named + column * names.length + MARGIN;
  const height = top + CELL.height * names.length + MARGIN;
  const text = (x: number, y: number, anchor: string, content: string): string =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${svgColour(palette.foreground)}">${svgText(content)}</text>`;
  const middle = (index: number): number => named + (index + 0.5) * column;
  const cells = matrix.flatMap((row, label) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, answer) => {
      const share = total === 0 ? 0 : count / total;
      const right = label === answer;
      const colour = svgColour(right ? palette.hr : palette.error);
      const y = top + label * CELL.height;
      const opacity = Number((share * (right ? 0.45 : 0.9)).toFixed(3));
      return [
        `<rect x="${named + answer * column}" y="${y}" width="${column}" height="${CELL.height}" fill="${colour}" fill-opacity="${opacity}"/>`,
        text(middle(answer), y + 17, 'middle', count === 0 ? '·' : String(count)),
      ].join('');
    });
  });
  const parts = [
    `<rect width="${width}" height="${height}" fill="${svgColour(palette.background)}"/>`,
    `<text x="${MARGIN}" y="19" font-size="13" font-weight="600" fill="${svgColour(palette.foreground)}">${svgText(title)}</text>`,
    ...names.map((name, answer) => text(middle(answer), TITLE + 17, 'middle', name)),
    ...names.map((name, label) => text(named - MARGIN, top + label * CELL.height + 17, 'end', name)),
    ...cells,
  ];
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${svgText(palette.font)}" font-size="11">\n${parts.join('\n')}\n</svg>\n`;
}
