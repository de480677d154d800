/**
 * The host's end of a page. It refuses what the page's contract does not name, answers every request once, and posts only
 * to a page that can see it: VS Code throws a hidden page away, so when it is shown again it says `ready` and starts over.
 */
import type * as vscode from 'vscode';
import { z } from 'zod';
import { LabError, messageOf } from '../../folders/lab-error';
import type { EventName, PageContract, Parameters, RequestName, Result } from '../../protocol/messages';
import type { Log } from '../process/command-line';

/** For every request of a contract: what its parameters must look like, and what answers it. */
export type RequestHandlers<C extends PageContract> = {
  readonly [N in RequestName<C>]: RequestHandler<Parameters<C, N>, Result<C, N>>;
};

export interface RequestHandler<P, R> {
  readonly parameters: z.ZodType<P>;
  handle(parameters: P): R | Promise<R>;
}

/** What lives as long as the page is on the screen: made when it says `ready`, disposed when it is hidden or closed. */
export interface Session {
  dispose(): void;
}

const envelopeSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({
    type: z.literal('request'),
    id: z.int().min(0),
    name: z.string(),
    parameters: z.unknown(),
  }),
]);

/** The part of a webview panel that a host needs. */
export type HostedPanel = Pick<vscode.WebviewPanel, 'visible' | 'onDidChangeViewState' | 'onDidDispose'> & {
  readonly webview: Pick<vscode.Webview, 'postMessage' | 'onDidReceiveMessage'>;
};

export interface WebviewHostOptions<C extends PageContract> {
  readonly panel: HostedPanel;
  readonly handlers: RequestHandlers<C>;
  readonly log: Log;
  /** Called each time the page is ready to be told everything; the session may post from its next turn on. */
  open(host: WebviewHost<C>): Session;
}

/** What a session needs of its host. */
export type EventSink<C extends PageContract> = Pick<WebviewHost<C>, 'post'>;

/** One member of `HostMessage`, which the compiler cannot pick out of the union for a contract it does not know. */
type Message<C extends PageContract, N extends EventName<C>> =
  | { type: 'reply'; id: number; reply: { ok: unknown } | { err: string } }
  | { type: 'event'; name: N; payload: C['events'][N] };

export class WebviewHost<C extends PageContract> implements vscode.Disposable {
  private session: Session | undefined;
  private readonly subscriptions: vscode.Disposable[];
  private disposed = false;

  constructor(private readonly options: WebviewHostOptions<C>) {
    const { panel } = options;
    this.subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => void this.receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.close();
      }),
      panel.onDidDispose(() => {
        this.dispose();
      }),
    ];
  }

  /** Tells the page an event; nothing happens while it cannot see it. */
  post<N extends EventName<C>>(name: N, payload: C['events'][N]): void {
    if (this.session !== undefined) this.send({ type: 'event', name, payload });
  }

  dispose(): void {
    this.disposed = true;
    this.close();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private close(): void {
    this.session?.dispose();
    this.session = undefined;
  }

  private async receive(message: unknown): Promise<void> {
    const envelope = envelopeSchema.safeParse(message);
    if (!envelope.success) {
      this.options.log.warn('A page sent a message that is not of its contract; it was ignored.');
      return;
    }
    if (envelope.data.type === 'ready') {
      this.close();
      this.session = this.options.open(this);
      return;
    }
    const { id, name, parameters } = envelope.data;
    const reply = await this.answer(name, parameters);
    this.send({ type: 'reply', id, reply });
  }

  private async answer(name: string, parameters: unknown): Promise<{ ok: unknown } | { err: string }> {
    if (!this.isRequest(name)) return { err: `This page has no request named ${JSON.stringify(name)}.` };
    try {
      return { ok: await this.handle(name, parameters) };
    } catch (error) {
      if (!(error instanceof LabError)) this.options.log.warn(`${name}: ${messageOf(error)}`);
      return { err: messageOf(error) };
    }
  }

  private async handle<N extends RequestName<C>>(name: N, parameters: unknown): Promise<Result<C, N>> {
    const handler: RequestHandler<Parameters<C, N>, Result<C, N>> = this.options.handlers[name];
    const checked = handler.parameters.safeParse(parameters);
    if (!checked.success) throw new LabError(`The request ${name} has parameters that it cannot take.`);
    return handler.handle(checked.data);
  }

  private isRequest(name: string): name is RequestName<C> {
    return Object.hasOwn(this.options.handlers, name);
  }

  private send<N extends EventName<C>>(message: Message<C, N>): void {
    if (!this.disposed) void this.options.panel.webview.postMessage(message);
  }
}
