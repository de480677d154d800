/** The process in which `probe.ts` tries an engine: opens it, trains on it if asked, and prints what it is. */
import { openEngineByName } from '../engines/open-engine';
import { benchmark } from './benchmark';
import { ANSWER, probeRequestSchema, type ProbeAnswer } from './probe';

async function main(): Promise<void> {
  const {
    engine: name,
    library,
    settings,
    benchmarkSeconds,
  } = probeRequestSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
  const engine = await openEngineByName(name, { library, settings });
  const { device, versions } = engine.description;
  const answer: ProbeAnswer = {
    device,
    gpu: device.startsWith('GPU'),
    versions: { ...versions },
    ...(benchmarkSeconds > 0 && { benchmark: await benchmark(engine, benchmarkSeconds) }),
  };
  await engine.dispose();
  process.stdout.write(`${ANSWER}${JSON.stringify(answer)}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
