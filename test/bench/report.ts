/** The bench's figures as tables in Markdown, held against the goals. */
import { cpus, release, totalmem } from 'node:os';
import type { Equipment, Precision } from './contenders';
import type { RunFigures } from './runs';
import type { Measurement } from './speed';
import { formatMegabytes, formatSeconds, markdownTable, median } from './statistics';
import { taskNames, tasks, type Task } from './workloads';

/** The most of PyTorch’s time that an engine may take. */
const speedGoals: Readonly<Record<string, Readonly<Record<Task, number>>>> = {
  embedded: { adversarial: 0.6, pixel: 0.55, inference: 0.45 },
  native: { adversarial: 0.7, pixel: 0.9, inference: 0.9 },
  'native bfloat16': { adversarial: 0.7, pixel: 0.8, inference: 0.8 },
};
/** The most of PyTorch’s memory. */
const memoryGoals: Readonly<Record<string, number>> = { embedded: 0.5, native: 1 };
/** One thread’s time over that of all. */
const SCALING_GOAL = 1.8;
const startGoals = { embedded: 2, native: 5 };
const OUTSIDE_GOAL = 0.03;

const MISSED = ' ✗';

/** A ratio, marked where it misses its goal. */
function atMost(ratio: number, goal: number | undefined, digits = 2): string {
  const text = ratio.toFixed(digits);
  return goal !== undefined && Number(text) > goal ? text + MISSED : text;
}

export interface Results {
  readonly measurements: readonly Measurement[];
  readonly runs: readonly RunFigures[];
}

/** The whole report; what was not measured is not in it. */
export function report({ measurements, runs }: Results, equipment: Equipment): string {
  const sections = [
    machine(equipment),
    ...section('Time, float32', speedTable(measurements, 'float32')),
    ...section('Time, bfloat16', speedTable(measurements, 'bfloat16')),
    ...section('From one thread to two', scalingTable(measurements)),
    ...section('Peak memory', memoryTable(measurements)),
    ...section('A real run', runsTable(runs)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function section(title: string, table: string | undefined): string[] {
  return table === undefined ? [] : [`### ${title}`, table];
}

/** What was measured on, in a sentence; then what is missing. */
export function machine({ threads, tensorFlow, pyTorch, missing }: Equipment): string {
  const versions = [
    `Node ${process.versions.node}`,
    ...(tensorFlow === undefined ? [] : [`TensorFlow ${tensorFlow}`]),
    ...(pyTorch === undefined ? [] : [`PyTorch ${pyTorch.version}`]),
  ];
  const facts = [
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${threads} cores`,
    `${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory`,
    `${process.platform} ${release()}`,
  ];
  const day = new Date().toISOString().slice(0, 10);
  return [`Measured on ${day}: ${facts.join(', ')}; ${versions.join(', ')}.`, ...missing].join('\n');
}

interface Group {
  readonly network: string;
  readonly batch: number;
  readonly task: Task;
  readonly all: readonly Measurement[];
}

/** Measurements that belong to one row. */
function groups(measurements: readonly Measurement[], precision: Precision): Group[] {
  const found = new Map<string, Measurement[]>();
  for (const measurement of measurements.filter((each) => each.precision === precision)) {
    const key = `${tasks.indexOf(measurement.task)} ${measurement.network} ${measurement.batch}`;
    found.set(key, [...(found.get(key) ?? []), measurement]);
  }
  return [...found.values()].map((all) => ({ ...all[0]!, all }));
}

/** PyTorch in the form that is fastest at this. */
function bestPyTorch(all: readonly Measurement[]): Measurement | undefined {
  return all
    .filter(({ side }) => side === 'pytorch')
    .sort((a, b) => median(a.seconds) - median(b.seconds))[0];
}

const figures = ({ seconds }: Measurement): string =>
  `${formatSeconds(median(seconds))} (${formatSeconds(Math.min(...seconds))})`;

function rowName({ network, batch, task }: Group): string {
  return `${network}, ${taskNames[task]}${task === 'inference' ? '' : `, batch ${batch}`}`;
}

function speedTable(measurements: readonly Measurement[], precision: Precision): string | undefined {
  const rows = groups(measurements, precision);
  if (rows.length === 0) return undefined;
  const entrants = [...new Set(rows.flatMap(({ all }) => all.map(({ entrant }) => entrant)))].filter((name) =>
    rows.some(({ all }) =>
      all.some(({ entrant, side }) => entrant === name && (side === 'embedded' || side === 'native')),
    ),
  );
  const header = ['', ...entrants, 'PyTorch', ...entrants.map((name) => `${name} / PyTorch`)];
  const cells = rows.map((row) => {
    const best = bestPyTorch(row.all);
    const own = entrants.map((name) => row.all.find(({ entrant }) => entrant === name));
    const ratio = (measurement: Measurement | undefined): string =>
      measurement === undefined || best === undefined
        ? '–'
        : atMost(
            median(measurement.seconds) / median(best.seconds),
            speedGoals[measurement.entrant]?.[row.task],
          );
    return [
      rowName(row),
      ...own.map((each) => (each === undefined ? '–' : figures(each))),
      best === undefined ? '–' : `${figures(best)}, ${formOf(best)}`,
      ...own.map(ratio),
    ];
  });
  const goals = entrants.map((name) => tasks.map((task) => speedGoals[name]![task]).join(', '));
  const footer = [
    'goal: SRGAN, SRResNet, inference',
    ...entrants.map(() => ''),
    '',
    ...goals.map((goal) => `≤ ${goal}`),
  ];
  return markdownTable(header, [...cells, footer]);
}

const formOf = ({ entrant }: Measurement): string => entrant.split(' ')[1]!;

function scalingTable(measurements: readonly Measurement[]): string | undefined {
  const rows = groups(measurements, 'float32').flatMap((row) => {
    const of = (side: Measurement['side']): Measurement | undefined =>
      row.all.find((each) => each.side === side);
    const [one, all, beside] = [of('embedded-1'), of('embedded'), of('embedded-beside')];
    if (one === undefined || all === undefined || beside === undefined) return [];
    const factor = (median(one.seconds) / median(all.seconds)).toFixed(2);
    return [
      [
        rowName(row),
        figures(one),
        figures(all),
        Number(factor) < SCALING_GOAL ? factor + MISSED : factor,
        figures(beside),
        ((beside.copies * median(one.seconds)) / median(beside.seconds)).toFixed(2),
      ],
    ];
  });
  if (rows.length === 0) return undefined;
  return markdownTable(
    [
      'embedded',
      'one thread',
      'all threads',
      `factor (goal ≥ ${SCALING_GOAL})`,
      'one thread in each of several processes at once',
      'factor of what they do together',
    ],
    rows,
  );
}

/** The largest resident memory of a process that took SRGAN steps and nothing else. */
function memoryTable(measurements: readonly Measurement[]): string | undefined {
  const rows = groups(measurements, 'float32').filter(({ task }) => task === 'adversarial');
  if (rows.length === 0) return undefined;
  const names = Object.keys(memoryGoals).filter((name) =>
    rows.some(({ all }) => all.some(({ entrant }) => entrant === name)),
  );
  const goalOf = (name: string): number => memoryGoals[name]!;
  const header = [
    '',
    ...names,
    'PyTorch',
    ...names.map((name) => `${name} / PyTorch (goal ≤ ${goalOf(name)})`),
  ];
  const cells = rows.map((row) => {
    const best = bestPyTorch(row.all);
    const own = names.map((name) => row.all.find(({ entrant }) => entrant === name));
    return [
      rowName(row),
      ...own.map((each) => (each === undefined ? '–' : formatMegabytes(each.peakBytes))),
      best === undefined ? '–' : formatMegabytes(best.peakBytes),
      ...own.map((each) =>
        each === undefined || best === undefined
          ? '–'
          : atMost(each.peakBytes / best.peakBytes, goalOf(each.entrant)),
      ),
    ];
  });
  return markdownTable(header, cells);
}

function runsTable(runs: readonly RunFigures[]): string | undefined {
  if (runs.length === 0) return undefined;
  return markdownTable(
    [
      '`quick` preset',
      'from the command to the first step (goal)',
      `outside the engine (goal < ${OUTSIDE_GOAL * 100} %)`,
    ],
    runs.map(({ engine, starts, outside }) => {
      const [start, goal] = [median(starts), startGoals[engine]];
      const percent = `${(outside * 100).toFixed(1)} %`;
      return [
        engine,
        `${start.toFixed(1)} s (< ${goal} s)${start < goal ? '' : MISSED}`,
        outside < OUTSIDE_GOAL ? percent : percent + MISSED,
      ];
    }),
  );
}
