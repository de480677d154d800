/**
 * The Engine Doctor of a window: the newest report, and the examination under way. It outlives the page that shows it, and the
 * report outlives the window.
 */
import * as vscode from 'vscode';
import { z } from 'zod';
import { messageOf } from '../../folders/lab-error';
import { doctorReportSchema, type DoctorReport } from '../../protocol/engine-report';
import type { EnginesSnapshot } from '../../protocol/pages';
import { Cancelled, type CommandLine } from '../process/command-line';
import { engineSettingOptions } from '../settings';

const KEPT = 'srganLab.engineReport';
const keptSchema = z.object({ report: doctorReportSchema, measuredAt: z.number() });

export class EngineDoctor implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<EnginesSnapshot>();
  readonly onDidChange = this.changed.event;
  private examination:
    { readonly abort: AbortController; readonly result: Promise<DoctorReport> } | undefined;
  private progress = '';
  private problem: string | null = null;

  /** `memory` keeps the report from one window to the next. */
  constructor(
    private readonly commandLine: CommandLine,
    private readonly memory: vscode.Memento,
  ) {}

  get snapshot(): EnginesSnapshot {
    const { report = null, measuredAt = null } = keptSchema.safeParse(this.memory.get(KEPT)).data ?? {};
    const running = this.examination !== undefined;
    return { report, measuredAt, progress: running ? this.progress : null, problem: this.problem };
  }

  /** Tries and measures every engine; joins an examination that is under way. Rejects with `Cancelled` after `stop`. */
  examine(): Promise<DoctorReport> {
    this.examination ??= this.begin();
    return this.examination.result;
  }

  /** Ends the examination under way; the report before it stays. */
  stop(): void {
    this.examination?.abort.abort();
  }

  dispose(): void {
    this.stop();
    this.changed.dispose();
  }

  private begin(): { abort: AbortController; result: Promise<DoctorReport> } {
    const abort = new AbortController();
    this.problem = null;
    this.progress = 'Examining the engines';
    return { abort, result: this.run(abort.signal) };
  }

  private async run(signal: AbortSignal): Promise<DoctorReport> {
    // Only when `examine` has kept it, so that whoever is told sees it running.
    await Promise.resolve();
    this.tell();
    try {
      const report = await this.commandLine.run({
        args: ['engine', 'doctor', ...engineSettingOptions()],
        result: doctorReportSchema,
        signal,
        onProgress: ({ message }) => {
          this.progress = message;
          this.tell();
        },
      });
      await this.memory.update(KEPT, { report, measuredAt: Date.now() });
      return report;
    } catch (error) {
      if (!(error instanceof Cancelled)) this.problem = messageOf(error);
      throw error;
    } finally {
      this.examination = undefined;
      this.tell();
    }
  }

  private tell(): void {
    this.changed.fire(this.snapshot);
  }
}
