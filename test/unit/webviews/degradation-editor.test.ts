/** The degradation editor without a screen: drafts against the schema of the file, fields against the schema of stages. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { stageSchema, type Degradation } from '../../../src/protocol/degradation';
import { degradationPresetNames, presetStages } from '../../../src/protocol/degradation-presets';
import { cropAbout } from '../../../src/webviews/dataset/editor/crop';
import {
  checkDraft,
  draftOf,
  isDraft,
  moveBy,
  optionsOf,
  removeAt,
  replaceAt,
  sameDegradation,
} from '../../../src/webviews/dataset/editor/draft';
import {
  newStage,
  plainStageTypes,
  probabilityField,
  stageFields,
  stageWords,
} from '../../../src/webviews/dataset/editor/stage-fields';

const plain: Degradation = { kernel: 'bicubic', convention: 'uint8-symmetric', antialias: true };

describe('a degradation that is edited', () => {
  it('is the same when nothing was changed', () => {
    for (const name of degradationPresetNames) {
      const stages = presetStages(name);
      const degradation = stages.length === 0 ? plain : { ...plain, stages, seed: 4 };
      assert.deepEqual(checkDraft(draftOf(degradation)).degradation, degradation);
    }
    assert.ok(sameDegradation(plain, { ...plain }));
    assert.ok(!sameDegradation(plain, { ...plain, antialias: false }));
  });

  it('has no seed without stages, so that two spellings of one degradation are equal', () => {
    const { degradation } = checkDraft({ ...draftOf(plain), seed: 7 });
    assert.deepEqual(degradation, plain);
  });

  it('says what is wrong at the field where it is', () => {
    const stages = [newStage('jpeg'), { ...newStage('blur'), sigma: [3, 1] }];
    const { degradation, problems } = checkDraft({ ...draftOf(plain), stages });
    assert.equal(degradation, null);
    assert.deepEqual([...problems.keys()], ['stages.1.sigma']);
    const typed = [{ ...newStage('jpeg'), quality: [null, 95] }];
    assert.deepEqual(
      [...checkDraft({ ...draftOf(plain), stages: typed }).problems.keys()],
      ['stages.0.quality'],
    );
    const nested = {
      ...newStage('choose'),
      options: [{ weight: 1, stages: [{ ...newStage('sinc'), cutoff: [9, 9] }] }],
    };
    const place = [...checkDraft({ ...draftOf(plain), stages: [nested] }).problems.keys()];
    assert.deepEqual(place, ['stages.0.options.0.stages.0.cutoff']);
  });

  it('is taken from what a page has kept only if it is one', () => {
    assert.ok(isDraft(draftOf(plain)));
    for (const other of [null, 3, {}, { stages: 3 }, { stages: [null] }]) assert.ok(!isDraft(other));
    assert.deepEqual(optionsOf({ type: 'choose', options: 'none' }), []);
    assert.equal(optionsOf(newStage('choose')).length, 2);
  });

  it('has stages that are moved, replaced and removed', () => {
    assert.deepEqual(moveBy(['a', 'b', 'c'], 2, -1), ['a', 'c', 'b']);
    assert.deepEqual(moveBy(['a', 'b', 'c'], 0, 2), ['b', 'c', 'a']);
    assert.deepEqual(moveBy(['a', 'b'], 0, -1), ['a', 'b']);
    assert.deepEqual(replaceAt(['a', 'b'], 1, 'c'), ['a', 'c']);
    assert.deepEqual(removeAt(['a', 'b'], 0), ['b']);
  });
});

describe('fields of a stage', () => {
  it('are those of the schema, no more and no less', () => {
    for (const type of plainStageTypes) {
      const known = Object.keys(stageSchema.parse(newStage(type))).filter((key) => key !== 'type');
      const fields = [...stageFields[type], probabilityField].map(({ key }) => key);
      assert.deepEqual(fields.toSorted(), known.toSorted(), type);
    }
  });

  it('have the limits of the schema', () => {
    for (const type of plainStageTypes) {
      for (const field of stageFields[type]) {
        if (field.kind !== 'range') continue;
        const fits = (low: number, high: number): boolean =>
          stageSchema.safeParse({ ...newStage(type), [field.key]: [low, high] }).success;
        const what = `${type} ${field.key}`;
        assert.ok(fits(field.min, field.max), what);
        assert.ok(!fits(field.min - field.step, field.max), `${what} below`);
        assert.ok(!fits(field.min, field.max + field.step), `${what} above`);
      }
    }
  });

  it('begin with stages that are valid and can be told', () => {
    for (const type of [...plainStageTypes, 'choose' as const]) {
      assert.ok(stageSchema.safeParse(newStage(type)).success, type);
    }
    assert.equal(stageWords(newStage('jpeg')), 'JPEG quality 50–95');
    assert.equal(stageWords(newStage('blur')), 'Blur (gaussian, isotropic) σ 0.5–2');
    assert.equal(stageWords({ ...newStage('resize'), factor: [1, 1] }), 'Resizing × 1 of the size before');
  });
});

describe('the part that the preview shows', () => {
  it('is about the middle of what the stage shows, within the image', () => {
    const image = { width: 1000, height: 600 };
    assert.deepEqual(cropAbout(image, null, 200), { left: 400, top: 200, width: 200, height: 200 });
    assert.deepEqual(cropAbout(image, { x: 10, y: 599 }, 200), {
      left: 0,
      top: 400,
      width: 200,
      height: 200,
    });
    assert.deepEqual(cropAbout({ width: 100, height: 60 }, null, 200), {
      left: 0,
      top: 0,
      width: 100,
      height: 60,
    });
  });
});
