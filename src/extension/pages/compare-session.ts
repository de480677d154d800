/**
 * Tells a visible compare page of its runs: their list at once, each run as soon as it is read, and then what changes. Runs
 * that train are looked at each second; the others too, or in turns where there are many, so that these cost no more than few.
 */
import * as vscode from 'vscode';
import { messageOf } from '../../folders/lab-error';
import type { ComparePageContract } from '../../protocol/compare-page';
import type { StarredRuns } from '../lab/starred-runs';
import { ComparedRunReader } from './compare-reader';
import { ComparedSamples } from './compare-samples';
import type { ComparedRuns } from './compared-runs';
import type { EventSink, Session } from './webview-host';

const LOOK_MS = 1000;
/** Of the runs that do not train, so many are looked at in a look: any may be resumed, edited or deleted. */
const IDLE_RUNS = 20;

export interface CompareSessionParts {
  readonly runs: ComparedRuns;
  readonly starred: StarredRuns;
  readonly webview: vscode.Webview;
  readonly host: EventSink<ComparePageContract>;
}

interface Followed {
  readonly reader: ComparedRunReader;
  /** What the page was told that is wrong with it. */
  problem: string | undefined;
  /** Whether it has been read at all. */
  read: boolean;
}

export class CompareSession implements Session {
  private readonly samples: ComparedSamples;
  private readonly followed = new Map<string, Followed>();
  private readonly subscriptions: vscode.Disposable[];
  private readonly timer: NodeJS.Timeout;
  private looks = 0;
  private looking: Promise<void> | undefined;
  private disposed = false;

  constructor(private readonly parts: CompareSessionParts) {
    const { runs, starred, webview } = parts;
    this.samples = new ComparedSamples((path) => webview.asWebviewUri(vscode.Uri.file(path)).toString());
    this.subscriptions = [
      runs.onDidChange(() => {
        this.tellRuns();
      }),
      starred.onDidChange(() => {
        this.post('starred', starred.folders);
      }),
    ];
    this.timer = setInterval(() => {
      this.look();
    }, LOOK_MS);
    // A session may post from its next turn on.
    queueMicrotask(() => {
      this.post('starred', starred.folders);
      this.tellRuns();
    });
  }

  dispose(): void {
    this.disposed = true;
    clearInterval(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private tellRuns(): void {
    const { folders } = this.parts.runs;
    for (const folder of this.followed.keys()) if (!folders.includes(folder)) this.followed.delete(folder);
    for (const folder of folders) {
      if (this.followed.has(folder)) continue;
      const reader = new ComparedRunReader(folder, (run) => this.samples.of(run));
      this.followed.set(folder, { reader, problem: undefined, read: false });
    }
    this.post('runs', { folders: [...folders] });
    this.look();
  }

  /** One look at a time; one that is asked for meanwhile is the next. */
  private look(): void {
    this.looking ??= this.lookAtAll().finally(() => {
      this.looking = undefined;
      if (!this.disposed && [...this.followed.values()].some(({ read }) => !read)) this.look();
    });
  }

  private async lookAtAll(): Promise<void> {
    this.looks += 1;
    const turns = Math.max(1, Math.ceil(this.followed.size / IDLE_RUNS));
    for (const [index, [folder, followed]] of [...this.followed].entries()) {
      const due = !followed.read || followed.reader.live || (index + this.looks) % turns === 0;
      if (due && !this.disposed && this.followed.get(folder) === followed) await this.read(folder, followed);
    }
  }

  private async read(folder: string, followed: Followed): Promise<void> {
    try {
      const news = await followed.reader.read();
      if (this.followed.get(folder) !== followed) return;
      if (news !== undefined && 'all' in news) this.post('run', { folder, content: news.all });
      else if (news !== undefined) this.post('change', { folder, change: news.change });
      followed.problem = undefined;
    } catch (error) {
      const message = messageOf(error);
      if (followed.problem !== message && this.followed.get(folder) === followed)
        this.post('broken', { folder, message });
      followed.problem = message;
    } finally {
      followed.read = true;
    }
  }

  private post<N extends keyof ComparePageContract['events']>(
    name: N,
    payload: ComparePageContract['events'][N],
  ): void {
    if (!this.disposed) this.parts.host.post(name, payload);
  }
}
