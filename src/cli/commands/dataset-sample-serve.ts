/** `srgan-lab dataset sample --serve`: answers requests line by line until its input ends; see src/protocol/dataset-sample.ts. */
import { SampleServer } from '../../datasets/sample-server';
import { sampleRequestSchema, type SampleAnswer } from '../../protocol/dataset-sample';
import { serveLines } from '../serve-lines';

/** Resolves to the number of requests when the input has ended, or `signal` aborts. */
export async function serveSamples(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<number> {
  const answer = (line: SampleAnswer): void => {
    output.write(`${JSON.stringify(line)}\n`);
  };
  const server = new SampleServer(answer);
  const requests = await serveLines({
    input,
    schema: sampleRequestSchema,
    ask: (request) => {
      server.ask(request);
    },
    refuse: (id, error) => {
      answer({ id, error });
    },
    signal,
  });
  await server.idle();
  return requests;
}
