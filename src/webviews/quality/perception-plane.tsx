/**
 * The perception–distortion plane: each run as a path over its validations, from PSNR on the one side to NIQE on the other.
 * Training on MSE goes right, towards HR in numbers; the adversarial stage goes down, towards what photographs look like.
 */
import { useSignal } from '@preact/signals';
import { useId, useMemo, useRef } from 'preact/hooks';
import { niqeLabel } from '../../protocol/score-words';
import type { SaveFile } from '../chart/chart-actions';
import { MenuButton } from '../kit/menu';
import type { Cell } from '../kit/cell';
import { count, decibels, fixed } from '../kit/format';
import { palette, type Palette } from '../kit/theme';
import { useSize } from '../kit/use-size';
import { planeOf, planeRows, type Plane } from './plane';
import { PlaneDrawing, placing, type PlanePoint } from './plane-drawing';
import './quality.css';
import { lineAt, type QualityRun } from './quality-run';
import type { QualityState } from './quality-state';
import { pointWords } from './words';

export interface PerceptionPlaneProps {
  runs: readonly QualityRun[];
  state: Cell<QualityState>;
  /** Step that the page shows; null follows the runs. */
  step: number | null;
  onStep: (step: number | null) => void;
  save: SaveFile;
  /** Why there may be no scores, where the page knows. */
  why?: string | undefined;
}

const HEIGHT = 320;
/** How near the pointer has to be, in CSS pixels. */
const REACH = 24;

export function PerceptionPlane(props: PerceptionPlaneProps) {
  const { runs, state, save } = props;
  const { outliers } = state.value;
  const key = runs
    .map((run) => `${run.id} ${run.name} ${run.validations.length} ${run.validations.at(-1)?.time}`)
    .join('\n');
  const plane = useMemo(() => planeOf(runs, outliers), [key, outliers]);
  const host = useRef<HTMLDivElement>(null);
  return (
    <section class="section quality-plane" aria-label="Perception and distortion">
      <div class="section-header">
        <h2>Perception–distortion</h2>
        {plane && (
          <MenuButton
            label="Perception–distortion: more actions"
            items={[
              {
                label: 'Copy data (CSV)',
                icon: 'clippy',
                run: () => {
                  navigator.clipboard.writeText(planeRows(plane)).catch((error: unknown) => {
                    save.failed('copy the data', error);
                  });
                },
              },
              {
                label: 'Save data (CSV)…',
                icon: 'save',
                run: () => {
                  save.text('perception-distortion.csv', planeRows(plane));
                },
              },
              {
                label: 'Save picture (SVG)…',
                icon: 'save',
                run: () => {
                  save.text('perception-distortion.svg', pictureOf(host.current!, palette.peek()));
                },
              },
            ]}
          />
        )}
      </div>
      <div ref={host} class="quality-plane-host">
        {plane ? (
          <PlaneView {...props} plane={plane} host={host} />
        ) : (
          <p class="muted">{props.why ?? 'NIQE of the validation crops comes with the first validation.'}</p>
        )}
      </div>
      {plane && plane.outliers > 0 && (
        <p class="muted">
          {outliers
            ? ''
            : `The first ${count(plane.outliers)} of the validations lie far outside and are not shown. `}
          <button
            type="button"
            class="link"
            onClick={() => {
              state.set({ ...state.value, outliers: !outliers });
            }}
          >
            {outliers ? 'Leave out what lies far outside' : 'Show all'}
          </button>
        </p>
      )}
      {plane && (
        <p class="muted footnote">
          {niqeLabel}; lower looks more like them. Only scores with the same data set can be compared. HR has
          an infinite PSNR, so it is a line.
        </p>
      )}
    </section>
  );
}

function PlaneView(
  props: PerceptionPlaneProps & { plane: Plane; host: { readonly current: HTMLDivElement | null } },
) {
  const { plane, step, onStep, host } = props;
  const size = useSize(host);
  const active = useSignal<PlanePoint | null>(null);
  const summaryId = useId();
  const width = Math.max(240, Math.floor(size?.width ?? 0));
  const place = placing(plane, width, HEIGHT);
  const points = plane.paths.flatMap(({ run, lines }) => lines.map((line): PlanePoint => ({ run, line })));
  const current = plane.paths.flatMap(({ run, lines }): PlanePoint[] => {
    const line = lineAt(lines, step);
    return line ? [{ run, line }] : [];
  });
  const now = active.value;
  const choose = ({ run, line }: PlanePoint) => {
    onStep(run.validations.findLast(({ extent }) => extent === 'crop') === line ? null : line.step);
  };
  const nearest = (event: PointerEvent): PlanePoint | null => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const away = (point: PlanePoint) => {
      const { x, y } = place(point.line);
      return Math.hypot(x - (event.clientX - box.left), y - (event.clientY - box.top));
    };
    const best = points.reduce<PlanePoint | null>(
      (found, point) => (found === null || away(point) < away(found) ? point : found),
      null,
    );
    return best && away(best) <= REACH ? best : null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = points.findIndex(
      ({ run, line }) => now !== null && run.id === now.run.id && line.step === now.line.step,
    );
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (move !== undefined) {
      const from = at === -1 ? (move === 1 ? -1 : points.length) : at;
      active.value = points[Math.min(points.length - 1, Math.max(0, from + move))] ?? null;
    } else if (event.key === 'Enter' && now) choose(now);
    else if (event.key === 'Escape') active.value = null;
    else return;
    event.preventDefault();
  };
  if (size === null) return null;
  return (
    <>
      <div
        class="quality-plane-area"
        role="application"
        aria-roledescription="perception–distortion plane"
        aria-label="PSNR against NIQE. Arrow keys go along the paths, Enter shows the step."
        aria-describedby={summaryId}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => {
          active.value = nearest(event);
        }}
        onPointerLeave={() => {
          active.value = null;
        }}
        onClick={() => {
          if (active.value) choose(active.value);
        }}
        onBlur={() => {
          active.value = null;
        }}
      >
        <PlaneDrawing
          plane={plane}
          width={width}
          height={HEIGHT}
          current={current}
          active={now}
          palette={palette.value}
        />
        {now && (
          <div
            class="chart-tooltip quality-tooltip"
            style={{
              left: `${Math.min(place(now.line).x + 10, width - 230)}px`,
              top: `${place(now.line).y + 8}px`,
            }}
          >
            {pointWords(props.runs.length === 1 ? 'SR' : now.run.name, now.line)}
          </div>
        )}
      </div>
      <p class="visually-hidden" role="status">
        {now ? pointWords(now.run.name, now.line) : ''}
      </p>
      <p id={summaryId} class="visually-hidden">
        {plane.paths
          .map(
            ({ run, lines }) => `${pointWords(run.name, lines[0]!)}; ${pointWords(run.name, lines.at(-1)!)}`,
          )
          .join('. ')}
        .{' '}
        {plane.bicubic
          .map(({ psnr, niqe }) => `Bicubic: PSNR ${decibels(psnr)}, NIQE ${fixed(niqe, 2)}`)
          .join('. ')}
        . HR: NIQE {plane.hr.map((niqe) => fixed(niqe, 2)).join(', ')}.
      </p>
      {props.runs.length > 1 && (
        <ul class="legend">
          {plane.paths.map(({ run }) => (
            <li key={run.id} class="legend-entry">
              <span class={`legend-key legend-${run.line} role-${run.colour}`} />
              <span class="legend-label">{run.name}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** The drawing as a file of its own: its colours and its font are in it already. */
function pictureOf(host: HTMLElement, colours: Palette): string {
  const copy = host.querySelector('svg')!.cloneNode(true) as SVGSVGElement;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return copy.outerHTML.replace(
    /^<svg[^>]*>/,
    `$&<rect width="100%" height="100%" fill="${colours.background}"/>`,
  );
}
