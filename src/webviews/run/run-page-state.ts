/** How the run page looks, kept while it is hidden and over reloads; and what it knows of the run, given by the host. */
import { computed, effect, signal } from '@preact/signals';
import type { KeptCrop } from '../../protocol/kept-crops';
import type { RunPageContract, RunSnapshot } from '../../protocol/pages';
import type { RecordSnapshot } from '../../protocol/record/record-snapshot';
import { chartGroup, type ChartGroupState } from '../chart/chart-group';
import { connect } from '../kit/connection';
import { cellOf } from '../kit/cell';
import { pageState } from '../kit/page-state';
import { windowTransport } from '../kit/vscode-api';
import { initialQualityState, type QualityState } from '../quality/quality-state';
import { initialStageState, type StageState } from '../stage/stage-state';
import { RunRecord } from './record';
import { zoomDetail } from './zoom-detail';

interface RunPageState {
  stage: StageState;
  charts: ChartGroupState;
  quality: QualityState;
  /** Name of the validation image on the stage; null is the first. */
  image: string | null;
  /** Step of the SR picture; null follows the run. */
  step: number | null;
  configurationOpen: boolean;
  /** Advice that was dismissed. */
  dismissed: string[];
  scroll: number;
}

/** Whole images score on another level than crops: shown together, both curves would be flat. */
const hiddenAtFirst = ['psnr/psnrWhole', 'psnr/bicubicPsnrWhole', 'ssim/ssimWhole', 'ssim/bicubicSsimWhole'];
const charts: ChartGroupState = {
  xAxis: 'step',
  zoom: null,
  smoothing: 0.8,
  hidden: hiddenAtFirst,
  logarithmic: {},
};

export const page = pageState<RunPageState>({
  stage: initialStageState,
  charts,
  quality: initialQualityState,
  image: null,
  step: null,
  configurationOpen: false,
  dismissed: [],
  scroll: 0,
});

export interface Run extends Omit<RunSnapshot, 'record'> {
  record: RunRecord;
  /** Counts every change of the record, which is the same object all along. */
  revision: number;
  /** How far a long record has been gone through, in bytes, while only its newest part is here. */
  making: RecordSnapshot['making'];
}

/** Null until the first snapshot. */
export const run = signal<Run | null>(null);
/** Why there is nothing to show, in the host's words. */
export const broken = signal<string | null>(null);
/** What the last request failed with. */
export const problem = signal<string | null>(null);

const change = (part: Partial<Run>) => {
  if (run.value) run.value = { ...run.value, ...part };
};

export const host = connect<RunPageContract>(windowTransport(), {
  snapshot: ({ record, ...rest }) => {
    const revision = (run.peek()?.revision ?? 0) + 1;
    broken.value = null;
    const { making } = record;
    run.value = { ...rest, record: new RunRecord(rest.configuration, record), revision, making };
  },
  making: (making) => {
    change({ making });
  },
  lines: (lines) => {
    if (!run.value) return;
    run.value.record.append(lines);
    change({ revision: run.value.revision + 1 });
  },
  status: (status) => {
    change({ status });
  },
  samples: (samples) => {
    change({ samples });
  },
  crops: (crops) => {
    change({ crops });
  },
  evaluations: (evaluations) => {
    change({ evaluations });
  },
  broken: ({ message }) => {
    broken.value = message;
  },
});

type PlainRequest = Exclude<
  keyof RunPageContract['requests'],
  'readSteps' | 'evaluateCheckpoints' | 'keepCrop' | 'removeCrop' | 'saveText' | 'savePicture'
>;

async function attempt(request: () => Promise<unknown>): Promise<void> {
  problem.value = null;
  try {
    await request();
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
  }
}

/** Asks the host for something without parameters; a person may have to answer a dialog, so there is no timeout. */
export function perform(request: PlainRequest): Promise<void> {
  return attempt(() => host.request(request, {}, { timeout: null }));
}

/** Asks the host to evaluate checkpoints: to go on with the evaluation of that name, or to ask the person about a new one. */
export function evaluateCheckpoints(name?: string): Promise<void> {
  return attempt(() => host.request('evaluateCheckpoints', { name }, { timeout: null }));
}

/** Keeps a crop with the run; the host tells all crops again when it has. */
export function keepCrop(crop: KeptCrop): void {
  void attempt(() => host.request('keepCrop', crop));
}

export function removeCrop(image: string, name: string): void {
  void attempt(() => host.request('removeCrop', { image, name }));
}

const extent = computed(() => {
  const record = run.value?.record;
  return {
    step: record?.extent('step') ?? { min: 0, max: 1 },
    time: record?.extent('time') ?? { min: 0, max: 1 },
  };
});

export const group = chartGroup(cellOf(page, 'charts'), extent);

const detail = zoomDetail(
  (range) => host.request('readSteps', range),
  () => {
    if (run.value) change({ revision: run.value.revision + 1 });
  },
);
effect(() => {
  const { xAxis, zoom } = group.state.value;
  detail(run.value?.record, xAxis, zoom);
});
