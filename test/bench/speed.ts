/**
 * Contenders take turns through many rounds, so that whatever else the machine does meets all of them alike. Each turn is
 * a few steps, of which the first, with cold caches, does not count where there are others.
 */
import { messageOf } from '../../src/folders/lab-error';
import type { Entrant, Precision } from './contenders';
import { Team } from './team';
import { workload, type NetworkName, type Task } from './workloads';

export interface Measurement {
  readonly network: NetworkName;
  readonly batch: number;
  readonly task: Task;
  readonly precision: Precision;
  readonly entrant: string;
  readonly side: Entrant['side'];
  readonly copies: number;
  /** Of each counted step. */
  readonly seconds: readonly number[];
  /** Of the process after this task and those before it. */
  readonly peakBytes: number;
}

export interface Match {
  readonly network: NetworkName;
  readonly batch: number;
  readonly precision: Precision;
  readonly tasks: readonly Task[];
  readonly rounds: number;
  readonly entrants: readonly Entrant[];
}

/** A turn takes about as long. */
const TURN_SECONDS = 0.3;
const MOST_STEPS = 50;
/** Until steps are as fast as they get: compilation of kernels, TensorFlow's choice of algorithms. */
const WARM_UP_STEPS = 3;

export interface Outcome {
  readonly measured: readonly Measurement[];
  /** Who could not take part, and why. */
  readonly leftOut: readonly string[];
}

export async function play(match: Match, say: (message: string) => void): Promise<Outcome> {
  const configuration = workload(match.network, match.batch);
  const contenders = new Map<Entrant, Team>();
  const leftOut: string[] = [];
  const leave = async (entrant: Entrant, error: unknown): Promise<void> => {
    const note = `${entrant.name} is left out: ${messageOf(error).trim().split('\n').at(-1) ?? ''}`;
    say(note);
    leftOut.push(note);
    await contenders.get(entrant)?.stop();
    contenders.delete(entrant);
  };
  try {
    for (const entrant of match.entrants) {
      try {
        const command = entrant.command(configuration);
        contenders.set(entrant, await Team.start(entrant.name, command, entrant.copies));
      } catch (error) {
        await leave(entrant, error);
      }
    }
    const measured: Measurement[] = [];
    for (const task of match.tasks) {
      say(`${match.network}, batch ${match.batch}, ${match.precision}: ${task}`);
      const turns: Turns[] = [];
      for (const [entrant, contender] of contenders) {
        try {
          turns.push(await warmUp(entrant, contender, task));
        } catch (error) {
          await leave(entrant, error);
        }
      }
      measured.push(...(await playRounds(match, task, turns)));
    }
    return { measured, leftOut };
  } finally {
    for (const contender of contenders.values()) await contender.stop();
  }
}

interface Turns {
  readonly entrant: Entrant;
  readonly contender: Team;
  readonly steps: number;
}

async function warmUp(entrant: Entrant, contender: Team, task: Task): Promise<Turns> {
  await contender.prepare(task);
  const { seconds } = await contender.run(WARM_UP_STEPS);
  const steps = Math.ceil(TURN_SECONDS / Math.min(...seconds));
  return { entrant, contender, steps: Math.min(steps === 1 ? 1 : steps + 1, MOST_STEPS) };
}

async function playRounds(match: Match, task: Task, turns: readonly Turns[]): Promise<Measurement[]> {
  const results = turns.map(({ entrant }) => ({
    network: match.network,
    batch: match.batch,
    task,
    precision: match.precision,
    entrant: entrant.name,
    side: entrant.side,
    copies: entrant.copies,
    seconds: [] as number[],
    peakBytes: 0,
  }));
  for (let round = 0; round < match.rounds; round++) {
    const order = [...turns.keys()];
    // There and back again, so that everybody comes after another one at times.
    for (const i of round % 2 === 0 ? order : order.reverse()) {
      const { contender, steps } = turns[i]!;
      const { seconds, peakBytes } = await contender.run(steps);
      results[i]!.seconds.push(...(steps > 1 ? seconds.slice(1) : seconds));
      results[i]!.peakBytes = peakBytes;
    }
  }
  return results;
}
