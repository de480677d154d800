/** One thread of a scorer: takes parts of a pair and makes their sums, until there are none left. */
import { parentPort, workerData } from 'node:worker_threads';
import { sumPart } from '../../imaging/scoring-parts';
import { partsToTake, type PartAnswer, type SharedPair } from './messages';

const port = parentPort!;
const taker = workerData as number;

function tell(answer: PartAnswer): void {
  port.postMessage(answer);
}

port.on('message', (pair: SharedPair) => {
  const { sr, hr, border } = pair;
  for (const { index, part } of partsToTake(pair, taker)) {
    try {
      tell({ index, sums: sumPart(part, sr, hr, border) });
    } catch (error) {
      tell({ index, error: error instanceof Error ? error.message : String(error) });
    }
  }
});
