/**
 * The one place that touches what VS Code gives a page: the message channel and the state that outlives the page's DOM.
 */
import type { HostMessage, PageContract } from '../../protocol/messages';
import type { Transport } from './connection';

interface VsCodeApi {
  postMessage: (message: unknown) => void;
  getState: () => unknown;
  setState: (state: unknown) => void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

/** Messages from the host arrive as window messages; only the lab's host can post into this frame. */
export function windowTransport<C extends PageContract>(): Transport<C> {
  return {
    post: (message) => {
      api.postMessage(message);
    },
    listen: (receive) => {
      const listener = (event: MessageEvent<HostMessage<C>>) => {
        receive(event.data);
      };
      window.addEventListener('message', listener);
      return () => {
        window.removeEventListener('message', listener);
      };
    },
  };
}

/** What the page kept before it was hidden or the window reloaded; unknown, as an older version may have written it. */
export function readState(): unknown {
  return api.getState();
}

export function writeState(state: unknown): void {
  api.setState(state);
}
