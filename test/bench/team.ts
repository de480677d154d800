/** Equal contenders that do everything at the same time, as one: what a machine gives to programs side by side. */
import { Contender, type Command, type Turn } from './contender';
import type { Task } from './workloads';

export class Team {
  readonly #members: Contender[] = [];

  static async start(name: string, command: Command, copies: number): Promise<Team> {
    const team = new Team();
    try {
      for (let copy = 0; copy < copies; copy++) team.#members.push(await Contender.start(name, command));
    } catch (error) {
      await team.stop();
      throw error;
    }
    return team;
  }

  async prepare(task: Task): Promise<void> {
    await Promise.all(this.#members.map((member) => member.prepare(task)));
  }

  /** Each member takes so many steps. Seconds are the mean of the members, memory is that of the largest. */
  async run(steps: number): Promise<Turn> {
    const turns = await Promise.all(this.#members.map((member) => member.run(steps)));
    const mean = (step: number): number =>
      turns.reduce((sum, { seconds }) => sum + seconds[step]!, 0) / turns.length;
    return {
      seconds: Array.from({ length: steps }, (_, step) => mean(step)),
      peakBytes: Math.max(...turns.map(({ peakBytes }) => peakBytes)),
    };
  }

  async stop(): Promise<void> {
    for (const member of this.#members) await member.stop();
  }
}
