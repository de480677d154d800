/**
 * A page's line to its host: typed by the page's contract, told `ready` once, and never left with a promise that hangs.
 * It knows nothing of the browser; `vscode-api.ts` gives it a transport.
 */
import type {
  EventName,
  HostMessage,
  PageContract,
  PageMessage,
  Parameters,
  RequestName,
  Result,
} from '../../protocol/messages';

export interface Transport<C extends PageContract> {
  post: (message: PageMessage<C>) => void;
  /** Calls `receive` with each message of the host until the returned function is called. */
  listen: (receive: (message: HostMessage<C>) => void) => () => void;
}

export type EventHandlers<C extends PageContract> = {
  [N in EventName<C>]: (payload: C['events'][N]) => void;
};

export interface RequestOptions {
  /** Milliseconds after which the request is rejected; `null` where a person may take their time. */
  timeout?: number | null;
}

export interface Connection<C extends PageContract> {
  /** Rejects with the host's words, after the timeout (30 s unless told), or when the page goes. */
  request: <N extends RequestName<C>>(
    name: N,
    parameters: Parameters<C, N>,
    options?: RequestOptions,
  ) => Promise<Result<C, N>>;
  dispose: () => void;
}

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

const DEFAULT_TIMEOUT = 30_000;

/** Listens first and says `ready` last, so that no event can be missed. */
export function connect<C extends PageContract>(
  transport: Transport<C>,
  handlers: EventHandlers<C>,
): Connection<C> {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let disposed = false;

  const settle = (id: number): Pending | undefined => {
    const entry = pending.get(id);
    if (entry) {
      clearTimeout(entry.timer);
      pending.delete(id);
    }
    return entry;
  };

  const stopListening = transport.listen((message) => {
    if (message.type === 'event') {
      handlers[message.name](message.payload);
    } else {
      const entry = settle(message.id);
      if ('err' in message.reply) entry?.reject(new Error(message.reply.err));
      else entry?.resolve(message.reply.ok);
    }
  });
  transport.post({ type: 'ready' });

  return {
    request<N extends RequestName<C>>(name: N, parameters: Parameters<C, N>, options: RequestOptions = {}) {
      if (disposed) return Promise.reject(new Error('The page was closed.'));
      const id = ++lastId;
      const { timeout = DEFAULT_TIMEOUT } = options;
      return new Promise<Result<C, N>>((resolve, reject) => {
        const onTimeout = () => settle(id)?.reject(new Error(`The extension did not answer “${name}”.`));
        pending.set(id, {
          resolve: (value) => {
            resolve(value);
          },
          reject,
          timer: timeout === null ? undefined : setTimeout(onTimeout, timeout),
        });
        transport.post({ type: 'request', id, name, parameters } as PageMessage<C>);
      });
    },
    dispose() {
      disposed = true;
      stopListening();
      for (const id of [...pending.keys()]) settle(id)?.reject(new Error('The page was closed.'));
    },
  };
}
