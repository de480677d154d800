/**
 * The contract of the data set page. The header comes first and small, the images after it in portions, so that a page of
 * 100,000 images shows its frame at once; whatever changes files is asked of the host, which has the command line do it.
 */
import type { DatasetAnalysis } from './dataset-analysis';
import type { Degradation } from './degradation';
import type { CropPlace, DatasetContents, SplitName, SubImages } from './dataset-file';
import type { Progress } from './progress';
import type { Scale } from './run-configuration';

/** A file that images are made from: its path in one of the data set's roots. */
export interface SourceName {
  root: number;
  source: string;
}

/** What a person can take out and put back: a file, or one sub-image of it. */
export interface LeftOutImage extends SourceName {
  crop?: CropPlace | undefined;
}

/** What the data set is, without its images. */
export interface DatasetHeader {
  folder: string;
  name: string;
  roots: string[];
  scale: Scale;
  degradation: Degradation;
  /** Whether LR images were taken over from elsewhere, so that the degradation is only what they were found to be. */
  adopted: boolean;
  subImages: SubImages | null;
  /** Null while it is being made, and where that was interrupted. */
  contents: DatasetContents | null;
  /** What a person took out. */
  leftOut: LeftOutImage[];
  /** Addresses of the folders of the pictures, ending in `/`. */
  hr: string;
  lr: string;
}

/** Numbers that an image can be sorted and filtered by; src/imaging/measures says what they mean. */
export interface PageMeasures {
  sharpness: number;
  noise: number;
  blockiness: number;
  flatness: number;
}

export interface DatasetPageImage extends LeftOutImage {
  name: string;
  split: SplitName;
  width: number;
  height: number;
  /** Hash of the source file, which decides what a degradation draws. */
  sha256: string;
  notes: string[];
  /** Changes with the pictures' bytes, so that a page never shows those of before. */
  version: string;
  measures?: PageMeasures;
}

export interface DatasetPageOmission extends SourceName {
  reason: string;
}

export interface DatasetPortion {
  /** Names the reading that this is a part of; a later one replaces an earlier whole. */
  reading: number;
  images: DatasetPageImage[];
  omitted: DatasetPageOmission[];
}

/** What is being done to the data set at the page's request. */
export interface DatasetWork {
  title: string;
  progress: Progress | null;
}

export interface PageAnalysis {
  result: DatasetAnalysis;
  /** Whether it is of the images that the data set has now; after a change, what it says of those still there is true. */
  current: boolean;
}

export interface CheckProblem {
  file: string;
  problem: string;
}

/** A part of an HR image, in its pixels. */
export interface PreviewCrop {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface DegradationPreview {
  /** PNG files in base64: the part of HR, and what the degradation makes of it. */
  hr: string;
  lr: string;
  width: number;
  height: number;
  /** What was drawn for this image, in words, in the order in which it happens. */
  operations: string[];
}

type Nothing = Record<string, never>;

export interface DatasetPageContract {
  requests: {
    startTraining: (parameters: Nothing) => void;
    openAsText: (parameters: Nothing) => void;
    revealFolder: (parameters: Nothing) => void;
    openSource: (parameters: SourceName) => void;
    check: (parameters: Nothing) => { problems: CheckProblem[] };
    /** Makes missing and damaged files again. */
    repair: (parameters: Nothing) => void;
    /** Goes on with a data set that is not complete, and takes in what has changed in its sources. */
    update: (parameters: Nothing) => void;
    analyse: (parameters: Nothing) => void;
    /** Takes images out, by their names, all at once. The pictures stay until the next update. */
    leaveOut: (parameters: { names: string[] }) => void;
    putBack: (parameters: { images: LeftOutImage[] }) => void;
    /** Ends the work that is under way; what is done is kept. */
    stopWork: (parameters: Nothing) => void;
    /** Null if a newer request has come in the meantime. */
    preview: (parameters: {
      name: string;
      sha256: string;
      crop: PreviewCrop;
      degradation: Degradation;
    }) => DegradationPreview | null;
    /** Asks what to make anew, and does it. False if the person thought better of it. */
    applyDegradation: (parameters: { degradation: Degradation }) => boolean;
    saveText: (parameters: { name: string; text: string }) => void;
    savePicture: (parameters: { name: string; base64: string }) => void;
  };
  events: {
    /** Replaces the header; the images stay until a reading of them is complete. */
    header: DatasetHeader;
    portion: DatasetPortion;
    /** All portions of this reading have come. */
    complete: { reading: number };
    /** Null where there is none. */
    analysis: PageAnalysis | null;
    work: DatasetWork | null;
    /** The folder is gone or its file is not valid: what and why, in words. */
    broken: { message: string };
  };
}
