/** The contract of the transfer page: a measurement as it stands, told again whenever its files change. */
import type {
  CurveResult,
  EpochLine,
  FineTuningResult,
  ProbeResult,
  TransferConfiguration,
  TransferData,
} from './transfer';

export interface TransferSnapshot {
  /** Of the run that the measurement belongs to. */
  runName: string;
  configuration: TransferConfiguration;
  /** Whether a process measures at this moment. */
  running: boolean;
  /** Null until the images were read. */
  data: TransferData | null;
  probe: ProbeResult | null;
  curve: CurveResult | null;
  fineTuning: FineTuningResult | null;
  epochs: EpochLine[];
  /** Address of test-images.png; changes when the file does. */
  sheet: string | null;
}

export interface TransferPageContract {
  requests: {
    openConfiguration: (parameters: Record<string, never>) => void;
    revealFolder: (parameters: Record<string, never>) => void;
    /** Asks where to save a text and saves it there. */
    saveText: (parameters: { name: string; text: string }) => void;
    /** Likewise a PNG. */
    savePicture: (parameters: { name: string; base64: string }) => void;
  };
  events: {
    snapshot: TransferSnapshot;
    /** The folder is gone or its file is not valid: what and why, in words. */
    broken: { message: string };
  };
}
