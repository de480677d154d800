/**
 * How many megapixels a second an enlargement gives, in tiles as `srgan-lab upscale` takes them: each engine in turns with
 * PyTorch, which has the same weights and computes the same tiles, and the whole picture at once. All must give the same
 * pixels.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatorNetwork } from '../../src/training/networks/generator';
import { initialise } from '../../src/training/networks/initialise';
import { receptiveRadius } from '../../src/training/networks/parameters';
import { encodeSafetensors } from '../../src/training/run/safetensors';
import { planAxis } from '../../src/training/upscale/tiles';
import { tilingFor } from '../../src/training/upscale/tiling';
import { peersFolder } from '../support/pytorch';
import { makeImage } from '../support/pictures';
import { Contender, type Command, type Turn } from './contender';
import { bundled, findEquipment, type EngineName, type Equipment } from './contenders';
import { machine } from './report';
import { formatMegabytes, formatSeconds, markdownTable, median } from './statistics';
import type { UpscaleTurns } from './upscale-contender';
import { PICTURE, WEIGHTS } from './upscale-files';
import { workload, type NetworkName } from './workloads';
import { writeBetweenMarks } from './write-between-marks';

export interface UpscaleBench {
  readonly engines: readonly EngineName[];
  readonly networks: readonly NetworkName[];
  /** Of the picture, in LR pixels. */
  readonly width: number;
  readonly height: number;
  readonly rounds: number;
  /** A Markdown file whose text between the marks is replaced by the report. */
  readonly write?: string | undefined;
}

/** What a column of the report is about. */
type Side = EngineName | 'PyTorch, same tiles' | 'PyTorch, whole';

interface Entrant {
  readonly name: string;
  readonly side: Side;
  readonly command: Command;
}

interface Figures {
  readonly entrant: Entrant;
  readonly seconds: readonly number[];
  readonly peakBytes: number;
}

interface Match {
  readonly network: NetworkName;
  readonly figures: readonly Figures[];
  readonly windows: string;
}

const memoryFormats = { contiguous: 'contiguous_format', channels_last: 'channels_last' } as const;

/** Measures, and prints the report or writes it into a document. Throws where two contenders give other pixels. */
export async function benchUpscale(bench: UpscaleBench): Promise<void> {
  const equipment = await findEquipment();
  equipment.missing.forEach((sentence) => {
    console.error(sentence);
  });
  const matches: Match[] = [];
  for (const network of bench.networks) {
    const folder = await mkdtemp(join(tmpdir(), 'srgan-lab-bench-'));
    try {
      matches.push(await play(bench, network, equipment, folder));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const text = report(bench, matches, equipment);
  if (bench.write === undefined) console.log(`\n${text}`);
  else await writeBetweenMarks(bench.write, 'upscale', text);
}

async function play(
  bench: UpscaleBench,
  network: NetworkName,
  equipment: Equipment,
  folder: string,
): Promise<Match> {
  const { width, height, rounds } = bench;
  const { generator, scale } = workload(network, 1);
  await writeFile(join(folder, WEIGHTS), encodeSafetensors(weightsOf(network)));
  await writeFile(join(folder, PICTURE), makeImage(width, height).data);
  const { threads } = equipment;
  const description = { name: 'embedded', device: '', threads, versions: {} };
  const { largest } = tilingFor({ description }, generator, scale);
  const radius = receptiveRadius(generator, scale);
  const [rows, columns] = [planAxis(height, largest, radius), planAxis(width, largest, radius)];
  const windows = `${rows.spans.length * columns.spans.length} of ${columns.length}×${rows.length}`;

  const contenders: { entrant: Entrant; contender: Contender; seconds: number[]; peakBytes: number }[] = [];
  try {
    for (const entrant of entrants(bench, network, equipment, { folder, largest, radius })) {
      console.error(`${network}: ${entrant.name}`);
      const contender = await Contender.start(entrant.name, entrant.command);
      contenders.push({ entrant, contender, seconds: [], peakBytes: 0 });
      await contender.run(1);
      await requireSamePixels(folder, contenders[0]!.entrant.name, entrant.name);
    }
    for (let round = 0; round < rounds; round++) {
      console.error(`${network}: round ${round + 1} of ${rounds}`);
      // There and back again, so that everybody comes after another one at times.
      for (const each of round % 2 === 0 ? contenders : contenders.toReversed()) {
        const turn: Turn = await each.contender.run(1);
        each.seconds.push(...turn.seconds);
        each.peakBytes = turn.peakBytes;
      }
    }
    return { network, figures: contenders, windows };
  } finally {
    for (const { contender } of contenders) await contender.stop();
  }
}

/** Fresh weights, with running variances at which results stay among the colours through 16 blocks. */
function weightsOf(network: NetworkName): ReturnType<typeof initialise> {
  const { generator, scale } = workload(network, 1);
  return Object.fromEntries(
    Object.entries(initialise(generatorNetwork(generator, scale), 1)).map(([name, { shape, data }]) => [
      name,
      { shape, data: name.endsWith('/variance') ? data.map(() => 6) : data },
    ]),
  );
}

function entrants(
  { engines, width, height }: UpscaleBench,
  network: NetworkName,
  { threads, library, pyTorch }: Equipment,
  { folder, largest, radius }: { folder: string; largest: number; radius: number },
): Entrant[] {
  const { generator, scale } = workload(network, 1);
  const common = { folder, configuration: { generator, scale }, width, height, threads };
  const own = engines
    .filter((engine) => engine === 'embedded' || library !== undefined)
    .map((engine): Entrant => {
      const turns: UpscaleTurns = {
        ...common,
        name: engine,
        largest,
        ...(engine === 'native' && library !== undefined && { library }),
      };
      const parameters = [bundled('upscale-contender'), JSON.stringify(turns)];
      return { name: engine, side: engine, command: { file: process.execPath, parameters } };
    });
  if (pyTorch === undefined) return own;
  const peers = (['PyTorch, same tiles', 'PyTorch, whole'] as const).flatMap((side) =>
    Object.entries(memoryFormats).map(([form, memoryFormat]): Entrant => {
      const maximum = side === 'PyTorch, whole' ? Math.max(width, height) : largest;
      const [rows, columns] = [planAxis(height, maximum, radius), planAxis(width, maximum, radius)];
      const name = `${side}, ${form}`;
      const options = JSON.stringify({ ...common, name, memoryFormat, rows, columns });
      const parameters = [join(peersFolder, 'upscale_contender.py'), options];
      return { name, side, command: { file: pyTorch.python, parameters } };
    }),
  );
  return [...own, ...peers];
}

/** A grey level is the rounding of sums. */
async function requireSamePixels(folder: string, first: string, second: string): Promise<void> {
  const [a, b] = await Promise.all([first, second].map((name) => readFile(join(folder, name))));
  const differs = a!.length !== b!.length || a!.some((value, index) => Math.abs(value - b![index]!) > 1);
  if (differs) throw new Error(`${second} gives other pixels than ${first}.`);
}

function report(bench: UpscaleBench, matches: readonly Match[], equipment: Equipment): string {
  const { width, height } = bench;
  const sides = [...new Set(matches.flatMap(({ figures }) => figures.map(({ entrant }) => entrant.side)))];
  const engines = sides.filter((side) => side === 'embedded' || side === 'native');
  const against = sides.filter((side) => side !== 'embedded' && side !== 'native');
  const scale = 4;
  const megapixels = (width * height * scale * scale) / 1e6;
  const best = ({ figures }: Match, side: Side): Figures | undefined =>
    figures
      .filter(({ entrant }) => entrant.side === side)
      .sort((a, b) => median(a.seconds) - median(b.seconds))[0];
  const speed = (found: Figures | undefined): string =>
    found === undefined
      ? '–'
      : `${(megapixels / median(found.seconds)).toPrecision(3)} MP/s (${formatSeconds(median(found.seconds))}, ${formatMegabytes(found.peakBytes)})${formOf(found)}`;
  const ratio = (own: Figures | undefined, other: Figures | undefined): string =>
    own === undefined || other === undefined ? '–' : (median(other.seconds) / median(own.seconds)).toFixed(2);
  const pairs = engines.flatMap((engine) => against.map((other) => ({ engine, other })));
  const header = [
    `${width}×${height} to ${width * scale}×${height * scale}`,
    'windows',
    ...sides,
    ...pairs.map(({ engine, other }) => `${engine} : ${other}`),
  ];
  const rows = matches.map((match) => [
    match.network,
    match.windows,
    ...sides.map((side) => speed(best(match, side))),
    ...pairs.map(({ engine, other }) => ratio(best(match, engine), best(match, other))),
  ]);
  return `${machine(equipment)}\n\n${markdownTable(header, rows)}\n`;
}

/** In which memory format PyTorch was faster. */
function formOf({ entrant: { side, name } }: Figures): string {
  return name === side ? '' : `,${name.slice(side.length + 1)}`;
}
