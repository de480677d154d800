/** A degradation as people name it: a preset, or a JSON file that holds one. */
import { LabError } from '../folders/lab-error';
import { readJson } from '../folders/read-json';
import { degradationChoiceSchema, type DegradationChoice } from '../protocol/degradation';
import { degradationPresetNames, presetStages } from '../protocol/degradation-presets';

/**
 * What the preset or file says, the rest left open. In a file every field may be absent, `stages` too; `degradation` of a
 * `dataset.srgan.json` is such a file. Throws a `LabError` that names the file and what is wrong with it.
 */
export async function readDegradation(nameOrPath: string): Promise<DegradationChoice> {
  const preset = degradationPresetNames.find((name) => name === nameOrPath);
  if (preset === undefined) {
    if (!/[./\\]/.test(nameOrPath)) throw unknownName(nameOrPath);
    return readJson(nameOrPath, degradationChoiceSchema);
  }
  const stages = presetStages(preset);
  return stages.length === 0 ? {} : { stages };
}

function unknownName(name: string): LabError {
  return new LabError(
    `There is no degradation called ${name}. Give ${degradationPresetNames.join(', ')} or the path of a JSON file.`,
  );
}
