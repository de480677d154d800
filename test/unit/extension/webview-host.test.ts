/** The host's end of a page: who may be told what and when, and that no request stays without an answer. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { z } from 'zod';
import { LabError } from '../../../src/folders/lab-error';
import { WebviewHost, type HostedPanel } from '../../../src/extension/pages/webview-host';

interface Contract {
  requests: {
    double: (parameters: { value: number }) => number;
    fail: (parameters: Record<string, never>) => void;
    crash: (parameters: Record<string, never>) => void;
  };
  events: { count: number };
}

/** An event as VS Code has them, and its trigger. */
class Signal<T> {
  private readonly listeners = new Set<(value: T) => unknown>();
  readonly event = (listener: (value: T) => unknown): { dispose(): void } => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of this.listeners) listener(value);
  }
}

/** A panel without a window: what is posted into it can be read, and messages of its page can be sent. */
function makePage() {
  const received = new Signal<unknown>();
  const viewState = new Signal<never>();
  const closed = new Signal<void>();
  const posted: unknown[] = [];
  let visible = true;
  const panel: HostedPanel = {
    get visible() {
      return visible;
    },
    onDidChangeViewState: viewState.event,
    onDidDispose: closed.event,
    webview: {
      onDidReceiveMessage: received.event,
      postMessage: (message: unknown) => {
        posted.push(message);
        return Promise.resolve(true);
      },
    },
  };
  const warnings: string[] = [];
  const sessions = { opened: 0, disposed: 0 };
  const host = new WebviewHost<Contract>({
    panel,
    log: { info: () => undefined, warn: (message) => warnings.push(message) },
    handlers: {
      double: { parameters: z.strictObject({ value: z.number() }), handle: ({ value }) => 2 * value },
      fail: {
        parameters: z.strictObject({}),
        handle: () => Promise.reject(new LabError('/a is gone.')),
      },
      crash: {
        parameters: z.strictObject({}),
        handle: () => {
          throw new TypeError('a bug');
        },
      },
    },
    open: () => {
      sessions.opened++;
      return { dispose: () => sessions.disposed++ };
    },
  });
  return {
    host,
    posted,
    warnings,
    sessions,
    send: async (message: unknown) => {
      received.fire(message);
      await new Promise((resolve) => setImmediate(resolve));
    },
    show: (shown: boolean) => {
      visible = shown;
      viewState.fire(undefined as never);
    },
    close: () => {
      closed.fire();
    },
  };
}

const request = (name: string, parameters: unknown, id = 1) => ({ type: 'request', id, name, parameters });

describe('WebviewHost', () => {
  it('posts only between ready and hiding', async () => {
    const page = makePage();
    page.host.post('count', 1);
    await page.send({ type: 'ready' });
    page.host.post('count', 2);
    page.show(false);
    page.host.post('count', 3);
    page.show(true);
    page.host.post('count', 4);
    await page.send({ type: 'ready' });
    page.host.post('count', 5);
    assert.deepEqual(
      page.posted,
      [2, 5].map((payload) => ({ type: 'event', name: 'count', payload })),
    );
    assert.deepEqual(page.sessions, { opened: 2, disposed: 1 });
  });

  it('opens one session at a time, and none after the page is closed', async () => {
    const page = makePage();
    await page.send({ type: 'ready' });
    await page.send({ type: 'ready' });
    assert.deepEqual(page.sessions, { opened: 2, disposed: 1 });
    page.close();
    assert.equal(page.sessions.disposed, 2);
    await page.send({ type: 'ready' });
    page.host.post('count', 1);
    assert.equal(page.sessions.opened, 2);
    assert.deepEqual(page.posted, []);
  });

  it('answers every request once, with a result or the error in words', async () => {
    const page = makePage();
    await page.send(request('double', { value: 4 }, 7));
    await page.send(request('fail', {}, 8));
    await page.send(request('crash', {}, 9));
    assert.deepEqual(page.posted, [
      { type: 'reply', id: 7, reply: { ok: 8 } },
      { type: 'reply', id: 8, reply: { err: '/a is gone.' } },
      { type: 'reply', id: 9, reply: { err: 'a bug' } },
    ]);
    assert.deepEqual(page.warnings, ['crash: a bug']);
  });

  it('refuses what is not of the contract', async () => {
    const page = makePage();
    await page.send(request('toString', {}, 1));
    await page.send(request('double', { value: '4' }, 2));
    await page.send(request('double', { value: 4, more: 1 }, 3));
    assert.deepEqual(
      page.posted.map((message) => Object.keys((message as { reply: object }).reply)),
      [['err'], ['err'], ['err']],
    );
    for (const noise of [null, 'ready', { type: 'event' }, { type: 'request', id: -1, name: 'double' }])
      await page.send(noise);
    assert.equal(page.posted.length, 3);
    assert.equal(page.warnings.length, 4);
  });
});
