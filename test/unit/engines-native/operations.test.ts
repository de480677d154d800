/** Every operation of the native engine, on a real TensorFlow, against the reference engine. */
import assert from 'node:assert/strict';
import type { Engine } from '../../../src/training/engines/engine';
import { NativeEngine } from '../../../src/training/engines/native/native-engine';
import { openReferenceEngine } from '../../../src/training/engines/tfjs/reference';
import { describeCase, operationCases } from '../../support/operation-cases';
import { relativeError, runOperation } from '../../support/run-operation';
import { realTensorFlow } from './support/real-tensorflow';

describe('native engine against the reference', () => {
  let native: Engine;
  let reference: Engine;
  before(async function () {
    this.timeout(30_000);
    native = new NativeEngine(await realTensorFlow(this));
    reference = openReferenceEngine();
  });

  for (const operationCase of operationCases) {
    it(describeCase(operationCase), async () => {
      const { kind, inputs, attributes } = operationCase;
      const actual = await runOperation(native, kind, inputs, attributes);
      const expected = await runOperation(reference, kind, inputs, attributes);
      actual.forEach((tensor, index) => {
        assert.deepEqual(tensor.shape, expected[index]!.shape);
        const error = relativeError(tensor.data, expected[index]!.data);
        assert.ok(error < 5e-6, `output ${index} differs by ${error}`);
      });
    });
  }
});
