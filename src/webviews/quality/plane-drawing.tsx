/** The perception–distortion plane as SVG. Colours and fonts are attributes, so that it can be saved as it is. */
import { fixed } from '../kit/format';
import type { Palette } from '../kit/theme';
import { ticksIn, type Plane, type PlanePath } from './plane';
import type { QualityRun, ScoredLine } from './quality-run';

export interface PlanePoint {
  readonly run: QualityRun;
  readonly line: ScoredLine;
}

const MARGIN = { left: 46, right: 14, top: 14, bottom: 42 };

/** Where a validation lies, in CSS pixels. */
export function placing(
  plane: Plane,
  width: number,
  height: number,
): (line: ScoredLine) => { x: number; y: number } {
  const { toX, toY } = axes(plane, width, height);
  return ({ model, niqe }) => ({ x: toX(model.psnr), y: toY(niqe.model) });
}

/** Better is right and down. */
function axes({ x, y }: Plane, width: number, height: number) {
  const [w, h] = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  return {
    toX: (psnr: number) => MARGIN.left + ((psnr - x.min) / (x.max - x.min)) * w,
    toY: (niqe: number) => MARGIN.top + ((y.max - niqe) / (y.max - y.min)) * h,
  };
}

export function PlaneDrawing(props: {
  plane: Plane;
  width: number;
  height: number;
  /** The step that the page shows, of each run. */
  current: readonly PlanePoint[];
  /** What is pointed at. */
  active: PlanePoint | null;
  palette: Palette;
}) {
  const { plane, width, height, palette, active } = props;
  const place = placing(plane, width, height);
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      font-family={palette.font}
      font-size="11"
      aria-hidden="true"
    >
      <Grid plane={plane} width={width} height={height} palette={palette} />
      {plane.paths.map((path) => (
        <Path key={path.run.id} path={path} place={place} palette={palette} middle={width / 2} />
      ))}
      {props.current.map((point) => (
        <circle
          key={point.run.id}
          cx={place(point.line).x}
          cy={place(point.line).y}
          r={7}
          fill="none"
          stroke={palette[point.run.colour]}
          stroke-width={2}
        />
      ))}
      {active && (
        <circle
          cx={place(active.line).x}
          cy={place(active.line).y}
          r={5}
          fill={palette[active.run.colour]}
          stroke={palette.foreground}
          stroke-width={1.5}
        />
      )}
      <References plane={plane} width={width} height={height} palette={palette} />
    </svg>
  );
}

type Frame = Pick<Parameters<typeof PlaneDrawing>[0], 'plane' | 'width' | 'height' | 'palette'>;

function Grid({ plane, width, height, palette }: Frame) {
  const { toX, toY } = axes(plane, width, height);
  const [right, bottom] = [width - MARGIN.right, height - MARGIN.bottom];
  const across = ticksIn(plane.x, width / 110);
  const down = ticksIn(plane.y, 5);
  return (
    <g>
      {across.map((psnr) => (
        <g key={psnr}>
          <line x1={toX(psnr)} x2={toX(psnr)} y1={MARGIN.top} y2={bottom} stroke={palette.grid} />
          <text x={toX(psnr)} y={bottom + 15} text-anchor="middle" fill={palette.muted}>
            {label(psnr, across)}
          </text>
        </g>
      ))}
      {down.map((niqe) => (
        <g key={niqe}>
          <line x1={MARGIN.left} x2={right} y1={toY(niqe)} y2={toY(niqe)} stroke={palette.grid} />
          <text x={MARGIN.left - 6} y={toY(niqe) + 4} text-anchor="end" fill={palette.muted}>
            {label(niqe, down)}
          </text>
        </g>
      ))}
      <text x={right} y={bottom + 32} text-anchor="end" fill={palette.muted}>
        PSNR in dB, closer to HR →
      </text>
      <text transform={`translate(12 ${bottom}) rotate(-90)`} text-anchor="start" fill={palette.muted}>
        ← NIQE, more natural
      </text>
    </g>
  );
}

/** As many digits as tell the ticks apart. */
function label(value: number, ticks: readonly number[]): string {
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : 1;
  return fixed(value, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
}

/** The line of a path is solid in the pixel stage and dashed in the adversarial one; a square is where they meet. */
function Path(props: {
  /** Where labels begin to go to the left, in CSS pixels. */
  middle: number;
  path: PlanePath;
  place: (line: ScoredLine) => { x: number; y: number };
  palette: Palette;
}) {
  const { path, place, palette, middle } = props;
  const colour = palette[path.run.colour];
  const spots = path.lines.map((line) => ({ line, ...place(line) }));
  const last = spots.at(-1)!;
  return (
    <g>
      {spots.slice(1).map((to, index) => (
        <line
          key={to.line.step}
          x1={spots[index]!.x}
          y1={spots[index]!.y}
          x2={to.x}
          y2={to.y}
          stroke={colour}
          stroke-width={1.5}
          opacity={0.7}
          {...(to.line.stage === 'adversarial' ? { 'stroke-dasharray': '4 3' } : {})}
        />
      ))}
      {spots.map(({ line, x, y }) =>
        path.changes.has(line) ? (
          <rect
            key={line.step}
            x={x - 5}
            y={y - 5}
            width={10}
            height={10}
            fill={palette.background}
            stroke={colour}
            stroke-width={2}
          />
        ) : (
          <circle key={line.step} cx={x} cy={y} r={line === last.line ? 4.5 : 2} fill={colour} />
        ),
      )}
      {spots
        .filter(({ line }) => path.changes.has(line))
        .map(({ line, x, y }) => (
          <text
            key={`${line.step} label`}
            x={x > middle ? x - 9 : x + 9}
            y={y - 9}
            text-anchor={x > middle ? 'end' : 'start'}
            fill={palette.foreground}
            stroke={palette.background}
            stroke-width={3}
            paint-order="stroke"
          >
            adversarial stage begins
          </text>
        ))}
    </g>
  );
}

function References({ plane, width, height, palette }: Frame) {
  const { toX, toY } = axes(plane, width, height);
  const right = width - MARGIN.right;
  return (
    <g>
      {plane.hr.map((niqe) => (
        <g key={niqe}>
          <line
            x1={MARGIN.left}
            x2={right}
            y1={toY(niqe)}
            y2={toY(niqe)}
            stroke={palette.hr}
            stroke-dasharray="7 4"
          />
          <path d={`M ${right} ${toY(niqe)} l -8 -5 v 10 z`} fill={palette.hr} />
          <text x={right - 12} y={toY(niqe) - 5} text-anchor="end" fill={palette.hr}>
            HR {fixed(niqe, 2)}
          </text>
        </g>
      ))}
      {plane.bicubic.map(({ psnr, niqe }) => (
        <g key={`${psnr} ${niqe}`}>
          <path d={`M ${toX(psnr)} ${toY(niqe) - 6} l 6 6 l -6 6 l -6 -6 z`} fill={palette.lr} />
          <text x={toX(psnr) + 10} y={toY(niqe) + 4} fill={palette.foreground}>
            bicubic
          </text>
        </g>
      ))}
    </g>
  );
}
