/**
 * The tasks of a page's main thread, by processor time: what a busy machine does besides does not count, and a frame is held
 * up by a task that takes longer than the frame.
 */
import type { Browser } from 'playwright-core';
import { z } from 'zod';

const traceEvent = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  tdur: z.number().optional().describe('Processor time in microseconds.'),
  args: z.object({ name: z.unknown() }).partial().optional(),
});

/** Milliseconds of processor time of each task that the work led to, longest first. */
export async function tasksDuring(browser: Browser, work: () => Promise<void>): Promise<number[]> {
  const client = await browser.newBrowserCDPSession();
  const events: z.infer<typeof traceEvent>[] = [];
  client.on('Tracing.dataCollected', ({ value }) => {
    events.push(...value.flatMap((event) => traceEvent.safeParse(event).data ?? []));
  });
  const complete = new Promise((resolve) => {
    client.once('Tracing.tracingComplete', resolve);
  });
  await client.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'] },
  });
  await work();
  await client.send('Tracing.end');
  await complete;
  await client.detach();
  const main = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return events
    .filter(({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && main.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((a, b) => b - a);
}
