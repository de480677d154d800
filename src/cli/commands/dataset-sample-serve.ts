/** `srgan-lab dataset sample --serve`: answers requests line by line until its input ends; see src/protocol/dataset-sample.ts. */
import { createInterface } from 'node:readline';
import { SampleServer } from '../../datasets/sample-server';
import { describeIssues } from '../../folders/read-json';
import { sampleRequestSchema, type SampleAnswer } from '../../protocol/dataset-sample';

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
  const lines = createInterface({ input, crlfDelay: Infinity });
  signal.addEventListener('abort', () => {
    lines.close();
  });
  let requests = 0;
  for await (const line of lines) {
    if (line.trim() === '') continue;
    requests += 1;
    const request = parseRequest(line);
    if ('problem' in request) answer({ id: request.id, error: request.problem });
    else server.ask(request.ok);
  }
  await server.idle();
  return requests;
}

type Parsed = { ok: ReturnType<typeof sampleRequestSchema.parse> } | { id: number | null; problem: string };

function parseRequest(line: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { id: null, problem: 'A request must be one JSON object on one line.' };
  }
  const result = sampleRequestSchema.safeParse(value);
  if (result.success) return { ok: result.data };
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
  return { id: typeof id === 'number' ? id : null, problem: describeIssues(result.error) };
}
