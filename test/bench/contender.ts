/**
 * A contender: an engine, or PyTorch, in a process of its own that lives through many rounds. It takes requests and gives
 * answers as lines of JSON, so that contenders can take turns while their weights and compiled steps stay warm.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Task } from './workloads';

/** What there is to say once something is done. */
const doneSchema = z.object({});
const turnSchema = z.object({
  seconds: z.array(z.number()).describe('Of each step.'),
  peakBytes: z.number().describe('The largest resident memory of the process so far.'),
});
export type Turn = z.infer<typeof turnSchema>;

/** What a contender is asked; the answers are `{}` and a `Turn`. */
export type Request = { readonly prepare: Task } | { readonly steps: number };

export interface Command {
  readonly file: string;
  readonly parameters: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

export class Contender {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #errors: string[] = [];

  private constructor(
    readonly name: string,
    { file, parameters, environment }: Command,
  ) {
    this.#process = spawn(file, parameters, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    this.#process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#errors.push(text);
    });
    // A process that dies is noticed by its missing answer.
    this.#process.stdin!.on('error', () => undefined);
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** Starts the process and waits until it takes requests. Throws with what it printed where it ends instead. */
  static async start(name: string, command: Command): Promise<Contender> {
    const contender = new Contender(name, command);
    await contender.#answer(doneSchema);
    return contender;
  }

  /** Makes the task ready; its first steps will still be slower. */
  async prepare(task: Task): Promise<void> {
    await this.#ask({ prepare: task }, doneSchema);
  }

  /** Takes steps, one after the other. */
  run(steps: number): Promise<Turn> {
    return this.#ask({ steps }, turnSchema);
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'close');
    this.#process.kill('SIGKILL');
    await ended;
  }

  #ask<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
    this.#process.stdin!.write(`${JSON.stringify(request)}\n`);
    return this.#answer(schema);
  }

  async #answer<T>(schema: z.ZodType<T>): Promise<T> {
    const line = await this.#answers.next();
    if (line.done === true) {
      throw new Error(`${this.name} ended unexpectedly:\n${this.#errors.join('').slice(-2000)}`);
    }
    return schema.parse(JSON.parse(line.value));
  }
}
