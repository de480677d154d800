/**
 * `lease.json`: who trains in this run folder, and how it ended. A trainer takes the lease when it starts, renews the
 * heartbeat while it lives, and leaves its last word. A lease that says `running` and whose process is gone is a crash.
 */
import { z } from 'zod';
import { stageNames } from './stage-names';

const memoryStateSchema = z.object({
  used: z.number().describe('Bytes of memory that the trainer held (resident set).'),
  available: z.number().describe('Bytes that it could still have had.'),
  kills: z
    .int()
    .nullable()
    .describe(
      'Processes that the system had killed for want of memory until then; null where it does not count.',
    ),
});
export type MemoryState = z.infer<typeof memoryStateSchema>;

export const leaseSchema = z.object({
  format: z.literal(1),
  pid: z.int().min(1),
  processStarted: z
    .string()
    .describe('Start of the process as the system tells it, so that a reused pid is not taken for it.'),
  host: z.string(),
  socket: z.string().describe('Path of the local socket (or named pipe) that takes commands.'),
  started: z.number().describe('Milliseconds since 1970.'),
  heartbeat: z.number().describe('Milliseconds since 1970, renewed every second.'),
  phase: z.enum([
    'starting',
    'waiting',
    'training',
    'validating',
    'saving',
    'stopping',
    'finished',
    'stopped',
    'failed',
  ]),
  message: z.string().describe('The phase in words; for `failed`, what went wrong and what to do.'),
  queue: z
    .object({
      position: z.int().min(1).describe('1 for the run that is next.'),
      trains: z.array(z.string()).describe('Names of the runs that train now.'),
    })
    .optional()
    .describe('For `waiting`: where it stands in the queue for this machine’s device.'),
  engine: z.string().describe('Name of the engine, e.g. `embedded`.'),
  device: z.string().describe('What it runs on, in words.'),
  engineReason: z.string().optional().describe('Why it is this engine, in a sentence.'),
  step: z.int().min(0),
  stage: z.enum(stageNames),
  stepFlops: z
    .partialRecord(z.enum(stageNames), z.number())
    .optional()
    .describe(
      'Floating point operations of a step of each stage, once they are known: what their paces depend on.',
    ),
  memory: memoryStateSchema.optional().describe('At the last heartbeat.'),
  cause: z.enum(['memory', 'gpu']).optional().describe('For `failed`: memory ran out, or the GPU failed.'),
});
export type Lease = z.infer<typeof leaseSchema>;

export const HEARTBEAT_MS = 1000;
export const LEASE_FILE = 'lease.json';
/** What the trainer, and every library in it, writes. */
export const LOG_FILE = 'log.txt';

/** Commands that a running trainer takes on its socket, one JSON object a line; it answers with one line. */
export const controlCommandSchema = z.discriminatedUnion('command', [
  z.object({ command: z.literal('stop') }),
  z.object({ command: z.literal('ping') }),
  z.object({ command: z.literal('start') }).describe('To a run that waits: train now, before its turn.'),
]);
export type ControlCommand = z.infer<typeof controlCommandSchema>;

export const controlReplySchema = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);
export type ControlReply = z.infer<typeof controlReplySchema>;
