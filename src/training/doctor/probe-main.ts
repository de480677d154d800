/** The process in which `probe.ts` tries an engine: opens it, trains on it or profiles it if asked, and prints what it is. */
import { openEngineByName } from '../engines/open-engine';
import { benchmark } from './benchmark';
import { ANSWER, probeRequestSchema, type ProbeAnswer, type ProbeRequest } from './probe';
import { profileEngine } from './profile';
import { stepDigest } from './step-digest';

async function profiled(
  { engine, library }: ProbeRequest,
  request: NonNullable<ProbeRequest['profile']>,
): Promise<ProbeAnswer> {
  const profile = await profileEngine(engine, library, request);
  const { device } = profile;
  return { device, gpu: device.startsWith('GPU'), versions: {}, profile };
}

async function tried({
  engine: name,
  library,
  settings,
  benchmarkSeconds,
  digest = false,
}: ProbeRequest): Promise<ProbeAnswer> {
  const engine = await openEngineByName(name, { library, settings });
  const { device, versions, devices } = engine.description;
  const answer: ProbeAnswer = {
    device,
    gpu: device.startsWith('GPU'),
    versions: { ...versions },
    ...(devices !== undefined && { devices: [...devices] }),
    ...(digest && { digest: await stepDigest(engine) }),
    ...(benchmarkSeconds > 0 && { benchmark: await benchmark(engine, benchmarkSeconds) }),
  };
  await engine.dispose();
  return answer;
}

async function main(): Promise<void> {
  const request = probeRequestSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
  const { profile } = request;
  const answer = await (profile === undefined ? tried(request) : profiled(request, profile));
  process.stdout.write(`${ANSWER}${JSON.stringify(answer)}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
