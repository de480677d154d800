/** The contracts of the lab's pages: what each may ask of its host, and what the host tells it. */
import type { CheckpointCurve } from './checkpoint-curve';
import type { DoctorReport, EngineRemedy } from './engine-report';
import type { KeptCrop } from './kept-crops';
import type { EventLine, ImageScore, MetricsLine } from './metrics';
import type { RecordSnapshot, StepBuckets } from './record/record-snapshot';
import type { RunConfiguration } from './run-configuration';

/** State of a run as derived from its folder; see `src/folders/run-status.ts`. */
export interface RunStatus {
  state: 'new' | 'running' | 'finished' | 'stopped' | 'failed' | 'crashed' | 'elsewhere';
  /** One sentence: what the run does, or how it ended and what can be done. */
  message: string;
  /** Why it failed or crashed, where that is one of the known misfortunes. */
  cause?: 'memory' | 'gpu';
  phase: string;
  /** Where it stands in the queue for the device, while it waits. */
  queue?: { position: number; trains: string[] };
  /** Its trainer was stopped by a signal and waits to be continued. */
  suspended?: true;
  engine: string;
  device: string;
  /** Why it is this engine, in a sentence. */
  engineReason?: string;
  step: number;
  totalSteps: number;
  secondsPerStep: number | null;
  secondsLeft: number | null;
}

/** The pictures of one validation image. All addresses are webview URIs of PNG files of equal size. */
export interface SampleImage {
  name: string;
  bicubic: string;
  hr: string;
  /** Steps at which an SR picture was kept, ascending, with its address. */
  sr: { step: number; uri: string }[];
}

export interface RunSnapshot {
  folder: string;
  configuration: RunConfiguration;
  datasetName: string;
  status: RunStatus;
  record: RecordSnapshot;
  samples: SampleImage[];
  /** Parts of the samples that a person has kept. */
  crops: KeptCrop[];
  /** Evaluations of its checkpoints, the oldest first. */
  evaluations: CheckpointCurve[];
}

export interface RunPageContract {
  requests: {
    stop: (parameters: Record<string, never>) => void;
    /** Ends a trainer that was told to stop, without a checkpoint. */
    endNow: (parameters: Record<string, never>) => void;
    /** Starts a run that waits, before its turn. */
    startNow: (parameters: Record<string, never>) => void;
    resume: (parameters: Record<string, never>) => void;
    openConfiguration: (parameters: Record<string, never>) => void;
    openDataset: (parameters: Record<string, never>) => void;
    openLog: (parameters: Record<string, never>) => void;
    revealFolder: (parameters: Record<string, never>) => void;
    /** The steps `from` to `to` in finer buckets than the snapshot's, one by one where they are few. */
    readSteps: (parameters: { from: number; to: number }) => StepBuckets;
    /** Asks what to evaluate checkpoints on; by the name of an evaluation, goes on with it. */
    evaluateCheckpoints: (parameters: { name?: string | undefined }) => void;
    /** Keeps a crop with the run, in the place of one of the same image and name. */
    keepCrop: (parameters: KeptCrop) => void;
    removeCrop: (parameters: { image: string; name: string }) => void;
    saveText: (parameters: { name: string; text: string }) => void;
    /** Asks where to save a PNG picture (base64) and saves it there. */
    savePicture: (parameters: { name: string; base64: string }) => void;
  };
  events: {
    /** Everything; replaces what the page had. Sent when the page is ready or shown again. */
    snapshot: RunSnapshot;
    /** How far a long record has been gone through, in bytes; a snapshot follows when it is done. */
    making: { done: number; total: number };
    /** Lines appended since, in order. */
    lines: MetricsLine[];
    status: RunStatus;
    samples: SampleImage[];
    crops: KeptCrop[];
    evaluations: CheckpointCurve[];
    /** The folder is gone or its file is not valid: what and why, in words. */
    broken: { message: string };
  };
}

/** What the Engine Doctor knows. */
export interface EnginesSnapshot {
  /** The newest whole report; null before the first. */
  report: DoctorReport | null;
  /** When it was made, in milliseconds since 1970. */
  measuredAt: number | null;
  /** What is being done, while engines are examined. */
  progress: string | null;
  /** What the last examination failed with. */
  problem: string | null;
}

export interface EnginesPageContract {
  requests: {
    measure: (parameters: Record<string, never>) => void;
    stop: (parameters: Record<string, never>) => void;
    remedy: (parameters: { remedy: EngineRemedy }) => void;
    /** Puts the report on the clipboard as text. */
    copy: (parameters: Record<string, never>) => void;
  };
  events: {
    snapshot: EnginesSnapshot;
  };
}

export type { EventLine, ImageScore };
export type * from './dataset-page';
