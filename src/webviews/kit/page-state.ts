/**
 * How a page looked (mode, zoom, selection …), kept so that hiding, reloading and restarting lose nothing.
 * One plain object a page, merged over its defaults; written a moment after the last change and when the page goes.
 */
import { signal, type Signal } from '@preact/signals';
import { mergeState } from './merge-state';
import { readState, writeState } from './vscode-api';

const WRITE_DELAY = 250;

/** A signal that starts with the kept state and keeps what it is set to. */
export function pageState<T extends object>(defaults: T): Signal<T> {
  const state = signal(mergeState(defaults, readState()));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    clearTimeout(timer);
    writeState(state.peek());
  };
  state.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(write, WRITE_DELAY);
  });
  window.addEventListener('pagehide', write);
  document.addEventListener('visibilitychange', write);
  return state;
}
