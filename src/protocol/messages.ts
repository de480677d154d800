/**
 * How a page and its host talk. Each page declares one `PageContract`: the requests it may make (answered once, `ok` or
 * `err`) and the events the host may post. Both ends are typed by mapping over that contract.
 */

/** Requests: name → function from parameters to result. Events: name → payload. */
export interface PageContract {
  requests: object;
  events: object;
}

type Call<F> = F extends (parameters: infer P) => infer R ? { parameters: P; result: R } : never;
export type RequestName<C extends PageContract> = keyof C['requests'] & string;
export type EventName<C extends PageContract> = keyof C['events'] & string;
export type Parameters<C extends PageContract, N extends RequestName<C>> = Call<
  C['requests'][N]
>['parameters'];
export type Result<C extends PageContract, N extends RequestName<C>> = Call<C['requests'][N]>['result'];

/** Page → host. `ready` is sent once, when the page can take events; nothing is posted before. */
export type PageMessage<C extends PageContract> =
  | { type: 'ready' }
  | {
      [N in RequestName<C>]: { type: 'request'; id: number; name: N; parameters: Parameters<C, N> };
    }[RequestName<C>];

/** Host → page. */
export type HostMessage<C extends PageContract> =
  | { type: 'reply'; id: number; reply: { ok: unknown } | { err: string } }
  | { [N in EventName<C>]: { type: 'event'; name: N; payload: C['events'][N] } }[EventName<C>];
