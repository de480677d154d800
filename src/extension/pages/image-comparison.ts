/** Measures pictures against each other for one page, in a process of its own (`srgan-lab compare-images --serve`). */
import {
  compareAnswerSchema,
  type CompareAnswer,
  type CompareRequest,
  type ComparisonChoice,
  type Measurement,
} from '../../protocol/compare-images';
import { AnsweringProcess, type WithoutId } from '../process/answering-process';
import type { Log } from '../process/command-line';

type Asked = WithoutId<CompareRequest>;

/** Paths of the files that are compared. */
export interface ComparedPair {
  readonly reference: string;
  readonly image: string;
}

export class ImageComparison {
  private readonly process: AnsweringProcess<Asked, CompareAnswer>;

  /** `script` is the bundle of the command line. */
  constructor(script: string, log: Log) {
    this.process = new AnsweringProcess<Asked, CompareAnswer>({
      script,
      log,
      args: ['compare-images', '--serve'],
      answer: compareAnswerSchema,
      ended: (reason) =>
        `The process that measures pictures ended by itself (${reason}), perhaps for want of memory. Reload to try again.`,
    });
  }

  /** Keeps the process, once it is started, until the returned handle is disposed: what is under way ends with it. */
  use(): { dispose(): void } {
    return this.process.use();
  }

  /** Null if the wish was dropped, or the process was ended. Throws a `LabError` that says why there are no figures. */
  measure(pair: ComparedPair, choice: ComparisonChoice): Promise<Measurement | null> {
    return this.ask({ do: 'measure', ...pair, choice }, (answer) =>
      'measurement' in answer ? answer.measurement : undefined,
    );
  }

  /** Writes a map of local SSIM. Null and errors likewise. */
  map(pair: ComparedPair, choice: ComparisonChoice, out: string): Promise<string | null> {
    return this.ask({ do: 'map', ...pair, choice, out }, (answer) =>
      'map' in answer ? answer.map.file : undefined,
    );
  }

  /** Writes the picture enlarged. Null and errors likewise. */
  enlarge(image: string, scale: number, out: string): Promise<string | null> {
    return this.ask({ do: 'enlarge', image, scale, out }, (answer) =>
      'enlarged' in answer ? answer.enlarged : undefined,
    );
  }

  /** Gives up what was asked for and has not begun. */
  drop(): void {
    this.process.tell({ do: 'drop' });
  }

  private async ask<T>(request: Asked, pick: (answer: CompareAnswer) => T | undefined): Promise<T | null> {
    const found = await this.process.ask(request, (answer) =>
      'dropped' in answer ? ('dropped' as const) : wrapped(pick(answer)),
    );
    return found === null || found === 'dropped' ? null : found.value;
  }
}

function wrapped<T>(value: T | undefined): { value: T } | undefined {
  return value === undefined ? undefined : { value };
}
