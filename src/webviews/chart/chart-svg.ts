/** A chart as SVG: title, legend, axes, curves and marks as shapes and text, which can be edited and printed at any size. Pure. */
import type { ColourRole, Palette } from '../kit/colour-roles';
import type { Curve } from './curve';
import type { Scene, SceneLine } from './scene';

const MARGIN = 8;
const TITLE = 28;
const ROW = 18;
const FONT_SIZE = 11;
/** Width of a letter, on the average: an SVG is written where nothing can be measured. */
const LETTER = 6.2;
const KEY = 18;
const GAP = 16;

/** @param curves those that are shown, for the legend */
export function chartSvg(title: string, curves: readonly Curve[], scene: Scene, palette: Palette): string {
  const colour = (role: ColourRole): string => svgColour(palette[role]);
  const { width, area } = scene;
  const legend = legendOf(curves, width);
  const head = TITLE + legend.rows * ROW;
  const parts = [
    `<rect width="${width}" height="${scene.height + head}" ${fill(palette.background)}/>`,
    `<text x="${MARGIN}" y="19" font-size="13" font-weight="600" ${fill(palette.foreground)}>${svgText(title)}</text>`,
    ...legend.entries.flatMap(({ curve, x, row }) => {
      const y = TITLE + row * ROW + 6;
      const dash = curve.line === 'dashed' ? ' stroke-dasharray="4 3"' : '';
      const key = `<path d="M${x} ${y}h14" ${stroke(palette[curve.colour])} stroke-width="2"${dash}/>`;
      return [
        key,
        `<text x="${x + KEY}" y="${y + 4}" ${fill(palette.foreground)}>${svgText(curve.label)}</text>`,
      ];
    }),
    `<g transform="translate(${area.left} ${head + area.top})">`,
    ...scene.x.map(({ at }) => `<path d="M${round(at)} 0v${area.height}" ${stroke(palette.grid)}/>`),
    ...scene.y.map(({ at }) => `<path d="M0 ${round(at)}h${area.width}" ${stroke(palette.grid)}/>`),
    ...scene.x.map(
      ({ at, label }) =>
        `<text x="${round(at)}" y="${area.height + 16}" text-anchor="middle" ${fill(palette.muted)}>${svgText(label)}</text>`,
    ),
    ...scene.y.map(
      ({ at, label }) =>
        `<text x="-6" y="${round(at + 4)}" text-anchor="end" ${fill(palette.muted)}>${svgText(label)}</text>`,
    ),
    `<clipPath id="area"><rect width="${area.width}" height="${area.height}"/></clipPath>`,
    '<g clip-path="url(#area)">',
    ...scene.bands.map(
      (band) => `<path d="${path(band.outline)}Z" fill="${colour(band.colour)}" fill-opacity="0.18"/>`,
    ),
    ...scene.lines.map((line) => lineSvg(line, palette)),
    ...scene.marks.map(({ kind, at, text }) => markSvg(kind, at, text, area.height, palette)),
    '</g>',
    ...scene.baselines.flatMap((line) => [
      `<path d="M0 ${round(line.at)}h${area.width}" ${stroke(palette[line.colour])} stroke-width="1.5"/>`,
      `<text x="${area.width - 3}" y="${round(line.at - 4)}" text-anchor="end" ${fill(palette[line.colour])}>${svgText(line.label)}</text>`,
    ]),
    '</g>',
  ];
  const size = `width="${width}" height="${scene.height + head}" viewBox="0 0 ${width} ${scene.height + head}"`;
  const font = `font-family="${svgText(palette.font)}" font-size="${FONT_SIZE}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font} fill="none">\n${parts.join('\n')}\n</svg>\n`;
}

function lineSvg({ colour, runs, dash, width, opacity, dots }: SceneLine, palette: Palette): string {
  const faint = opacity === 1 ? '' : ` opacity="${opacity}"`;
  if (dots) {
    const circles = runs.flat().map(([x, y]) => `<circle cx="${round(x)}" cy="${round(y)}" r="4"/>`);
    return `<g ${stroke(palette[colour])} stroke-width="${width}"${faint}>${circles.join('')}</g>`;
  }
  const dashes = dash.length === 0 ? '' : ` stroke-dasharray="${dash.join(' ')}"`;
  const shape = `stroke-width="${width}" stroke-linejoin="round"${dashes}${faint}`;
  return `<path d="${runs.map(path).join('')}" ${stroke(palette[colour])} ${shape}/>`;
}

function markSvg(
  kind: Scene['marks'][number]['kind'],
  at: number,
  text: string,
  height: number,
  palette: Palette,
): string {
  const told = `<title>${svgText(text)}</title>`;
  const x = round(at);
  if (kind === 'checkpoint') {
    return `<path d="M${round(at - 4)} ${height}h8l-4 -6.4z" ${fill(palette.muted)}>${told}</path>`;
  }
  const dash = { stage: '', resumed: '2 3', rate: '7 3 2 3', warning: '2 3' }[kind];
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  const colour = kind === 'warning' ? palette.warning : palette.muted;
  return `<path d="M${x} 0v${height}" ${stroke(colour)}${dashes}>${told}</path>`;
}

function path(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
}

/** Entries in rows that are not wider than the picture. */
function legendOf(
  curves: readonly Curve[],
  width: number,
): { entries: { curve: Curve; x: number; row: number }[]; rows: number } {
  let x = MARGIN;
  let row = 0;
  const entries = curves.map((curve) => {
    const size = KEY + LETTER * curve.label.length + GAP;
    if (x > MARGIN && x + size > width) {
      x = MARGIN;
      row += 1;
    }
    const entry = { curve, x: round(x), row };
    x += size;
    return entry;
  });
  return { entries, rows: row + 1 };
}

const fill = (css: string): string => `fill="${svgColour(css)}"${opacityOf(css, 'fill')}`;
const stroke = (css: string): string => `stroke="${svgColour(css)}"${opacityOf(css, 'stroke')}`;

/** Numbers of a colour as browsers compute it: `rgb(1, 2, 3)`, `rgba(…)` or `color(srgb 0.1 0.2 0.3 / 0.5)`. */
function channels(css: string): [red: number, green: number, blue: number, alpha: number] {
  const numbers = (css.match(/[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
  const unit = css.startsWith('color(') ? 255 : 1;
  const [red = 0, green = 0, blue = 0, alpha = 1] = numbers;
  return [red * unit, green * unit, blue * unit, alpha];
}

/** A computed colour as every program that reads SVG understands it. */
export function svgColour(css: string): string {
  const [red, green, blue] = channels(css);
  const hex = (channel: number): string =>
    Math.round(Math.min(255, Math.max(0, channel)))
      .toString(16)
      .padStart(2, '0');
  return `#${hex(red)}${hex(green)}${hex(blue)}`;
}

function opacityOf(css: string, what: 'fill' | 'stroke'): string {
  const [, , , alpha] = channels(css);
  return alpha === 1 ? '' : ` ${what}-opacity="${Number(alpha.toFixed(3))}"`;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}

/** A text as it stands in an SVG file. */
export function svgText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
