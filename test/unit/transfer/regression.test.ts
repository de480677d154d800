/** Logistic regression against finite differences, Newton’s method, its own optimality conditions, and scikit-learn. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fitProbe, LAMBDAS } from '../../../src/training/transfer/regression/choose';
import {
  classShares,
  fitLogistic,
  likeliest,
  logisticObjective,
} from '../../../src/training/transfer/regression/logistic';
import { gram, timesTransposed, type Matrix } from '../../../src/training/transfer/regression/matrix';
import { pausing } from '../../../src/training/transfer/pause';
import { minimise } from '../../../src/training/transfer/regression/minimise';
import { pivotedCholesky } from '../../../src/training/transfer/regression/span';
import { standardisationOf, standardise } from '../../../src/training/transfer/regression/standardise';
import { randomStream } from '../../../src/random/random-stream';
import { randomTensor } from '../../support/run-operation';

const pause = pausing();

function randomMatrix(rows: number, columns: number, name = 'x'): Matrix {
  return { rows, columns, data: randomTensor([rows, columns], name).data };
}

/** Labels that depend on the features, but not wholly. */
function noisyLabels({ rows, columns, data }: Matrix, classes: number): number[] {
  const random = randomStream(1, 'labels');
  return Array.from({ length: rows }, (_, row) => {
    const score = data[row * columns]! + 0.5 * data[row * columns + 1]! + 0.7 * random.normal();
    return Math.min(classes - 1, Math.max(0, Math.floor(score + classes / 2)));
  });
}

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    assert.ok(difference <= tolerance, `element ${i}: ${actual[i]} and ${expected[i]}`);
  }
}

describe('logistic regression', () => {
  it('products agree with the definition, whatever the remainder by four', () => {
    for (const [rows, columns, width] of [
      [1, 1, 1],
      [5, 7, 6],
      [9, 4, 3],
    ] as const) {
      const [x, y] = [randomMatrix(rows, columns), randomMatrix(width, columns, 'y')];
      const product = new Float64Array(rows * width);
      timesTransposed(x, y, product);
      const expected = Array.from({ length: rows * width }, (_, at) => {
        const [i, j] = [Math.floor(at / width), at % width];
        let sum = 0;
        for (let k = 0; k < columns; k++) sum += x.data[i * columns + k]! * y.data[j * columns + k]!;
        return sum;
      });
      assertNear(product, expected, 1e-12);
    }
  });

  it('the gradient is that of the objective, by central differences', () => {
    const x = randomMatrix(11, 3);
    const objective = logisticObjective(x, noisyLabels(x, 3), 3, 0.1);
    const at = Float64Array.from(randomTensor([12], 'point').data);
    const gradient = new Float64Array(12);
    objective(at, gradient);
    const differences = at.map((_, i) => {
      const moved = (by: number): number =>
        objective(
          at.map((value, j) => (i === j ? value + by : value)),
          new Float64Array(12),
        );
      return (moved(1e-5) - moved(-1e-5)) / 2e-5;
    });
    assertNear(gradient, differences, 1e-8);
  });

  it('two classes and one feature: the answer of Newton’s method in one variable', async () => {
    const x: Matrix = { rows: 6, columns: 1, data: Float32Array.of(-2, -1, 0.5, -0.5, 1, 2) };
    const lambda = 0.1;
    const [fit] = await fitLogistic(x, [0, 0, 0, 1, 1, 1], 2, [lambda], pause);
    const { classifier } = fit!;
    // By symmetry the classes’ weights are opposite and the bias is zero: the logit is 2·w·x.
    let w = 0;
    for (let i = 0; i < 50; i++) {
      let [first, second] = [2 * lambda * w, 2 * lambda];
      x.data.forEach((value, row) => {
        const share = 1 / (1 + Math.exp(-2 * w * value));
        first += ((share - (row < 3 ? 0 : 1)) * 2 * value) / 6;
        second += (share * (1 - share) * 4 * value ** 2) / 6;
      });
      w -= first / second;
    }
    assertNear(classifier.weights, [-w, w], 1e-5);
    assert.ok(Math.abs(classifier.bias[0]! - classifier.bias[1]!) < 1e-5);
  });

  it('more features than images: the same classifier as without the detour through their span', async () => {
    const x = randomMatrix(12, 40);
    // A copy of a row, and centred columns: the span has fewer dimensions than rows.
    x.data.copyWithin(40, 0, 40);
    const rows = Array.from({ length: 12 }, (_, row) => row);
    const centred = standardise(x, rows, standardisationOf(x, rows));
    const labels = noisyLabels(x, 3);
    const lambda = 0.01;
    const [fit] = await fitLogistic(centred, labels, 3, [lambda], pause);
    const objective = logisticObjective(centred, labels, 3, lambda);
    const options = { start: new Float64Array(123), tolerance: 1e-9, maxIterations: 10_000, pause };
    const direct = await minimise(objective, options);
    assert.ok(direct.converged);
    const { weights, bias } = fit!.classifier;
    assertNear(weights, direct.x.subarray(0, 120), 2e-4);
    // The gradient of the whole problem vanishes there, too.
    const gradient = new Float64Array(123);
    objective(Float64Array.from([...weights, ...bias]), gradient);
    assert.ok(Math.hypot(...gradient) < 2e-5, `norm ${Math.hypot(...gradient)}`);
  });

  it('a pivoted factor gives the matrix back, and its rank', async () => {
    const x = randomMatrix(9, 4);
    const matrix = await gram(x, pause);
    const { factor, pivots } = await pivotedCholesky(matrix, 9, pause);
    assert.equal(pivots.length, 4);
    const product = new Float64Array(81);
    const l = { rows: 9, columns: 4, data: factor };
    timesTransposed(l, l, product);
    assertNear(product, matrix, 1e-10);
  });

  it('standardisation knows the training part only, and leaves out what never changes', () => {
    const x: Matrix = { rows: 4, columns: 2, data: Float32Array.of(1, 5, 3, 5, 100, 5, 5, 5) };
    const { mean, scale } = standardisationOf(x, [0, 1]);
    assertNear(mean, [2, 5], 1e-12);
    assertNear(scale, [1, 0], 1e-12);
    assertNear(standardise(x, [3], { mean, scale }).data, [3, 0], 1e-6);
  });

  it('the penalty is chosen by validation, the stronger where two are equal', async () => {
    const x = randomMatrix(90, 5);
    const labels = noisyLabels(x, 3);
    const rows = (from: number): number[] => Array.from({ length: 30 }, (_, i) => from + i);
    const parts = { train: rows(0), validation: rows(30), test: rows(60) };
    const fit = await fitProbe(x, labels, 3, parts, pause);
    assert.ok(fit.converged);
    const part = (which: readonly number[]): Matrix => standardise(x, which, fit.standardisation);
    const fits = await fitLogistic(part(parts.train), labels.slice(0, 30), 3, LAMBDAS, pause);
    const accuracies = fits.map(({ classifier }) => {
      const answers = likeliest(classShares(part(parts.validation), classifier), 3);
      return answers.filter((answer, i) => answer === labels[30 + i]).length / 30;
    });
    assert.equal(fit.validationAccuracy, Math.max(...accuracies));
    assert.equal(fit.lambda, LAMBDAS[accuracies.indexOf(Math.max(...accuracies))]);
    // Other labels in the test part change nothing but what they are held against.
    const others = labels.map((label, i) => (i < 60 ? label : (label + 1) % 3));
    const again = await fitProbe(x, others, 3, parts, pause);
    assert.deepEqual(again.testPredictions, fit.testPredictions);
  });

  it('gives way between its pieces, so that it can be stopped in each of them', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => i);
    const parts = { train: rows, validation: rows, test: rows };
    // More features than images, and fewer: by way of the span, and without.
    for (const columns of [50, 4]) {
      const x = randomMatrix(30, columns);
      const labels = noisyLabels(x, 3);
      let pauses = 0;
      const counting = (): Promise<void> => {
        pauses++;
        return Promise.resolve();
      };
      await fitProbe(x, labels, 3, parts, counting);
      // Each penalty takes several evaluations; a span has a pause for each of its coordinates, too.
      assert.ok(pauses > 3 * LAMBDAS.length + (columns > 30 ? 30 : 0), `${pauses} pauses`);

      const stop = new AbortController();
      setTimeout(() => {
        stop.abort();
      });
      const endless = async (): Promise<void> => {
        const stoppable = pausing(stop.signal, 0);
        while (!stop.signal.aborted) await fitProbe(x, labels, 3, parts, stoppable);
      };
      await assert.rejects(endless(), { name: 'AbortError' });
    }
  });

  it('scikit-learn finds the same weights', async function () {
    this.timeout(120_000);
    const python = process.env['SRGAN_LAB_TEST_SKLEARN'] ?? 'python3';
    const x = randomMatrix(60, 6);
    const labels = noisyLabels(x, 4);
    const lambda = 0.05;
    const script = `
import json, sys
from sklearn.linear_model import LogisticRegression
q = json.load(sys.stdin)
m = LogisticRegression(C=1 / (q["lambda"] * len(q["y"])), tol=1e-10, max_iter=10000).fit(q["x"], q["y"])
print(json.dumps(m.predict_proba(q["x"]).tolist()))`;
    const rows = Array.from({ length: 60 }, (_, row) => [...x.data.subarray(row * 6, row * 6 + 6)]);
    const input = JSON.stringify({ x: rows, y: labels, lambda });
    const { status, stdout } = spawnSync(python, ['-c', script], { input, encoding: 'utf8' });
    if (status !== 0) {
      this.test!.title += ' (skipped: no Python with scikit-learn; SRGAN_LAB_TEST_SKLEARN names one)';
      this.skip();
    }
    const expected = (JSON.parse(stdout) as number[][]).flat();
    const [fit] = await fitLogistic(x, labels, 4, [lambda], pause);
    assertNear(classShares(x, fit!.classifier), expected, 1e-4);
  });
});
