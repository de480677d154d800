/** Commands with `--serve`: a request of a known shape on each line of the input, until it ends. */
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import { describeIssues } from '../folders/read-json';

export interface ServedLines<Request> {
  readonly input: NodeJS.ReadableStream;
  readonly schema: z.ZodType<Request>;
  readonly ask: (request: Request) => void;
  /** Called with what is wrong with a line that is no request, and its id if it has one. */
  readonly refuse: (id: number | null, problem: string) => void;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

/** Resolves to the number of lines when the input has ended, or `signal` aborts. */
export async function serveLines<Request>(serving: ServedLines<Request>): Promise<number> {
  const { input, schema, ask, refuse, signal } = serving;
  const lines = createInterface({ input, crlfDelay: Infinity });
  signal.addEventListener('abort', () => {
    lines.close();
  });
  let requests = 0;
  for await (const line of lines) {
    if (line.trim() === '') continue;
    requests += 1;
    const request = parseRequest(line, schema);
    if ('problem' in request) refuse(request.id, request.problem);
    else ask(request.ok);
  }
  return requests;
}

type Parsed<Request> = { ok: Request } | { id: number | null; problem: string };

function parseRequest<Request>(line: string, schema: z.ZodType<Request>): Parsed<Request> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { id: null, problem: 'A request must be one JSON object on one line.' };
  }
  const result = schema.safeParse(value);
  if (result.success) return { ok: result.data };
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
  return { id: typeof id === 'number' ? id : null, problem: describeIssues(result.error) };
}
