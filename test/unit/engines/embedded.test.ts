import assert from 'node:assert/strict';
import type { Engine } from '../../../src/training/engines/engine';
import { EmbeddedEngine } from '../../../src/training/engines/wasm/embedded-engine';
import { openReferenceEngine } from '../../../src/training/engines/tfjs/reference';
import { operationKinds } from '../../../src/training/graph/operations';
import { describeCase, operationCases } from '../../support/operation-cases';
import { relativeError, runOperation } from '../../support/run-operation';

describe('embedded engine against the reference', () => {
  let embedded: Engine;
  let reference: Engine;
  before(async () => {
    // As in training; a lone convolution would be taken for inference, whose larger tiles have limits of their own.
    embedded = await EmbeddedEngine.open({ exactness: 'winograd4' });
    reference = openReferenceEngine();
  });
  after(() => Promise.all([embedded.dispose(), reference.dispose()]));

  it('every operation of the vocabulary has a case', () => {
    const covered = new Set(operationCases.map(({ kind }) => kind));
    assert.deepEqual(
      operationKinds.filter((kind) => !covered.has(kind)),
      [],
    );
  });

  for (const operationCase of operationCases) {
    it(describeCase(operationCase), async () => {
      const { kind, inputs, attributes } = operationCase;
      const [actual, expected] = await Promise.all(
        [embedded, reference].map((engine) => runOperation(engine, kind, inputs, attributes)),
      );
      actual!.forEach((tensor, index) => {
        assert.deepEqual(tensor.shape, expected![index]!.shape);
        const error = relativeError(tensor.data, expected![index]!.data);
        assert.ok(error < 2e-6, `output ${index} differs by ${error}`);
      });
    });
  }
});
