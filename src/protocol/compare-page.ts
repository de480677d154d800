/**
 * The contract of the compare page. The host sends the list of runs at once and each run as it is read; after that only the
 * parts of a run that have changed. What differs between runs, who is best and what is drawn is worked out by the page.
 */
import type { KeptCrop } from './kept-crops';
import type { ValidationLine } from './metrics';
import type { RunStatus } from './pages';
import type { RecordSnapshot } from './record/record-snapshot';
import type { RunConfiguration } from './run-configuration';

/** What a step logs that runs are compared by. Losses are raw; `total` is weighted by the run's own weights. */
export const comparedColumns = [
  'total',
  'pixel',
  'content',
  'adversarial',
  'discriminatorReal',
  'discriminatorFake',
  'realMean',
  'fakeMean',
  'learningRate',
  'seconds',
] as const;
export type ComparedColumn = (typeof comparedColumns)[number];

/** A run's steps in as many points as a chart can show. */
export interface ComparedCurves {
  /** Ascending; the last step of each point. */
  steps: number[];
  /** Seconds since the run's first line. */
  elapsed: number[];
  /** How many steps a point is the mean of, at most; 1 shows every step. */
  stepsPerPoint: number;
  /** As long as `steps`; null is a gap. */
  columns: Record<ComparedColumn, (number | null)[]>;
}

/** Most points of a curve that a page is sent. */
export const MOST_POINTS = 2000;

/** A picture, and what tells it from others: equal keys are equal pictures. */
export interface KeyedPicture {
  uri: string;
  key: string;
}

/** A validation image as one run has it. All addresses are webview URIs of PNG files of one scene. */
export interface ComparedSample {
  name: string;
  bicubic: KeyedPicture;
  hr: KeyedPicture;
  /** Steps at which an SR picture was kept, ascending, with its address. */
  sr: { step: number; uri: string }[];
}

export interface ComparedRunContent {
  /** With the data set's folder made absolute, so that it compares. */
  configuration: RunConfiguration;
  datasetName: string;
  status: RunStatus;
  curves: ComparedCurves;
  /** In order; what a resumed run repeats is replaced. */
  validations: ValidationLine[];
  /** Milliseconds since 1970 of the run's first line; null before it. */
  started: number | null;
  samples: ComparedSample[];
  /** Parts of the samples that a person has kept. */
  crops: KeptCrop[];
  /** How far a long record has been gone through, in bytes, while only its newest part is here; else null. */
  making: RecordSnapshot['making'];
}

export interface ComparePageContract {
  requests: {
    /** Asks which other runs of the workspace to add. */
    addRuns: (parameters: Record<string, never>) => void;
    /** Asks for a folder and adds all runs in it. */
    addFolder: (parameters: Record<string, never>) => void;
    /** Takes a run out of the comparison; its folder stays. */
    remove: (parameters: { folder: string }) => void;
    star: (parameters: { folder: string; starred: boolean }) => void;
    /** Keeps a crop with each of these runs, in the place of one of the same image and name. */
    keepCrop: (parameters: { folders: string[]; crop: KeptCrop }) => void;
    removeCrop: (parameters: { folders: string[]; image: string; name: string }) => void;
    openRun: (parameters: { folder: string }) => void;
    openConfiguration: (parameters: { folder: string }) => void;
    saveText: (parameters: { name: string; text: string }) => void;
    /** Asks where to save a PNG picture (base64) and saves it there. */
    savePicture: (parameters: { name: string; base64: string }) => void;
  };
  events: {
    /** The compared runs in their order. Sent first, and whenever one is added or removed. */
    runs: { folders: string[] };
    /** Folders of starred runs, whether compared here or not. */
    starred: string[];
    /** All of one run; replaces what the page had. */
    run: { folder: string; content: ComparedRunContent };
    /** Parts of a run that have changed. */
    change: { folder: string; change: Partial<ComparedRunContent> };
    /** The run's folder is gone or its file is not valid: what and why, in words. */
    broken: { folder: string; message: string };
  };
}

/** What the page keeps for its host: enough to open it again. */
export interface ComparePageMemory {
  runs: string[];
}
