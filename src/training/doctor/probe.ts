/**
 * Trying an engine in a process of its own: a library that crashes while it loads, hangs or runs out of memory then costs
 * only that process, and its end tells why.
 */
import { spawn } from 'node:child_process';
import { z } from 'zod';
import { bundlePath } from '../../folders/installation';
import { benchmarkSchema, deviceSchema, engineNames } from '../../protocol/engine-report';
import { engineProfileSchema } from '../../protocol/engine-profile';
import { engineSettingsSchema } from '../../protocol/engine-settings';
import { runConfigurationSchema } from '../../protocol/run-configuration';
import { stageNames } from '../../protocol/stage-names';

export const probeRequestSchema = z.object({
  engine: z.enum(engineNames),
  library: z.string().optional(),
  settings: engineSettingsSchema.optional(),
  /** How long to train for a benchmark; 0 for none. */
  benchmarkSeconds: z.number().min(0),
  /** Whether to tell what training steps come out to, to the bit. */
  digest: z.boolean().optional(),
  /** What to profile instead. */
  profile: z
    .object({
      configuration: runConfigurationSchema,
      stages: z.array(z.enum(stageNames)),
      steps: z.int().min(1),
    })
    .optional(),
});
export type ProbeRequest = z.infer<typeof probeRequestSchema>;

export const probeAnswerSchema = z.object({
  device: z.string(),
  gpu: z.boolean(),
  versions: z.record(z.string(), z.string()),
  devices: z.array(deviceSchema).optional(),
  benchmark: benchmarkSchema.optional(),
  digest: z.string().optional(),
  profile: engineProfileSchema.optional(),
});
export type ProbeAnswer = z.infer<typeof probeAnswerSchema>;

/** The line of the process's output that holds the answer; libraries print lines of their own. */
export const ANSWER = 'srgan-lab-probe:';

export type ProbeResult =
  { readonly ok: ProbeAnswer } | { readonly problem: string; readonly advice: string };

const START_LIMIT_MS = 60_000;
/** A profile takes as long as some steps of the configuration do, which may be large. */
const PROFILE_LIMIT_MS = 1_800_000;

/** What TensorFlow says before it ends the process on a processor that lacks instructions it was built with. */
const LACKS_INSTRUCTIONS = /compiled to use (.+?) instructions, but these aren.t available/;

const deaths: Partial<Record<NodeJS.Signals, readonly [problem: string, advice: string]>> = {
  SIGILL: [
    'It uses instructions that this processor lacks (AVX, most likely).',
    'Use the embedded engine, or install a TensorFlow built for this processor.',
  ],
  SIGSEGV: ['It crashes while it loads or computes.', 'Install TensorFlow again, or another version of it.'],
  SIGABRT: ['It gave up while it was loaded.', 'Install TensorFlow again, or another version of it.'],
  SIGKILL: [
    'It was killed, most likely because memory ran out.',
    'Close other programs, or use another engine.',
  ],
};

/** Opens the engine in a child process, and benchmarks or profiles it there if asked. Never throws. */
export async function probeEngine(request: ProbeRequest): Promise<ProbeResult> {
  const child = spawn(process.execPath, [bundlePath('engine-probe.js'), JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  const patience = request.profile === undefined ? request.benchmarkSeconds * 3000 : PROFILE_LIMIT_MS;
  const limit = setTimeout(() => child.kill('SIGTERM'), START_LIMIT_MS + patience);
  let output = '';
  let errors = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString('utf8')));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString('utf8')));
  try {
    const end = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(
      (resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code, signal) => {
          resolve({ code, signal });
        });
      },
    );
    return readEnd(end, output, errors);
  } catch (error) {
    return { problem: `It could not be tried: ${String(error)}`, advice: 'Reinstall the extension.' };
  } finally {
    clearTimeout(limit);
  }
}

function readEnd(
  { code, signal }: { code: number | null; signal: NodeJS.Signals | null },
  output: string,
  errors: string,
): ProbeResult {
  if (signal === 'SIGTERM') {
    return {
      problem: 'It did not start, or did not finish, in good time.',
      advice: 'Try again when the machine is less busy.',
    };
  }
  const lacking = LACKS_INSTRUCTIONS.exec(errors)?.[1];
  if (signal !== null && lacking !== undefined) {
    return {
      problem: `It uses instructions that this processor lacks (${lacking}).`,
      advice: 'Use the embedded engine, or install a TensorFlow built for this processor.',
    };
  }
  const [problem, advice] = (signal === null ? undefined : deaths[signal]) ?? [];
  if (problem !== undefined && advice !== undefined) return { problem, advice };
  const line = output.split('\n').find((each) => each.startsWith(ANSWER));
  const answer =
    line === undefined ? undefined : probeAnswerSchema.safeParse(JSON.parse(line.slice(ANSWER.length)));
  if (code === 0 && answer?.success === true) return { ok: answer.data };
  const lastWords = errors.trim().split('\n').at(-1) ?? '';
  return {
    problem: lastWords === '' ? `It ended with ${signal ?? `code ${code}`}.` : lastWords,
    advice: 'Install TensorFlow again, or another version of it.',
  };
}
