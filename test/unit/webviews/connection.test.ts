/** The line between page and host, and what a page keeps. */
import assert from 'node:assert/strict';
import type { HostMessage, PageMessage } from '../../../src/protocol/messages';
import { connect } from '../../../src/webviews/kit/connection';
import { mergeState } from '../../../src/webviews/kit/merge-state';

interface Contract {
  requests: { double: (parameters: { value: number }) => number };
  events: { told: string };
}

function line() {
  const posted: PageMessage<Contract>[] = [];
  const heard: string[] = [];
  let receive: ((message: HostMessage<Contract>) => void) | null = null;
  const connection = connect<Contract>(
    {
      post: (message) => posted.push(message),
      listen: (listener) => {
        assert.equal(posted.length, 0, 'listens before it says ready');
        receive = listener;
        return () => {
          receive = null;
        };
      },
    },
    { told: (text) => heard.push(text) },
  );
  return { posted, heard, connection, say: (message: HostMessage<Contract>) => receive?.(message) };
}

describe('connection to the host', () => {
  it('says ready once, after it listens, and hears events', () => {
    const { posted, heard, say } = line();
    assert.deepEqual(posted, [{ type: 'ready' }]);
    say({ type: 'event', name: 'told', payload: 'news' });
    assert.deepEqual(heard, ['news']);
  });

  it('matches replies to requests, in any order', async () => {
    const { posted, connection, say } = line();
    const first = connection.request('double', { value: 1 });
    const second = connection.request('double', { value: 2 });
    const ids = posted.flatMap((message) => (message.type === 'request' ? [message.id] : []));
    say({ type: 'reply', id: ids[1]!, reply: { ok: 4 } });
    say({ type: 'reply', id: ids[0]!, reply: { err: 'no ones' } });
    assert.equal(await second, 4);
    await assert.rejects(first, /no ones/);
  });

  it('rejects what is not answered in time', async () => {
    const { connection } = line();
    await assert.rejects(
      connection.request('double', { value: 1 }, { timeout: 1 }),
      /did not answer “double”/,
    );
  });

  it('rejects everything when the page goes, and what comes after', async () => {
    const { connection, say } = line();
    const waiting = connection.request('double', { value: 1 }, { timeout: null });
    connection.dispose();
    await assert.rejects(waiting, /closed/);
    await assert.rejects(connection.request('double', { value: 1 }), /closed/);
    say({ type: 'event', name: 'told', payload: 'too late' });
  });
});

describe('kept state', () => {
  const defaults = { mode: 'columns', zoom: null as number | null, chart: { smoothing: 0, hidden: ['a'] } };
  it('keeps what fits and falls back for the rest', () => {
    const stored = { mode: 7, zoom: 3, chart: { smoothing: 0.5, hidden: 'b' }, gone: true };
    assert.deepEqual(mergeState(defaults, stored), {
      mode: 'columns',
      zoom: 3,
      chart: { smoothing: 0.5, hidden: ['a'] },
    });
  });
  it('starts afresh when there is nothing', () => {
    for (const nothing of [undefined, null, 'text', [1]])
      assert.deepEqual(mergeState(defaults, nothing), defaults);
  });
});
